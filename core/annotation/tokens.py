"""The claim token: which seat, the how manyth claim of it, and of which text.

It is given with a claim and comes back with every call about it. Always holds: a token is good as
long as its claim is the newest on the seat, even past the lease; a refusal says in a sentence what
happened, and what was typed is kept.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access
from core.annotation import drafts
from core.db.tables import Conversation, Item, Message, Person, Queue, Seat
from core.errors import Conflict, InvalidInput
from core.i18n import _


@dataclass(frozen=True)
class Token:
    """``digest`` stands for the answer's text as it was shown; "" where it is not known."""

    seat_id: int
    number: int
    digest: str = ""

    @classmethod
    def read(cls, text: str) -> "Token":
        """InvalidInput for what is no token of ours."""
        seat, _dot, rest = text.partition(".")
        number, _dot, digest = rest.partition(".")
        if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in (seat, number)):
            raise InvalidInput(
                _("This claim token is none of ours."),
                field="claim_token",
                hint=_("Take the claim_token that came with the claim."),
            )
        return cls(int(seat), int(number), digest)

    def __str__(self) -> str:
        return f"{self.seat_id}.{self.number}" + (f".{self.digest}" if self.digest else "")


def digest(text: str) -> str:
    """Eight characters that change with the text."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


def refusal(
    session: Session, row: Item, seat: Seat | None, token: Token, person_id: str | None
) -> Conflict | None:
    """Why a claim cannot be used any more; None where it can."""
    if seat is None or seat.item_number != row.number or seat.token < token.number:
        return _superseded(_("This claim was never made."))
    gone = _gone(session, row)
    if gone:
        return gone
    if seat.token == token.number and seat.state == "held":
        return _of_another(session, seat, person_id)
    return _superseded(_taken_by(session, seat, token))


def changed(session: Session, row: Item, token: Token) -> Conflict | None:
    """The refusal where the answer's text is another than the one that came with the claim."""
    text = session.scalar(select(Message.text).where(Message.id == row.message_id))
    if not token.digest or text is None or token.digest == digest(text):
        return None
    return Conflict(
        _("The answer's text was changed while you judged it."),
        hint=_("What you typed is kept. Claim the item again and look at the new text."),
        code="changed",
    )


def acting_id(person_id: str | None) -> str | None:
    """Who makes this call, where that is known."""
    somebody = None if person_id else access.acting()
    return somebody.id if somebody else person_id


def keep_refused(
    session: Session, row: Item, draft: dict[str, Any] | None, person_id: str | None
) -> None:
    """Keep what came with a refused call, so that it is offered when the item is theirs again."""
    if draft and person_id and session.get(Person, person_id):
        drafts.keep(session, row.number, person_id, draft, superseded=True)


def _superseded(sentence: str) -> Conflict:
    hint = _("What you typed is kept. Claim the next item.")
    return Conflict(sentence, hint=hint, code="superseded")


def _taken_by(session: Session, seat: Seat, token: Token) -> str:
    if seat.state == "judged" and seat.token == token.number:
        return _("This claim has been used: its judgement is stored.")
    if seat.state == "closed":
        return _("This item needs no further judgement.")
    if seat.state == "open":
        return _("You no longer hold this item: it was given back.")
    return _("You no longer hold this item: your time was up and somebody else took it.")


def _gone(session: Session, row: Item) -> Conflict | None:
    """The item cannot be judged by anybody."""
    queue = session.get_one(Queue, row.queue_id)
    removed_at = session.scalar(
        select(Conversation.removed_at).where(Conversation.id == row.conversation_id)
    )
    hint = _("What you typed is kept. Claim the next item.")
    if queue.removed_at:
        return Conflict(_("This review queue was removed."), hint=hint, code="removed")
    if row.state == "removed":
        return Conflict(_("This item was taken out of the queue."), hint=hint, code="removed")
    if row.state == "unavailable" or removed_at:
        sentence = _("The conversation of this item was deleted.")
        return Conflict(sentence, hint=hint, code="unavailable")
    return None


def _of_another(session: Session, seat: Seat, person_id: str | None) -> Conflict | None:
    if person_id is None or person_id == seat.person_id:
        return None
    return Conflict(
        _("This claim is not yours."),
        hint=_("Claim the item under your own name."),
        code="not_yours",
    )
