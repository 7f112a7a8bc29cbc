"""Review queues and what their reviewers go by: made, changed, removed, brought back.

In: an assistant, names and numbers. Out: ``Queue`` and ``Guideline`` rows. Always holds: a queue
has one name among those of its assistant, and at least one guideline; a guideline is never
changed, the one with the highest number holds.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import access, assistants, clock, db
from core.annotation import matching, seats
from core.annotation.judges import checked_judge
from core.annotation.rubric import DEFAULT_RUBRIC, checked_rubric
from core.annotation.rules import checked, written
from core.db.tables import Guideline, Queue, Seat
from core.errors import Conflict, InvalidInput, NotFound
from core.i18n import _

REVIEWERS = (1, 5)
LEASE_SECONDS = (1, 86_400)  # a day: longer than that nobody sits at one answer
NAME_LENGTH = 120
LONGEST_GUIDELINE = 50_000


class Facts(TypedDict, total=False):
    """What of a queue may be changed."""

    name: str
    reviewers_per_item: int
    lease_seconds: int
    blind: bool
    random_share: float
    calibration_share: float
    rules: list[Any]
    is_sample: bool
    judge: str


@access.allowed("review")
def queues(assistant_id: str | None = None) -> list[Queue]:
    """The queues of an assistant, or all, oldest first."""
    query = select(Queue).where(Queue.removed_at.is_(None), access.seen(Queue.assistant_id))
    query = query.order_by(Queue.created_at, Queue.id)
    if assistant_id:
        query = query.where(Queue.assistant_id == assistant_id)
    with db.session() as session:
        return list(session.scalars(query))


@access.allowed("review")
def queue(queue_id: str) -> Queue:
    """The queue with this id; NotFound where there is none, or it was removed."""
    with db.session() as session:
        return found_queue(session, queue_id)


@access.allowed("lead")
def create_queue(
    assistant: str | None,
    name: str,
    *,
    reviewers_per_item: int = 1,
    lease_seconds: int = 600,
    blind: bool = False,
    random_share: float = 0.1,
    calibration_share: float = 0.0,
    rules: list[Any] | None = None,
    is_sample: bool = False,
    judge: str = "",
) -> Queue:
    """A queue with the default rubric for an assistant (an id or a name; None: the default one).

    ``judge`` ("provider:model") is asked beforehand what it thinks of the answers that wait; "": none.
    Conflict where the assistant has one of that name, InvalidInput for numbers out of bounds.
    """
    chosen = assistants.chosen(assistant)
    facts = _checked(
        name=name,
        reviewers_per_item=reviewers_per_item,
        lease_seconds=lease_seconds,
        blind=blind,
        random_share=random_share,
        calibration_share=calibration_share,
        rules=rules or [],
        is_sample=is_sample,
        judge=judge,
    )
    return _named(lambda session: _make(session, chosen.id, facts), facts["name"])


@access.allowed("lead")
def change_queue(queue_id: str, **facts: Unpack[Facts]) -> Queue:
    """Change what is given. Another number of reviewers counts for every item that still waits."""
    taken = _checked(**facts)

    def change(session: Session) -> Queue:
        row = found_queue(session, queue_id, lock=True)
        before = row.reviewers_per_item, row.lease_seconds
        for name, value in taken.items():
            setattr(row, name, value)
        if taken.keys() & {"rules", "random_share"}:
            row.refilled_at = None  # they reach what was said before, too
        session.flush()
        if row.reviewers_per_item != before[0]:
            seats.fit(session, row)
        if row.lease_seconds < before[1]:
            _shorten(session, row)
        return row

    return _named(change, taken.get("name", ""))


@access.allowed("lead")
def remove_queue(queue_id: str) -> Queue:
    """Take a queue away; ``restore_queue`` brings it back, with all that was judged."""
    with db.writing() as session:
        row = found_queue(session, queue_id, lock=True)
        row.removed_at = clock.now()
    return row


@access.allowed("lead")
def restore_queue(queue_id: str) -> Queue:
    """Bring a removed queue back; Conflict where another has taken its name."""

    def restore(session: Session) -> Queue:
        row = session.get(Queue, queue_id)
        if row is None:
            raise unknown(queue_id)
        row.removed_at = None
        session.flush()
        return row

    return _named(restore, "")


@access.allowed("review")
def guideline(queue_id: str) -> Guideline:
    """What a queue's reviewers go by now."""
    with db.session() as session:
        found_queue(session, queue_id)
        return newest_guideline(session, queue_id)


@access.allowed("lead")
def write_guideline(
    queue_id: str,
    text: str,
    rubric: Sequence[Mapping[str, Any]] | None = None,
    person_id: str | None = None,
) -> Guideline:
    """The next guideline of a queue (Markdown, and a rubric: None keeps the one there is).

    What is the same as before makes no new one.
    """
    text = _checked_guideline(text)
    taken = None if rubric is None else checked_rubric(rubric)
    with db.writing() as session:
        found_queue(session, queue_id, lock=True)
        last = newest_guideline(session, queue_id)
        fresh = {"text": text, "rubric": last.rubric if taken is None else taken}
        if fresh == {"text": last.text, "rubric": last.rubric}:
            return last
        made = Guideline(queue_id=queue_id, number=last.number + 1, person_id=person_id, **fresh)
        session.add(made)
    return made


def found_queue(session: Session, queue_id: str, *, lock: bool = False) -> Queue:
    """The queue, locked against changes of others until the end of the transaction if asked to."""
    row = session.get(Queue, queue_id, with_for_update=lock or None)
    if row is None or row.removed_at:
        raise unknown(queue_id)
    return row


def newest_guideline(session: Session, queue_id: str) -> Guideline:
    """The guideline that holds."""
    order = Guideline.number.desc()
    query = select(Guideline).where(Guideline.queue_id == queue_id).order_by(order).limit(1)
    return session.scalars(query).one()


def unknown(queue_id: str) -> NotFound:
    """The error for a queue that is not there."""
    return NotFound(
        _("There is no review queue with the id “{id}”.").format(id=queue_id),
        hint=_("List the queues to find its id."),
    )


def _make(session: Session, assistant_id: str, facts: dict[str, Any]) -> Queue:
    made = Queue(assistant_id=assistant_id, **facts)
    session.add(made)
    session.flush()
    session.add(Guideline(queue_id=made.id, number=1, rubric=DEFAULT_RUBRIC))
    return made


def _named(change: Any, name: str) -> Queue:
    """Do it; where the database says that the name is taken, say so in words."""
    try:
        with db.writing() as session:
            done: Queue = change(session)
            session.flush()
            return done
    except IntegrityError as error:
        raise Conflict(
            _("This assistant has a review queue called “{name}” already.").format(name=name)
            if name
            else _("This assistant has another review queue of the same name by now."),
            hint=_("Choose another name."),
        ) from error


def _shorten(session: Session, row: Queue) -> None:
    """A shorter lease holds for the claims of this moment too."""
    until = clock.now() + timedelta(seconds=row.lease_seconds)
    session.execute(
        update(Seat)
        .where(Seat.queue_id == row.id, Seat.state == "held", Seat.expires_at > until)
        .values(expires_at=until)
    )


def _checked(**facts: Unpack[Facts]) -> dict[str, Any]:
    taken: dict[str, Any] = dict(facts)
    if "name" in taken:
        taken["name"] = _checked_name(taken["name"])
    for field, (least, most) in (
        ("reviewers_per_item", REVIEWERS),
        ("lease_seconds", LEASE_SECONDS),
    ):
        if field in taken and not _whole_between(taken[field], least, most):
            sentence = _("It must be a whole number from {least} to {most}, not {value}.")
            words = sentence.format(least=least, most=most, value=taken[field])
            raise InvalidInput(words, field=field)
    for field in ("random_share", "calibration_share"):
        if field in taken and not 0 <= taken[field] <= 1:
            sentence = _("A share lies between 0 and 1, not at {value}.")
            raise InvalidInput(sentence.format(value=taken[field]), field=field)
    if "judge" in taken:
        taken["judge"] = checked_judge(taken["judge"])
    if taken.get("rules"):
        taken["rules"] = written(matching.check(checked(taken["rules"])))
    return taken


def _whole_between(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _checked_name(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not 0 < len(name) <= NAME_LENGTH:
        raise InvalidInput(
            _("A queue's name has 1 to {most} characters.").format(most=NAME_LENGTH), field="name"
        )
    return name


def _checked_guideline(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > LONGEST_GUIDELINE:
        raise InvalidInput(
            _("The guidelines have {n} characters; at most {most} fit.").format(
                n=len(text), most=LONGEST_GUIDELINE
            ),
            field="text",
        )
    return text
