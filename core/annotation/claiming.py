"""Claims: an item in one reviewer's hands for a while.

In: a queue (or an item) and a person. Out: a ``Claim``, or None where nothing waits for them.
Always holds: a seat is one person's at a time, and taking it is one statement; the ``token`` of a
seat rises whenever it changes hands, so that who had it before is told from who has it now; what
was typed is kept, whatever becomes of the claim.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import random
from typing import Any, TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import access, clock, db
from core.annotation import drafts, seats, showing, taking
from core.annotation.items import bring_back, found_item, item, restored, set_aside
from core.annotation.queues import found_queue
from core.annotation.tokens import Token, acting_id, keep_refused, refusal
from core.annotation.types import Claim
from core.db.tables import Item, PassedOn, Person, Queue, Seat
from core.errors import Conflict, InvalidInput, NotFound
from core.i18n import _

PASSED_ON = ("skipped", "not_for_me", "postponed")
LONGEST_REASON = 1000
MOST_MINUTES = 60 * 24 * 30
TRIES = 5  # two claims of one person at once: the second finds what the first has got
Given = TypeVar("Given")


@access.allowed("review")
def claim_next(queue_id: str, person_id: str) -> Claim | None:
    """What this person holds already, else the next item that waits for them, else None."""
    for _again in range(TRIES):
        with db.session() as session:
            queue = found_queue(session, queue_id)
            _check_person(session, person_id)
            begin = taking.first_free(session, queue, person_id)
            back = begin is None and restored(session, queue)
        if back:
            with db.writing() as session:
                bring_back(session, queue)
            continue
        seat = _known(queue, person_id) or _seated(queue, person_id, begin)
        if seat is None and begin is None:
            return None
        if seat and (claim := _shown(seat)):
            return claim
    return None


@access.allowed("review")
def claim(item_id: str, person_id: str) -> Claim:
    """This very item, for this person; what they held in its queue goes back, its draft is kept.

    Conflict where they have judged it, or where nobody is waited for at it now.
    """

    def take(session: Session) -> Seat:
        row = found_item(session, item_id)
        queue = found_queue(session, row.queue_id)
        _check_person(session, person_id)
        mine = _own_seat(session, row, person_id)
        if mine and mine.state == "judged":
            raise Conflict(
                _("You have judged this item already."),
                hint=_("Undo your last judgement, or claim the next item."),
                code="already_judged",
            )
        if mine is None:
            give_back(session, queue, person_id)
            _forget_passing_on(session, row, person_id)
            mine = taking.take(session, queue, person_id, number=row.number)
        else:
            mine = taking.renew(session, queue, person_id)
        if mine is None:
            raise _nobody_waited_for(row)
        return mine

    seat = _without_collision(take)
    if claimed := _shown(seat):
        return claimed
    raise _nobody_waited_for(item(item_id))


@access.allowed("review")
def heartbeat(
    item_id: str,
    claim_token: str,
    draft: dict[str, Any] | None = None,
    *,
    person_id: str | None = None,
) -> datetime:
    """Hold on to a claim for another lease, and keep the draft; until when it holds now.

    A lapsed claim that nobody has taken is renewed. Conflict where it is no longer theirs; the
    draft is kept all the same.
    """

    def renew(session: Session, row: Item, seat: Seat) -> datetime:
        seat.expires_at = taking.until(session.get_one(Queue, row.queue_id))
        if draft is not None and seat.person_id:
            drafts.keep(session, row.number, seat.person_id, draft)
        return seat.expires_at

    return holding(item_id, claim_token, renew, draft=draft, person_id=person_id)


@access.allowed("review")
def save_draft(
    item_id: str, claim_token: str, draft: dict[str, Any], *, person_id: str | None = None
) -> None:
    """Keep what was typed, without holding on to the claim any longer."""

    def save(session: Session, row: Item, seat: Seat) -> None:
        if seat.person_id:
            drafts.keep(session, row.number, seat.person_id, draft)

    holding(item_id, claim_token, save, draft=draft, person_id=person_id)


@access.allowed("review")
def release(item_id: str, claim_token: str, *, person_id: str | None = None) -> None:
    """Give an item back: it waits for anybody again, this person too."""
    holding(item_id, claim_token, lambda session, row, seat: leave(seat), person_id=person_id)


@access.allowed("review")
def skip(item_id: str, claim_token: str, reason: str = "", *, person_id: str | None = None) -> None:
    """Leave an item to the others."""
    _pass_on(item_id, claim_token, "skipped", reason, None, person_id)


@access.allowed("review")
def not_for_me(
    item_id: str, claim_token: str, reason: str = "", *, person_id: str | None = None
) -> None:
    """Never see an item again; the others do."""
    _pass_on(item_id, claim_token, "not_for_me", reason, None, person_id)


@access.allowed("review")
def postpone(
    item_id: str, claim_token: str, minutes: float, *, person_id: str | None = None
) -> None:
    """Give an item back and not get it again before so many minutes have passed."""
    if not 0 < minutes <= MOST_MINUTES:
        raise InvalidInput(
            _("An item can be put off by up to {most} minutes, not by {n}.").format(
                most=MOST_MINUTES, n=minutes
            ),
            field="minutes",
        )
    until = clock.now() + timedelta(minutes=minutes)
    _pass_on(item_id, claim_token, "postponed", "", until, person_id)


@access.allowed("review")
def reconsider(queue_id: str, person_id: str) -> int:
    """Let a person get the items again that they skipped or put off; how many that are."""
    of_queue = select(Item.number).where(Item.queue_id == queue_id, Item.state == "pending")
    with db.writing() as session:
        found_queue(session, queue_id)
        done: Any = session.execute(
            delete(PassedOn).where(
                PassedOn.person_id == person_id,
                PassedOn.kind != "not_for_me",
                PassedOn.item_number.in_(of_queue),
            )
        )
    return int(done.rowcount)


def holding(
    item_id: str,
    claim_token: str,
    use: Callable[[Session, Item, Seat], Given],
    *,
    draft: dict[str, Any] | None = None,
    person_id: str | None = None,
) -> Given:
    """Do something with a claim that still is the newest on its seat, item and seat locked.

    Where it no longer is: keep the draft for whoever sent it, then raise the Conflict.
    """
    token, who = Token.read(claim_token), acting_id(person_id)
    with db.writing() as session:
        row = found_item(session, item_id, lock=True)
        seat = session.get(Seat, token.seat_id, with_for_update=True)
        refused = refusal(session, row, seat, token, who)
        if refused is None and seat is not None:
            return use(session, row, seat)
        keep_refused(session, row, draft, who)
    assert refused is not None
    raise refused


def leave(seat: Seat) -> None:
    """Open a held seat again."""
    seat.state, seat.person_id, seat.claimed_at, seat.expires_at = "open", None, None, None


def hold(seat: Seat, queue: Queue, person_id: str) -> None:
    """Put a seat into a person's hands."""
    seat.state, seat.person_id, seat.token = "held", person_id, seat.token + 1
    seat.claimed_at, seat.expires_at = clock.now(), taking.until(queue)


def give_back(session: Session, queue: Queue, person_id: str) -> None:
    """Open whatever seat a person holds in a queue; the draft stays."""
    session.execute(
        update(Seat)
        .where(Seat.queue_id == queue.id, Seat.person_id == person_id, Seat.state == "held")
        .values(state="open", person_id=None, claimed_at=None, expires_at=None)
    )


def _pass_on(
    item_id: str,
    claim_token: str,
    kind: str,
    reason: str,
    until: datetime | None,
    person_id: str | None,
) -> None:
    words = reason.replace("\x00", "").strip()
    if len(words) > LONGEST_REASON:
        raise InvalidInput(
            _("The reason has {n} characters; at most {most} fit.").format(
                n=len(words), most=LONGEST_REASON
            ),
            field="reason",
        )

    def pass_on(session: Session, row: Item, seat: Seat) -> None:
        facts = {"kind": kind, "reason": words, "until": until, "created_at": clock.now()}
        session.merge(PassedOn(item_number=row.number, person_id=seat.person_id, **facts))
        leave(seat)

    holding(item_id, claim_token, pass_on, person_id=person_id)


def _seated(queue: Queue, person_id: str, begin: taking.Place | None) -> Seat | None:
    """The seat this person holds, else the next free one from a place on, theirs now."""

    def sit(session: Session) -> Seat | None:
        held = taking.renew(session, queue, person_id)
        return held or (taking.take(session, queue, person_id, begin) if begin else None)

    return _without_collision(sit)


def _known(queue: Queue, person_id: str) -> Seat | None:
    """At the queue's rate of calibration: a seat at an item whose answer is known (or the one they
    hold). Drawn, not counted: nobody can tell which item it will be."""
    if random() >= queue.calibration_share:
        return None
    return _seated(queue, person_id, seats.FIRST_KNOWN)


def _check_person(session: Session, person_id: str) -> None:
    if session.get(Person, person_id) is None:
        raise NotFound(_("There is no person {id}.").format(id=person_id))


def _without_collision(take: Callable[[Session], Given]) -> Given:
    """Do it in a transaction; again where the same person took a seat at the same moment."""
    for left in reversed(range(TRIES)):
        try:
            with db.writing() as session:
                return take(session)
        except IntegrityError:
            if not left:
                raise
    raise AssertionError


def _shown(seat: Seat) -> Claim | None:
    """All of the claim; None (and all such items set aside) where its conversation is gone."""
    shown = showing.claim(seat)
    if shown is None:
        with db.writing() as session:
            set_aside(session, seat.queue_id)
    return shown


def _own_seat(session: Session, row: Item, person_id: str) -> Seat | None:
    return session.scalar(
        select(Seat).where(Seat.item_number == row.number, Seat.person_id == person_id)
    )


def _forget_passing_on(session: Session, row: Item, person_id: str) -> None:
    if passed := session.get(PassedOn, (row.number, person_id)):
        session.delete(passed)


def _nobody_waited_for(row: Item) -> Conflict:
    sentences = {
        "done": _("This item has all the judgements it needs."),
        "removed": _("This item was taken out of the queue."),
        "unavailable": _("The conversation of this item was deleted."),
    }
    taken = _("Others have this item in hand.")
    return Conflict(
        sentences.get(row.state, taken),
        hint=_("Claim the next item instead."),
        code="taken" if row.state == "pending" else row.state,
    )
