"""What is suggested beforehand follows from what is stored, and says nothing where that is not clear."""

from typing import Any

from core.annotation.rubric import DEFAULT_RUBRIC
from core.annotation.suggesting import Suggestion, suggest
from core.chat.types import Answer
from core.db.tables import Citation, Conversation, Message


def suggested(*reasons: dict[str, Any], cited: int = 1, **facts: Any) -> Suggestion:
    """The suggestion for an answer with these facts."""
    facts = {"outcome": "answered", "text": "Abre às 9h.", "routing_reason": "", **facts}
    message = Message(**{"quoted": False, "sentences": [[0, 11, True]], **facts})
    marks = [Citation(passage_id=str(n)) for n in range(cited)]
    answer = Answer(message, Message(text="Quando?"), Conversation(), [], marks)
    return suggest(answer, reasons, DEFAULT_RUBRIC)


def test_a_supported_and_cited_answer_is_suggested_as_approved_with_its_grounding() -> None:
    told = suggested()
    assert (told.verdict, told.scores) == ("approved", {"grounded": 5})


def test_a_complaint_against_a_supported_answer_leads_to_no_verdict() -> None:
    assert suggested({"name": "flagged"}).verdict == ""


def test_an_answer_that_cites_nothing_is_not_suggested_as_approved() -> None:
    assert suggested(cited=0).verdict == ""


def test_a_mostly_unsupported_answer_is_suggested_as_a_failure_of_the_answer() -> None:
    told = suggested(sentences=[[0, 4, True], [4, 8, False], [8, 11, False]])
    assert (told.verdict, told.failure_type, told.scores["grounded"]) == (
        "rejected",
        "generation",
        2,
    )


def test_personal_data_in_an_answer_is_a_failure_of_safety() -> None:
    told = suggested(text="O CPF é 529.982.247-25.")
    assert (told.verdict, told.failure_type) == ("rejected", "safety")


def test_an_answer_that_finds_nothing_leads_to_no_verdict_and_no_score() -> None:
    told = suggested(outcome="not_found", sentences=[])
    assert (told.verdict, dict(told.scores)) == ("", {})
