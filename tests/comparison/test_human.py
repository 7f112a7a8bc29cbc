"""What people said of both answers, and how a judge's word stands beside it."""

from pathlib import Path

import pytest

from core import access, annotation, comparison, db
from core.comparison import human
from core.db.tables import Comparison, Feedback, Item, Judgement, Vote
from tests.comparison.judged import run_of, scores
from tests.comparison.voting import cast, reviewer


@pytest.fixture(autouse=True)
def here(home: Path) -> None:
    """A home of its own."""


def vote(row: Comparison, *choices: str, blind: bool = True) -> None:
    with db.writing() as session:
        session.add_all(Vote(comparison_id=row.id, choice=one, blind=blind) for one in choices)


def judged(row: Comparison, side: str, *verdicts: str, stars: int | None = None) -> None:
    """Reviewers judge one side's answer."""
    answer_id = getattr(row, f"{side}_answer_id")
    queue = annotation.queues(row.assistant_id) or [
        annotation.create_queue(row.assistant_id, "Fila")
    ]
    with db.writing() as session:
        item = Item(queue_id=queue[0].id, conversation_id=row.conversation_id, message_id=answer_id)
        session.add(item)
        session.flush()
        facts = {"item_number": item.number, "message_id": answer_id, "stars": stars}
        session.add_all(Judgement(verdict=one, **facts) for one in verdicts)


def said(row: Comparison) -> human.Human:
    return comparison.human_scores(comparison_id=row.id)[row.id]


@pytest.mark.parametrize(
    ("choices", "a", "b", "choice"),
    [
        (("a",), 1.0, 0.0, "a"),
        (("b", "b", "a"), 1 / 3, 2 / 3, "b"),
        (("tie",), 0.5, 0.5, "tie"),
        (("bad",), 0.0, 0.0, "tie"),
        (("a", "b"), 0.5, 0.5, "tie"),
    ],
)
def test_votes_score_both_sides(choices: tuple[str, ...], a: float, b: float, choice: str) -> None:
    _run, (row,) = run_of()
    vote(row, *choices)
    assert said(row) == human.Human(a, b, choice, len(choices))


def test_a_vote_by_somebody_who_saw_the_names_counts_for_nothing() -> None:
    _run, (row,) = run_of()
    vote(row, "a", blind=False)
    assert comparison.human_scores(comparison_id=row.id) == {}


def test_judgements_and_thumbs_on_the_very_answers_score_them() -> None:
    _run, (row,) = run_of()
    judged(row, "a", "approved", "corrected")
    with db.writing() as session:
        session.add(Feedback(message_id=row.b_answer_id, rating="down"))
    assert said(row) == human.Human(0.75, 0.0, "a", 3)


def test_stars_draw_a_verdict_halfway() -> None:
    _run, (row,) = run_of()
    judged(row, "b", "approved", stars=3)
    assert said(row) == human.Human(None, 0.75, "", 1)


def test_where_people_voted_their_votes_alone_count() -> None:
    _run, (row,) = run_of()
    judged(row, "a", "approved")
    vote(row, "b")
    assert said(row) == human.Human(0.0, 1.0, "b", 1)


def test_a_vote_is_written_beside_the_other_scores_and_taken_back_from_there() -> None:
    _run, (row,) = run_of()
    with db.writing() as session:
        session.get_one(Comparison, row.id).scores = {"a": {"f1": 0.5}, "b": {"f1": 0.25}}
    ana = reviewer("Ana")
    given = cast(row, ana, "b")
    assert scores(row)["a"] == {"f1": 0.5, "human_score": 0.0}
    assert scores(row)["b"] == {"f1": 0.25, "human_score": 1.0}
    with access.as_person(ana):
        comparison.withdraw_vote(given.vote.id)
    assert scores(row)["a"] == {"f1": 0.5, "human_score": None}


def test_the_last_vote_taken_back_is_no_score_any_more() -> None:
    _run, (row,) = run_of()
    ana = reviewer("Ana")
    cast(row, ana, "a")
    with access.as_person(ana):
        comparison.undo_vote(row.assistant_id)
    assert scores(row)["a"]["human_score"] is None


def test_the_scorer_reads_what_is_stored() -> None:
    from core.comparison.scorers import SCORERS

    _run, (row,) = run_of()
    vote(row, "b")
    for side, value in (("a", 0.0), ("b", 1.0)):
        found = comparison.example(row, side)  # type: ignore[arg-type]
        assert found
        assert SCORERS["human_score"].score(found) == value
        assert SCORERS["judge_pairwise"].score(found) is None
