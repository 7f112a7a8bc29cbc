"""Which versions learned from a question, so that no verdict rests on what they were taught.

In: a version and a question, or a comparison. Out: whether the memory of approved questions held that
very question (case, accents and marks aside) when the version answered, and had a say in it: through
the search, or by giving the approved answer. Always holds: what was approved later, had been retired
by then, or lies after a version's freeze was not learned; what was retired since, was.
"""

from datetime import datetime

from sqlalchemy import select

from core import db
from core.comparison.pairing import remembers
from core.comparison.types import SIDES
from core.db.tables import ApprovedAnswer, Comparison, Message, Version
from core.retrieval import likeness
from core.retrieval.memory import DEFAULTS, LIFT, SERVE


def learned(version: Version, question: str, at: datetime | None = None) -> bool:
    """Whether the version had learned from this very question at a moment (now)."""
    return remembers(version) and _knew(version, question, at)


def learned_by(row: Comparison) -> str:
    """ "", "a", "b" or "both", each at the moment of its own answer."""
    with db.session() as session:
        own = [session.get_one(Version, getattr(row, f"{side}_version_id")) for side in SIDES]
        answers = [session.get(Message, getattr(row, f"{side}_answer_id")) for side in SIDES]
    searching = [own[0], own[0] if row.settings.get("same_passages") else own[1]]
    who = [
        side
        for side, version, searched, answer in zip(SIDES, own, searching, answers, strict=True)
        if _taught(version, searched, row.question, answer.created_at if answer else None)
    ]
    return "both" if len(who) == 2 else "".join(who)


def _taught(version: Version, searched: Version, question: str, at: datetime | None) -> bool:
    """``searched`` is the version by whose settings the passages were found."""
    lifts = _does(searched, LIFT) and _knew(searched, question, at)
    return lifts or (_does(version, SERVE) and _knew(version, question, at))


def _does(version: Version, switch: str) -> bool:
    return bool((DEFAULTS | version.retrieval)[switch])


def _knew(version: Version, question: str, at: datetime | None) -> bool:
    """Whether the question was in the memory as the version saw it then."""
    known = [moment for moment in (at, version.memory_freeze) if moment]
    until = min(known) if known else None
    if likeness.kept(version.assistant_id, question, until):
        return True
    return at is not None and _forgotten(version.assistant_id, question, until or at, at)


def _forgotten(assistant_id: str, question: str, until: datetime, at: datetime) -> bool:
    """Whether it was approved by ``until``, and retired only after ``at``."""
    rows = select(ApprovedAnswer.question).where(
        ApprovedAnswer.assistant_id == assistant_id,
        ApprovedAnswer.created_at <= until,
        ApprovedAnswer.retired_at > at,
    )
    words = likeness.normal(question)
    with db.session() as session:
        return any(likeness.normal(one) == words for one in session.scalars(rows))
