"""Problem flags: report a named problem with an answer, take it back, see what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock, db
from core.access import allowed, demand, there
from core.db.tables import Flag, Judgement, Version
from core.feedback.asker import Asker, answered, asker, reader
from core.feedback.kinds import check_channel, check_comment, check_problem


@dataclass(frozen=True)
class Came:
    """What came of a flag.

    ``state``: open (nobody has judged the answer yet), approved, corrected or rejected (a reviewer
    has, at ``at``), fixed (corrected in version number ``version``).
    """

    state: str
    at: datetime | None = None
    version: int | None = None


@allowed("rate")
def flag(
    message_id: str,
    problem: str,
    *,
    person_id: str | None,
    text: str = "",
    channel: str = "web",
    user_id: str = "",
    created_at: datetime | None = None,
) -> Flag:
    """Report a problem; the same again does nothing, another text replaces the one before.

    Raises InvalidInput for an unknown problem, or "other" without a text; NotFound for an unknown
    answer.
    """
    who = asker(person_id, user_id)
    return db.settled(
        lambda session: store(session, message_id, problem, who, text, channel, created_at)
    )


def store(
    session: Session,
    message_id: str,
    problem: str,
    who: Asker,
    text: str = "",
    channel: str = "web",
    created_at: datetime | None = None,
) -> Flag:
    """``flag`` within a transaction."""
    check_problem(problem, text)
    check_comment(text, "text")
    check_channel(channel)
    answered(session, message_id)
    held = (Flag.message_id == message_id) & (Flag.problem == problem) & who.active(Flag)
    before = session.scalar(select(Flag).where(held))
    if before and before.text == text.strip():
        return before
    moment = created_at or clock.now()
    if before:
        before.withdrawn_at = moment
        session.flush()
    made = Flag(
        message_id=message_id,
        problem=problem,
        text=text.strip(),
        channel=channel,
        created_at=moment,
        version_id=before.version_id if before else None,
        **who.facts(),
    )
    session.add(made)
    session.flush()
    return made


@allowed("rate")
def unflag(message_id: str, problem: str, *, person_id: str | None, user_id: str = "") -> None:
    """Take a flag back; nothing happens where there is none."""
    who = asker(person_id, user_id)
    with db.writing() as session:
        take_back(session, message_id, problem, who)


def take_back(session: Session, message_id: str, problem: str, who: Asker) -> None:
    """``unflag`` within a transaction."""
    held = (Flag.message_id == message_id) & (Flag.problem == problem) & who.active(Flag)
    session.execute(update(Flag).where(held).values(withdrawn_at=clock.now()))


@there
def flags(message_id: str, *, person_id: str | None = None, user_id: str = "") -> list[Flag]:
    """The active flags of an answer, oldest first: of one asker, or (nobody named) of all."""
    if person_id is None and not user_id:
        demand("read")
        with db.session() as session:
            return _held(session, Flag.withdrawn_at.is_(None) & (Flag.message_id == message_id))
    who = reader(person_id, user_id)
    with db.session() as session:
        return of(session, message_id, who)


def of(session: Session, message_id: str, who: Asker) -> list[Flag]:
    """One asker's, within a session."""
    return _held(session, (Flag.message_id == message_id) & who.active(Flag))


def _held(session: Session, which: object) -> list[Flag]:
    wanted = select(Flag).where(which).order_by(Flag.created_at, Flag.id)  # type: ignore[arg-type]
    return list(session.scalars(wanted))


@allowed("rate")
def change_flags(
    message_id: str,
    problems: dict[str, str],
    *,
    person_id: str | None,
    user_id: str = "",
    channel: str = "web",
) -> list[Flag]:
    """Make the asker's flags of an answer these ({problem: text}), all at once."""
    who = asker(person_id, user_id)

    def change(session: Session) -> list[Flag]:
        answered(session, message_id)
        for known in of(session, message_id, who):
            if known.problem not in problems:
                known.withdrawn_at = clock.now()
        for problem, text in problems.items():
            store(session, message_id, problem, who, text, channel)
        session.flush()
        return of(session, message_id, who)

    return db.settled(change)


def what_came_of(flagged: Flag) -> Came:
    """What came of a flag, as far as it is known: a version with the correction, else a judgement."""
    judged = (
        select(Judgement.verdict, Judgement.created_at)
        .where(
            Judgement.message_id == flagged.message_id,
            Judgement.withdrawn_at.is_(None),
            Judgement.created_at >= flagged.created_at,  # who judged before knew nothing of it
            Judgement.kind != "calibration",
        )
        .order_by((Judgement.kind == "adjudication").desc(), Judgement.created_at.desc())
    )
    with db.session() as session:
        known = flagged.version_id and session.get(Version, flagged.version_id)
        if known:
            return Came("fixed", known.created_at, known.number)
        row = session.execute(judged).first()
    return Came(row.verdict, row.created_at) if row else Came("open")
