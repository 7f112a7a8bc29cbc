"""The live counts are what a refill would take."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core import annotation, clock
from core.annotation import Count, previewing, rules
from core.db.tables import Assistant
from core.errors import InvalidInput, NotFound
from tests.annotation.talks import flagged, many, only, rated, starred, talk


@pytest.fixture
def said(assistant: Assistant) -> Assistant:
    """Conversations of which each rule takes some."""
    for number in range(6):
        conversation, answers = talk(
            assistant.id,
            {"groundedness": number / 6, "total_seconds": 10.0 * number},
            {"outcome": "cut_off" if number == 5 else "answered"},
            question="Qual o preço?" if number < 2 else "Oi",
        )
        if number % 2:
            rated(answers[0])
        if number == 0:
            flagged(answers[1])
            starred(conversation, 1, solved=False)
    return assistant


def test_each_rule_alone_and_all_together(said: Assistant) -> None:
    chosen = only("negative_rating", "flagged", {"name": "keyword", "words": ["preço"]})
    found = annotation.preview(None, chosen, assistant=said.id)
    assert found.conversations == 6
    assert found.together == Count(4)  # 1, 3, 5; 0; 0 and 1
    assert (found.alone["negative_rating"], found.alone["keyword"]) == (Count(3), Count(2))
    assert found.alone["cut_off"] == Count(1)  # off, and told all the same


def test_only_the_last_days_count(said: Assistant) -> None:
    old = talk(said.id, {"outcome": "cut_off"}, at=clock.now() - timedelta(days=31))
    assert old
    assert annotation.preview(None, only("cut_off"), assistant=said.id).together == Count(1)
    longer = annotation.preview(None, only("cut_off"), days=32, assistant=said.id)
    assert (longer.together, longer.conversations) == (Count(2), 7)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(names=some.sets(some.sampled_from(rules.NAMES), min_size=1), share=some.floats(0.001, 1))
def test_together_is_what_a_refill_takes(said: Assistant, names: set[str], share: float) -> None:
    facts: dict[str, dict[str, Any]] = {
        "keyword": {"words": ["preço"]},
        "random": {"threshold": share},
    }
    chosen = [{"name": name} | facts.get(name, {}) for name in sorted(names)]
    queue = annotation.create_queue(
        said.id, "Fila", rules=chosen, random_share=share if "random" in names else 0.0
    )
    told = annotation.preview(queue.id, chosen)
    assert annotation.preview(queue.id) == told  # the queue's own
    assert annotation.refill(queue.id)[0].new == told.together.n
    annotation.remove_queue(queue.id)


def test_words_for_which_there_is_no_time_are_estimated(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(assistant.id, 30)
    monkeypatch.setattr(previewing, "PART", 10)
    monkeypatch.setattr(previewing, "WORDS_SECONDS", 1e-9)
    words = only({"name": "keyword", "words": ["nove"]})
    found = annotation.preview(None, words, assistant=assistant.id)
    assert found.alone["keyword"] == found.together == Count(30, about=True)


def test_what_cannot_be_is_named(home: Path, assistant: Assistant) -> None:
    with pytest.raises(InvalidInput, match="0"):
        annotation.preview(None, days=0, assistant=assistant.id)
    bad = only({"name": "keyword", "patterns": ["(a"]})
    with pytest.raises(InvalidInput, match=r"\(a"):
        annotation.preview(None, bad, assistant=assistant.id)
    with pytest.raises(NotFound):
        annotation.preview("nowhere")
