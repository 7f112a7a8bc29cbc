"""Comparisons in a list, with both versions and how each side ended, by one look at the database.

In: whose, and from where on. Out: ``Line``s, newest first. Always holds: removed ones are in no list,
and come back with ``restore``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from core import audit, db
from core.access import allowed, seen
from core.comparison.asking import no_comparison
from core.comparison.types import Side
from core.db.tables import Comparison, Message, Model, Version, Vote

_A, _B = aliased(Message), aliased(Message)


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
    assistant_id: str = "",
    *,
    run_id: str = "",
    source: str = "",
    limit: int = 20,
    before: str = "",
) -> list[Line]:
    """The comparisons that fit, newest first (a run's: in the order of its questions); ``before`` is
    the id of the last one seen."""
    wanted: Any = (
        select(Comparison, _A.outcome, _B.outcome)
        .outerjoin(_A, _A.id == Comparison.a_answer_id)
        .outerjoin(_B, _B.id == Comparison.b_answer_id)
        .where(Comparison.removed_at.is_(None), seen(Comparison.assistant_id))
        .limit(limit)
    )
    for column, value in (("assistant_id", assistant_id), ("run_id", run_id), ("source", source)):
        if value:
            wanted = wanted.where(getattr(Comparison, column) == value)
    with db.session() as session:
        last = session.get(Comparison, before) if before else None
        rows = session.execute(_placed(wanted, last, bool(run_id))).all()
        named = _versions(session, [row for row, _a, _b in rows])
        votes = _votes(session, [row.id for row, _a, _b in rows])
    if rows:
        audit.looked("comparisons", run_id or assistant_id, assistant_id)
    return [
        Line(
            row,
            Ended(*named[row.a_version_id], a or ""),
            Ended(*named[row.b_version_id], b or ""),
            tuple(votes.get(row.id, ())),
        )
        for row, a, b in rows
    ]


@allowed("read")
def of_answer(answer_id: str) -> str:
    """The id of the comparison that an answer was given for; "" where it was given in a chat."""
    either = or_(Comparison.a_answer_id == answer_id, Comparison.b_answer_id == answer_id)
    kept = (Comparison.source != "chat", Comparison.removed_at.is_(None))
    with db.session() as session:
        return session.scalar(select(Comparison.id).where(either, *kept).limit(1)) or ""


def _versions(session: Session, rows: Sequence[Comparison]) -> dict[str, tuple[Version, Model]]:
    """The versions that these compare, by id, with their models."""
    ids = {one for row in rows for one in (row.a_version_id, row.b_version_id)}
    found = select(Version, Model).join(Model, Model.id == Version.model_id)
    return {
        version.id: (version, model)
        for version, model in session.execute(found.where(Version.id.in_(ids)))
    }


def _placed(wanted: Select[Any], last: Comparison | None, of_run: bool) -> Select[Any]:
    """In their order, from the one after ``last``."""
    if of_run:
        wanted = wanted.order_by(Comparison.position)
        return wanted.where(Comparison.position > last.position) if last else wanted
    wanted = wanted.order_by(Comparison.created_at.desc(), Comparison.id.desc())
    place = tuple_(Comparison.created_at, Comparison.id)
    return wanted.where(place < (last.created_at, last.id)) if last else wanted


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
