"""Who says it: a person of ours, or an outside system's user; and how their word is kept once.

Always holds: where two do the same at the same moment the unique constraint lets one through, and
the other finds what the first has stored. Nobody says nothing: over the API whoever names neither is
the local person. A user's id is enough without the channel, for an answer was given on one.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core import access
from core.access import belonging
from core.db.tables import Conversation, ConversationRating, Feedback, Flag, Message
from core.errors import InvalidInput, NotFound
from core.feedback.kinds import MAX_USER
from core.i18n import _

Table = type[Feedback] | type[Flag] | type[ConversationRating]


@dataclass(frozen=True)
class Asker:
    """A person, or the ``user_id`` of an outside system: then nobody of ours."""

    person_id: str | None
    user_id: str = ""

    def facts(self) -> dict[str, str | None]:
        """As columns."""
        return {"person_id": self.person_id, "user_id": self.user_id}

    def of(self, table: Table) -> ColumnElement[bool]:
        """Rows of this asker."""
        return (table.person_id == self.person_id) & (table.user_id == self.user_id)

    def active(self, table: Table) -> ColumnElement[bool]:
        """Rows of this asker that hold."""
        return self.of(table) & table.withdrawn_at.is_(None)


def asker(person_id: str | None, user_id: str = "") -> Asker:
    """Who says it; an outside user is named by ``user_id`` alone (1 to 200 characters).

    InvalidInput for nobody: no constraint could keep nobody's word once.
    """
    if len(user_id) > MAX_USER:
        raise InvalidInput(
            _("A user's id has at most {most} characters.").format(most=MAX_USER), field="user"
        )
    if not (person_id or user_id):
        raise InvalidInput(
            _("It is not said who says this."),
            field="user",
            hint=_("Name a person, or the user of the outside system."),
        )
    return Asker(None, user_id) if user_id else Asker(person_id)


def reader(person_id: str | None, user_id: str = "") -> Asker:
    """The same, whose words shall be read: NotAllowed where they are another person's, whom who acts
    may not read. An outside user's are read by the outside system, in whoever's name it acts."""
    if not user_id:
        access.demand_unless_own(person_id)
    return asker(person_id, user_id)


def answered(session: Session, message_id: str) -> Message:
    """The answer with this id; NotFound where it is none."""
    belonging.demand(belonging.ANSWER, message_id)
    found = session.get(Message, message_id)
    if found is None or found.role != "assistant":
        raise NotFound(
            _("There is no answer with the id “{id}”.").format(id=message_id),
            hint=_("Take the message_id that came with the answer."),
        )
    return found


def talk(session: Session, name: str, channel: str = "") -> Conversation:
    """The conversation with this id, or with this external_id (on ``channel`` first)."""
    found = session.get(Conversation, name) or _outside(session, name, channel)
    if found is None or found.removed_at or not access.sees(found.assistant_id):
        raise NotFound(
            _("There is no conversation with the id “{id}”.").format(id=name),
            hint=_("Give its id, or the external_id it was begun with."),
        )
    return found


def _outside(session: Session, name: str, channel: str) -> Conversation | None:
    """By external_id; the same on two channels, neither of them ``channel``, is nobody's."""
    there = (Conversation.external_id == name) & access.seen(Conversation.assistant_id)
    known: Any = session.scalars(select(Conversation).where(there)).all()
    here = [one for one in known if one.channel == channel] or known
    return here[0] if len(here) == 1 else None
