"""What the samples promise: every starter is answered, and their questions by the right passage.

The bars lie a little below what is reached, so that a change that hurts is seen. Whoever wrote the
questions knew the documents: they tell of regressions, not of quality.
"""

from pathlib import Path
from typing import Any

import pytest

from core import assistants, chat, config, i18n
from core.db.tables import Assistant

SLUGS = sorted(path.parent.name for path in config.SAMPLES.glob("*/assistant.toml"))


@pytest.fixture(params=SLUGS)
def slug(request: pytest.FixtureRequest, home: Path) -> str:
    return str(request.param)


@pytest.fixture
def assistant(slug: str) -> Assistant:
    return assistants.load_sample(slug)


def _asked(assistant: Assistant, slug: str, kind: str) -> list[tuple[dict[str, Any], chat.Answer]]:
    rows = [row for row in assistants.questions(slug) if row["kind"] == kind]
    return [(row, chat.ask(row["question"], assistant=assistant.id)) for row in rows]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_each_sample_s_queue_has_a_name_and_guidelines_of_its_own(language: str) -> None:
    with i18n.speaking(language):
        told = [assistants.guidelines(slug) for slug in SLUGS]
    assert len({name for name, _text in told}) == len(SLUGS)
    mark = {"pt-BR": "exemplo", "en": "sample"}[language]
    for name, text in told:
        assert mark in name
        assert mark in text.lower().splitlines()[0]
        assert 300 < len(text) < 1500


@pytest.mark.slow
def test_every_starter_is_answered_with_a_citation(assistant: Assistant) -> None:
    assert len(assistant.starters) >= 8
    for starter in assistant.starters:
        answer = chat.ask(starter, assistant=assistant.id)
        assert (starter, answer.message.outcome) == (starter, "answered")
        assert answer.citations


@pytest.mark.slow
def test_the_questions_are_answered_from_the_right_passage(assistant: Assistant, slug: str) -> None:
    asked = _asked(assistant, slug, "question")
    assert len(asked) >= 30
    answered = [answer for _row, answer in asked if answer.message.outcome == "answered"]
    found = [row for row, answer in asked if _among(row, answer, 3)]
    assert len(answered) / len(asked) >= 0.85
    assert len(found) / len(asked) >= 0.9


@pytest.mark.slow
def test_paraphrases_find_the_right_passage_more_often_than_not(
    assistant: Assistant, slug: str
) -> None:
    asked = _asked(assistant, slug, "paraphrase")
    assert len(asked) >= 20
    assert len([row for row, answer in asked if _among(row, answer, 3)]) / len(asked) >= 0.7


@pytest.mark.slow
def test_what_the_documents_do_not_answer_is_mostly_not_claimed(
    assistant: Assistant, slug: str
) -> None:
    asked = _asked(assistant, slug, "unanswerable")
    assert len(asked) >= 10
    claimed = [row for row, answer in asked if answer.message.outcome == "answered"]
    assert len(claimed) / len(asked) <= 0.25


def _among(row: dict[str, Any], answer: chat.Answer, first: int) -> bool:
    quote = " ".join(row["quote"].split())
    return any(quote in " ".join(p.text.split()) for p in answer.passages[:first])
