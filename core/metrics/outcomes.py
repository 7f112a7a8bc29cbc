"""What an outside system says has become of a conversation: that somebody bought, signed, came.

In: a conversation (its id, or the external_id it was begun with) and a short word such as "converted",
with what it was worth. Out: ``Reported``. Always holds: a conversation has one outcome of a name, and
what is reported last holds; reported twice it is there once. "converted" counts as conversion.
"""

import math
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import access, clock, db
from core.access import allowed
from core.db.tables import ConversationOutcome
from core.errors import Conflict, InvalidInput
from core.feedback import replays
from core.feedback.asker import talk
from core.i18n import _

NAMES = ("converted", "solved", "escalated")  # usual ones; any short word will do
WORD = re.compile(r"[^\W\d_][\w-]{0,39}")
MOST_NAMES = 20  # of one conversation
MOST_VALUE = 1e12
MAX_NOTE = 500


@dataclass(frozen=True)
class Reported:
    """An outcome as it holds: plain values, times in ISO 8601 (UTC)."""

    conversation_id: str
    name: str
    value: float | None
    currency: str
    note: str
    happened_at: str
    created_at: str


@allowed("rate")
def report(
    conversation: str,
    name: str,
    value: float | None = None,
    currency: str = "",
    happened_at: datetime | None = None,
    note: str = "",
    *,
    channel: str = "",
) -> Reported:
    """Store what has become of it; without a time it is that of the first report, else now.

    Raises InvalidInput for what cannot be, NotFound, and Conflict beyond MOST_NAMES names.
    """
    told = (value, currency, happened_at, note)
    return report_once(conversation, name, *told, channel=channel, key=None)[0]


@allowed("rate")
def report_once(
    conversation: str,
    name: str,
    value: float | None = None,
    currency: str = "",
    happened_at: datetime | None = None,
    note: str = "",
    *,
    channel: str = "",
    key: str | None,
) -> tuple[Reported, bool]:
    """The same; with an idempotency key also whether that was answered before.

    Conflict for a key that was used for something else.
    """
    facts = _checked(value, currency, happened_at, note)
    word = checked_name(name)
    asked = {**facts, "conversation": conversation, "name": word, "channel": channel}
    asked["happened_at"] = happened_at.isoformat() if happened_at else None
    place = f"outcome:{access.present().id}"

    def act(session: Session) -> tuple[dict[str, Any], bool]:
        def done() -> dict[str, Any]:
            return asdict(_stored(session, conversation, channel, word, facts))

        if key is None:
            return done(), False
        return replays.once(session, key, place, asked, done)

    plain, again = db.settled(act)
    return Reported(**plain), again


def outcomes(conversation: str, channel: str = "") -> list[Reported]:
    """What was reported of a conversation, the first thing first. NotFound; NotAllowed where it is
    somebody else's whose conversations who acts may not read."""
    with db.session() as session:
        about = talk(session, conversation, channel)
        access.demand_unless_own(about.person_id)
        rows = session.scalars(
            select(ConversationOutcome)
            .where(ConversationOutcome.conversation_id == about.id)
            .order_by(ConversationOutcome.happened_at, ConversationOutcome.name)
        )
        return [_told(row) for row in rows]


@allowed("rate")
def withdraw(conversation: str, name: str, channel: str = "") -> bool:
    """Take an outcome back; whether there was one. Raises NotFound for an unknown conversation."""
    row = ConversationOutcome
    with db.writing() as session:
        about = talk(session, conversation, channel)
        access.demand_unless_own(about.person_id)
        of = row.conversation_id == about.id
        gone: Any = session.execute(delete(row).where(of, row.name == checked_name(name)))
        return bool(gone.rowcount)


def checked_name(name: str) -> str:
    """The word as it is kept, in small letters. Raises InvalidInput for what is none."""
    word = name.strip().casefold()
    if not WORD.fullmatch(word):
        raise InvalidInput(
            _("“{value}” is no name of an outcome.").format(value=name[:60]),
            field="name",
            hint=_("Take a short word such as {words}: letters, digits, - and _.").format(
                words=", ".join(NAMES)
            ),
        )
    return word


def _stored(
    session: Session, conversation: str, channel: str, name: str, facts: dict[str, Any]
) -> Reported:
    about, kind = talk(session, conversation, channel), ConversationOutcome
    access.demand_unless_own(about.person_id)
    of = kind.conversation_id == about.id
    row = session.scalar(select(kind).where(of, kind.name == name))
    if row is None:
        if (session.scalar(select(func.count()).where(of)) or 0) >= MOST_NAMES:
            raise _too_many(conversation)
        row = kind(conversation_id=about.id, name=name)
        session.add(row)
    for column, value in facts.items():
        if column != "happened_at" or value is not None:
            setattr(row, column, value)
    session.flush()
    return _told(row)


def _told(row: ConversationOutcome) -> Reported:
    return Reported(
        row.conversation_id,
        row.name,
        row.value,
        row.currency,
        row.note,
        row.happened_at.isoformat(),
        row.created_at.isoformat(),
    )


def _checked(
    value: float | None, currency: str, happened_at: datetime | None, note: str
) -> dict[str, Any]:
    code = currency.strip().upper()
    if value is not None and not (math.isfinite(value) and abs(value) <= MOST_VALUE):
        raise InvalidInput(
            _("“{value}” is no number up to {most}.").format(value=value, most=f"{MOST_VALUE:g}"),
            field="value",
        )
    if code and not re.fullmatch("[A-Z]{3}", code):
        raise InvalidInput(
            _("“{value}” is no currency's code.").format(value=currency[:20]),
            field="currency",
            hint=_("Three letters, such as BRL or USD."),
        )
    if code and value is None:
        raise InvalidInput(_("A currency belongs to a value."), field="currency")
    if len(note) > MAX_NOTE:
        raise InvalidInput(
            _("The note has {n} characters; at most {most} fit.").format(
                n=len(note), most=MAX_NOTE
            ),
            field="note",
        )
    return {
        "value": None if value is None else float(value),
        "currency": code,
        "note": note.strip(),
        "happened_at": _moment(happened_at),
    }


def _moment(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    moment = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    if moment.year < 1970 or moment > clock.now() + timedelta(days=1):
        raise InvalidInput(
            _("{value} does not lie between 1970 and now.").format(value=moment.isoformat()),
            field="happened_at",
        )
    return moment


def _too_many(conversation: str) -> Conflict:
    return Conflict(
        _("The conversation “{id}” has {most} outcomes already.").format(
            id=conversation, most=MOST_NAMES
        ),
        hint=_("Report under a name it has, or take one back."),
        code="too_many",
    )
