"""Items whose answer is known are mixed in unseen, and told of afterwards."""

import pytest

from core import access, annotation
from core.annotation import Judged
from core.errors import Conflict, InvalidInput, NotAllowed
from tests.annotation.conftest import Made
from tests.annotation.judging import judge
from tests.conftest import ENGINES

pytestmark = pytest.mark.parametrize("engine", ENGINES)


@pytest.mark.parametrize(("share", "first"), [(1.0, "Resposta 2."), (0.0, "Resposta 0.")])
def test_they_come_at_the_rate_of_the_queue_and_else_last(
    made: Made, ana: str, share: float, first: str
) -> None:
    queue = made(3)
    annotation.change_queue(queue.id, calibration_share=share)
    annotation.calibrate(annotation.items(queue.id)[2].id, Judged("approved"))
    came = []
    while claim := annotation.claim_next(queue.id, ana):
        came.append(claim.answer.message.text)
        annotation.submit(claim.item.id, claim.claim_token, Judged("approved"))
    assert (came[0], len(came)) == (first, 3)


def test_a_seat_added_later_keeps_its_rank(made: Made, ana: str) -> None:
    queue = made(2)
    annotation.change_queue(queue.id, calibration_share=1.0)
    known = annotation.items(queue.id)[1]
    annotation.calibrate(known.id, Judged("approved"))
    annotation.change_queue(queue.id, reviewers_per_item=2)
    for name in ("Ana", "Bia"):
        claim = annotation.claim_next(queue.id, access.person(name).id)
        assert claim
        assert claim.item.id == known.id


def test_who_has_judged_one_is_told_how_it_compares_and_nobody_before(
    made: Made, ana: str, bia: str
) -> None:
    queue = made(1, reviewers_per_item=2)
    (item,) = annotation.items(queue.id)
    annotation.calibrate(item.id, Judged("rejected", scores={"tone": 2}, note="Preço errado."))
    assert annotation.compared(item.id, ana) is None
    judge(queue, "Ana", ["approved"], scores={"tone": 5, "clarity": 5})
    told = annotation.compared(item.id, ana)
    assert told
    assert (told.verdict, told.known, told.agrees) == ("approved", "rejected", False)
    assert (told.scores, told.note) == ({"tone": (5, 2)}, "Preço errado.")
    assert annotation.compared(item.id, bia) is None


def test_nothing_of_a_claim_tells_that_its_answer_is_known(made: Made, ana: str) -> None:
    queue = made(1)
    (item,) = annotation.items(queue.id)
    annotation.calibrate(item.id, Judged("rejected"))
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    assert not claim.item.known
    assert [reason["name"] for reason in claim.reasons] == ["manual"]


def test_once_told_nobody_judges_again(made: Made, ana: str) -> None:
    queue = made(1)
    annotation.calibrate(annotation.items(queue.id)[0].id, Judged("rejected"))
    judge(queue, "Ana", ["approved"])
    with pytest.raises(Conflict, match="known"):
        annotation.undo(ana, queue.id)


def test_one_can_be_an_item_like_any_other_again(made: Made, ana: str) -> None:
    queue = made(2)
    item = annotation.items(queue.id)[0]
    annotation.calibrate(item.id, Judged("rejected"))
    annotation.calibrate(item.id, None)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    assert claim.item.id == item.id
    assert judge(queue, "Ana", ["approved"])[0].kind == "review"


def test_a_lead_marks_what_waits_with_what_fits(made: Made) -> None:
    queue = made(2)
    item, other = annotation.items(queue.id)
    with pytest.raises(InvalidInput):
        annotation.calibrate(item.id, Judged("approved", scores={"tone": 9}))
    judge(queue, "Ana", ["approved"])
    with pytest.raises(Conflict, match="waits for nobody"):
        annotation.calibrate(item.id, Judged("approved"))
    with (
        access.as_person(access.set_roles(access.person("Bia").id, ["reviewer"])),
        pytest.raises(NotAllowed),
    ):
        annotation.calibrate(other.id, Judged("approved"))


def test_those_that_wait_are_counted(made: Made, ana: str) -> None:
    queue = made(3)
    first, second, _third = annotation.items(queue.id)
    counts = [annotation.calibration_items(queue.id)]
    for item in (first, second):
        annotation.calibrate(item.id, Judged("rejected"))
        counts.append(annotation.calibration_items(queue.id))
    annotation.calibrate(second.id, None)
    counts.append(annotation.calibration_items(queue.id))
    annotation.remove(first.id, ana)
    assert [*counts, annotation.calibration_items(queue.id)] == [0, 1, 2, 1, 0]
