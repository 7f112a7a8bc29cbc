"""What an evaluation will take, before it begins and while it runs: seconds and US dollars.

In: two versions and how many questions, or a run. Out: ``Estimate``, ``Progress``. Always holds: figures
rest on answers that were measured (the version's own, else its model's), and say on how many; where
nothing was measured they are None, never a guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from core import assistants, db, registry
from core.access import allowed
from core.chat import writing
from core.comparison import asking, evaluations
from core.comparison.types import SIDES
from core.db.tables import Comparison, EvaluationRun, Message, Model, Version

LATEST = 100  # answers of a version that an estimate rests on
FAILURES = ("error", "cut_off")
STOPPED = "stopped"  # the error code of an answer that was ended by hand, or with its process


@dataclass(frozen=True)
class Pace:
    """What one answer of a version takes: means of ``n`` measured ones, None where there is none.

    ``of`` is "version", "model" (of other versions of the same model) or "" (nothing was measured).
    ``cost`` in US dollars at the model's prices of today: 0 where it has none.
    """

    n: int = 0
    of: str = ""
    seconds: float | None = None
    tokens_in: float | None = None
    tokens_out: float | None = None
    cost: float | None = None


@dataclass(frozen=True)
class Estimate:
    """What ``n`` questions to two versions will take; None where it cannot be told."""

    n: int
    seconds: float | None
    cost: float | None
    a: Pace
    b: Pace


@dataclass(frozen=True)
class Progress:
    """How far a run is: ``done`` of ``of`` comparisons, ``answers`` of 2 x ``of``; of these ``failed``.

    ``seconds_left`` by the measured pace and ``cost`` so far in US dollars; None where nothing is
    known yet.
    """

    run_id: str
    state: str
    error: str
    done: int
    of: int
    answers: int
    failed: int
    seconds_left: float | None
    cost: float | None
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(1.0, self.answers / (2 * self.of)) if self.of else 1.0


@allowed("compare")
def estimate(
    n: int,
    *,
    assistant: str | None = None,
    a: str = "",
    b: str = "",
    parallel: int = evaluations.PARALLEL,
) -> Estimate:
    """What ``n`` questions will take the two versions (else the usual pair)."""
    chosen = assistants.chosen(assistant)
    versions = asking.chosen_versions(chosen.id, a, b)
    with db.session() as session:
        paces = [_pace(session, one) for one in versions]
    seconds, costs = [one.seconds for one in paces], [one.cost for one in paces]
    together = _sum(seconds)
    return Estimate(
        n=n,
        seconds=None if together is None else n * together / max(1, parallel),
        cost=None if (each := _sum(costs)) is None else n * each,
        a=paces[0],
        b=paces[1],
    )


@allowed("metrics")
def progress(run_id: str) -> Progress:
    """How far a run is now; NotFound where there is none."""
    with db.session() as session:
        row = evaluations.found(session, run_id)
        told = [_told(session, row, side) for side in SIDES]
        of_run = Comparison.run_id == run_id, Comparison.removed_at.is_(None)
        of, done = session.execute(
            select(func.count(), func.count(Comparison.done_at)).where(*of_run)
        ).one()
    costs = [float(one.cost) for one in told if one.cost is not None]
    return Progress(
        run_id=run_id,
        state=row.state,
        error=row.error,
        done=done,
        of=of,
        answers=sum(one.n for one in told),
        failed=sum(int(one.failed) for one in told),
        seconds_left=_left(row, of, told),
        cost=sum(costs) if costs else None,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def _left(row: EvaluationRun, of: int, told: Sequence[Any]) -> float | None:
    """Seconds until the rest is answered, at the pace of what came; a side of which nothing came yet
    is taken to be like the other."""
    if row.state == evaluations.DONE:
        return 0.0
    known = [float(one.seconds) for one in told if one.seconds is not None]
    if not known:
        return None
    usual = sum(known) / len(known)
    each = [usual if one.seconds is None else float(one.seconds) for one in told]
    rest = sum(max(0, of - one.n) * seconds for one, seconds in zip(told, each, strict=True))
    return float(rest / max(1, int(row.settings.get("parallel") or evaluations.PARALLEL)))


def _told(session: Session, row: EvaluationRun, side: str) -> Any:
    """Of one side's answers that came, or failed to: n, failed, mean seconds, cost. One that was
    stopped, or whose writer died, is asked for again."""
    column = Comparison.a_answer_id if side == "a" else Comparison.b_answer_id
    failed = case((Message.outcome.in_(FAILURES), 1), else_=0)
    figures = (
        func.count().label("n"),
        func.coalesce(func.sum(failed), 0).label("failed"),
        func.avg(Message.total_seconds).label("seconds"),
        func.sum(Message.cost).label("cost"),
    )
    answers = select(*figures).select_from(Comparison).join(Message, Message.id == column)
    return session.execute(
        answers.where(
            Comparison.run_id == row.id,
            Comparison.removed_at.is_(None),
            Message.state == "done",
            Message.error_code != STOPPED,
            Message.finish_reason != writing.ABANDONED,
        )
    ).one()


def _pace(session: Session, version: Version) -> Pace:
    """The measured means of a version's latest answers, else of its model's."""
    model = session.get_one(Model, version.model_id)
    same = and_(Message.provider == model.provider, Message.model_name == model.name)
    for of, which in (("version", Message.version_id == version.id), ("model", same)):
        found = _means(session, which)
        if found.n:
            return _measured(model, of, found)
    return Pace(cost=_free_of_charge(model))


def _measured(model: Model, of: str, found: Any) -> Pace:
    seconds, read, said = map(_number, (found.seconds, found.tokens_in, found.tokens_out))
    if read is None or said is None:
        return Pace(found.n, of, seconds, read, said, _free_of_charge(model))
    return Pace(found.n, of, seconds, read, said, registry.cost(model, round(read), round(said)))


def _number(mean: Any) -> float | None:
    """A mean as the databases give it: some of them as a decimal."""
    return None if mean is None else float(mean)


def _means(session: Session, which: ColumnElement[bool]) -> Any:
    """Of the newest answers that are of the version's own making and took time that was measured."""
    latest = (
        select(Message.total_seconds, Message.tokens_in, Message.tokens_out)
        .where(
            which,
            Message.role == "assistant",
            Message.state == "done",
            Message.outcome.not_in(FAILURES),
            Message.cached.is_(False),
            Message.total_seconds.is_not(None),
        )
        .order_by(Message.created_at.desc())
        .limit(LATEST)
        .subquery()
    )
    return session.execute(
        select(
            func.count().label("n"),
            func.avg(latest.c.total_seconds).label("seconds"),
            func.avg(latest.c.tokens_in).label("tokens_in"),
            func.avg(latest.c.tokens_out).label("tokens_out"),
        )
    ).one()


def _free_of_charge(model: Model) -> float | None:
    """0 for a model without prices; None where its tokens are not known."""
    return None if model.price_in or model.price_out else 0.0


def _sum(values: Sequence[float | None]) -> float | None:
    """Of all of them; None where one is not known."""
    known = [one for one in values if one is not None]
    return sum(known) if len(known) == len(values) else None
