"""A version learned what its memory held when it answered, and had a say in; nothing else."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core import clock, comparison, db, registry
from core.comparison import asking, learned
from core.db.tables import ApprovedAnswer, Assistant, Comparison, Message, Version
from core.retrieval import memory

QUESTION = "Qual é o prazo de troca?"
HOUR = timedelta(hours=1)
Approve = Callable[..., ApprovedAnswer]


@pytest.fixture
def approve(assistant: Assistant) -> Approve:
    """Put an approved answer into the memory: ``approve(hours_ago=1, retired_hours_ago=None)``."""

    def put(
        question: str = QUESTION,
        *,
        hours_ago: float = 1,
        retired: float | None = None,
        why: str = "",
    ) -> ApprovedAnswer:
        row = ApprovedAnswer(
            assistant_id=assistant.id,
            question=question,
            answer="30 dias.",
            passages=[],
            created_at=clock.now() - hours_ago * HOUR,
            retired_at=None if retired is None else clock.now() - retired * HOUR,
            unserved_why=why,
        )
        with db.writing() as session:
            session.add(row)
            session.flush()
            memory.changed(session, [row])
        return row

    return put


def champion(assistant: Assistant) -> Version:
    return comparison.pair(assistant.id).b


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (QUESTION, True),
        ("qual e o prazo de troca", True),
        ("Qual é o prazo para trocar?", False),
        ("Qual é o prazo?", False),
    ],
)
def test_the_same_words_were_learned_and_a_paraphrase_was_not(
    assistant: Assistant, approve: Approve, asked: str, known: bool
) -> None:
    approve()
    assert learned.learned(champion(assistant), asked) is known
    assert not learned.learned(comparison.pair(assistant.id).a, asked)  # the baseline forgets all


@pytest.mark.parametrize(
    ("hours_ago", "retired", "known"),
    [(3, None, True), (1, None, False), (3, 1, True), (4, 3, False), (1, 0.5, False)],
    ids=["before", "after", "retired since", "retired before", "came and went since"],
)
def test_what_counts_is_the_memory_at_the_moment_of_the_answer(
    assistant: Assistant, approve: Approve, hours_ago: float, retired: float | None, known: bool
) -> None:
    approve(hours_ago=hours_ago, retired=retired)
    at = clock.now() - 2 * HOUR
    assert learned.learned(champion(assistant), QUESTION, at) is known


def test_a_frozen_version_learned_nothing_since(assistant: Assistant, approve: Approve) -> None:
    usual = champion(assistant)
    frozen = registry.version(assistant.id, usual.model_id, memory_freeze=clock.now() - 2 * HOUR)
    approve(hours_ago=1)
    assert not learned.learned(frozen, QUESTION)
    approve(hours_ago=3)
    assert learned.learned(frozen, QUESTION)


def test_what_is_served_no_more_still_lifts_and_counts(
    assistant: Assistant, approve: Approve
) -> None:
    approve(why="documents_changed")
    assert learned.learned(champion(assistant), QUESTION)


def kept(assistant: Assistant, a: Version, b: Version, same_passages: bool) -> Comparison:
    row = comparison.ask_both(
        QUESTION, assistant=assistant.id, a=a.id, b=b.id, same_passages=same_passages
    )
    for side in comparison.SIDES:
        asking.answer_side(row, side)
    asking.finish(row)
    return comparison.comparison(row.id).row


@pytest.mark.slow
def test_a_comparison_says_which_side_had_learned(assistant: Assistant, approve: Approve) -> None:
    approve()
    pair = comparison.pair(assistant.id)
    assert kept(assistant, pair.a, pair.b, False).learned == "b"
    assert kept(assistant, pair.b, pair.b, False).learned == "both"
    assert kept(assistant, pair.a, pair.a, False).learned == ""


@pytest.mark.slow
def test_who_is_given_the_passages_of_a_memory_learned_from_it(
    assistant: Assistant, approve: Approve
) -> None:
    approve()
    pair = comparison.pair(assistant.id)
    assert kept(assistant, pair.b, pair.a, True).learned == "both"
    assert kept(assistant, pair.a, pair.b, True).learned == ""


@pytest.mark.slow
def test_what_is_approved_after_an_answer_was_not_learned_by_it(
    assistant: Assistant, approve: Approve
) -> None:
    pair = comparison.pair(assistant.id)
    row = kept(assistant, pair.a, pair.b, False)
    with db.writing() as session:
        session.get_one(Message, row.b_answer_id).created_at = clock.now() - 2 * HOUR
    approve(hours_ago=1)
    assert learned.learned_by(row) == ""
    approve(hours_ago=3)
    assert learned.learned_by(row) == "b"


@pytest.mark.slow
def test_a_verdict_counts_no_question_that_a_version_learned_from(
    assistant: Assistant, approve: Approve
) -> None:
    approve()
    asked = [comparison.Question(text) for text in (QUESTION, "Que dias a loja abre?")]
    run = comparison.work(comparison.start(asked, assistant=assistant.id).id)
    told = comparison.verdict(run.id)
    assert (told.n, told.learned) == (1, 1)
