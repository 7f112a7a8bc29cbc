"""Everything one can say at once, as outside channels send it: in one transaction, or not at all.

In: a ``Saying`` (thumb or reaction, flags, stars, solved; of an answer, a conversation or both) and
who says it. Out: ``Told``, what they say now. With an idempotency key it is done once.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.access import allowed, there
from core.db.tables import Conversation, Message
from core.errors import InvalidInput
from core.feedback import flagging, ratings, replays, stars
from core.feedback.asker import Asker, answered, asker, reader, talk
from core.feedback.kinds import check_channel
from core.feedback.reactions import from_reaction
from core.i18n import _


@dataclass(frozen=True)
class Saying:
    """What is said. ``conversation`` is an id or external_id; with it, ``message_id`` may be the
    message's external_id. An empty ``reaction`` is one taken off again. ``flags``: {problem: text}.
    """

    message_id: str = ""
    conversation: str = ""
    rating: str = ""
    reaction: str | None = None
    reasons: tuple[str, ...] = ()
    comment: str = ""
    flags: dict[str, str] = field(default_factory=dict)
    stars: int | None = None
    solved: bool | None = None
    channel: str = "api"
    user_id: str = ""


@dataclass(frozen=True)
class Told:
    """What an asker says now: plain values, times in ISO 8601. ``id`` is the rating's, "" for none.

    ``flags``: [{"problem", "text", "created_at"}, ...].
    """

    conversation_id: str
    message_id: str | None = None
    id: str | None = None
    rating: str | None = None
    reasons: list[str] = field(default_factory=list)
    comment: str = ""
    channel: str = ""
    created_at: str | None = None
    flags: list[dict[str, Any]] = field(default_factory=list)
    stars: int | None = None
    solved: bool | None = None
    user: str = ""


@allowed("rate")
def say(said: Saying, *, person_id: str | None, key: str | None = None) -> tuple[Told, bool]:
    """Store it; (what holds now, whether this key had been answered before).

    Raises InvalidInput, NotFound, and Conflict for a key that was used for something else.
    """
    who = asker(person_id, said.user_id)
    _check(said)

    def act(session: Session) -> tuple[dict[str, Any], bool]:
        def done() -> dict[str, Any]:
            return asdict(_said(session, said, who))

        if key is None:
            return done(), False
        return replays.once(session, key, f"feedback:{person_id or ''}", asdict(said), done)

    plain, again = db.settled(act)
    return Told(**plain), again


@there
def told(
    message_id: str = "", conversation: str = "", *, person_id: str | None, user_id: str = ""
) -> Told:
    """What the asker says now of an answer and its conversation."""
    who = reader(person_id, user_id)
    with db.session() as session:
        about, message = _about(session, Saying(message_id, conversation))
        return _now(session, about, message, who)


def _said(session: Session, said: Saying, who: Asker) -> Told:
    about, message = _about(session, said)
    if message:
        _of_answer(session, message.id, said, who)
    facts = {"stars": said.stars, "solved": said.solved}
    if said.stars is not None or said.solved is not None:
        of_talk = None if _thumb(said) else said.comment or None
        stars.store(session, about.id, who, facts | {"comment": of_talk}, (), said.channel)
    session.flush()
    return _now(session, about, message, who)


def _of_answer(session: Session, message_id: str, said: Saying, who: Asker) -> None:
    if said.reaction == "":
        ratings.take_back(session, message_id, who)
    elif rating := _thumb(said):
        words = {"reasons": said.reasons, "comment": said.comment, "channel": said.channel}
        ratings.store(session, message_id, rating, who, **words)  # type: ignore[arg-type]
    for problem, text in said.flags.items():
        flagging.store(session, message_id, problem, who, text, said.channel)


def _thumb(said: Saying) -> str:
    return said.rating or (from_reaction(said.reaction) if said.reaction else "")


def _about(session: Session, said: Saying) -> tuple[Conversation, Message | None]:
    """The conversation and the answer that are meant."""
    named = talk(session, said.conversation, said.channel) if said.conversation else None
    if not said.message_id:
        assert named
        return named, None
    message = (named and _outside(session, named, said.message_id)) or answered(
        session, said.message_id
    )
    if named and message.conversation_id != named.id:
        raise InvalidInput(
            _("This answer is not of the conversation “{id}”.").format(id=said.conversation),
            field="conversation",
        )
    return named or session.get_one(Conversation, message.conversation_id), message


def _outside(session: Session, of: Conversation, external_id: str) -> Message | None:
    return session.scalar(
        select(Message).where(
            Message.conversation_id == of.id,
            Message.external_id == external_id,
            Message.role == "assistant",
        )
    )


def _now(session: Session, of: Conversation, message: Message | None, who: Asker) -> Told:
    rated = ratings.active(session, message.id, who) if message else None
    whole = stars.active(session, of.id, who)
    row = rated or whole
    flagged = flagging.of(session, message.id, who) if message else []
    last = row or (flagged[-1] if flagged else None)
    return Told(
        conversation_id=of.id,
        message_id=message.id if message else None,
        id=rated.id if rated else None,
        rating=rated.rating if rated else None,
        reasons=list(rated.reasons) if rated else [],
        comment=row.comment if row else "",
        channel=last.channel if last else "",
        created_at=last.created_at.isoformat() if last else None,
        flags=[_plain(one) for one in flagged],
        stars=whole.stars if whole else None,
        solved=whole.solved if whole else None,
        user=who.user_id,
    )


def _plain(one: Any) -> dict[str, Any]:
    return {"problem": one.problem, "text": one.text, "created_at": one.created_at.isoformat()}


def _check(said: Saying) -> None:
    """It says something, of something, and not two things at once."""
    check_channel(said.channel)
    if not (said.message_id or said.conversation):
        raise InvalidInput(
            _("Name the answer (message_id) or the conversation it is about."), field="message_id"
        )
    of_answer = bool(said.rating or said.reaction is not None or said.flags)
    if of_answer and not said.message_id:
        raise InvalidInput(
            _("A rating and a problem are about one answer: name its message_id."),
            field="message_id",
        )
    if said.rating and said.reaction is not None:
        raise InvalidInput(_("Send a rating or a reaction, not both."), field="reaction")
    of_talk = said.stars is not None or said.solved is not None
    if not of_answer and not of_talk:
        raise InvalidInput(
            _("This says nothing: send a rating, a reaction, flags, stars or solved."),
            field="rating",
        )
    _check_words(said, of_talk)


def _check_words(said: Saying, of_talk: bool) -> None:
    if said.reasons and not _thumb(said):
        raise InvalidInput(_("Reasons belong to a rating."), field="reasons")
    if said.comment.strip() and not (_thumb(said) or of_talk):
        raise InvalidInput(
            _("A comment belongs to a rating or to stars; a flag has its own text."),
            field="comment",
        )
