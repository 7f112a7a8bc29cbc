"""Conversations read from the database as facts: the same statements on SQLite and PostgreSQL.

In: ids of conversations. Out: the rows of the three frames, as columns. Always holds: removed
conversations have none; only what people and models have ended is told, no answer still being written.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, select
from sqlalchemy.orm import Session, aliased

from core.db.tables import (
    Citation,
    Conversation,
    ConversationOutcome,
    ConversationRating,
    Feedback,
    Flag,
    Message,
    TopicQuestion,
)
from core.metrics import collecting_reviews
from core.metrics.facts import ANSWERS, CITED, CONVERSATIONS, Codes
from core.metrics.moments import epoch as epoch

CONVERTED = "converted"
BAD = ("not_found", "error", "cut_off")
THANKS = re.compile(
    r"\b(obrigad[oa]s?|obg|brigad[oa]|valeu|vlw|agradeço|grat[oa]|thanks?|thank you|thx|cheers)\b",
    re.IGNORECASE,
)
LONGEST_THANKS = 80  # characters: a longer message asks for something as well
Columns = dict[str, list[Any]]
Rows = dict[str, Columns]


def rows(session: Session, ids: Sequence[str], codes: Codes, first_key: int) -> Rows:
    """The facts of these conversations; keys of answers count on from ``first_key``."""
    said = _said(session, ids)
    answers, index = _answers(session, ids, codes, said, first_key)
    return {
        "answers": answers,
        "conversations": _conversations(session, ids, codes, answers, said),
        "cited": _cited(session, ids, codes, index),
        **collecting_reviews.rows(session, ids, codes, answers, index),
    }


def _of(ids: Sequence[str]) -> ColumnElement[bool]:
    return Message.conversation_id.in_(ids)


_Given, _Asked = aliased(Message), aliased(Message)
_FACTS: dict[str, Any] = {
    "id": Message.id,
    "conversation": Message.conversation_id,
    "at": epoch(Message.created_at),
    "assistant": Conversation.assistant_id,
    "version": Message.version_id,
    "model": case((Message.model_name > "", Message.provider + ":" + Message.model_name), else_=""),
    "channel": Conversation.channel,
    "mode": Message.mode,
    "tier": Conversation.user_tier,
    "language": Message.language,
    "topic": TopicQuestion.topic_id,
    "sample": Conversation.is_sample,
    "outcome": Message.outcome,
    "error": Message.error_code,
    "fallback": case(
        (Message.routing_reason.startswith("fallback:"), func.substr(Message.routing_reason, 10)),
        else_="",
    ),
    "total": Message.total_seconds,
    "first": Message.first_token_seconds,
    "load": Message.load_seconds,
    "generation": Message.generation_seconds,
    "tokens_in": Message.tokens_in,
    "tokens_out": Message.tokens_out,
    "cost": Message.cost,
    "cached": Message.cached,
    "saved_seconds": case((Message.cached.is_(True), _Given.total_seconds)),
    "saved_cost": case((Message.cached.is_(True), _Given.cost)),
    "groundedness": Message.groundedness,
}


def _answers(
    session: Session, ids: Sequence[str], codes: Codes, said: "Said", first_key: int
) -> tuple[Columns, dict[str, int]]:
    query = (
        select(*(column.label(f"f_{name}") for name, column in _FACTS.items()))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(TopicQuestion, TopicQuestion.message_id == Message.parent_id)
        .outerjoin(_Given, _Given.id == Message.cached_from)
        .where(_of(ids), Message.role == "assistant", Message.state == "done")
        .where(Conversation.removed_at.is_(None))
        .order_by(Message.created_at, Message.id)
    )
    found = session.execute(query).all()
    columns: Columns = dict(zip(_FACTS, map(list, zip(*found, strict=True)), strict=False))
    columns = columns or {name: [] for name in _FACTS}
    keys = columns.pop("id")
    for name, (_kind, words) in ANSWERS.items():
        if words:
            columns[name] = codes.of(words, columns[name])
    columns["key"] = list(range(first_key, first_key + len(keys)))
    told = [said.answers.get(key, NOTHING) for key in keys]
    for n, name in enumerate(("up", "down", "out_of_scope", "problems")):
        columns[name] = [one[n] for one in told]
    columns["citations"] = [said.citations.get(key, 0) for key in keys]
    return columns, dict(zip(keys, columns["key"], strict=True))


NOTHING = (0, 0, False, 0)


class Said:
    """What was said of answers and conversations, and what they cite: by their ids."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, int, bool, int]] = {}
        self.citations: dict[str, int] = {}
        self.stars: dict[str, list[int]] = defaultdict(list)
        self.solved: dict[str, list[bool]] = defaultdict(list)
        self.converted: dict[str, float | None] = {}


def _said(session: Session, ids: Sequence[str]) -> Said:
    said = Said()
    scope = func.max(case((cast(Feedback.reasons, String).like('%"out_of_scope"%'), 1), else_=0))
    thumbs = _by_message(
        Feedback,
        func.sum(case((Feedback.rating == "up", 1), else_=0)),
        func.sum(case((Feedback.rating == "down", 1), else_=0)),
        scope,
    ).where(_of(ids), Feedback.withdrawn_at.is_(None))
    for message, up, down, outside in session.execute(thumbs):
        said.answers[message] = (up, down, bool(outside), 0)
    flagged = func.max(case((Flag.problem == "out_of_scope", 1), else_=0))
    flags = _by_message(Flag, func.count(), flagged).where(_of(ids), Flag.withdrawn_at.is_(None))
    for message, n, outside in session.execute(flags):
        up, down, before, _n = said.answers.get(message, NOTHING)
        said.answers[message] = (up, down, before or bool(outside), n)
    cited = _by_message(Citation, func.count()).where(_of(ids))
    said.citations = dict(session.execute(cited).all())
    _of_conversations(session, ids, said)
    return said


def _by_message(kind: Any, *figures: Any) -> Any:
    joined = select(kind.message_id, *figures).join(Message, Message.id == kind.message_id)
    return joined.group_by(kind.message_id)


def _of_conversations(session: Session, ids: Sequence[str], said: Said) -> None:
    kind = ConversationRating
    rated = select(kind.conversation_id, kind.stars, kind.solved).where(
        kind.conversation_id.in_(ids), kind.withdrawn_at.is_(None)
    )
    for one, stars, solved in session.execute(rated):
        if stars is not None:
            said.stars[one].append(stars)
        if solved is not None:
            said.solved[one].append(solved)
    event = ConversationOutcome
    events = select(event.conversation_id, event.value).where(
        event.conversation_id.in_(ids), event.name == CONVERTED
    )
    said.converted = dict(session.execute(events).all())


def _conversations(
    session: Session, ids: Sequence[str], codes: Codes, answers: Columns, said: Said
) -> Columns:
    ends = _ends(answers, codes)
    query = select(
        Conversation.id,
        epoch(Conversation.created_at),
        Conversation.assistant_id,
        Conversation.channel,
        Conversation.user_tier,
        Conversation.is_sample,
    ).where(Conversation.id.in_(ids), Conversation.removed_at.is_(None))
    lasts = _lasts(session, ids)
    columns: Columns = {name: [] for name in CONVERSATIONS}
    for one, at, assistant, channel, tier, sample in session.execute(query):
        end = ends.get(codes.of("conversation", [one])[0], End())
        last, text = lasts.get(one, (at, ""))
        row = {
            "conversation": one,
            "at": at,
            "last": last,
            "assistant": assistant,
            "channel": channel,
            "tier": tier,
            "sample": sample,
            "turns": end.turns,
            "stars": _mean(said.stars.get(one, ())),
            "said": int(said.solved[one][-1]) if said.solved.get(one) else -1,
            "thanked": thanks(text) and end.up and not end.down,
            "ended_badly": end.bad,
            "cost": end.cost,
            "converted": one in said.converted,
            "worth": said.converted.get(one),
        }
        for name, value in row.items():
            columns[name].append(value)
    for name, (_kind, words) in CONVERSATIONS.items():
        if words:
            columns[name] = codes.of(words, columns[name])
    return columns


class End:
    """How a conversation stands after its last answer."""

    def __init__(self) -> None:
        self.turns = 0
        self.cost: float | None = None
        self.bad = self.down = False
        self.up = self.before = False  # of the last answer or the one before, which was thanked for


def _ends(answers: Columns, codes: Codes) -> dict[int, End]:
    """By the conversation's code; answers come in the order of their times."""
    bad = {codes.of("outcome", [name])[0] for name in BAD}
    found: dict[int, End] = defaultdict(End)
    told = ("conversation", "outcome", "up", "down", "problems", "cost")
    for one, outcome, up, down, problems, cost in zip(*(answers[n] for n in told), strict=True):
        end = found[one]
        end.turns += 1
        end.up, end.before = up > 0 or end.before, up > 0
        end.down = down > 0
        end.bad = outcome in bad or down > 0 or problems > 0
        if cost is not None:
            end.cost = (end.cost or 0.0) + cost
    return found


def _lasts(session: Session, ids: Sequence[str]) -> dict[str, tuple[float, str]]:
    """When each conversation's last message came, and its last question where that is a short one."""
    found: dict[str, tuple[float, str]] = {}
    short = case((func.length(Message.text) <= LONGEST_THANKS, Message.text), else_="")
    text = case((Message.role == "user", short))
    query = select(Message.conversation_id, epoch(Message.created_at), text)
    for one, at, words in session.execute(query.where(_of(ids)).order_by(Message.created_at)):
        before = found.get(one, (at, ""))[1]
        found[one] = (at, before if words is None else words)
    return found


def thanks(text: str) -> bool:
    """Whether a last message only says thank you."""
    return bool(text) and "?" not in text and THANKS.search(text) is not None


def _cited(session: Session, ids: Sequence[str], codes: Codes, index: dict[str, int]) -> Columns:
    query = (
        select(Citation.message_id, Citation.document_id)
        .join(Message, Message.id == Citation.message_id)
        .where(_of(ids), Citation.document_id.is_not(None))
        .distinct()
    )
    pairs = [(index[one], document) for one, document in session.execute(query) if one in index]
    documents = codes.of("document", (document for _answer, document in pairs))
    return dict(zip(CITED, ([answer for answer, _document in pairs], documents), strict=True))


def _mean(values: Iterable[int]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None
