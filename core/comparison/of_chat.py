"""Votes out of normal chat: a question was asked again of another version, and which was better?

In: an answer on the screen. Out: the pair it makes with a neighbour, and a vote on it. Always holds:
only answers of different versions make a pair; the vote is its asker's, about their own conversation,
is marked as not blind, and goes when the conversation goes.

A thumb up on one answer and a thumb down on the other is no such vote: a thumb says whether an answer
helped, at its own moment and often before the other one was there; two may be up and one still better,
and whoever presses one does not know that it would be held against another answer.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access, chat, clock, db
from core.access import allowed
from core.comparison.ballots import why_not
from core.comparison.learned import learned_by
from core.comparison.votes import put
from core.db.tables import Comparison, Message, Vote
from core.errors import Conflict, InvalidInput
from core.i18n import _

CHOICES = {"this": "", "other": "", "tie": "tie", "bad": "bad"}


@dataclass(frozen=True)
class Again:
    """An answer and the neighbour it is held against; ``vote`` is what its asker said of the two."""

    answer_id: str
    other_id: str
    other_is_earlier: bool
    vote: Vote | None = None

    @property
    def choice(self) -> str:
        """What was said: this | other | tie | bad, "" where nothing was."""
        if self.vote is None or self.vote.choice not in ("a", "b"):
            return self.vote.choice if self.vote else ""
        later = self.vote.choice == "b"
        return "this" if later == self.other_is_earlier else "other"


@allowed("rate")
def of_chat(answer: chat.Answer) -> Again | None:
    """The pair that an answer makes with the one before it, else with the one after; None where there
    is no other version's answer to hold it against, or it is somebody else's conversation."""
    owner = answer.conversation.person_id
    if len(answer.siblings) < 2 or owner != access.present().id:
        return None
    at = answer.siblings.index(answer.message.id)
    with db.session() as session:
        near = [*answer.siblings[:at][::-1], *answer.siblings[at + 1 :]]
        for other_id in near:
            other = session.get(Message, other_id)
            if other is not None and _fits(answer.message, other):
                earlier = other_id in answer.siblings[:at]
                said = _said(session, answer.message.id, other_id, owner)
                return Again(answer.message.id, other_id, earlier, said)
    return None


@allowed("rate")
def vote_in_chat(answer_id: str, other_id: str, choice: str) -> Vote:
    """Store which of two answers to one's own question was better: this | other | tie | bad.

    InvalidInput for another word, NotFound for an answer that is gone, Conflict where the two are no
    pair.
    """
    if choice not in CHOICES:
        raise InvalidInput(
            _("“{choice}” is no vote.").format(choice=str(choice)[:40]),
            hint=_("It is one of {names}.").format(names=", ".join(CHOICES)),
            field="choice",
        )
    answer = chat.answer(answer_id)
    pair = of_chat(answer)
    if pair is None or other_id not in answer.siblings or not _fits_ids(answer_id, other_id):
        raise Conflict(
            _("These two answers cannot be held against each other."),
            hint=_("They must be answers of two versions to one question of yours."),
            code="no_vote",
        )
    earlier = answer.siblings.index(other_id) < answer.siblings.index(answer_id)
    return db.settled(lambda session: _stored(session, answer, other_id, earlier, choice))


def _stored(
    session: Session, answer: chat.Answer, other_id: str, earlier: bool, choice: str
) -> Vote:
    ids = (other_id, answer.message.id) if earlier else (answer.message.id, other_id)
    row = _found(session, *ids) or _made(session, answer, *ids)
    better = {"this": "b" if earlier else "a", "other": "a" if earlier else "b"}
    told = Vote(choice=better.get(choice, choice), left_side="a", blind=False)
    return put(session, row, told, answer.conversation.person_id or "")


def _made(session: Session, answer: chat.Answer, a_id: str, b_id: str) -> Comparison:
    a, b = session.get_one(Message, a_id), session.get_one(Message, b_id)
    row = Comparison(
        assistant_id=answer.conversation.assistant_id,
        source="chat",
        settings={},
        conversation_id=answer.conversation.id,
        question_id=answer.question.id,
        question=answer.question.text,
        language=answer.question.language,
        a_version_id=a.version_id,
        b_version_id=b.version_id,
        a_answer_id=a_id,
        b_answer_id=b_id,
        person_id=answer.conversation.person_id,
        done_at=clock.now(),
    )
    row.learned = learned_by(row)
    session.add(row)
    session.flush()
    return row


def _found(session: Session, a_id: str, b_id: str) -> Comparison | None:
    return session.scalar(
        select(Comparison).where(Comparison.a_answer_id == a_id, Comparison.b_answer_id == b_id)
    )


def _said(session: Session, one: str, other: str, person_id: str) -> Vote | None:
    pair = Comparison.a_answer_id.in_([one, other]) & Comparison.b_answer_id.in_([one, other])
    return session.scalar(
        select(Vote)
        .join(Comparison, Comparison.id == Vote.comparison_id)
        .where(pair, Vote.person_id == person_id, Vote.withdrawn_at.is_(None))
    )


def _fits_ids(one: str, other: str) -> bool:
    with db.session() as session:
        return _fits(session.get_one(Message, one), session.get_one(Message, other))


def _fits(one: Message, other: Message) -> bool:
    """Whether they are two versions' answers that say something different."""
    versions = (one.version_id, other.version_id)
    return None not in versions and versions[0] != versions[1] and not why_not(one, other, "")
