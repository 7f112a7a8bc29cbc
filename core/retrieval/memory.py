"""The memory of approved questions: what reviewers approved or corrected, kept for the next time.

In: judgements, as they are stored, undone or decided otherwise. Out: rows of ``ApprovedAnswer``.
Always holds: what a judgement teaches is stored in its own transaction; an adjudication decides
over all others, and without one a single rejection keeps an answer out; whatever is retired for
what was judged comes back when that is undone; personal data of a question is not kept.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from core import clock, db, privacy
from core.db.tables import (
    ApprovedAnswer,
    Assistant,
    Citation,
    Conversation,
    Judgement,
    Message,
    Passage,
    ServedAnswer,
    digest_of,
)

LIFT, SERVE = "memory_lift", "memory_serve"  # the two switches in a version's retrieval settings
DEFAULTS = {LIFT: True, SERVE: False}  # docs/adr/0011-memory.md says why
TEACHES = ("approved", "corrected")
UNDONE, DECIDED, DISPUTED, REJECTED = "undone", "decided", "disputed", "rejected"
BY_JUDGEMENTS = (UNDONE, DECIDED, DISPUTED, REJECTED)  # other reasons are a person's own
__all__ = ["DEFAULTS", "LIFT", "SERVE", "changed", "counted", "forget", "learn", "revision"]


def learn(session: Session, judgement: Judgement) -> None:
    """Keep what the judgement teaches, and take back what it decides against."""
    _settle(session, judgement.message_id)


def forget(session: Session, judgement_id: str) -> None:
    """Take back what a judgement taught or kept out: it was undone, or replaced."""
    undone = session.get(Judgement, judgement_id)
    if undone is not None:
        _settle(session, undone.message_id, without=judgement_id)


def revision(assistant_id: str) -> int:
    """How often the assistant's memory has changed; equal numbers, equal memories."""
    found = db.rows(_REVISION, assistant=assistant_id)
    return int(found[0][0]) if found else 0


def changed(session: Session, rows: Iterable[ApprovedAnswer]) -> None:
    """Note in this transaction that rows have changed, so that every process takes it up."""
    numbers: dict[str, int] = {}
    for row in rows:
        if row.assistant_id not in numbers:
            numbers[row.assistant_id] = _counted_up(session, row.assistant_id)
        row.revision = numbers[row.assistant_id]
    session.flush()


def counted(session: Session, approved_ids: Sequence[str]) -> None:
    """Count that these have lifted a passage of an answer."""
    hit = update(ApprovedAnswer).where(ApprovedAnswer.id.in_(approved_ids))
    session.execute(hit.values(hits=ApprovedAnswer.hits + 1))


_REVISION = select(Assistant.memory_revision).where(Assistant.id == bindparam("assistant"))


def _counted_up(session: Session, assistant_id: str) -> int:
    """The next revision. The assistant's row stays locked until the commit, so that a revision is
    never seen before a lower one."""
    up = (
        update(Assistant)
        .where(Assistant.id == assistant_id)
        .values(memory_revision=Assistant.memory_revision + 1, updated_at=Assistant.updated_at)
        .returning(Assistant.memory_revision)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(up).one()


def _settle(session: Session, message_id: str, without: str = "") -> None:
    """Bring the rows of an answer in line with the judgements of it that stand."""
    standing = _standing(session, message_id, without)
    teaching, why = _teaching(standing)
    served = session.get(ServedAnswer, message_id)
    if served is not None:  # it was an approved answer, given again: it teaches nothing new
        row = session.get_one(ApprovedAnswer, served.approved_id)
        _bring_in_line(session, {row: "" if teaching or not standing else REJECTED})
        return
    rows = list(session.scalars(_of_answer(message_id)))
    known, teach = {row.judgement_id for row in rows}, {one.id for one in teaching}
    stand = {one.id for one in standing}
    new = [_made(session, one) for one in teaching if one.id not in known]
    states = {
        row: "" if row.judgement_id in teach else why if row.judgement_id in stand else UNDONE
        for row in rows
    }
    _bring_in_line(session, states, [row for row in new if row])


def _standing(session: Session, message_id: str, without: str) -> list[Judgement]:
    found = select(Judgement).where(
        Judgement.message_id == message_id,
        Judgement.withdrawn_at.is_(None),
        Judgement.kind != "calibration",  # how it should be judged was known before
        Judgement.id != without,
    )
    return list(session.scalars(found.order_by(Judgement.created_at, Judgement.id)))


def _teaching(standing: Sequence[Judgement]) -> tuple[list[Judgement], str]:
    """Those that teach, and why the others do not."""
    decisions = [one for one in standing if one.kind == "adjudication"]
    deciding = decisions[-1:] or list(standing)
    disputed = any(one.verdict not in TEACHES for one in deciding)
    return [] if disputed else deciding, DECIDED if decisions else DISPUTED


def _of_answer(message_id: str) -> Any:
    return select(ApprovedAnswer).where(ApprovedAnswer.message_id == message_id)


def _bring_in_line(
    session: Session, states: dict[ApprovedAnswer, str], new: Sequence[ApprovedAnswer] = ()
) -> None:
    """Retire the rows that have a reason, bring back the others; a person's own word stays."""
    touched = []
    for row, why in states.items():
        if row.retired_why != why and (row.retired_at is None or row.retired_why in BY_JUDGEMENTS):
            row.retired_at, row.retired_why = clock.now() if why else None, why
            touched.append(row)
    session.add_all(new)
    session.flush()
    changed(session, [*touched, *new])


def _made(session: Session, judgement: Judgement) -> ApprovedAnswer | None:
    """The row a judgement teaches; None where no question can be told that stands alone."""
    answer = session.get_one(Message, judgement.message_id)
    question = session.get(Message, answer.parent_id or "")
    if question is None or (question.parent_id and not answer.search_query):
        return None
    return ApprovedAnswer(
        id=db.new_id(),
        assistant_id=session.get_one(Conversation, answer.conversation_id).assistant_id,
        judgement_id=judgement.id,
        message_id=answer.id,
        person_id=judgement.person_id,
        question=privacy.mask(answer.search_query or question.text, privacy.KINDS).text,
        answer=judgement.correction or answer.text,
        corrected=judgement.verdict == "corrected",
        passages=_passages(session, judgement),
        created_at=judgement.created_at or clock.now(),
    )


def _passages(session: Session, judgement: Judgement) -> list[dict[str, Any]]:
    """What the answer rests on: passages marked right, and those it cites unless marked otherwise.

    Where the search was to blame, what was cited is not taken without a mark.
    """
    marks = judgement.passages or {}
    blamed = judgement.failure_type == "retrieval"
    cites = select(Citation.passage_id).where(Citation.message_id == judgement.message_id)
    cited = set() if blamed else set(session.scalars(cites))
    of_answer = select(Passage).where(Passage.message_id == judgement.message_id)
    return [
        {
            "document_id": row.document_id,
            "version": row.document_version,
            "digest": digest_of(row.heading, row.text),
            "text": row.text,
        }
        for row in session.scalars(of_answer.order_by(Passage.rank))
        if marks.get(row.id, "right" if row.id in cited else "") == "right"
    ]
