"""Conversations: list and search, rename, remove and restore, branches."""

from datetime import datetime
from typing import Unpack

from sqlalchemy import exists, select, tuple_
from sqlalchemy.orm import Session

from core import access, assistants, audit, clock, db
from core.access import allowed
from core.chat import looking
from core.chat.reading import leaf_below, unknown
from core.chat.types import Asker
from core.db.tables import Conversation, Message
from core.errors import InvalidInput, NotFound
from core.i18n import _

TITLE = 200
PAGE = 50
SEARCHED = 200  # characters of what is looked for; SQLite takes no pattern above 50,000 bytes


@allowed("ask")
def create(
    assistant: str | None = None,
    *,
    title: str = "",
    external_id: str | None = None,
    created_at: datetime | None = None,
    **asker: Unpack[Asker],
) -> Conversation:
    """Begin an empty conversation; an ``external_id`` known on the channel gives the known one.

    One that was removed comes back: whoever sends for it again still speaks in it.
    """
    chosen = assistants.chosen(assistant)
    moment = created_at or clock.now()
    with db.writing() as session:
        if external_id and (known := _external(session, asker.get("channel", "web"), external_id)):
            if not access.sees(known.assistant_id):
                raise unknown(external_id)
            access.demand_unless_own(known.person_id)
            known.removed_at = None
            return known
        talk = Conversation(
            assistant_id=chosen.id,
            title=_title(title) if title else "",
            external_id=external_id,
            created_at=moment,
            updated_at=moment,
            **asker,
        )
        session.add(talk)
    return talk


@access.there
def conversations(
    *,
    person_id: str | None = None,
    assistant_id: str | None = None,
    search: str = "",
    limit: int = PAGE,
    after: tuple[datetime, str] | None = None,
) -> list[Conversation]:
    """The newest first; ``after`` is the (updated_at, id) of the last one already seen.

    ``search`` finds words in the title or in any message. Who may not read others' gets their own.
    """
    newest = tuple_(Conversation.updated_at, Conversation.id)
    query = select(Conversation).where(Conversation.removed_at.is_(None))
    query = query.where(access.seen(Conversation.assistant_id))
    if person_id is None and not access.may("read"):
        person_id = access.present().id
    if person_id:
        access.demand_unless_own(person_id)
        query = query.where(Conversation.person_id == person_id)
    if assistant_id:
        query = query.where(Conversation.assistant_id == assistant_id)
    search = search.strip()[:SEARCHED]
    if search:
        said = exists().where(
            Message.conversation_id == Conversation.id,
            Message.text.icontains(search, autoescape=True),
        )
        query = query.where(Conversation.title.icontains(search, autoescape=True) | said)
    if after:
        query = query.where(newest < tuple_(*after))
    query = query.order_by(Conversation.updated_at.desc(), Conversation.id.desc()).limit(limit)
    with db.session() as session:
        found = list(session.scalars(query))
    if person_id is None and not all(one.is_sample for one in found):
        audit.looked("conversations", assistant_id or "", assistant_id or "")
    return found


@access.there
def conversation(conversation_id: str) -> Conversation:
    """The conversation with this id; NotFound where it is not, or was removed, NotAllowed where it
    is somebody else's."""
    with db.session() as session:
        talk = _get(session, conversation_id)
    looking.seen(talk)
    return talk


@allowed("ask")
def rename(conversation_id: str, title: str) -> Conversation:
    """Give it another title (1 to 200 characters)."""
    with db.writing() as session:
        talk = _get(session, conversation_id)
        talk.title = _title(title)
    return talk


@allowed("ask")
def remove(conversation_id: str) -> Conversation:
    """Take it out of every list; ``restore`` brings it back."""
    with db.writing() as session:
        talk = _get(session, conversation_id)
        talk.removed_at = clock.now()
    return talk


@allowed("ask")
def restore(conversation_id: str) -> Conversation:
    """Undo a removal; harmless where there was none."""
    with db.writing() as session:
        talk = session.get(Conversation, conversation_id)
        if talk is None:
            raise unknown(conversation_id)
        access.demand_unless_own(talk.person_id)
        talk.removed_at = None
    return talk


@allowed("ask")
def show_branch(message_id: str) -> Conversation:
    """Show the branch that goes through this message, to its newest end."""
    with db.writing() as session:
        message = session.get(Message, message_id)
        if message is None:
            raise NotFound(_("There is no message with the id “{id}”.").format(id=message_id))
        talk = _get(session, message.conversation_id)
        talk.leaf_id = leaf_below(session, message)
    return talk


def _get(session: Session, conversation_id: str) -> Conversation:
    talk = session.get(Conversation, conversation_id)
    if talk is None or talk.removed_at:
        raise unknown(conversation_id)
    access.demand_unless_own(talk.person_id)
    return talk


def _external(session: Session, channel: str, external_id: str) -> Conversation | None:
    return session.scalar(
        select(Conversation).where(
            Conversation.channel == channel, Conversation.external_id == external_id
        )
    )


def _title(title: str) -> str:
    text = " ".join(title.replace("\x00", "").split())
    if not text:
        raise InvalidInput(_("The title is empty."), field="title")
    if len(text) > TITLE:
        raise InvalidInput(
            _("The title has {n} characters; at most {most} fit.").format(n=len(text), most=TITLE),
            field="title",
        )
    return text
