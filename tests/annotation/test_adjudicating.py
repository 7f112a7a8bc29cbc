"""A lead decides: the latest decision holds, and the memory learns what it says."""

import pytest
from sqlalchemy import select

from core import access, annotation, db
from core.annotation import Judged
from core.db.tables import ApprovedAnswer, Judgement
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tests.annotation.conftest import Made
from tests.annotation.judging import judge
from tests.conftest import ENGINES

pytestmark = pytest.mark.parametrize("engine", ENGINES)


def remembered() -> list[str]:
    with db.session() as session:
        in_use = select(ApprovedAnswer).where(ApprovedAnswer.retired_at.is_(None))
        return [row.answer for row in session.scalars(in_use)]


def test_a_decision_becomes_the_gold_answer(made: Made, ana: str) -> None:
    queue = made(1, reviewers_per_item=2)
    judge(queue, "Ana", ["approved"])
    judge(queue, "Bia", ["rejected"])
    (item,) = annotation.items(queue.id)
    stored = annotation.adjudicate(item.id, Judged("corrected", correction="Certa."), ana)
    item = annotation.item(item.id)
    assert (item.gold_id, item.state) == (stored.id, "done")
    assert (stored.kind, stored.person_id, stored.supersedes_id) == ("adjudication", ana, None)
    assert remembered() == ["Certa."]


def test_a_later_decision_supersedes_the_earlier(made: Made) -> None:
    queue = made(1)
    judge(queue, "Ana", ["approved"])
    (item,) = annotation.items(queue.id)
    first = annotation.adjudicate(item.id, Judged("corrected", correction="Uma."))
    second = annotation.adjudicate(item.id, Judged("corrected", correction="Outra."))
    assert second.supersedes_id == first.id
    assert annotation.item(item.id).gold_id == second.id
    assert remembered() == ["Outra."]
    annotation.adjudicate(item.id, Judged("rejected"))
    assert remembered() == []
    with db.session() as session:
        assert len(session.scalars(select(Judgement)).all()) == 4  # nothing is changed or deleted


def test_who_still_holds_a_decided_item_is_told_so_and_keeps_the_draft(
    made: Made, ana: str
) -> None:
    queue = made(1, reviewers_per_item=2)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    annotation.adjudicate(claim.item.id, Judged("approved"))
    with pytest.raises(Conflict, match="no further judgement"):
        annotation.submit(
            claim.item.id, claim.claim_token, Judged("rejected", note="x"), person_id=ana
        )
    assert annotation.kept_drafts(queue.id, ana)[0].data["note"] == "x"
    assert annotation.claim_next(queue.id, ana) is None


def test_more_reviewers_for_the_queue_do_not_open_a_decided_item(made: Made, ana: str) -> None:
    queue = made(1)
    (item,) = annotation.items(queue.id)
    annotation.adjudicate(item.id, Judged("approved"))
    annotation.change_queue(queue.id, reviewers_per_item=3)
    assert annotation.claim_next(queue.id, ana) is None


def test_only_a_lead_decides_and_only_what_fits(made: Made) -> None:
    queue = made(2)
    item, other = annotation.items(queue.id)
    with (
        access.as_person(access.set_roles(access.person("Bia").id, ["reviewer"])),
        pytest.raises(NotAllowed),
    ):
        annotation.adjudicate(item.id, Judged("approved"))
    with pytest.raises(InvalidInput):
        annotation.adjudicate(item.id, Judged("corrected", correction=""))
    with pytest.raises(InvalidInput):
        annotation.adjudicate(item.id, Judged("approved", scores={"tone": 9}))
    with pytest.raises(NotFound):
        annotation.adjudicate("nenhum", Judged("approved"))
    with pytest.raises(NotFound):
        annotation.adjudicate(item.id, Judged("approved"), "ninguém")
    annotation.remove(other.id)
    with pytest.raises(Conflict):
        annotation.adjudicate(other.id, Judged("approved"))
    assert annotation.item(item.id).gold_id is None
