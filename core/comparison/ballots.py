"""Ballots: two answers to one question before somebody who shall not know whose they are.

In: an assistant, who votes. Out: the next ``Ballot``, and how many there are. Always holds: nothing in
a ballot names a version, a model or the run; which answer stands left is drawn for each person and
comparison, so that a reload shows the same; nobody is asked about a comparison twice, nor about two
answers that are equal word by word, nor where a version learned from the question, nor about the same
two answers to the same question again because another run asked it, too.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from core import access, audit, chat, db, privacy
from core.access import allowed
from core.annotation.showing import masked, masked_answer
from core.chat.citations import without_marks
from core.comparison.asking import no_comparison
from core.comparison.types import SIDES, Side
from core.db.tables import Citation, Comparison, Conversation, Message, Passage, Person, Vote
from core.errors import Conflict, InvalidInput
from core.i18n import N_, _

FAILED = ("error", "cut_off")  # as core.comparison.types.failed has it
STREAM = ("run", "hand")  # a chat is its asker's: others are not shown it
NEAR = 60  # characters by which texts may differ that are the same but for marks and blanks
FEW, MANY = 20, 400  # comparisons whose answers are read at a time
HEAD = 4  # characters that such texts begin with alike
PASSAGES = 4  # of an answer that only shows what may be related
WHY_NOT = {
    "running": N_("One of the two answers is still being written."),
    "failed": N_("One of the two versions gave no answer."),
    "same": N_("Both answers say the same, word by word."),
    "learned": N_("A version learned from this very question, so that no vote on it counts."),
}
Pair = tuple[str, frozenset[str]]  # a question, and two answers whichever stands first
_A, _B = aliased(Message), aliased(Message)


@dataclass(frozen=True)
class Sheet:
    """One answer without a name. ``sources``: how many it cites; ``related``: what it shows instead
    of an answer. ``answer_id`` tells nothing of whose it is."""

    answer_id: str
    text: str
    citations: tuple[Citation, ...] = ()
    sources: int = 0
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ballot:
    """A question and two answers. ``known``: they asked it by hand themselves and saw whose the
    answers are; their vote is kept as one that is not blind."""

    comparison_id: str
    assistant_id: str
    question: str
    language: str
    topic: str
    left: Sheet
    right: Sheet
    known: bool = False


@dataclass(frozen=True)
class Stream:
    """How many comparisons there are for somebody: ``open`` to be voted on, ``voted``, and why
    others are none: the ``same`` answer twice, ``learned``, ``failed``, ``running``."""

    open: int = 0
    voted: int = 0
    same: int = 0
    learned: int = 0
    failed: int = 0
    running: int = 0


@allowed("review")
def next_vote(
    assistant_id: str = "", topic: str = "", source: str = "", *, passed: Collection[str] = ()
) -> Ballot | None:
    """The next comparison that whoever acts has not voted on; None where there is none.

    Those with the fewest votes first, the voter's own by hand last. ``source`` is "run" or "hand",
    ``passed`` the ids of comparisons they do not want to be asked about now.
    """
    me = access.present()
    wanted = _unseen(me, _of(assistant_id, topic, source)).where(Comparison.id.not_in(passed))
    with db.session() as session:
        found = next(_open(session, wanted, me), None)
    return _ballot(found, me) if found else None


@allowed("review")
def vote_stream(assistant_id: str = "", topic: str = "", source: str = "") -> Stream:
    """How many there are to vote on for whoever acts, and why not more."""
    me = access.present()
    with db.session() as session:
        kind = _kind(me)
        wanted = _with_answers(_of(assistant_id, topic, source))
        rows = session.execute(wanted.with_only_columns(kind, func.count()).group_by(kind))
        told: dict[str, int] = dict(rows.all())
        equal = set(_equal(session, wanted, me))
        again = len(_again(session, wanted, me) - equal)
    changed = {"same": len(equal), "voted": again, "open": -len(equal) - again}
    return Stream(**told | {name: told.get(name, 0) + n for name, n in changed.items()})


@allowed("review")
def ballot(comparison_id: str) -> Ballot:
    """This very comparison for whoever acts, also one that they have voted on; NotFound where it is
    not there (or is somebody's chat), Conflict where nobody can vote on it."""
    me = access.present()
    with db.session() as session:
        row = standing(session, comparison_id)
        if row.source not in STREAM:
            raise no_comparison(comparison_id)
    return _ballot(row, me)


def standing(session: Session, comparison_id: str) -> Comparison:
    """A comparison that can be voted on; NotFound or Conflict where it cannot."""
    row = session.get(Comparison, comparison_id)
    if row is None or row.removed_at or _talk_gone(session, row):
        raise no_comparison(comparison_id)
    answers = [session.get(Message, getattr(row, f"{side}_answer_id")) for side in SIDES]
    if why := why_not(answers[0], answers[1], row.learned):
        raise Conflict(_(WHY_NOT[why]), hint=_("Vote on another one."), code="no_vote")
    return row


def why_not(a: Any, b: Any, learned: str) -> str:
    """Why there is nothing to vote on, a name of WHY_NOT; "" where there is. The answers (None: not
    begun) are messages, or rows with their state, outcome and text."""
    if a is None or b is None or not a.state == b.state == "done":
        return "running"
    if a.outcome in FAILED or b.outcome in FAILED:
        return "failed"
    if learned:
        return "learned"
    return "same" if equal_words(a.text, b.text) else ""


def equal_words(one: str, other: str) -> bool:
    """Whether two answers are the same but for the numbers of their citations and blanks."""
    return without_marks(one).split() == without_marks(other).split()


def left_of(row: Comparison, person_id: str) -> Side:
    """The side that stands left for this person: half of the comparisons each, always the same."""
    drawn = hashlib.sha256(f"{person_id}:{row.id}".encode()).digest()[0]
    return SIDES[drawn % 2]


def is_known(row: Comparison, person_id: str) -> bool:
    """Whether they saw whose the answers are when they asked."""
    asked = row.source == "hand" and row.person_id == person_id
    return row.source == "chat" or (asked and not row.settings.get("hidden"))


def _of(assistant_id: str, topic: str, source: str) -> Select[Comparison]:
    if source and source not in STREAM:
        raise InvalidInput(
            _("Votes are not asked for on “{source}”.").format(source=source[:20]),
            hint=_("Choose one of {names}.").format(names=", ".join(STREAM)),
            field="source",
        )
    wanted = select(Comparison).where(
        Comparison.removed_at.is_(None),
        Comparison.source.in_([source] if source else STREAM),
        access.seen(Comparison.assistant_id),
    )
    if assistant_id:
        wanted = wanted.where(Comparison.assistant_id == assistant_id)
    return wanted.where(Comparison.topic == topic) if topic else wanted


def _unseen(me: Person, wanted: Select[Comparison]) -> Select[Comparison]:
    """Those that somebody has not voted on, in the order in which they are asked."""
    standing = Vote.withdrawn_at.is_(None)
    counted = select(Vote.comparison_id, func.count().label("n")).where(standing)
    votes = counted.group_by(Vote.comparison_id).subquery()
    mine = select(Vote.comparison_id).where(standing, Vote.person_id == me.id)
    own = case((and_(Comparison.source == "hand", Comparison.person_id == me.id), 1), else_=0)
    return (
        wanted.outerjoin(votes, votes.c.comparison_id == Comparison.id)
        .where(Comparison.id.not_in(mine), Comparison.learned == "")
        .order_by(own, func.coalesce(votes.c.n, 0), Comparison.created_at, Comparison.id)
    )


def _open(session: Session, wanted: Select[Comparison], me: Person) -> Iterator[Comparison]:
    """Those of them that can be voted on; their answers are read a few at a time, more each time."""
    at, size = 0, FEW
    while rows := list(session.scalars(wanted.offset(at).limit(size))):
        ids = [getattr(row, f"{side}_answer_id") for row in rows for side in SIDES]
        told = select(Message.id, Message.state, Message.outcome, Message.text)
        known = {one.id: one for one in session.execute(told.where(Message.id.in_(ids)))}
        judged = _judged(session, me, [row.question for row in rows])
        for row in rows:
            a, b = known.get(row.a_answer_id), known.get(row.b_answer_id)
            if not (a and b) or why_not(a, b, row.learned):
                continue
            if _texts(row.question, a.text, b.text) not in judged:
                yield row
        at, size = at + size, min(size * 4, MANY)


def _with_answers(wanted: Select[Comparison]) -> Select[Comparison]:
    return wanted.outerjoin(_A, _A.id == Comparison.a_answer_id).outerjoin(
        _B, _B.id == Comparison.b_answer_id
    )


def _kind(me: Person) -> ColumnElement[str]:
    """How a comparison stands for somebody: a field of ``Stream``."""
    mine = exists().where(
        Vote.comparison_id == Comparison.id,
        Vote.person_id == me.id,
        Vote.withdrawn_at.is_(None),
    )
    ended = and_(_A.state == "done", _B.state == "done")
    return case(
        (mine, "voted"),
        (or_(ended.is_(None), ~ended), "running"),
        (or_(_A.outcome.in_(FAILED), _B.outcome.in_(FAILED)), "failed"),
        (Comparison.learned != "", "learned"),
        (_A.text == _B.text, "same"),
        else_="open",
    )


def _equal(session: Session, wanted: Select[Comparison], me: Person) -> list[str]:
    """The ids of those that look open, but differ only in the numbers of citations and in blanks."""
    near = wanted.with_only_columns(Comparison.id, _A.text, _B.text).where(
        _kind(me) == "open",
        func.abs(func.length(_A.text) - func.length(_B.text)) <= NEAR,
        func.substr(_A.text, 1, HEAD) == func.substr(_B.text, 1, HEAD),
    )
    return [id_ for id_, one, other in session.execute(near) if equal_words(one, other)]


def _again(session: Session, wanted: Select[Comparison], me: Person) -> set[str]:
    """The ids of those that look open, but whose very answers they voted on in another run."""
    mine = select(Comparison.question).join(Vote, Vote.comparison_id == Comparison.id)
    mine = mine.where(Vote.person_id == me.id, Vote.withdrawn_at.is_(None))
    near = wanted.with_only_columns(Comparison.id, Comparison.question, _A.text, _B.text).where(
        _kind(me) == "open", Comparison.question.in_(mine)
    )
    rows = session.execute(near).all()
    judged = _judged(session, me, [question for _id, question, _one, _other in rows])
    return {id_ for id_, question, one, other in rows if _texts(question, one, other) in judged}


def _judged(session: Session, me: Person, questions: Sequence[str]) -> set[Pair]:
    """What they voted on of these questions: each with its two answers, whoever gave them."""
    told = _with_answers(select(Comparison)).join(Vote, Vote.comparison_id == Comparison.id)
    told = told.where(Vote.person_id == me.id, Vote.withdrawn_at.is_(None))
    found: set[Pair] = set()
    for at in range(0, len(questions), MANY):
        these = told.where(Comparison.question.in_(questions[at : at + MANY]))
        rows = session.execute(these.with_only_columns(Comparison.question, _A.text, _B.text))
        found |= {_texts(question, one or "", other or "") for question, one, other in rows}
    return found


def _texts(question: str, one: str, other: str) -> Pair:
    return question, frozenset(" ".join(without_marks(text).split()) for text in (one, other))


def _talk_gone(session: Session, row: Comparison) -> bool:
    """Whether the chat that it came from was deleted."""
    talk = session.get(Conversation, row.conversation_id)
    return row.source == "chat" and (talk is None or talk.removed_at is not None)


def _ballot(row: Comparison, me: Person) -> Ballot:
    hides = not access.may("see_personal_data", me)
    if not hides and row.person_id != me.id:
        audit.looked("comparison", row.id, row.assistant_id)
    left = left_of(row, me.id)
    sides = (left, "b" if left == "a" else "a")
    first, second = (_sheet(getattr(row, f"{side}_answer_id"), row, hides) for side in sides)
    return Ballot(
        row.id,
        row.assistant_id,
        masked(row.question, privacy.KINDS) if hides else row.question,
        row.language,
        row.topic,
        first,
        second,
        is_known(row, me.id),
    )


def _sheet(answer_id: str, row: Comparison, hides: bool) -> Sheet:
    with access.on_leave():  # a ballot is leave enough to read its answers
        answer = chat.answer(answer_id)
    text = answer.message.text
    related = _related(answer.passages) if answer.message.outcome == "related" else ()
    return Sheet(
        answer_id,
        masked_answer(text, row.question) if hides else text,
        tuple(answer.citations),
        len({mark.passage_id for mark in answer.citations}),
        tuple(masked(one) for one in related) if hides else tuple(related),
    )


def _related(passages: Sequence[Passage]) -> list[str]:
    return [passage.text for passage in passages[:PASSAGES]]
