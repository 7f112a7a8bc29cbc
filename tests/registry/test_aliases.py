"""Aliases: moved by adding a row, never by changing one."""

import pytest

from core import assistants, registry
from core.db.tables import Assistant, Version
from core.errors import InvalidInput, NotFound


@pytest.fixture
def other(assistant: Assistant) -> Version:
    """A second version of the assistant."""
    return registry.version(assistant.id, registry.model("fake", "echo").id)


def test_an_alias_points_where_it_was_moved_last(assistant: Assistant, other: Version) -> None:
    registry.point(assistant.id, "challenger", other.id, "trial")
    pointed = registry.pointed(assistant.id, "challenger")
    assert pointed is not None
    assert pointed.id == other.id


def test_an_alias_that_was_never_set_points_nowhere(assistant: Assistant) -> None:
    assert registry.pointed(assistant.id, "challenger") is None


def test_every_move_stays_in_the_history_newest_first(assistant: Assistant, other: Version) -> None:
    registry.point(assistant.id, "champion", other.id, "promoted")
    assert [move.reason for move in registry.history(assistant.id, "champion")] == [
        "promoted",
        "created",
    ]


def test_pointing_where_it_points_already_writes_nothing(
    assistant: Assistant, other: Version
) -> None:
    for _time in range(2):
        registry.point(assistant.id, "challenger", other.id, "trial")
    assert len(registry.history(assistant.id, "challenger")) == 1


def test_an_alias_never_points_at_another_assistants_version(assistant: Assistant) -> None:
    stranger = registry.route(assistants.create("Outra").id).version
    with pytest.raises(NotFound):
        registry.point(assistant.id, "champion", stranger.id, "by mistake")


def test_an_unknown_alias_is_refused(assistant: Assistant, other: Version) -> None:
    with pytest.raises(InvalidInput) as caught:
        registry.point(assistant.id, "winner", other.id, "")
    assert "champion" in caught.value.hint


def test_a_champion_set_by_hand_no_longer_follows_ollama(
    assistant: Assistant, other: Version
) -> None:
    registry.point(assistant.id, "champion", other.id, "promoted")
    assert not assistants.get(assistant.id).follows_ollama
