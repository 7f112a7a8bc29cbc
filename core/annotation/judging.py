"""Judgements: a claim is used up by what its reviewer says of the answer.

In: a claim's token and a ``Judged``. Out: the stored ``Judgement``. Always holds: judgements are
only ever added, one that is undone stays with its ``withdrawn_at``; one claim gives one judgement,
however often it is submitted; an item is done when every seat has judged; an acknowledged judgement
is in the database, with what it teaches the memory, whatever happens to this process.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access, clock, db
from core.annotation import checking, drafts, seats, showing
from core.annotation.claiming import give_back, hold
from core.annotation.items import found_item
from core.annotation.queues import found_queue
from core.annotation.tokens import Token, acting_id, changed, keep_refused, refusal
from core.annotation.types import DRAFTED, Claim, Judged, as_draft
from core.db.tables import Item, Judgement, Seat
from core.errors import Conflict
from core.i18n import _
from core.retrieval import memory


@access.allowed("review")
def submit(
    item_id: str, claim_token: str, judged: Judged, *, person_id: str | None = None
) -> Judgement:
    """Store what a reviewer judged; the same claim with the same judgement again gives the same.

    Conflict (code superseded) where somebody else has the seat by now, (changed) where the answer's
    text is no longer the one that was shown: what was typed is kept as a draft. InvalidInput for
    what does not fit the rubric, or a correction that changes nothing.
    """
    token, who = Token.read(claim_token), acting_id(person_id)
    with db.session() as session:  # what is only read keeps nobody from writing
        facts = checking.checked(session, found_item(session, item_id), token, judged)
    with db.writing() as session:
        row = found_item(session, item_id, lock=True)
        seat = session.get(Seat, token.seat_id, with_for_update=True)
        known = _of_claim(session, row, token)
        refused = (
            _judged_otherwise(known, facts)
            if known
            else refusal(session, row, seat, token, who) or changed(session, row, token)
        )
        if refused is None:
            return known or _store(session, row, session.get_one(Seat, token.seat_id), facts)
        keep_refused(session, row, as_draft(judged), who)
    raise refused


@access.allowed("review")
def undo(person_id: str, queue_id: str) -> Claim:
    """Take back this person's last judgement in a queue, within the lease; the item is theirs again.

    What they hold meanwhile goes back, its draft is kept. Conflict where there is nothing to undo
    any more.
    """
    with db.writing() as session:
        queue = found_queue(session, queue_id)
        since = clock.now() - timedelta(seconds=queue.lease_seconds)
        row, last = _last(session, queue_id, person_id, since)
        seat = session.get(Seat, last.seat_id, with_for_update=True)
        _check_undoable(row, seat, last)
        assert seat is not None
        last.withdrawn_at = clock.now()
        memory.forget(session, last.id)
        give_back(session, queue, person_id)
        hold(seat, queue, person_id)
        seat.judgement_id = None
        row.state, row.done_at = "pending", None
        drafts.keep(session, row.number, person_id, as_draft(last))
    claim = showing.claim(seat)
    if claim is None:
        raise Conflict(_("The conversation of this item was deleted."), code="unavailable")
    return claim


def _store(session: Session, row: Item, seat: Seat, facts: dict[str, Any]) -> Judgement:
    made = Judgement(
        item_number=row.number,
        message_id=row.message_id,
        person_id=seat.person_id,
        kind="calibration" if row.known else "review",
        seat_id=seat.id,
        token=seat.token,
        supersedes_id=_withdrawn(session, row, seat),
        **facts,
    )
    session.add(made)
    session.flush()
    seat.state, seat.judgement_id, seat.expires_at = "judged", made.id, None
    session.flush()
    seats.finish(session, Item.number == row.number)
    if seat.person_id:
        drafts.drop(session, row.number, seat.person_id)
    memory.learn(session, made)
    return made


def _of_claim(session: Session, row: Item, token: Token) -> Judgement | None:
    """What this very claim was used for, unless it was undone."""
    return session.scalar(
        select(Judgement).where(
            Judgement.seat_id == token.seat_id,
            Judgement.token == token.number,
            Judgement.item_number == row.number,
            Judgement.withdrawn_at.is_(None),
        )
    )


def _judged_otherwise(known: Judgement, facts: dict[str, Any]) -> Conflict | None:
    """The refusal of another judgement by the same claim; None where it is the same again."""
    if all(getattr(known, name) == facts[name] for name in DRAFTED):
        return None
    return Conflict(
        _("You have judged this item already, in another way."),
        hint=_("What you typed is kept. Undo your last judgement to change it."),
        code="already_judged",
    )


def _last(session: Session, queue_id: str, person_id: str, since: Any) -> tuple[Item, Judgement]:
    """This person's newest judgement in a queue and its item, locked."""
    found: Any = session.execute(
        select(Judgement.id, Item.id)
        .join(Item, Item.number == Judgement.item_number)
        .where(
            Item.queue_id == queue_id,
            Judgement.person_id == person_id,
            Judgement.seat_id.is_not(None),
            Judgement.withdrawn_at.is_(None),
            Judgement.created_at >= since,
        )
        .order_by(Judgement.created_at.desc())
        .limit(1)
    ).first()
    if found is None:
        raise Conflict(
            _("There is no judgement of yours that could still be undone."),
            hint=_("A judgement can be undone as long as a claim lasts."),
            code="nothing_to_undo",
        )
    row = found_item(session, found[1], lock=True)
    return row, session.get_one(Judgement, found[0], populate_existing=True)


def _check_undoable(row: Item, seat: Seat | None, last: Judgement) -> None:
    if seat is None or seat.judgement_id != last.id or last.withdrawn_at:
        raise Conflict(_("This judgement was undone already."), code="nothing_to_undo")
    if row.gold_id:
        raise Conflict(
            _("The lead has decided about this item since; your judgement stays."), code="decided"
        )
    if last.kind == "calibration":
        raise Conflict(
            _("The answer to this item was known, and you were told it; your judgement stays."),
            code="calibration",
        )
    if row.state in ("removed", "unavailable"):
        raise Conflict(_("This item was taken out of the queue."), code=row.state)


def _withdrawn(session: Session, row: Item, seat: Seat) -> str | None:
    """The judgement of the same person that this one comes in place of."""
    return session.scalar(
        select(Judgement.id)
        .where(
            Judgement.item_number == row.number,
            Judgement.person_id == seat.person_id,
            Judgement.withdrawn_at.is_not(None),
        )
        .order_by(Judgement.created_at.desc())
        .limit(1)
    )
