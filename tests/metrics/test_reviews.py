"""Measures of reviews against a table that was worked out by hand, and what they leave out.

The table: nine answers of one shop that were queued at noon of 10 March 2026; minutes are those until
somebody judged. Ana and Bia review, the model is asked beforehand, a lead decides the third.

  1  by chance   Ana approved it after 10, tone 4, correct 5       the model: approved
  2  by chance   Ana rejected it after 20 (search), tone 2; Bia approved it, tone 5; the model: approved
  3              Ana rejected it after 60, tone 1; the lead approved it, tone 4     the model: rejected
  4              Ana corrected it after 40 (writing)               another model: approved
  5              Ana rejected it and took that back                the model: approved
  6  taken out   Ana rejected it
  7  of a removed queue, rejected
  8              Ana approved it after 50, another is still to judge
  9              Ana approved it after 15, and rejected it in place of that (safety)
"""

from datetime import timedelta
from math import isclose
from typing import Any

import pytest
from sqlalchemy import update

from core import access, clock, db, metrics
from core.db.tables import Item, Judgement, Message, Opinion, Queue
from core.errors import InvalidInput, NotAllowed
from core.metrics import keeping, naming
from core.metrics.measures import MEASURES
from core.metrics.review_measures import REVIEW_MEASURES
from tests.conftest import ENGINES
from tests.metrics.judging import Line, person, review, scale
from tests.metrics.made import LATER, NOON, assistant, document
from tests.metrics.test_figures import cite
from tests.metrics.test_keeping import same

WEEK = metrics.View(period="7d")
BY_HAND = {  # measure: value, n
    "accuracy": (2 / 5, 5),  # 1 and 3, of 1, 2, 3, 4 and 9
    "usable": (3 / 5, 5),  # and 4
    "unbiased": (1 / 2, 2),  # 1, of 1 and 2
    "unbiased_usable": (1 / 2, 2),
    "tone": (2 / 3, 3),  # 4, 2 (the lower of 2 and 5), 4 (the lead's)
    "quality": ((0.875 + 0.25 + 0.75) / 3, 3),
    "failed_retrieval": (1 / 3, 3),  # 2, of 2, 4 and 9
    "failed_generation": (1 / 3, 3),
    "failed_safety": (1 / 3, 3),
    "failed_other": (0.0, 3),
    "judge_approved": (3 / 4, 4),  # 1, 2 and 5, of 1, 2, 3 and 5
    "judge_agreement": (1.0, 2),  # 1 and 3: of 2 people said both, of 5 nothing, of 3 not the lead
    "judge_kappa": (1.0, 2),
    "reviews_per_day": (4.0, 2),  # Ana 7, Bia 1
    "waited_p50": (20 * 60.0, 5),  # of 10, 15, 20, 40 and 60 minutes
    "waited_p95": (56 * 60.0, 5),
    "waiting": (1.0, 7),  # 5, of all but 6 and 7
    "oldest_waiting": (86_400.0, 1),
}


@pytest.fixture
def table(now: None) -> Line:
    """The table above, in a line of its shop."""
    line = Line(assistant())
    ana: dict[str, Any] = {"person_id": person("Ana")}
    bia: dict[str, Any] = {"person_id": person("Bia")}
    line.item(review("approved", 10, tone=4, correct=5, **ana), protected=True, opinion="approved")
    line.item(
        review("rejected", 20, tone=2, failure_type="retrieval", **ana),
        review("approved", 30, tone=5, **bia),
        protected=True,
        opinion="approved",
    )
    line.item(
        review("rejected", 60, tone=1, failure_type="generation", **ana),
        gold=review("approved", 90, tone=4, kind="adjudication"),
        opinion="rejected",
    )
    line.item(
        review("corrected", 40, failure_type="generation", **ana),
        opinion="approved",
        model="fake:other",
    )
    undone = review("rejected", 5, withdrawn_at=NOON, **ana)
    line.item(undone, state="pending", opinion="approved")
    line.item(review("rejected", **ana), state="removed", opinion="rejected")
    Line(line.shop, removed_at=NOON).item(review("rejected", **ana), opinion="rejected")
    line.item(review("approved", 50, **ana), state="pending")
    first = review("approved", 15, **ana)
    again = review("rejected", 25, failure_type="safety", supersedes_id=first["id"], **ana)
    line.item(first, again)
    return line


@pytest.mark.parametrize("engine", ENGINES)
def test_every_measure_of_reviews_is_what_was_worked_out_by_hand(table: Line, engine: str) -> None:
    told = {figure.measure: figure for figure in metrics.overview(WEEK, BY_HAND)}
    for name, (value, n) in BY_HAND.items():
        found = told[name].value
        assert told[name].n == n, name
        assert found is not None
        assert isclose(found, value, rel_tol=1e-6), name


def test_the_table_holds_every_measure_of_reviews() -> None:
    assert {one.name for one in REVIEW_MEASURES} == set(BY_HAND)
    assert set(BY_HAND) <= set(MEASURES)


def test_tone_and_accuracy_have_the_targets_of_the_plan(table: Line) -> None:
    accuracy, tone = metrics.overview(WEEK, ["accuracy", "tone"])
    assert (accuracy.target, accuracy.met, tone.target, tone.met) == (0.95, False, 0.90, False)


def test_what_was_not_drawn_by_chance_moves_nothing_of_the_random_share(table: Line) -> None:
    before = metrics.figure("unbiased", WEEK)
    for _n in range(3):
        table.item(review("rejected"))
    after = metrics.figure("unbiased", WEEK)
    assert (after.value, after.low, after.n) == (before.value, before.low, before.n)
    assert metrics.figure("accuracy", WEEK).n == 8


@pytest.mark.parametrize("engine", ENGINES)
def test_facts_of_reviews_follow_every_change_as_if_read_anew(table: Line, engine: str) -> None:
    keeping.current()
    for step in (
        update(Judgement).where(Judgement.verdict == "approved").values(withdrawn_at=NOON),
        update(Item).where(Item.protected.is_(True)).values(state="removed"),
        update(Opinion).values(verdict="rejected"),
        update(Queue).values(judge="fake:other"),
        update(Queue).values(removed_at=NOON),
        update(Queue).values(removed_at=None),
    ):
        with db.writing() as session:
            session.execute(step)
        followed = keeping.current()
        keeping.forget()
        assert same(followed, keeping.current())


def test_another_judge_model_begins_with_its_own_opinions(table: Line) -> None:
    with db.writing() as session:
        session.execute(update(Queue).values(judge="fake:other"))
    assert (metrics.figure("judge_approved", WEEK).n) == 1
    assert [row.key for row in metrics.breakdown("judge_approved", "judge", WEEK)] == ["fake:other"]


def test_what_a_model_says_moves_no_figure_of_people(table: Line) -> None:
    names = ["accuracy", "unbiased", "tone", "reviews_per_day", "waited_p50", "waiting"]
    before = [one.value for one in metrics.overview(WEEK, names)]
    with db.writing() as session:
        session.execute(update(Opinion).values(verdict="rejected", scores={"tone": 1}))
    assert [one.value for one in metrics.overview(WEEK, names)] == before
    assert metrics.figure("judge_approved", WEEK).value == 0


def test_a_judgement_belongs_to_the_time_in_which_it_was_given(now: None) -> None:
    line = Line(assistant())
    line.item(review("approved", minutes=30 * 24 * 60), at=NOON - timedelta(days=30, minutes=1))
    assert metrics.figure("accuracy", metrics.View(period="24h")).n == 0
    assert metrics.figure("accuracy", WEEK).n == 1
    assert metrics.figure("answers", WEEK).n == 0


def test_views_narrow_by_what_is_known_of_the_answer(table: Line) -> None:
    other = Line(assistant("Outra"))
    cited = other.item(review("rejected"), answer={"mode": "quick", "language": "en"})
    price = document(other.shop)
    with db.writing() as session:
        answer = session.query(Message).filter_by(conversation_id=cited, role="assistant").one()
        cite(session, answer.id, price, 1)
    for narrower in (
        {"assistant": other.shop},
        {"mode": "quick"},
        {"language": "en"},
        {"document": price},
    ):
        found = metrics.figure("accuracy", WEEK.narrowed(**narrower))
        assert (found.value, found.n) == (0.0, 1), narrower
    assert metrics.figure("accuracy", WEEK.narrowed(data="sample")).n == 0
    rows = metrics.breakdown("accuracy", "assistant", WEEK)
    assert [(row.key, row.figure.n) for row in rows] == [(table.shop, 5), (other.shop, 1)]
    (by_document,) = metrics.breakdown("accuracy", "document", WEEK)
    assert (by_document.key, by_document.figure.n) == (price, 1)


def test_quality_is_split_by_criterion(table: Line) -> None:
    rows = metrics.breakdown("quality", "criterion", WEEK)
    told = [(row.key, row.figure.value, row.figure.n) for row in rows]
    assert told == [("tone", pytest.approx((0.75 + 0.25 + 0.75) / 3), 3), ("correct", 1.0, 1)]
    with pytest.raises(InvalidInput):
        metrics.breakdown("accuracy", "criterion", WEEK)


@pytest.mark.parametrize(
    ("values", "given", "good"),
    [((0, 1), 1, True), ((0, 1, 2), 1, False), ((-2, 0, 2), 2, True), ((1, 2, 3, 4), 3, True)],
)
def test_an_own_scale_of_tone_counts_by_its_upper_part(
    now: None, values: tuple[int, ...], given: int, good: bool
) -> None:
    Line(assistant(), [scale("tone", *values)]).item(review("approved", tone=given))
    assert metrics.figure("tone", WEEK).value == float(good)


def test_reviews_by_person_are_for_those_who_lead(table: Line) -> None:
    rows = metrics.breakdown("reviews_per_day", "reviewer", WEEK)
    called = naming.names("reviewer", [row.key for row in rows])
    assert {called[row.key]: row.figure.value for row in rows} == {"Ana": 7.0, "Bia": 1.0}
    viewer = access.person("Vera")
    access.set_roles(viewer.id, ["viewer"])
    with access.as_person(access.known(viewer.id)):
        assert metrics.figure("reviews_per_day", WEEK).n == 2
        with pytest.raises(NotAllowed):
            metrics.breakdown("reviews_per_day", "reviewer", WEEK)


def test_a_day_of_a_reviewer_is_one_of_the_readers_calendar(now: None) -> None:
    line, ana = Line(assistant()), person("Ana")
    for hours in (11, 13):  # 23:00 and 01:00 in São Paulo, the same day in UTC
        line.item(review("approved", hours * 60, person_id=ana))
    found = metrics.figure("reviews_per_day", WEEK)
    assert (found.value, found.n) == (1.0, 2)


def test_how_many_waited_is_told_for_the_end_of_each_time(now: None) -> None:
    line = Line(assistant())
    for minutes in (30, 90, 20 * 60):
        line.item(review("approved", minutes))
    with clock.held(LATER):
        points = metrics.series("waiting", metrics.View(period="24h"), "hour")
    assert [point.figure.value for point in points[:4]] == [2.0, 1.0, 1.0, 1.0]
    assert points[-1].figure.value == 0
    assert metrics.figure("oldest_waiting", WEEK).value is None


def test_behind_accuracy_are_the_conversations_that_were_not_approved(table: Line) -> None:
    assert metrics.behind("accuracy", WEEK).n == 3
    assert metrics.behind("judge_agreement", WEEK).n == 0
    assert metrics.behind("waiting", WEEK).n == 1


@pytest.mark.parametrize("name", BY_HAND)
def test_one_judgement_gives_a_figure_or_none_and_every_split_holds(now: None, name: str) -> None:
    Line(assistant()).item(review("approved", tone=5), protected=True, opinion="approved")
    assert metrics.figure(name, WEEK).n in (0, 1)
    metrics.series(name, WEEK)
    for by in ("version", "hour", "document", *MEASURES[name].by):
        assert len(metrics.breakdown(name, by, WEEK)) <= 1
