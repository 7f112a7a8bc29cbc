"""Stars (1 to 5) and "was your question solved?" of a whole conversation."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, db
from core.access import allowed, there
from core.db.tables import ConversationRating
from core.errors import InvalidInput
from core.feedback.asker import Asker, asker, reader, talk
from core.feedback.kinds import check_channel, check_comment, check_stars
from core.i18n import _

FACTS = ("stars", "solved", "comment")
UNSAID = {"stars": None, "solved": None, "comment": ""}


@allowed("rate")
def rate_conversation(
    conversation_id: str,
    *,
    person_id: str | None,
    stars: int | None = None,
    solved: bool | None = None,
    comment: str | None = None,
    forget: Sequence[str] = (),
    channel: str = "web",
    user_id: str = "",
    created_at: datetime | None = None,
) -> ConversationRating | None:
    """Say what of it is given; what is None stays as it was said before, what is named in ``forget``
    (stars, solved, comment) is taken back. None once nothing is left.

    ``conversation_id`` may be its external_id. Raises InvalidInput, NotFound.
    """
    who = asker(person_id, user_id)
    facts: dict[str, object] = {"stars": stars, "solved": solved, "comment": comment}
    return db.settled(
        lambda session: store(session, conversation_id, who, facts, forget, channel, created_at)
    )


def store(
    session: Session,
    conversation: str,
    who: Asker,
    facts: dict[str, object],
    forget: Sequence[str] = (),
    channel: str = "web",
    created_at: datetime | None = None,
) -> ConversationRating | None:
    """``rate_conversation`` within a transaction."""
    _check(facts, forget, channel)
    rated = talk(session, conversation, channel)
    before = active(session, rated.id, who)
    known = {name: getattr(before, name) for name in FACTS} if before else UNSAID
    said = known | {name: value for name, value in facts.items() if value is not None}
    said |= {name: UNSAID[name] for name in forget}
    if said == known:
        return before
    moment = created_at or clock.now()
    if before:
        before.withdrawn_at = moment
        session.flush()
    if said == UNSAID:
        return None
    made = ConversationRating(
        conversation_id=rated.id, channel=channel, created_at=moment, **who.facts(), **said
    )
    session.add(made)
    session.flush()
    return made


@allowed("rate")
def withdraw_conversation(
    conversation_id: str, *, person_id: str | None, user_id: str = "", channel: str = ""
) -> None:
    """Take stars, "solved?" and comment back; nothing happens where there are none."""
    who = asker(person_id, user_id)
    with db.writing() as session:
        held = active(session, talk(session, conversation_id, channel).id, who)
        if held:
            held.withdrawn_at = clock.now()


@there
def conversation_rating(
    conversation_id: str, *, person_id: str | None, user_id: str = ""
) -> ConversationRating | None:
    """What the asker says now of the conversation."""
    who = reader(person_id, user_id)
    with db.session() as session:
        return active(session, conversation_id, who)


def active(session: Session, conversation_id: str, who: Asker) -> ConversationRating | None:
    """The same within a session."""
    held = ConversationRating.conversation_id == conversation_id
    return session.scalar(select(ConversationRating).where(held, who.active(ConversationRating)))


def _check(facts: dict[str, object], forget: Sequence[str], channel: str) -> None:
    stars, comment = facts.get("stars"), facts.get("comment")
    check_stars(stars)  # type: ignore[arg-type]
    check_channel(channel)
    if isinstance(comment, str):
        facts["comment"] = comment.strip()
        check_comment(comment)
    for name in forget:
        if name not in FACTS:
            raise InvalidInput(
                _("“{value}” is nothing that a conversation is rated by.").format(value=name),
                field="forget",
            )
