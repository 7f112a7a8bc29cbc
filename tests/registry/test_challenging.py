"""Who challenges the champion, and what people know of a model."""

import math

import pytest

from core import assistants, registry
from core.db.tables import Assistant
from core.errors import InvalidInput, NotFound


@pytest.fixture
def desk(home: object) -> Assistant:
    return assistants.create("Loja")


def test_a_model_that_exists_elsewhere_becomes_the_challenger(desk: Assistant) -> None:
    rival = registry.challenge(desk.id, "ollama:loja-lora")
    known = registry.challenger(desk.id)
    assert known
    assert known.id == rival.id
    assert registry.route(desk.id, pinned_version_id=rival.id).name == "ollama:loja-lora"


def test_a_challenger_that_cannot_answer_now_is_told(desk: Assistant) -> None:
    registry.challenge(desk.id, "ollama:loja-lora")
    assert "ollama:loja-lora" in registry.silent("ollama:loja-lora")
    assert registry.silent("embedded:quotes") == ""


def test_a_version_is_named_by_its_number(desk: Assistant) -> None:
    first = registry.route(desk.id).version
    registry.choose_model(desk.id, "fake:echo")
    assert registry.challenge(desk.id, first.number).id == first.id


def test_the_champion_does_not_challenge_itself(desk: Assistant) -> None:
    with pytest.raises(InvalidInput) as refused:
        registry.challenge(desk.id, "1")
    assert refused.value.hint


def test_a_challenger_that_is_withdrawn_is_none_and_its_history_stays(desk: Assistant) -> None:
    registry.challenge(desk.id, "fake:echo")
    registry.withdraw_challenger(desk.id)
    assert registry.challenger(desk.id) is None
    registry.withdraw_challenger(desk.id)
    assert len(registry.history(desk.id, "challenger")) == 2


def test_a_version_or_an_assistant_there_is_not_is_told(desk: Assistant) -> None:
    with pytest.raises(NotFound, match="99"):
        registry.challenge(desk.id, "99")
    with pytest.raises(NotFound):
        registry.withdraw_challenger("nobody")


def test_of_a_model_only_what_is_given_changes(desk: Assistant) -> None:
    registry.describe_model("ollama:loja-lora", price_in=0.1, origin=" LoRA  de  outubro ")
    row = registry.describe_model("ollama:loja-lora", price_out=0.4, context_tokens=8192)
    told = (row.price_in, row.price_out, row.context_tokens, row.origin)
    assert told == (0.1, 0.4, 8192, "LoRA de outubro")


@pytest.mark.parametrize(
    "facts",
    [{"price_in": -1.0}, {"price_out": math.nan}, {"price_in": 1e9}, {"context_tokens": 1}],
)
def test_a_fact_out_of_bounds_is_told_and_nothing_is_stored(
    desk: Assistant, facts: dict[str, float]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        registry.describe_model("ollama:loja-lora", **facts)  # type: ignore[arg-type]
    assert refused.value.field in facts
    assert not [one for one in registry.listing() if one.name == "loja-lora"]
