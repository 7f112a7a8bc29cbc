"""What a reviewer judged is stored once, checked, and can be undone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core import access, annotation, clock, db, feedback
from core.annotation import Claim, Judged
from core.db.tables import ApprovedAnswer, Conversation, Item, Judgement, Message
from core.errors import Conflict, InvalidInput
from tests.annotation.conftest import Made
from tests.conftest import ENGINES

pytestmark = pytest.mark.parametrize("engine", ENGINES)
REJECTED = Judged("rejected", note="sem fonte")


def claimed(queue_id: str, person_id: str) -> Claim:
    claim = annotation.claim_next(queue_id, person_id)
    assert claim
    return claim


def test_the_same_submit_twice_is_one_judgement(made: Made, ana: str) -> None:
    claim = claimed(made(1).id, ana)
    first = annotation.submit(claim.item.id, claim.claim_token, REJECTED)
    assert annotation.submit(claim.item.id, claim.claim_token, REJECTED).id == first.id
    with pytest.raises(Conflict) as refused:
        annotation.submit(claim.item.id, claim.claim_token, Judged("approved"), person_id=ana)
    assert refused.value.code == "already_judged"


def test_an_item_is_done_when_every_seat_has_judged(made: Made, ana: str, bia: str) -> None:
    queue = made(1, reviewers_per_item=2)
    for person, state in ((ana, "pending"), (bia, "done")):
        claim = claimed(queue.id, person)
        annotation.submit(claim.item.id, claim.claim_token, REJECTED)
        assert annotation.item(claim.item.id).state == state


def test_an_undone_judgement_stays_and_the_next_one_names_it(made: Made, ana: str) -> None:
    queue = made(2)
    claim = claimed(queue.id, ana)
    first = annotation.submit(claim.item.id, claim.claim_token, Judged("approved"))
    claimed(queue.id, ana)
    back = annotation.undo(ana, queue.id)
    assert (back.item.id, back.draft["verdict"]) == (claim.item.id, "approved")
    second = annotation.submit(back.item.id, back.claim_token, REJECTED)
    with db.session() as session:
        assert session.get_one(Judgement, first.id).withdrawn_at
        assert second.supersedes_id == first.id
        approved = session.scalars(select(ApprovedAnswer)).all()
    assert [row.retired_why for row in approved] == ["undone"]


def test_a_late_repeat_does_not_bring_an_undone_judgement_back(made: Made, ana: str) -> None:
    queue = made(1)
    claim = claimed(queue.id, ana)
    annotation.submit(claim.item.id, claim.claim_token, REJECTED)
    annotation.undo(ana, queue.id)
    with pytest.raises(Conflict) as refused:
        annotation.submit(claim.item.id, claim.claim_token, REJECTED, person_id=ana)
    assert refused.value.code == "superseded"


def test_undo_ends_with_the_lease(made: Made, ana: str) -> None:
    queue = made(1, lease_seconds=60)
    claim = claimed(queue.id, ana)
    annotation.submit(claim.item.id, claim.claim_token, REJECTED)
    with (
        clock.held(clock.now() + timedelta(seconds=61)),
        pytest.raises(Conflict, match="still be undone"),
    ):
        annotation.undo(ana, queue.id)


def test_a_changed_answer_is_looked_at_again(made: Made, ana: str) -> None:
    queue = made(1)
    claim = claimed(queue.id, ana)
    with db.writing() as session:
        session.execute(
            update(Message).where(Message.id == claim.item.message_id).values(text="Outra.")
        )
    with pytest.raises(Conflict) as refused:
        annotation.submit(claim.item.id, claim.claim_token, REJECTED, person_id=ana)
    assert refused.value.code == "changed"
    again = claimed(queue.id, ana)
    assert (again.answer.message.text, again.draft["note"]) == ("Outra.", "sem fonte")
    annotation.submit(again.item.id, again.claim_token, REJECTED)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("verdict", {"verdict": "maybe"}),
        ("correction", {"verdict": "corrected"}),
        ("correction", {"verdict": "corrected", "correction": " Resposta  0. "}),
        ("correction", {"verdict": "approved", "correction": "Outra."}),
        ("stars", {"verdict": "approved", "stars": 0}),
        ("stars", {"verdict": "approved", "stars": True}),
        ("scores", {"verdict": "approved", "scores": {"tone": 6}}),
        ("scores", {"verdict": "approved", "scores": {"tone": True}}),
        ("scores", {"verdict": "approved", "scores": {"tone": 3.0}}),
        ("scores", {"verdict": "approved", "scores": {"beauty": 3}}),
        ("problems", {"verdict": "rejected", "problems": ["tone", "sadness"]}),
        ("failure_type", {"verdict": "rejected", "failure_type": "bad luck"}),
        ("seconds", {"verdict": "approved", "seconds": float("nan")}),
        ("note", {"verdict": "approved", "note": "x" * 10_001}),
    ],
)
def test_what_does_not_fit_names_its_field(
    made: Made, ana: str, field: str, facts: dict[str, Any]
) -> None:
    claim = claimed(made(1).id, ana)
    with pytest.raises(InvalidInput) as refused:
        annotation.submit(claim.item.id, claim.claim_token, Judged(**facts))
    assert refused.value.field == field


def test_an_unknown_problem_is_named_with_those_there_are(made: Made, ana: str) -> None:
    claim = claimed(made(1).id, ana)
    sad = Judged("rejected", problems=["sadness"])
    with pytest.raises(InvalidInput) as refused:
        annotation.submit(claim.item.id, claim.claim_token, sad)
    assert "“sadness”" in refused.value.message
    assert all(problem in refused.value.message for problem in feedback.PROBLEMS)
    known = Judged("rejected", problems=feedback.PROBLEMS)
    stored = annotation.submit(claim.item.id, claim.claim_token, known)
    assert stored.problems == list(feedback.PROBLEMS)


def test_a_required_criterion_needs_a_score(made: Made, ana: str) -> None:
    queue = made(1)
    rubric = [dict(one, required=one["name"] == "tone") for one in annotation.DEFAULT_RUBRIC]
    annotation.write_guideline(queue.id, "Olhe o tom.", rubric)
    claim = claimed(queue.id, ana)
    with pytest.raises(InvalidInput, match="needs a score"):
        annotation.submit(claim.item.id, claim.claim_token, REJECTED)
    scored = Judged("rejected", scores={"tone": 2})
    stored = annotation.submit(claim.item.id, claim.claim_token, scored)
    assert stored.guideline_id == annotation.guideline(queue.id).id


def test_a_blind_queue_shows_neither_models_nor_others(made: Made, ana: str, bia: str) -> None:
    queue = made(1, reviewers_per_item=2)
    with db.writing() as session:
        session.execute(update(Message).values(provider="ollama", model_name="llama"))
    claim = claimed(queue.id, ana)
    annotation.submit(claim.item.id, claim.claim_token, REJECTED)
    assert [one.verdict for one in claimed(queue.id, bia).others] == ["rejected"]
    annotation.change_queue(queue.id, blind=True)
    hidden = claimed(queue.id, bia)
    assert (hidden.others, hidden.answer.message.model_name) == ([], "")


def test_personal_data_is_masked_for_who_may_not_see_it(made: Made, ana: str) -> None:
    queue = made(1)
    reviewer = access.set_roles(ana, ["reviewer"])
    with db.writing() as session:
        session.execute(
            update(Message).where(Message.role == "user").values(text="Meu CPF: 529.982.247-25")
        )
    with access.as_person(reviewer):
        seen = claimed(queue.id, ana)
    assert "529" not in seen.answer.question.text
    assert "529" not in seen.conversation[0].message.text


def test_an_answer_that_follows_another_repeats_nothing_of_the_askers_own(
    made: Made, ana: str
) -> None:
    queue, number = made(1), "529.982.247-25"
    (item,) = annotation.items(queue.id)
    with db.writing() as session:
        first = session.get_one(Message, item.message_id)
        asked = session.get_one(Message, first.parent_id)
        asked.text, first.text = f"Meu CPF: {number}", f"Anotei {number}."
        facts = {"conversation_id": first.conversation_id, "role": "assistant"}
        second = Message(parent_id=first.id, text=f"De novo: {number}.", **facts)
        session.add(second)
        session.flush()
        session.get_one(Item, item.number).message_id = second.id
        session.get_one(Conversation, first.conversation_id).leaf_id = second.id
    access.set_roles(ana, ["reviewer"])
    seen = claimed(queue.id, ana)
    assert seen.answer.message.id == second.id
    assert "529" not in "".join(turn.message.text for turn in seen.conversation)


def test_a_reviewer_sees_no_id_of_an_outside_system(made: Made, ana: str) -> None:
    queue = made(1)
    (item,) = annotation.items(queue.id)
    with db.writing() as session:
        session.execute(update(Conversation).values(user_id="5511990001234", external_id="wa-5511"))
        session.execute(update(Message).values(external_id=Message.role + "-5511"))
    comment = "Meu CPF: 529.982.247-25"
    feedback.give(item.message_id, "down", person_id=None, user_id="5511", comment=comment)
    lead = claimed(queue.id, access.person("Léo").id)
    assert (lead.answer.conversation.user_id, lead.said) == ("5511990001234", [comment])
    annotation.release(lead.item.id, lead.claim_token)
    access.set_roles(ana, ["reviewer"])
    seen = claimed(queue.id, ana)
    given = seen.answer.feedback
    assert given
    assert "529" not in given.comment
    ids = [seen.answer.conversation.user_id, seen.answer.conversation.external_id]
    ids += [turn.message.external_id for turn in seen.conversation]
    assert ([one for one in ids if one], given.user_id) == ([], "")


@pytest.mark.slow
def test_times_propose_a_lease_once_there_are_enough(made: Made, ana: str) -> None:
    queue = made(20)
    for n in range(20):
        assert annotation.progress(queue.id).proposed_lease is None
        claim = claimed(queue.id, ana)
        annotation.submit(claim.item.id, claim.claim_token, Judged("rejected", seconds=60 + n % 2))
    told = annotation.progress(queue.id, ana)
    assert (told.seconds_per_item, told.proposed_lease) == (60.5, 182)
    assert (told.done, told.mine_today, told.seconds_left) == (20, 20, 0.0)
