"""The breakers of the Ciclo that runs here, seen from a command."""

import pytest

from core import diagnosis, registry
from core.db.tables import Assistant
from core.diagnosis import machine


def breaker(version_id: str) -> dict[str, object]:
    """One as the API tells it."""
    return {"version_id": version_id, "state": "open", "failures": 5, "rests_for": 12.5}


def test_breakers_are_those_of_the_running_ciclo_and_of_versions_known_here(
    desk: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = registry.route(desk.id).version.id
    told = {"breakers": [breaker(mine), breaker("of-another-database")]}
    monkeypatch.setattr(machine, "running", lambda path: told)
    (only,) = diagnosis.health_here().breakers
    assert (only.assistant, only.state, only.rests_for) == ("Suporte", "open", 12.5)


@pytest.mark.parametrize("told", [{}, {"breakers": None}, {"breakers": [{"id": 1}]}])
def test_a_ciclo_that_tells_none_or_tells_them_otherwise_is_no_failure(
    desk: Assistant, monkeypatch: pytest.MonkeyPatch, told: dict[str, object]
) -> None:
    monkeypatch.setattr(machine, "running", lambda path: told)
    assert diagnosis.health_here().breakers == []
