"""Reviewers see their own figures, a lead sees all, and each says what it rests on."""

import pytest

from core import access, annotation
from core.annotation import Judged, is_thin
from core.errors import NotAllowed
from tests.annotation.conftest import Made
from tests.annotation.judging import judge
from tests.conftest import ENGINES

pytestmark = pytest.mark.parametrize("engine", ENGINES)


def test_items_and_the_time_of_half_of_them(made: Made, ana: str) -> None:
    queue = made(3)
    for seconds in (10.0, 20.0, 90.0):
        judge(queue, "Ana", ["approved"], seconds=seconds)
    (told,) = annotation.figures(queue.id)
    assert (told.name, told.items, told.seconds) == ("Ana", 3, 20.0)
    assert (told.gold, told.majority, told.known) == (None, None, None)


@pytest.mark.slow
def test_agreement_with_gold_majority_and_known_answers(made: Made, ana: str, bia: str) -> None:
    queue = made(3, reviewers_per_item=3)
    _first, second, third = annotation.items(queue.id)
    annotation.calibrate(third.id, Judged("rejected"))
    for name in ("Ana", "Bia", "Caio"):
        judge(queue, name, ["approved", "approved" if name != "Bia" else "rejected", "approved"])
    annotation.adjudicate(second.id, Judged("rejected"))
    (mine,), (theirs,) = annotation.figures(queue.id, ana), annotation.figures(queue.id, bia)
    assert mine.gold
    assert theirs.gold
    assert (mine.gold.share, theirs.gold.share, mine.gold.n) == (0.0, 1.0, 1)
    assert mine.majority
    assert theirs.majority
    # the other two said the same of each item, but for the second one seen from Ana
    assert (mine.majority.share, mine.majority.n) == (1.0, 2)
    assert theirs.majority.share == pytest.approx(2 / 3)
    assert theirs.majority.n == 3
    assert mine.known
    assert (mine.known.share, mine.known.n, is_thin(mine.known)) == (0.0, 1, True)


@pytest.mark.slow
def test_a_lead_sees_all_and_a_reviewer_their_own(made: Made, ana: str, bia: str) -> None:
    queue = made(3)
    judge(queue, "Ana", ["approved"])
    judge(queue, "Bia", ["approved"] * 2)
    assert [one.name for one in annotation.figures(queue.id)] == ["Bia", "Ana"]
    with access.as_person(access.set_roles(ana, ["reviewer"])):
        assert [one.name for one in annotation.figures(queue.id, ana)] == ["Ana"]
        for other in (bia, None):
            with pytest.raises(NotAllowed):
                annotation.figures(queue.id, other)


def test_who_has_judged_nothing_has_no_figures(made: Made, ana: str) -> None:
    assert annotation.figures(made(1).id, ana) == []
