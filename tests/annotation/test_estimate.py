"""Quality is told from the random share alone."""

from sqlalchemy import update

from core import annotation, db
from core.annotation.standing import most
from core.db.tables import Assistant, Item, Judgement
from tests.annotation.talks import many, starred


def _judged(assistant: Assistant, verdicts: list[str], share: float) -> str:
    """A queue whose items carry these verdicts, in the order in which they came."""
    for conversation in many(assistant.id, len(verdicts)):
        starred(conversation, 1)
    queue = annotation.create_queue(assistant.id, "Fila", random_share=share)
    annotation.refill(queue.id)
    for item, verdict in zip(annotation.items(queue.id), verdicts, strict=True):
        with db.writing() as session:
            facts = {"item_number": item.number, "message_id": item.message_id}
            session.add(Judgement(**facts, verdict=verdict))
            session.execute(update(Item).where(Item.id == item.id).values(state="done"))
    return queue.id


def test_shares_are_those_of_the_verdicts(assistant: Assistant) -> None:
    found = annotation.estimate(
        _judged(assistant, ["approved"] * 24 + ["corrected"] * 4 + ["rejected"] * 4, 1.0)
    )
    assert found.approved
    assert found.usable
    assert (found.n, found.drawn, found.thin) == (32, 32, False)
    assert (found.approved.share, found.usable.share) == (0.75, 0.875)
    assert found.approved.low < 0.75 < found.approved.high


def test_what_the_rules_took_counts_for_nothing(assistant: Assistant) -> None:
    found = annotation.estimate(_judged(assistant, ["rejected"] * 5, 0.0))
    assert (found.n, found.approved, found.thin) == (0, None, True)


def test_withdrawn_and_superseded_judgements_do_not_count(assistant: Assistant) -> None:
    queue_id = _judged(assistant, ["rejected"], 1.0)
    (item,) = annotation.items(queue_id)
    with db.writing() as session:
        before = session.query(Judgement).one()
        facts = {"item_number": item.number, "message_id": item.message_id}
        session.add(Judgement(**facts, verdict="approved", supersedes_id=before.id))
    found = annotation.estimate(queue_id)
    assert found.approved
    assert (found.n, found.approved.share) == (1, 1.0)


def test_where_two_are_even_the_worse_verdict_stands() -> None:
    assert most(["approved", "rejected"]) == "rejected"
    assert most(["approved", "corrected"]) == "corrected"
    assert most(["approved", "approved", "rejected"]) == "approved"
