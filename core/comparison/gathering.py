"""The rows of a run as the verdict takes them: which questions count, and the scores as columns.

In: a run's id. Out: ``Gathered``. Always holds: a question that one of the versions learned from does
not count, nor does one that was there before in other letters; how many these are is kept.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session, aliased

from core import db
from core.comparison import evaluations
from core.comparison.findings import Columns, Named
from core.comparison.measured import FAILED
from core.comparison.pairing import remembers
from core.comparison.types import SIDES
from core.db.tables import Comparison, EvaluationRun, Message, Model, Version
from core.retrieval import likeness

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

BROKEN = ("error", "cut_off")  # outcomes of an answer that is none
A, B = aliased(Message), aliased(Message)
ROWS = (
    select(
        Comparison.id,
        Comparison.position,
        Comparison.question,
        Comparison.language,
        Comparison.topic,
        Comparison.assistant_id,
        Comparison.learned,
        cast(Comparison.reference, Text),
        cast(Comparison.scores, Text),
        A.outcome,
        B.outcome,
        A.text == B.text,
    )
    .outerjoin(A, A.id == Comparison.a_answer_id)
    .outerjoin(B, B.id == Comparison.b_answer_id)
    .where(Comparison.removed_at.is_(None), Comparison.done_at.is_not(None))
    .order_by(Comparison.position, Comparison.id)
)


class Asked(NamedTuple):
    """A question of a run that both sides have done with. ``failed``: {"a": 0.0 or 1.0, ...}."""

    id: str
    position: int | None
    question: str
    language: str
    topic: str
    assistant_id: str
    learned: str
    reference: dict[str, Any]
    scores: dict[str, dict[str, Any]]
    failed: dict[str, float]
    alike: bool

    def value(self, scorer: str, side: str) -> float | None:
        """What a scorer says of a side, None where nothing."""
        told = self.failed.get(side) if scorer == FAILED else self.scores[side].get(scorer)
        return None if told is None else float(told)


@dataclass(frozen=True)
class Gathered:
    """A run with its questions as far as they are done, in their order."""

    run: EvaluationRun
    versions: dict[str, Named]
    rows: Sequence[Any]
    print: int  # of all this: the same for the same rows

    @cached_property
    def done(self) -> list[Asked]:
        """The questions that both sides have done with."""
        return [_asked(row) for row in self.rows]

    @cached_property
    def unlearned(self) -> list[Asked]:
        """Without those that a version learned from."""
        return [one for one in self.done if not one.learned]

    @cached_property
    def counted(self) -> list[Asked]:
        """Those of them that count: answered, and each question once."""
        first: dict[tuple[str, str], Asked] = {}
        for one in self.unlearned:
            if one.failed:
                first.setdefault((one.assistant_id, likeness.normal(one.question)), one)
        return list(first.values())

    @cached_property
    def unanswered(self) -> int:
        """How many were stopped before there was an answer."""
        return sum(not one.failed for one in self.unlearned)

    @property
    def ended(self) -> bool:
        """Whether the run went to its planned end."""
        return self.run.state == "done"

    @property
    def smallest(self) -> float | None:
        """The difference that matters as the run names it, as a share."""
        told = self.run.settings.get("smallest")
        return float(told) if told and 0 < float(told) < 1 else None

    @property
    def wanted(self) -> list[str]:
        """The scorers that were named when the run began, so that they decide; [] for the usual ones."""
        return [str(name) for name in self.run.settings.get("scorers") or ()]

    def said(self) -> set[str]:
        """Every scorer that has said something of what counts."""
        return {name for one in self.counted for side in SIDES for name in one.scores[side]}

    def said_by_any(self) -> set[str]:
        """Every scorer that has said something of anything."""
        return {name for one in self.done for side in SIDES for name in one.scores[side]}

    def columns(self, names: Iterable[str], rows: list[Asked] | None = None) -> Columns:
        """Per scorer the values of both sides, question by question."""

        counted = self.counted if rows is None else rows
        return {name: (_column(counted, name, "a"), _column(counted, name, "b")) for name in names}


def _column(rows: Iterable[Asked], scorer: str, side: str) -> "Array":
    """A scorer's values of one side, NaN where there is none."""
    import numpy as np

    if scorer == FAILED:
        return np.array([one.failed.get(side) for one in rows], dtype=float)
    return np.array([one.scores[side].get(scorer) for one in rows], dtype=float)


def gather(run_id: str) -> Gathered:
    """A run with what its comparisons hold now; NotFound where there is none."""
    with db.session() as session:
        run = evaluations.found(session, run_id)
        versions: dict[str, Named] = {
            side: _named(session, getattr(run, f"{side}_version_id")) for side in SIDES
        }
        rows = session.execute(ROWS.where(Comparison.run_id == run_id)).all()
    state = (run.id, run.state, run.n, json.dumps(run.settings, sort_keys=True, default=str))
    seen = hash((state, tuple(tuple(row) for row in rows)))
    return Gathered(run, versions, rows, seen)


def _asked(row: Any) -> Asked:
    reference, told = json.loads(row[7] or "{}"), json.loads(row[8] or "{}")
    scores = {side: told.get(side) or {} for side in SIDES}
    failed: dict[str, float] = {}
    for side, outcome in zip(SIDES, row[9:11], strict=True):
        said = scores[side].get(FAILED)
        if said is not None:
            failed[side] = float(said)
        elif outcome or scores[side]:
            failed[side] = float(outcome in BROKEN)
    answered = failed if len(failed) == 2 else {}
    alike = bool(row[11]) and not any(answered.values())
    return Asked._make([*row[:7], reference, scores, answered, alike])


def _named(session: Session, version_id: str) -> Named:
    version = session.get_one(Version, version_id)
    model = session.get_one(Model, version.model_id)
    return Named(version.id, version.number, f"{model.provider}:{model.name}", remembers(version))
