"""Comparisons in a list, with both versions and how each side ended, by one look at the database.

In: whose, and from where on. Out: ``Line``s, newest first. Always holds: removed ones are in no list,
and come back with ``restore``.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, tuple_
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
    assistant_id: str = "",
    *,
    run_id: str = "",
    source: str = "",
    limit: int = 20,
    before: str = "",
) -> list[Line]:
    """The comparisons that fit, newest first (a run's: in the order of its questions); ``before`` is
    the id of the last one seen."""
    wanted = _sided().where(Comparison.removed_at.is_(None)).limit(limit)
    for column, value in (("assistant_id", assistant_id), ("run_id", run_id), ("source", source)):
        if value:
            wanted = wanted.where(getattr(Comparison, column) == value)
    with db.session() as session:
        last = session.get(Comparison, before) if before else None
        rows = session.execute(_placed(wanted, last, bool(run_id))).all()
        votes = _votes(session, [row[0].id for row in rows])
    return [
        Line(row[0], _ended(*row[1:4]), _ended(*row[4:7]), tuple(votes.get(row[0].id, ())))
        for row in rows
    ]


def _sided() -> Select[Any]:
    """Comparisons with version, model and outcome of either side."""
    wanted: Select[Any] = select(Comparison)
    for version_id, answer_id in (
        (Comparison.a_version_id, Comparison.a_answer_id),
        (Comparison.b_version_id, Comparison.b_answer_id),
    ):
        version, model, message = aliased(Version), aliased(Model), aliased(Message)
        wanted = (
            wanted.add_columns(version, model, message.outcome)
            .join(version, version.id == version_id)
            .join(model, model.id == version.model_id)
            .outerjoin(message, message.id == answer_id)
        )
    return wanted


def _placed(wanted: Select[Any], last: Comparison | None, of_run: bool) -> Select[Any]:
    """In their order, from the one after ``last``."""
    if of_run:
        wanted = wanted.order_by(Comparison.position)
        return wanted.where(Comparison.position > last.position) if last else wanted
    wanted = wanted.order_by(Comparison.created_at.desc(), Comparison.id.desc())
    place = tuple_(Comparison.created_at, Comparison.id)
    return wanted.where(place < (last.created_at, last.id)) if last else wanted


def _ended(version: Version, model: Model, outcome: str | None) -> Ended:
    return Ended(version, model, outcome or "")


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
