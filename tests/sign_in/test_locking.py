"""Wrong tries: what they cost, for how long, and that ten thousand of them get nowhere."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from pathlib import Path

import pytest

from core import access, clock, db, sign_in
from core.errors import CicloError, NotAllowed, TooMany
from core.sign_in import locking
from tests.conftest import ENGINES
from tests.sign_in.accounts import WORDS, first_admin, looked_at, with_accounts


@pytest.fixture(autouse=True)
def accounts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_accounts(monkeypatch)


def tried(login: str = "ana", password: str = "errada errada") -> CicloError | None:
    try:
        sign_in.sign_in(login, password)
    except CicloError as error:
        return error
    return None


def test_waits_grow_and_end_at_the_longest() -> None:
    assert [locking.wait(n, "account") for n in (1, 4, 5, 6, 7, 13, 9_999)] == [
        0,
        0,
        2,
        4,
        8,
        512,
        900,
    ]
    assert locking.wait(29, "address") == 0
    assert locking.wait(10_000, "address") == 60


def test_the_right_password_waits_too_and_then_all_is_forgotten(home: Path) -> None:
    first_admin()
    for _try in range(5):
        assert isinstance(tried(), NotAllowed)
    refused = tried(password=WORDS)
    assert isinstance(refused, TooMany)
    assert 0 < refused.retry_after <= 2
    with clock.held(clock.now() + timedelta(seconds=3)):
        assert tried(password=WORDS) is None
        for _try in range(4):
            assert isinstance(tried(), NotAllowed)
        assert tried(password=WORDS) is None


def test_a_restart_forgets_nothing(home: Path) -> None:
    first_admin()
    for _try in range(5):
        tried()
    db.close()
    assert isinstance(tried(), TooMany)


def test_a_login_that_nobody_has_waits_like_any_other(home: Path) -> None:
    assert [type(tried("nobody")) for _try in range(6)] == [NotAllowed] * 5 + [TooMany]


def test_many_logins_from_one_address_wait_as_well(home: Path) -> None:
    access.act(None, access.Origin("page", "203.0.113.9"))
    kinds = [type(tried(f"login{n}")) for n in range(31)]
    assert kinds == [NotAllowed] * 30 + [TooMany]
    access.act(None, access.Origin("page", "203.0.113.10"))
    assert isinstance(tried("login99"), NotAllowed)


def test_an_ipv6_neighbour_is_the_same_address() -> None:
    assert locking.network("2001:db8:1:2::1") == locking.network("2001:db8:1:2:ffff::9")
    assert locking.network("2001:db8:1:3::1") != locking.network("2001:db8:1:2::1")
    assert locking.network("10.0.0.1") != locking.network("10.0.0.2")


def test_tries_are_forgotten_after_a_day(home: Path) -> None:
    for _try in range(6):
        tried()
    with clock.held(clock.now() + timedelta(hours=25)):
        assert [type(tried()) for _try in range(5)] == [NotAllowed] * 5
        locking.sweep()
    with db.session() as session:
        from core.db.tables import SignInFailures

        assert session.query(SignInFailures).count() == 1


def test_a_try_every_three_seconds_looks_at_few_passwords(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_admin()
    looked = looked_at(monkeypatch)
    began = clock.now()
    for n in range(60):  # twenty tries a minute; `prove` has the whole day
        with clock.held(began + timedelta(seconds=3 * n)):
            tried(password=f"senha número {n}")
    assert len(looked) < 12


@pytest.mark.prove
def test_ten_thousand_tries_of_a_whole_day_look_at_a_hundred_passwords(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_admin()
    looked = looked_at(monkeypatch)
    began = clock.now()
    for n in range(10_000):
        with clock.held(began + timedelta(seconds=8.64 * n)):
            tried(password=f"senha número {n}")
    assert 50 < len(looked) < 110


@pytest.mark.parametrize("engine", ENGINES)
def test_tries_at_the_same_time_are_each_counted(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_admin()
    looked = looked_at(monkeypatch)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: copy_context().run(tried), range(40)))
    assert len(looked) == 5
