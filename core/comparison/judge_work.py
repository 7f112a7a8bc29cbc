"""A run's comparisons go before a judge once all answers are there: one call after the other.

In: a run whose judge somebody named. Out: opinions and scores. Always holds: nobody is called where no
person named a model; one process at a time asks for a run; a process that dies leaves off where
another goes on; whoever says stop is heard before the next call; where the model is away, it ends
and says so.
"""

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core import access, db
from core.annotation.judges import checked_judge
from core.comparison import evaluations, judge_asking
from core.comparison.asking import no_comparison
from core.comparison.judge_asking import MOST, Judged
from core.db.tables import Comparison, EvaluationRun
from core.errors import Conflict, InvalidInput
from core.i18n import _
from core.retrieval import leases

log = logging.getLogger("ciclo.comparison")
LEASE = timedelta(seconds=60)
IN_A_ROW = 3  # calls that find nobody there before a run is left alone
ENDED = (evaluations.DONE, evaluations.CANCELLED, evaluations.FAILED)
STATE = evaluations.JUDGING
WANTED, STOPPED, FAILED, DONE = "wanted", "stopped", "failed", "done"


@dataclass(frozen=True)
class JudgedRun:
    """What one turn at a run came to: ``opinions`` stored, ``failed`` {code: how often}, ``why`` the
    last failure was; ``state`` wanted | stopped | failed | done."""

    run_id: str
    model: str
    state: str
    opinions: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    why: str = ""


@access.allowed("compare")
def begin_judge(run_id: str, model: str = "", repetitions: int | None = None) -> EvaluationRun:
    """Name a run's judge (else the one it has); the background asks it as soon as all answers are
    there, and again for what failed.

    InvalidInput for what is no model that can judge, or repetitions out of bounds.
    """
    with db.session() as session:
        named = evaluations.found(session, run_id).settings.get("judge") or ""
    full = _named(model or named)
    with db.writing() as session:
        row = evaluations.found(session, run_id)
        again = checked_repetitions(repetitions or row.settings.get("repetitions") or 1)
        _set(row, judge=full, repetitions=again, **{STATE: WANTED})
        return row


@access.allowed("compare")
def stop_judge(run_id: str) -> EvaluationRun:
    """Ask no further; what was said stays. Nothing happens where nothing is asked."""
    with db.writing() as session:
        row = evaluations.found(session, run_id)
        if row.settings.get("judge") and row.settings.get(STATE, WANTED) == WANTED:
            _set(row, **{STATE: STOPPED})
        return row


@access.allowed("compare")
def judge(run_id: str, model: str = "", repetitions: int | None = None) -> JudgedRun:
    """Name a run's judge and ask it now; blocks until all is said, it is stopped or the model is away.

    Conflict while the run is still being answered, or its judge is being asked already.
    """
    if evaluations.run(run_id).state not in ENDED:
        raise Conflict(
            _("This run is still being answered."),
            hint=_("Name its judge when it starts, or ask again when it has ended."),
            code="still_running",
        )
    with _alone(run_id) as alone:
        if not alone:
            raise Conflict(
                _("The judge of this run is being asked right now."),
                hint=_("Try again in a moment."),
                code="judging",
            )
        return _worked(begin_judge(run_id, model, repetitions))


@access.allowed("compare")
def judge_one(comparison_id: str, model: str, repetitions: int = 1) -> Judged:
    """Ask a model about one comparison whose sides have ended; Conflict while they have not."""
    full, again = _named(model), checked_repetitions(repetitions)
    with db.session() as session:
        row = session.get(Comparison, comparison_id)
    if row is None or row.removed_at:
        raise no_comparison(comparison_id)
    if row.done_at is None:
        raise Conflict(
            _("One of the two answers is still being written."),
            hint=_("Try again in a moment."),
            code="still_running",
        )
    return judge_asking.judge_row(row, full, again)


def keep_judging() -> list[JudgedRun]:
    """The loop's turn: the runs that are answered and whose judge has something left to say; those
    that ended early only where somebody said so since."""
    with db.session() as session:
        named = EvaluationRun.settings["judge"].as_string() != ""
        ended = select(EvaluationRun).where(EvaluationRun.state.in_(ENDED), named)
        rows = list(session.scalars(ended.order_by(EvaluationRun.created_at)))
    usual = {evaluations.DONE: WANTED}
    waiting = [r.id for r in rows if r.settings.get(STATE, usual.get(r.state)) == WANTED]
    return [one for run_id in waiting if (one := _kept(run_id))]


def _kept(run_id: str) -> JudgedRun | None:
    with _alone(run_id) as alone:
        with db.session() as session:
            row = session.get(EvaluationRun, run_id)
        if not alone or row is None:
            return None
        try:
            return _worked(row)
        except (
            Exception
        ):  # its assistant is gone, or a mistake of ours: not every few seconds again
            log.exception("a run was not judged", extra={"run_id": run_id})
            return _ended(row, Judged(), FAILED)


def _worked(row: EvaluationRun) -> JudgedRun:
    """Ask about every comparison that a verdict may count, in the order of the questions."""
    model, again = str(row.settings["judge"]), int(row.settings.get("repetitions") or 1)
    by, told = judge_asking.rules(row.assistant_id), Judged()

    def wanted() -> bool:
        return _wanted(row.id, model)

    for one in _left(row.id):
        if not wanted() or told.in_a_row >= IN_A_ROW:
            break
        judge_asking.judge_row(one, model, again, by=by, told=told, wanted=wanted)
    return _ended(row, told, FAILED if told.in_a_row else DONE)  # nobody was there at last


def _ended(row: EvaluationRun, told: Judged, state: str) -> JudgedRun:
    """Write down how it ended, unless somebody has said stop or named another judge."""
    model = str(row.settings["judge"])
    with db.writing() as session:
        stored = session.get(EvaluationRun, row.id)
        if stored is not None and _is_wanted(stored, model):
            _set(stored, **{STATE: state})
        state = stored.settings.get(STATE, WANTED) if stored else STOPPED
    return JudgedRun(row.id, model, state, told.opinions, dict(told.failed), told.why)


def _left(run_id: str) -> list[Comparison]:
    """The comparisons of a run of which a verdict may tell: ended, and nobody learned the question."""
    ended = select(Comparison).where(*counting(run_id)).order_by(Comparison.position)
    with db.session() as session:
        return list(session.scalars(ended))


def counting(run_id: str) -> tuple[Any, ...]:
    """Conditions on these."""
    return (
        Comparison.run_id == run_id,
        Comparison.done_at.is_not(None),
        Comparison.removed_at.is_(None),
        Comparison.learned == "",
    )


def checked_repetitions(given: int) -> int:
    """How often a judge may be asked the same; InvalidInput for what is out of bounds."""
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= MOST:
        raise InvalidInput(
            _("A judge is asked 1 to {most} times, not {n}.").format(most=MOST, n=str(given)[:40]),
            field="repetitions",
        )
    return given


def _named(model: str) -> str:
    """The model's full name; InvalidInput where none is named."""
    full = checked_judge(model)
    if not full:
        raise InvalidInput(
            _("No judge model is named."), hint=_("Say which: provider:model."), field="model"
        )
    return full


def _wanted(run_id: str, model: str) -> bool:
    with db.session() as session:
        row = session.get(EvaluationRun, run_id)
        return row is not None and row.state in ENDED and _is_wanted(row, model)


def _is_wanted(row: EvaluationRun, model: str) -> bool:
    return row.settings.get("judge") == model and row.settings.get(STATE, WANTED) == WANTED


def _set(row: EvaluationRun, **values: Any) -> None:
    row.settings = {**row.settings, **values}


def _alone(run_id: str) -> AbstractContextManager[bool]:
    """Whether this process may ask for the run; a run that is being answered is taken as well."""
    return leases.alone(EvaluationRun.lease_until, EvaluationRun.id == run_id, LEASE)
