"""How often somebody may ask: counted for whom, in which window, and told how."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import access, clock, config, limits
from core.access import Origin
from core.cli import terminal
from core.db.tables import Person
from core.errors import InvalidInput, TooMany
from core.limits import bounds, counting, windows

Set = Callable[..., None]


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    counting.forget()
    yield
    counting.forget()


@pytest.fixture
def given(home: Path, monkeypatch: pytest.MonkeyPatch) -> Set:
    """Set CICLO_* variables."""

    def given(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"CICLO_{name.upper()}", value)
        config.settings.cache_clear()

    return given


def act(name: str, address: str = "", token_id: str = "") -> None:
    access.act(
        Person(id=name, name=name, roles=["viewer"]), Origin("api", address, token_id=token_id)
    )


def times(kind: str, most: int = 50) -> int:
    """How often it is allowed in a row."""
    for n in range(most):
        try:
            limits.demand(kind)
        except TooMany:
            return n
    return most


def test_without_sign_in_nothing_is_counted(home: Path) -> None:
    act("ana", address="127.0.0.1")
    assert times("ask", 2000) == 2000


def test_where_nobody_acts_nothing_is_counted(given: Set) -> None:
    given(limit_ask="1/minute")
    access.act(None, Origin("", "10.0.0.1"))
    assert times("ask") == 50


def test_each_person_and_each_token_is_counted_by_itself(given: Set) -> None:
    given(limit_ask="3/minute", limit_search="2/minute")
    act("ana")
    assert times("ask") == 3
    act("bia", token_id="t1")
    assert times("ask") == 3
    assert times("search") == 2
    act("bia", token_id="t2")
    assert times("ask") == 0


def test_a_bound_by_token_counts_tokens_alone(given: Set) -> None:
    given(limit_ask="2/minute by token")
    act("ana")
    assert times("ask") == 50
    act("ana", token_id="t1")
    assert times("ask") == 2
    act("ana", token_id="t2")
    assert times("ask") == 2


def test_those_who_share_an_address_share_its_bound(given: Set) -> None:
    given(limit_ask="5/minute; 6/minute by address")
    act("ana", address="2001:db8:1:2::1")
    assert times("ask") == 5
    act("bia", address="2001:db8:1:2:ffff::9")
    assert times("ask") == 1
    act("bia", address="2001:db8:1:3::9")
    assert times("ask") == 3, "what the address refused was counted for the person"


def test_signing_in_is_counted_by_address_and_by_nobody_else(given: Set) -> None:
    given(auth="accounts")
    access.act(None, Origin("page", "10.0.0.1"))
    assert times("sign_in") == 30
    act("ana", address="10.0.0.2")
    assert times("sign_in") == 30


def test_with_sign_in_each_kind_has_a_bound(given: Set) -> None:
    given(auth="accounts")
    for kind in counting.SAID:
        assert bounds.bounds(kind, config.settings())
    given(limit_ask="off")
    assert bounds.bounds("ask", config.settings()) == ()


def test_who_is_refused_is_told_when_to_come_back(
    given: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(clock, "seconds", lambda: now[0])
    given(limit_ask="2/minute")
    act("ana")
    limits.demand("ask")
    now[0] += 20
    limits.demand("ask")
    with pytest.raises(TooMany) as refused:
        limits.demand("ask")
    assert refused.value.retry_after == pytest.approx(40)
    assert refused.value.message.startswith("No máximo 2 perguntas")
    assert "40 s" in refused.value.message
    now[0] += 39.9
    assert times("ask") == 0
    now[0] += 0.2
    assert times("ask") == 1, "the first try has left the window, the second has not"


@pytest.mark.parametrize("text", ["60", "0/minute", "60/week", "60/minute by day", "-1/hour", ";"])
def test_a_bound_that_cannot_be_read_stops_the_start(given: Set, text: str) -> None:
    given(limit_ask=text)
    with pytest.raises(InvalidInput, match="CICLO_LIMIT_ASK"):
        config.load()


def test_every_bound_that_the_settings_take_can_be_counted() -> None:
    for text in ("1/second", "60/minute; 5/2 hours by address", "9/days by token"):
        assert config.load(limit_ask=text).limit_ask == text
        assert all(one.amount and one.seconds for one in bounds.read(text))


def test_windows_in_which_nothing_is_left_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(clock, "seconds", lambda: now[0])
    memory = windows.Memory(most=10)
    for n in range(100):
        assert memory.take(f"k{n}", 1, 60) == 0
    assert len(memory._tries) <= 10
    now[0] = 1000.0
    memory.take("last", 1, 60)
    assert list(memory._tries) == ["last"]


def test_a_redis_that_is_away_is_no_refusal_and_no_freedom(home: Path) -> None:
    away = windows.Redis("redis://127.0.0.1:9/0")
    assert away.take("k", 2, 60) == 0
    assert away.take("k", 2, 60) == 0
    assert 0 < away.take("k", 2, 60) <= 60


@pytest.mark.slow
def test_two_servers_count_together_in_redis(redis_url: str) -> None:
    one, other = windows.Redis(redis_url), windows.Redis(redis_url)
    before = datetime.now(UTC)
    assert [server.take("k", 3, 60) for server in (one, other, one)] == [0, 0, 0]
    wait = other.take("k", 3, 60)
    assert 0 < wait <= 60
    assert before + timedelta(seconds=60) >= datetime.now(UTC) + timedelta(seconds=wait - 1)


def test_a_command_ends_with_a_code_of_its_own() -> None:
    assert terminal.fail(TooMany("Demais.", retry_after=3), False) == terminal.TOO_MANY == 5
