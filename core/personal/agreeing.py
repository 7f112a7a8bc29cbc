"""Consent: an assistant's text on personal data, and who has agreed to it.

In: an assistant, and who asks (a person, or a user of an outside system). Out: ``Asked`` where they have
not agreed yet. Always holds: an agreement is to one text, by its digest, so a changed text asks anew;
where an assistant has no text, or nobody acts, nothing is asked and nothing is read.
"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core import access, clock, db
from core.access import allowed
from core.db.tables import Assistant, Consent, Conversation
from core.errors import Conflict, InvalidInput
from core.i18n import _
from core.personal.retention import found

LONGEST = 8000


class ConsentNeeded(Conflict):
    """Who asks has not agreed to the assistant's text; the message says it whole."""

    code = "consent_needed"


@dataclass(frozen=True)
class Asked:
    """What somebody is asked to agree to; ``agreed`` where they have."""

    assistant_id: str
    text: str
    digest: str
    agreed: bool


@dataclass(frozen=True)
class Agreement:
    """A consent that was given. ``holds``: to the text as it is now, and not withdrawn."""

    row: Consent
    assistant: str
    holds: bool


@allowed("operate")
def set_consent(assistant_id: str, text: str) -> Assistant:
    """Ask who asks to agree to ``text`` (up to 8,000 characters) first; "" asks for nothing."""
    words = text.replace("\x00", "").strip()
    if len(words) > LONGEST:
        raise InvalidInput(
            _("The text has {n} characters; at most {most} fit.").format(
                n=len(words), most=LONGEST
            ),
            field="consent",
        )
    with db.writing() as session:
        row = found(session.get(Assistant, assistant_id), assistant_id)
        row.consent = words
    return row


@allowed("ask")
def consent(assistant_id: str, user_id: str = "") -> Asked:
    """The text that who acts (or an outside system's user) is to agree to, and whether they have."""
    with db.session() as session:
        row = found(session.get(Assistant, assistant_id), assistant_id)
        person_id = "" if user_id else access.present().id
        agreed = not row.consent or _agreed(session, row, person_id, user_id)
    return Asked(row.id, row.consent, digest(row.consent), agreed)


@allowed("ask")
def agree(assistant_id: str, text_digest: str, user_id: str = "") -> Asked:
    """Store that who acts (or an outside system's user) agrees; doing it twice is harmless.

    Conflict where the text is another by now.
    """
    who = _facts("" if user_id else access.present().id, user_id)

    def put(session: Session) -> None:
        row = found(session.get(Assistant, assistant_id), assistant_id)
        if not row.consent or digest(row.consent) != text_digest:
            raise Conflict(
                _("The text that you agreed to is another by now."),
                hint=_("Read it again, please."),
                code="consent_changed",
            )
        known = session.scalar(
            select(Consent).where(_of(row, **who), Consent.digest == text_digest)
        )
        if known is None:
            session.add(Consent(assistant_id=row.id, digest=text_digest, **who))
            session.flush()
        elif known.withdrawn_at:
            known.withdrawn_at, known.given_at = None, clock.now()

    db.settled(put)
    return consent(assistant_id, user_id)


@allowed("ask")
def withdraw(assistant_id: str, user_id: str = "") -> Asked:
    """Take one's agreements to an assistant's texts back; it asks again before the next question."""
    who = _facts("" if user_id else access.present().id, user_id)
    with db.writing() as session:
        row = found(session.get(Assistant, assistant_id), assistant_id)
        for given in session.scalars(select(Consent).where(_of(row, **who))):
            given.withdrawn_at = given.withdrawn_at or clock.now()
    return consent(assistant_id, user_id)


def agreements() -> list[Agreement]:
    """What who acts has agreed to, the newest first."""
    mine = select(Consent, Assistant).join(Assistant, Assistant.id == Consent.assistant_id)
    mine = mine.where(Consent.person_id == access.present().id)
    with db.session() as session:
        rows = session.execute(mine.order_by(Consent.given_at.desc())).all()
    return [
        Agreement(given, row.name, not given.withdrawn_at and given.digest == digest(row.consent))
        for given, row in rows
    ]


def demand(assistant: Assistant, talk: Conversation) -> None:
    """ConsentNeeded where somebody acts and whoever asks in ``talk`` has not agreed."""
    if not assistant.consent or access.acting() is None:
        return
    with db.session() as session:
        if _agreed(session, assistant, talk.person_id or "", talk.user_id or ""):
            return
    raise ConsentNeeded(
        _("{name} asks for your agreement first: {text}").format(
            name=assistant.name, text=assistant.consent
        ),
        hint=_("Agree on the chat page, with `ciclo privacy agree`, or over the API."),
    )


def digest(text: str) -> str:
    """SHA-256 of a text, which an agreement names."""
    return sha256(text.encode()).hexdigest()


def _agreed(session: Session, row: Assistant, person_id: str, user_id: str) -> bool:
    holds = (Consent.digest == digest(row.consent)) & Consent.withdrawn_at.is_(None)
    wanted = select(Consent.id).where(_of(row, **_facts(person_id, user_id)), holds)
    return session.scalar(wanted.limit(1)) is not None


def _facts(person_id: str, user_id: str) -> dict[str, str | None]:
    """Who agrees, as columns: an outside system's user is nobody of ours."""
    return {"person_id": None if user_id else person_id, "user_id": user_id}


def _of(row: Assistant, person_id: str | None, user_id: str | None) -> ColumnElement[bool]:
    return (
        (Consent.assistant_id == row.id)
        & (Consent.person_id == person_id)
        & (Consent.user_id == user_id)
    )
