"""How far reviewers agree is told per criterion, with what it rests on."""

import pytest

from core import access, annotation
from core.annotation import Judged
from core.annotation.agreement import ALL_THE_SAME, NOBODY_TWICE, NOT_ENOUGH_EACH
from core.errors import InvalidInput, NotAllowed, NotFound
from core.statistics import TOO_FEW
from tests.annotation.conftest import Made
from tests.annotation.judging import judge
from tests.conftest import ENGINES

pytestmark = pytest.mark.parametrize("engine", ENGINES)


@pytest.mark.slow
def test_two_reviewers_are_compared_by_cohens_kappa(made: Made) -> None:
    queue = made(10, reviewers_per_item=2)
    judge(queue, "Ana", ["approved"] * 6 + ["rejected"] * 4)
    judge(queue, "Bia", ["approved"] * 4 + ["rejected"] * 2 + ["rejected"] * 4)
    told = annotation.agreement(queue.id)
    verdict = told.on[0]
    assert (told.judgements, told.reviewers) == (20, 2)
    assert (verdict.name, verdict.items, verdict.pairs) == ("verdict", 10, 10)
    assert verdict.percent
    assert verdict.kappa
    assert verdict.alpha
    assert verdict.percent.share == 0.8
    assert (verdict.kappa_kind, round(verdict.kappa.value, 3)) == ("cohen", 0.615)
    # 4 of 20 ordered pairs differ; 10 approved and 10 rejected: 1 - 19 * 4 / (2 * 10 * 10)
    assert verdict.alpha.value == pytest.approx(1 - 19 * 4 / 200)
    assert verdict.kappa.low < verdict.kappa.value < verdict.kappa.high
    assert verdict.alpha_words == verdict.kappa_words == TOO_FEW  # ten are not twenty


@pytest.mark.slow
def test_three_for_each_item_are_compared_by_fleiss_kappa(made: Made) -> None:
    queue = made(4, reviewers_per_item=3)
    for name in ("Ana", "Bia", "Caio"):
        judge(queue, name, ["approved", "approved", "rejected", "rejected"])
    verdict = annotation.agreement(queue.id).on[0]
    assert (verdict.kappa_kind, verdict.pairs) == ("fleiss", 12)
    assert verdict.kappa
    assert verdict.kappa.value == 1.0
    assert verdict.kappa.low < 0.5  # of four items


@pytest.mark.slow
def test_enough_items_are_told_in_words(made: Made) -> None:
    queue = made(24, reviewers_per_item=2)
    for name in ("Ana", "Bia"):
        judge(queue, name, ["approved", "rejected"] * 12)
    verdict = annotation.agreement(queue.id).on[0]
    assert (verdict.kappa_words, verdict.alpha_words) == ("almost perfect", "reliable")


@pytest.mark.slow
def test_a_criterion_counts_where_it_was_scored(made: Made) -> None:
    queue = made(3, reviewers_per_item=2)
    judge(queue, "Ana", ["approved"] * 2, scores={"tone": 5})
    judge(queue, "Ana", ["approved"], scores={"tone": 1})
    judge(queue, "Bia", ["approved"], scores={"tone": 4})
    judge(queue, "Bia", ["approved"])
    judge(queue, "Bia", ["approved"], scores={"tone": 1})
    on = {one.name: one for one in annotation.agreement(queue.id).on}
    assert (on["tone"].items, on["tone"].level, on["correct"].items) == (2, "ordinal", 0)
    assert on["tone"].percent
    assert on["tone"].percent.share == 0.5
    assert on["correct"].why == NOBODY_TWICE
    assert on["verdict"].why == ALL_THE_SAME


def test_kappa_is_none_where_items_have_other_numbers_of_judgements(made: Made) -> None:
    queue = made(2, reviewers_per_item=2)
    judge(queue, "Ana", ["approved", "rejected"])
    judge(queue, "Bia", ["approved"])
    judge(queue, "Caio", ["rejected"])
    annotation.change_queue(queue.id, reviewers_per_item=3)
    verdict = annotation.agreement(queue.id).on[0]
    assert (verdict.kappa, verdict.why) == (None, NOT_ENOUGH_EACH)
    assert verdict.alpha
    assert verdict.alpha.value == 1.0


@pytest.mark.slow
def test_what_was_undone_and_what_a_lead_decided_do_not_count(made: Made, ana: str) -> None:
    queue = made(2, reviewers_per_item=2)
    given = judge(queue, "Ana", ["approved", "approved"])
    judge(queue, "Bia", ["approved", "rejected"])
    annotation.undo(ana, queue.id)
    annotation.adjudicate(annotation.items(queue.id)[0].id, Judged("rejected"))
    told = annotation.agreement(queue.id)
    assert (told.judgements, told.on[0].items) == (3, 1)
    assert given[0].verdict == "approved"


def test_an_empty_queue_has_nothing_to_tell(made: Made) -> None:
    told = annotation.agreement(made(0).id)
    assert (told.judgements, told.reviewers) == (0, 0)
    assert all((one.percent, one.kappa, one.alpha) == (None, None, None) for one in told.on)
    with pytest.raises(NotFound):
        annotation.agreement("nenhuma")


@pytest.mark.slow
def test_disagreements_come_page_by_page_and_say_what_was_decided(made: Made) -> None:
    queue = made(4, reviewers_per_item=2)
    judge(queue, "Ana", ["approved"] * 4)
    judge(queue, "Bia", ["rejected", "approved", "rejected", "rejected"])
    first = annotation.disagreements(queue.id, limit=2)
    (last,) = annotation.disagreements(queue.id, after=first[-1].item.number, limit=2)
    assert [one.answer for one in (*first, last)] == ["Resposta 0.", "Resposta 2.", "Resposta 3."]
    assert [(one.verdict, who) for one, who in last.judgements] == [
        ("approved", "Ana"),
        ("rejected", "Bia"),
    ]
    annotation.adjudicate(last.item.id, Judged("rejected"))
    (decided,) = annotation.disagreements(queue.id, decided=True)
    assert decided.gold
    assert (decided.gold.verdict, len(decided.judgements)) == ("rejected", 2)
    assert len(annotation.disagreements(queue.id, decided=False)) == 2


@pytest.mark.slow
def test_disagreements_on_a_criterion(made: Made) -> None:
    queue = made(2, reviewers_per_item=2)
    judge(queue, "Ana", ["approved"] * 2, scores={"tone": 5})
    judge(queue, "Bia", ["approved"], scores={"tone": 5})
    judge(queue, "Bia", ["approved"], scores={"tone": 2})
    (found,) = annotation.disagreements(queue.id, on="tone")
    assert found.question == "Pergunta 1?"
    assert annotation.disagreements(queue.id) == []
    with pytest.raises(InvalidInput, match="no criterion"):
        annotation.disagreements(queue.id, on="cor")


def test_a_reviewer_does_not_see_who_judged_what(made: Made) -> None:
    queue = made(1)
    with access.as_person(access.set_roles(access.person("Bia").id, ["reviewer"])):
        annotation.agreement(queue.id)
        with pytest.raises(NotAllowed):
            annotation.disagreements(queue.id)
