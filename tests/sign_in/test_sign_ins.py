"""Browsers in which somebody is signed in: how long, and how it ends."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from core import access, clock, db, sign_in
from tests.conftest import ENGINES
from tests.sign_in.accounts import first_admin, with_accounts


@pytest.fixture(autouse=True)
def accounts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_accounts(monkeypatch, CICLO_SESSION_HOURS="2", CICLO_SESSION_DAYS="1")


def test_it_is_over_after_hours_unused_and_stays_over(home: Path) -> None:
    _ana, cookie = first_admin()
    began = clock.now()
    with clock.held(began + timedelta(hours=2, seconds=1)):
        assert sign_in.signed_in(cookie) is None
    assert sign_in.signed_in(cookie) is None


def test_whoever_uses_it_stays_in_but_no_longer_than_the_days(home: Path) -> None:
    _ana, cookie = first_admin()
    began = clock.now()
    for hour in range(1, 24):
        with clock.held(began + timedelta(hours=hour)):
            assert sign_in.signed_in(cookie), hour
    with clock.held(began + timedelta(days=1, seconds=1)):
        assert sign_in.signed_in(cookie) is None


def test_looking_it_up_is_one_query_and_its_use_is_written_once_a_minute(home: Path) -> None:
    _ana, cookie = first_admin()
    said: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        said.append(statement.split()[0])

    event.listen(db.engine(), "before_cursor_execute", note)
    for _n in range(3):
        sign_in.signed_in(cookie)
    assert said == ["SELECT"] * 3
    with clock.held(clock.now() + timedelta(seconds=61)):
        sign_in.signed_in(cookie)
        sign_in.signed_in(cookie)
    assert said.count("UPDATE") == 1


@pytest.mark.parametrize("wrong", ["", "x" * 43, "é\x00\ud800", "x" * 10**6])
def test_what_is_no_secret_stands_for_nobody(home: Path, wrong: str) -> None:
    first_admin()
    assert sign_in.signed_in(wrong) is None


@pytest.mark.parametrize("engine", ENGINES)
def test_sign_out_ends_one_and_end_all_the_others(home: Path) -> None:
    ana, first = first_admin()
    second, third = (sign_in.begin(ana.id, "oidc")[1] for _n in range(2))
    sign_in.sign_out(first)
    assert sign_in.signed_in(first) is None
    here = sign_in.signed_in(second)
    assert here is not None
    assert sign_in.end_all(ana.id, here.sign_in.id) == 1
    assert sign_in.signed_in(second)
    assert sign_in.signed_in(third) is None


def test_the_list_shows_what_holds_with_address_and_browser(home: Path) -> None:
    ana, _cookie = first_admin()
    access.act(None, access.Origin("page", "10.0.0.9"))
    row, _secret = sign_in.begin(ana.id, "oidc", agent="Firefox " + "x" * 1000)
    listed = sign_in.sign_ins(ana.id)
    assert (listed[0].id, listed[0].address, len(listed[0].agent)) == (row.id, "10.0.0.9", 300)
    sign_in.end(row.id)
    assert len(sign_in.sign_ins(ana.id)) == 1


def test_the_sweep_ends_the_unused_and_forgets_the_long_ended(home: Path) -> None:
    ana, _cookie = first_admin()
    with clock.held(clock.now() + timedelta(hours=3)):
        sign_in.sweep()
        assert sign_in.sign_ins(ana.id) == []
    with clock.held(clock.now() + timedelta(days=92)):
        sign_in.sweep()
    with db.session() as session:
        from core.db.tables import SignIn

        assert session.query(SignIn).count() == 0
