"""Comparisons in a list, with both versions and how each side ended, by one look at the database.

In: whose, and from where on. Out: ``Line``s, newest first. Always holds: removed ones are in no list,
and come back with ``restore``.
"""

from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, aliased

from core import db
from core.access import allowed
from core.comparison.asking import no_comparison
from core.comparison.types import Side
from core.db.tables import Comparison, Message, Model, Version, Vote


@dataclass(frozen=True)
class Ended:
    """One side of a line: its version and model, and its answer's outcome ("" while none is there)."""

    version: Version
    model: Model
    outcome: str

    @property
    def failed(self) -> bool:
        """Whether it ended without an answer of its own."""
        return self.outcome in ("error", "cut_off")


@dataclass(frozen=True)
class Line:
    """A comparison with both sides; ``votes`` are the choices that stand, one a person."""

    row: Comparison
    a: Ended
    b: Ended
    votes: tuple[str, ...] = ()

    def side(self, side: Side) -> Ended:
        """The one or the other."""
        return self.a if side == "a" else self.b


@allowed("read")
def lines(
    assistant_id: str, *, source: str = "hand", limit: int = 20, before: str = ""
) -> list[Line]:
    """The assistant's comparisons from ``source``, newest first; ``before`` is the id of the last one
    seen."""
    a, b = (aliased(Version), aliased(Model), aliased(Message)), (
        aliased(Version), aliased(Model), aliased(Message),
    )  # fmt: skip
    wanted = (
        select(Comparison, a[0], a[1], a[2].outcome, b[0], b[1], b[2].outcome)
        .join(a[0], a[0].id == Comparison.a_version_id)
        .join(a[1], a[1].id == a[0].model_id)
        .outerjoin(a[2], a[2].id == Comparison.a_answer_id)
        .join(b[0], b[0].id == Comparison.b_version_id)
        .join(b[1], b[1].id == b[0].model_id)
        .outerjoin(b[2], b[2].id == Comparison.b_answer_id)
        .where(
            Comparison.assistant_id == assistant_id,
            Comparison.source == source,
            Comparison.removed_at.is_(None),
        )
        .order_by(Comparison.created_at.desc(), Comparison.id.desc())
        .limit(limit)
    )
    with db.session() as session:
        last = session.get(Comparison, before) if before else None
        if last is not None:
            place = tuple_(Comparison.created_at, Comparison.id)
            wanted = wanted.where(place < (last.created_at, last.id))
        rows = session.execute(wanted).all()
        votes = _votes(session, [row[0].id for row in rows])
    return [
        Line(row[0], Ended(*row[1:3], row[3] or ""), Ended(*row[4:6], row[6] or ""),
             tuple(votes.get(row[0].id, ())))
        for row in rows
    ]  # fmt: skip


def _votes(session: Session, ids: list[str]) -> dict[str, list[str]]:
    standing = select(Vote.comparison_id, Vote.choice).where(
        Vote.comparison_id.in_(ids), Vote.withdrawn_at.is_(None)
    )
    votes: dict[str, list[str]] = {}
    for comparison_id, choice in session.execute(standing):
        votes.setdefault(comparison_id, []).append(choice)
    return votes


@allowed("compare")
def restore(comparison_id: str) -> None:
    """Bring a removed comparison back; NotFound where there is none."""
    with db.writing() as session:
        row = session.get(Comparison, comparison_id)
        if row is None:
            raise no_comparison(comparison_id)
        row.removed_at = None
