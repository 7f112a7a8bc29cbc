"""What each rule finds in the database: set-based, one statement a rule.

In: a rule, and the conversations asked for. Out: a ``Hit`` for each that it takes: the facts that
will stand in the reason, and the answer that the rule points at, where it points at one. Always
holds: withdrawn ratings and flags say nothing; of conversations not asked for, nothing is told.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import false, func, literal, null, select, true
from sqlalchemy.orm import Session, aliased

from core.annotation import matching
from core.annotation.rules import Rule
from core.db.tables import ConversationRating, Feedback, Flag, Message

AT_ONCE = 500  # ids in one statement
ONE_BY_ONE = 2_000  # more conversations than this are found by reading through, not by their ids
TEXTS = 5_000  # texts looked through at once


class Hit(NamedTuple):
    """``facts`` go into the reason; ``message_id`` is the message it is about, "" for none."""

    facts: dict[str, Any]
    message_id: str = ""


Hits = dict[str, Hit]
Row = Any  # (conversation id, message id or None, value)
Statement = Any  # a Select of such rows


def hits(session: Session, rule: Rule, among: Collection[str]) -> Hits:
    """{conversation id: Hit} of the conversations in ``among`` (best a set) that the rule takes."""
    if rule.name == "keyword":
        return _mentions(session, rule, among)
    told = _FACTS.get(rule.name, _plain)
    found: Hits = {}
    for statement in _SELECTS[rule.name]:
        found = told(_rows(session, statement(rule), among)) | found
    return found


def _mentions(session: Session, rule: Rule, among: Collection[str]) -> Hits:
    """Where one of the rule's words or patterns is said, by whoever."""
    found: Hits = {}
    rows = iter(_rows(session, _said(rule), among)) if rule.words or rule.patterns else iter(())
    while some := list(islice(rows, TEXTS)):
        told = matching.first(rule, [text for _talk, _message, text in some])
        for (talk, message, _text), mention in zip(some, told, strict=True):
            if mention:
                found[talk] = Hit(dict(mention), message or "")
    return found


def _rows(session: Session, statement: Statement, among: Collection[str]) -> Iterator[Row]:
    """The rows (conversation, message, value), the oldest first where the order means something."""
    if len(among) > ONE_BY_ONE:
        wanted = among if isinstance(among, set | frozenset | dict) else set(among)
        every = session.execute(statement.execution_options(yield_per=TEXTS))
        yield from (row for row in every if row[0] in wanted)
        return
    talk = statement.selected_columns[0]
    left = iter(among)
    while some := list(islice(left, AT_ONCE)):
        yield from session.execute(statement.where(talk.in_(some)))


def _down(rule: Rule) -> Statement:
    return (
        select(Message.conversation_id, Message.id, literal(1))
        .select_from(Feedback)
        .join(Message, Message.id == Feedback.message_id)
        .where(Feedback.rating == "down", Feedback.withdrawn_at.is_(None))
        .order_by(Feedback.created_at, Feedback.id)
    )


def _flagged(rule: Rule) -> Statement:
    return (
        select(Message.conversation_id, Message.id, Flag.problem)
        .select_from(Flag)
        .join(Message, Message.id == Flag.message_id)
        .where(Flag.withdrawn_at.is_(None))
        .order_by(Flag.created_at, Flag.id)
    )


def _stars(rule: Rule) -> Statement:
    return select(ConversationRating.conversation_id, null(), ConversationRating.stars).where(
        ConversationRating.stars <= rule.threshold, ConversationRating.withdrawn_at.is_(None)
    )


def _not_solved(rule: Rule) -> Statement:
    return select(ConversationRating.conversation_id, null(), literal(1)).where(
        ConversationRating.solved == false(), ConversationRating.withdrawn_at.is_(None)
    )


def _disagreement(rule: Rule) -> Statement:
    """One answer rated up and down."""
    up = aliased(Feedback)
    other = select(up.id).where(
        up.message_id == Feedback.message_id, up.rating == "up", up.withdrawn_at.is_(None)
    )
    return _down(rule).where(other.exists())


def _apart(rule: Rule) -> Statement:
    """One conversation with stars far apart, or solved to one rater and not to another."""
    stars, solved = ConversationRating.stars, ConversationRating.solved
    yes, no = (func.count(ConversationRating.id).filter(solved == it()) for it in (true, false))
    return (
        select(ConversationRating.conversation_id, null(), literal(1))
        .where(ConversationRating.withdrawn_at.is_(None))
        .group_by(ConversationRating.conversation_id)
        .having((func.max(stars) - func.min(stars) >= rule.threshold) | ((yes > 0) & (no > 0)))
    )


def _answers(value: Any, *which: Any) -> Statement:
    query = select(Message.conversation_id, Message.id, value)
    return query.where(Message.role == "assistant", Message.state == "done", *which)


def _grounded(rule: Rule) -> Statement:
    low = Message.groundedness < rule.threshold
    return _answers(Message.groundedness, low)


def _cut_off(rule: Rule) -> Statement:
    return _answers(literal(1), Message.outcome == "cut_off")


def _fallback(rule: Rule) -> Statement:
    """As a range, so that an index serves it."""
    reason = Message.routing_reason
    return _answers(literal(1), reason >= "fallback", reason < "fallbacl")


def _slow(rule: Rule) -> Statement:
    return _answers(Message.total_seconds, Message.total_seconds > rule.threshold)


def _long(rule: Rule) -> Statement:
    """Messages on every branch: each was asked or answered."""
    counted = func.count()
    grouped = select(Message.conversation_id, null(), counted).group_by(Message.conversation_id)
    return grouped.having(counted > rule.threshold)


def _said(rule: Rule) -> Statement:
    said = Message.role.in_(("user", "assistant")) & (Message.state == "done")
    return select(Message.conversation_id, Message.id, Message.text).where(said)


def _plain(rows: Iterator[Row]) -> Hits:
    """The last of a conversation counts."""
    return {talk: Hit({}, message or "") for talk, message, _value in rows}


def _problems(rows: Iterator[Row]) -> Hits:
    """The latest problem, and every other that was flagged on any of its answers."""
    found: Hits = {}
    for talk, message, problem in rows:
        before = found[talk].facts["problems"] if talk in found else []
        every = [*(one for one in before if one != problem), problem]
        found[talk] = Hit({"problem": problem, "problems": every}, message or "")
    return found


def _worst(fact: str, worse: Callable[[Any, Any], bool]) -> Callable[[Iterator[Row]], Hits]:
    def told(rows: Iterator[Row]) -> Hits:
        found: Hits = {}
        for talk, message, value in rows:
            if talk not in found or worse(value, found[talk].facts[fact]):
                found[talk] = Hit({fact: value}, message or "")
        return found

    return told


_LEAST, _MOST = (lambda one, other: one < other), (lambda one, other: one > other)
_SELECTS: dict[str, tuple[Callable[[Rule], Statement], ...]] = {
    "negative_rating": (_down,),
    "flagged": (_flagged,),
    "stars": (_stars,),
    "not_solved": (_not_solved,),
    "disagreement": (_disagreement, _apart),
    "low_groundedness": (_grounded,),
    "cut_off": (_cut_off,),
    "fallback": (_fallback,),
    "long": (_long,),
    "slow": (_slow,),
}
_FACTS: dict[str, Callable[[Iterator[Row]], Hits]] = {
    "flagged": _problems,
    "stars": _worst("stars", _LEAST),
    "low_groundedness": _worst("groundedness", _LEAST),
    "slow": _worst("seconds", _MOST),
    "long": _worst("messages", _MOST),
}
