"""Whom it is about: a person of ours, or a user of an outside system.

In: an id or a name, or the id that an outside system gave its user. Out: a ``Subject``. Always holds:
a subject is one of the two, and is known by at least one row; nobody is made by looking.
"""

from dataclasses import dataclass

from sqlalchemy import exists, select

from core import access, db
from core.db.tables import Consent, Conversation, ConversationRating, Feedback, Flag
from core.errors import InvalidInput, NotFound
from core.i18n import _

LONGEST = 200
OF_USERS = (Conversation, Feedback, Flag, ConversationRating, Consent)


@dataclass(frozen=True)
class Subject:
    """A person of ours (``person_id``), or a user of an outside system (``user_id``). ``name`` is how
    they are called."""

    person_id: str = ""
    user_id: str = ""
    name: str = ""
    is_local: bool = False


def subject(person: str = "", user_id: str = "") -> Subject:
    """Who is named: ``person`` by id or name, or ``user_id`` by an outside system's id.

    InvalidInput where it is neither or both; NotFound where nothing is known of them.
    """
    if bool(person) == bool(user_id):
        raise InvalidInput(
            _("Name one: a person, or the user of an outside system."), field="person"
        )
    if person:
        found = access.find(person)
        return Subject(found.id, "", access.called(found), found.is_local)
    if not _known(user_id):
        raise NotFound(_("Nothing is held about the user “{id}”.").format(id=user_id[:LONGEST]))
    return Subject("", user_id, user_id)


def _known(user_id: str) -> bool:
    with db.session() as session:
        return any(
            session.scalar(select(exists().where(table.user_id == user_id))) for table in OF_USERS
        )
