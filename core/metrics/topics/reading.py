"""The questions of an assistant, read for grouping a bounded number at a time.

In: an assistant, or conversations. Out: ``Question`` rows: what was searched for it (a follow-up with the
words of what came before), who asked, and its topic. Always holds: only questions that have an answer, of
conversations that are not removed; equal databases give equal rows.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core.db.tables import Conversation, Message, TopicQuestion
from core.metrics.topics import words as topic_words

AT_ONCE = 500  # conversations read at a time
MOST_SAMPLED = 6000  # questions that groups are made from
NEWEST = 3  # one part of so many is the newest ones: what has come up lately is found


class Question(NamedTuple):
    """``text`` as it was searched for; ``asker`` tells people apart; ``topic`` "" for none."""

    id: str
    assistant_id: str
    text: str
    language: str
    asker: str
    topic: str

    def stems(self) -> tuple[str, ...]:
        """What it is about."""
        return topic_words.stems(self.text, self.language)


def conversations(session: Session, assistant_id: str) -> list[str]:
    """The ids of an assistant's conversations, the oldest first."""
    there = Conversation.assistant_id == assistant_id, Conversation.removed_at.is_(None)
    query = select(Conversation.id).where(*there)
    return list(session.scalars(query.order_by(Conversation.created_at, Conversation.id)))


def questions(session: Session, conversation_ids: Sequence[str]) -> list[Question]:
    """The questions of these conversations, by their ids."""
    answer = aliased(Message)
    asker = func.coalesce(Conversation.person_id, Conversation.user_id, Conversation.id)
    query = (
        select(
            Message.id,
            Conversation.assistant_id,
            func.substr(Message.text, 1, topic_words.LONGEST),
            func.substr(func.max(answer.search_query), 1, topic_words.LONGEST),
            func.max(answer.language),
            asker,
            TopicQuestion.topic_id,
        )
        .join(answer, answer.parent_id == Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(TopicQuestion, TopicQuestion.message_id == Message.id)
        .where(Message.conversation_id.in_(conversation_ids), Message.role == "user")
        .where(answer.state == "done", Conversation.removed_at.is_(None))
        .group_by(Message.id, Conversation.id, TopicQuestion.message_id)
        .order_by(Message.id)
    )
    return [
        Question(one, whose, found or text, spoken(found or text, said), who, topic or "")
        for one, whose, text, found, said, who, topic in session.execute(query)
    ]


def spoken(text: str, said: str | None) -> str:
    """The language of a question."""
    return topic_words.language(text, said or "")


def sample(session: Session, conversation_ids: Sequence[str]) -> list[Question]:
    """Some MOST_SAMPLED questions: the newest, and others spread over all the time before.

    ``conversation_ids``: the oldest first.
    """
    newest = conversation_ids[::-1]
    found: list[Question] = []
    read = 0
    while read < len(newest) and len(found) < MOST_SAMPLED // NEWEST:
        found += questions(session, newest[read : read + AT_ONCE])
        read += AT_ONCE
    before = newest[read:]
    wanted = (MOST_SAMPLED - len(found)) * read // max(1, len(found))  # as talkative as the newest
    step = max(1, ceil(len(before) / max(1, wanted)))
    for ids in batches(before[::step]):
        found += questions(session, ids)
    return sorted(found)[: 2 * MOST_SAMPLED]


def batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids, AT_ONCE of them at a time."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def answered(session: Session, assistant_id: str, most: int | None = None) -> int:
    """How many answers an assistant's questions have; it is not counted beyond ``most``."""
    rows = (
        select(Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.assistant_id == assistant_id, Conversation.removed_at.is_(None))
        .where(Message.role == "assistant", Message.state == "done")
        .limit(most)
    )
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0
