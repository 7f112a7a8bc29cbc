"""Which version answers, and why."""

import pytest

from core import assistants, registry
from core.db.tables import Assistant
from core.errors import InvalidInput, NotFound


def test_every_assistant_is_answered_for_from_the_moment_it_exists(assistant: Assistant) -> None:
    route = registry.route(assistant.id)
    assert (route.name, route.reason) == ("embedded:quotes", "champion")


def test_a_pinned_version_answers_instead_of_the_champion(assistant: Assistant) -> None:
    pinned = registry.version(assistant.id, registry.model("fake", "echo").id)
    route = registry.route(assistant.id, pinned_version_id=pinned.id)
    assert (route.name, route.reason) == ("fake:echo", "pinned")


def test_another_assistants_version_cannot_be_pinned(assistant: Assistant) -> None:
    stranger = registry.route(assistants.create("Outra").id).version
    with pytest.raises(NotFound):
        registry.route(assistant.id, pinned_version_id=stranger.id)


def test_after_a_failure_the_embedded_engine_is_the_last_and_the_reason_says_why(
    assistant: Assistant,
) -> None:
    registry.choose_model(assistant.id, "ollama:llama3.2")
    *_others, last = registry.fallbacks(assistant.id, "timed_out")
    assert (last.name, last.reason) == ("embedded:quotes", "fallback:timed_out")
    assert registry.route(assistant.id).name == "ollama:llama3.2"


def test_nobody_answers_for_an_assistant_that_is_not_there(home: object) -> None:
    with pytest.raises(NotFound):
        registry.route("nobody")
    with pytest.raises(NotFound):
        list(registry.fallbacks("nobody", "busy"))


def test_a_model_picked_for_one_answer_leaves_the_champion(assistant: Assistant) -> None:
    picked = registry.version_with_model(assistant.id, "fake:echo")
    assert registry.route(assistant.id, pinned_version_id=picked.id).name == "fake:echo"
    assert registry.route(assistant.id).name == "embedded:quotes"


def test_picking_the_champions_own_model_is_the_champion(assistant: Assistant) -> None:
    champion = registry.route(assistant.id).version
    assert registry.version_with_model(assistant.id, "embedded:quotes").id == champion.id


def test_a_model_of_an_unknown_provider_cannot_be_picked(assistant: Assistant) -> None:
    with pytest.raises(InvalidInput):
        registry.version_with_model(assistant.id, "nope:x")
