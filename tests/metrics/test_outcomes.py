"""What outside systems report of conversations."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import access, assistants, chat, clock, metrics
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from core.metrics import outcomes
from tests.conftest import ENGINES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def talk(home: object) -> str:
    """A conversation of an outside channel."""
    desk = assistants.create("Loja")
    return chat.create(assistant=desk.id, channel="whatsapp", external_id="wa-1").id


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_reported_twice_is_there_once_and_the_last_holds(talk: str) -> None:
    with clock.held(NOON):
        outcomes.report(talk, "Converted", 10, "brl", note="Pedido 1")
    with clock.held(NOON + timedelta(days=1)):
        told = outcomes.report("wa-1", "converted", 12.5)
    assert (told.name, told.value, told.currency, told.note) == ("converted", 12.5, "", "")
    assert told.happened_at == told.created_at == NOON.isoformat()
    assert outcomes.outcomes(talk) == [told]


def test_what_is_taken_back_is_gone_and_may_be_reported_again(talk: str) -> None:
    outcomes.report(talk, "converted")
    assert outcomes.withdraw(talk, "converted")
    assert not outcomes.withdraw(talk, "converted")
    assert outcomes.outcomes(talk) == []
    assert outcomes.report(talk, "converted").value is None


def test_outcomes_of_several_names_stand_in_the_order_of_their_times(talk: str) -> None:
    outcomes.report(talk, "escalado", happened_at=NOON + timedelta(hours=1))
    outcomes.report(talk, "solved", happened_at=NOON)
    assert [one.name for one in outcomes.outcomes(talk)] == ["solved", "escalado"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a b"}, "name"),
        ({"name": "=1+1"}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"name": "nul\x00"}, "name"),
        ({"value": float("nan")}, "value"),
        ({"value": 1e13}, "value"),
        ({"value": 1, "currency": "REAL"}, "currency"),
        ({"currency": "BRL"}, "currency"),
        ({"note": "x" * 501}, "note"),
        ({"happened_at": datetime(1969, 1, 1, tzinfo=UTC)}, "happened_at"),
        ({"happened_at": datetime(2999, 1, 1, tzinfo=UTC)}, "happened_at"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(
    talk: str, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        outcomes.report(talk, **{"name": "converted", **facts})
    assert caught.value.field == field
    assert outcomes.outcomes(talk) == []


def test_a_conversation_that_is_not_there_has_none(home: object) -> None:
    with pytest.raises(NotFound):
        outcomes.report("wa-2", "converted")


def test_names_of_one_conversation_are_bounded(talk: str) -> None:
    for n in range(outcomes.MOST_NAMES):
        outcomes.report(talk, f"name-{n}")
    with pytest.raises(Conflict):
        outcomes.report(talk, "one_more")
    outcomes.report(talk, "name-3", 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_key_is_done_once_and_refused_for_something_else(talk: str) -> None:
    told, again = outcomes.report_once(talk, "converted", 10, key="k-1")
    assert not again
    outcomes.withdraw(talk, "converted")
    assert outcomes.report_once(talk, "converted", 10, key="k-1") == (told, True)
    assert outcomes.outcomes(talk) == []
    with pytest.raises(Conflict):
        outcomes.report_once(talk, "converted", 11, key="k-1")


def test_what_was_reported_of_anothers_conversation_is_read_by_those_who_may(talk: str) -> None:
    outcomes.report(talk, "converted")
    viewer = access.set_roles(access.person("Ana").id, ["viewer"])
    analyst = access.set_roles(access.person("Bia").id, ["analyst"])
    with access.as_person(viewer), pytest.raises(NotAllowed):
        outcomes.outcomes(talk)
    with access.as_person(analyst):
        assert len(outcomes.outcomes(talk)) == 1


@pytest.mark.slow
def test_converted_counts_as_conversion_until_it_is_taken_back(talk: str) -> None:
    def converted() -> float | None:
        return metrics.figure("conversion", metrics.View(period="7d")).value

    outcomes.report(talk, "escalated")
    assert converted() == 0
    outcomes.report(talk, "converted", 10, "BRL")
    assert converted() == 1
    outcomes.withdraw(talk, "converted")
    assert converted() == 0


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_many_who_report_the_same_at_once_leave_one(talk: str) -> None:
    with ThreadPoolExecutor(6) as threads:
        told = list(threads.map(lambda n: outcomes.report(talk, "converted", n), range(12)))
    (held,) = outcomes.outcomes(talk)
    assert held.value in {one.value for one in told}


def test_what_became_of_somebody_else_s_conversation_is_not_for_a_viewer_to_say(talk: str) -> None:
    outcomes.report(talk, "converted", 349.9, "BRL")
    viewer = access.set_roles(access.person("Vera").id, ["viewer"])
    access.act(viewer)
    with pytest.raises(NotAllowed):
        outcomes.report(talk, "converted")
    with pytest.raises(NotAllowed):
        outcomes.withdraw(talk, "converted")
    access.act(None)
    assert [one.value for one in outcomes.outcomes(talk)] == [349.9]
