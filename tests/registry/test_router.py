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


def of(assistant: Assistant, name: str) -> str:
    """The id of the assistant's version with that model."""
    return registry.version_with_model(assistant.id, name).id


def trip(version_id: str) -> None:
    """Open the breaker of a version."""
    for _ in range(5):
        call = registry.breaker(version_id).enter()
        assert call
        call.failed()


@pytest.fixture
def busy(assistant: Assistant) -> Assistant:
    """An assistant with a rule, a challenger that everybody gets, a champion and a fallback."""
    registry.choose_model(assistant.id, "fake:champion")
    registry.point(assistant.id, "challenger", of(assistant, "fake:challenger"), "try")
    return assistants.update(
        assistant.id,
        routing={
            "fallbacks": ["fake:fallback"],
            "rules": [{"if": {"tier": "premium"}, "use": "fake:rule"}],
            "challenger_share": 1,
        },
    )


def chosen(assistant: Assistant, pinned: str | None = None) -> tuple[str, str]:
    asking = registry.Asking(tier="premium", conversation_id="c")
    found = registry.route(assistant.id, pinned_version_id=pinned, asking=asking)
    return found.name, found.reason


def test_the_order_is_pinned_rule_experiment_champion(busy: Assistant) -> None:
    assert chosen(busy, of(busy, "fake:own")) == ("fake:own", "pinned")
    assert chosen(busy) == ("fake:rule", "rule:1")
    assistants.update(busy.id, routing={"challenger_share": 1})
    assert chosen(busy) == ("fake:challenger", "experiment")
    assistants.update(busy.id, routing={})
    assert chosen(busy) == ("fake:champion", "champion")


def test_who_is_resting_is_passed_over_and_the_route_says_so(busy: Assistant) -> None:
    for name in ("fake:rule", "fake:challenger"):
        trip(of(busy, name))
    route = registry.route(busy.id, asking=registry.Asking(tier="premium"))
    assert (route.name, route.reason) == ("fake:champion", "champion")
    assert [(one.name, one.reason) for one in route.passed] == [
        ("fake:rule", "rule:1"),
        ("fake:challenger", "experiment"),
    ]
    trip(of(busy, "fake:champion"))
    assert chosen(busy) == ("fake:fallback", "fallback:breaker_open")
    trip(of(busy, "fake:fallback"))
    assert chosen(busy) == ("embedded:quotes", "fallback:breaker_open")


def test_a_resting_pinned_version_gives_way_to_the_champion(busy: Assistant) -> None:
    own = of(busy, "fake:own")
    trip(own)
    route = registry.route(busy.id, pinned_version_id=own, asking=registry.Asking())
    assert (route.name, [one.reason for one in route.passed]) == ("fake:champion", ["pinned"])


def test_whoever_only_looks_sees_what_is_set(busy: Assistant) -> None:
    trip(of(busy, "fake:champion"))
    assert registry.route(busy.id).name == "fake:champion"


def test_fallbacks_begin_with_the_champion_and_leave_out_who_was_tried(busy: Assistant) -> None:
    rule = registry.route(busy.id, asking=registry.Asking(tier="premium"))
    names = [one.name for one in registry.fallbacks(busy.id, "busy", (rule.passing("busy"),))]
    assert names == ["fake:champion", "fake:fallback", "embedded:quotes"]
    champion = registry.route(busy.id)
    names = [one.name for one in registry.fallbacks(busy.id, "busy", (champion.passing("busy"),))]
    assert names == ["fake:fallback", "embedded:quotes"]


def test_a_rule_may_name_a_version_by_its_number(busy: Assistant) -> None:
    number = registry.version_with_model(busy.id, "fake:own").number
    rules = [{"if": {"min_length": 0}, "use": number}]
    assistants.update(busy.id, routing={"rules": rules})
    assert chosen(busy) == ("fake:own", "rule:1")


def test_a_rule_for_a_version_that_is_not_there_is_refused(busy: Assistant) -> None:
    rules = [{"if": {"min_length": 0}, "use": 99}]
    with pytest.raises(InvalidInput) as refused:
        assistants.update(busy.id, routing={"rules": rules})
    assert refused.value.field == "routing"
    assert assistants.get(busy.id).routing["fallbacks"] == ["fake:fallback"]
