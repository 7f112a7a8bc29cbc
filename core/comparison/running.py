"""An evaluation run at work: its questions are answered a few at a time, side by side or in turn.

In: runs that wait. Out: their answers and scores, one by one. Always holds: one process at a time works
on a run, and one that dies loses its place when its lease is over; no answer that has come is asked
for again, by whomever; a run whose server is away ends as failed, with the reason, and can go on.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from core import clock, db, retrieval
from core.access import allowed
from core.chat import writing
from core.comparison import asking, evaluations, reusing
from core.comparison.estimating import STOPPED
from core.comparison.types import SIDES, Side
from core.db.tables import Assistant, Comparison, EvaluationRun, Message
from core.errors import CicloError, NotFound
from core.i18n import _
from core.retrieval import leases

log = logging.getLogger("ciclo.comparison")
LEASE = timedelta(seconds=15)
LOOK_EVERY = 0.5  # seconds, whether the run was cancelled
IN_A_ROW = 5  # answers of one side that fail for a server that is away, before the run does
AWAY = ("busy", "not_reachable", "model_missing", "no_key", "not_installed", "not_configured")
AT_ONCE = 500  # ids of one statement

Task = tuple[Comparison, Side]


def keep_running() -> None:
    """The loop's turn: the runs that wait, or whose process has died, the oldest first."""
    with db.session() as session:
        wanted = select(EvaluationRun.id).where(EvaluationRun.state.in_(evaluations.OPEN), _free())
        ids = list(session.scalars(wanted.order_by(EvaluationRun.created_at)))
    for run_id in ids:
        with suppress(NotFound):  # removed meanwhile, with its assistant
            work(run_id)


@allowed("compare")
def work(run_id: str) -> EvaluationRun:
    """Answer what a run has left to answer, unless another process does; the run as it then stands."""
    with _alone(run_id) as alone:
        if alone and (row := _begun(run_id)):
            _worked(row)
    with db.session() as session:
        return evaluations.found(session, run_id)


def forget_unanswered(session: Session, row: EvaluationRun) -> int:
    """Make room for answers that did not come because a server was away, or Ciclo was ended; how many
    questions wait again."""
    none = or_(Message.error_code.in_((*AWAY, STOPPED)), Message.finish_reason == writing.ABANDONED)
    again: set[str] = set()
    for column in (Comparison.a_answer_id, Comparison.b_answer_id):
        pairs = (
            select(Comparison.id, Message.id)
            .join(Message, Message.id == column)
            .where(Comparison.run_id == row.id, Message.state == "done", none)
        )
        found = session.execute(pairs).all()
        again |= {comparison_id for comparison_id, _answer in found}
        for part in _parts([answer_id for _comparison, answer_id in found]):
            session.execute(delete(Message).where(Message.id.in_(part)))
    for part in _parts(sorted(again)):
        waits = update(Comparison).where(Comparison.id.in_(part))
        session.execute(waits.values(done_at=None, scores={}, learned=""))
    return len(again)


@dataclass
class _Work:
    """A run being answered by a few threads: what is left, what failed in a row, why to stop."""

    run_id: str
    tasks: Iterator[Task]
    lock: Lock = field(default_factory=Lock)
    over: Event = field(default_factory=Event)
    in_a_row: Counter[str] = field(default_factory=Counter)
    live: dict[str, str] = field(default_factory=dict)  # answers in the making
    states: dict[str, str] = field(default_factory=dict)  # of the documents, by answer
    failed: str = ""

    def next(self) -> Task | None:
        """The next side to be answered; None where there is none, or nobody wants it."""
        with self.lock:
            task = None if self.over.is_set() else next(self.tasks, None)
            if task:
                self.live[_answer_id(*task)] = task[1]
            return task

    def done(self, task: Task, message: Message) -> None:
        """Count what failed in a row; the run ends where it is the server."""
        with self.lock:
            self.live.pop(_answer_id(*task), None)
            away = message.error_code in AWAY
            self.in_a_row[task[1]] = self.in_a_row[task[1]] + 1 if away else 0
            if self.in_a_row[task[1]] >= IN_A_ROW:
                self.give_up(message.error)

    def give_up(self, why: str) -> None:
        """Ask nothing more."""
        self.failed = self.failed or why
        self.over.set()

    def stop(self) -> None:
        """Ask nothing more, and end what is being written."""
        self.over.set()
        with self.lock:
            living = list(self.live)
        for answer_id in living:
            asking.stop_quietly(answer_id)


def _worked(row: EvaluationRun) -> None:
    """Answer all that is left with as many threads as the run may have."""
    doing = _Work(row.id, iter(_tasks(row)))
    threads = [
        Thread(target=_answer, args=(doing,), name=f"ciclo-evaluation-{n}", daemon=True)
        for n in range(max(1, int(row.settings.get("parallel") or evaluations.PARALLEL)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(LOOK_EVERY)
            if thread.is_alive() and not _wanted(row.id):
                doing.stop()
    _settle(doing)


def _answer(doing: _Work) -> None:
    while task := doing.next():
        try:
            began, state = clock.now(), retrieval.state(task[0].assistant_id)
            message = asking.answer_side(*task)
            same = retrieval.state(task[0].assistant_id) == state
            if same and message.created_at >= began:
                doing.states[message.id] = state
            doing.done(task, message)
            if message.error_code != STOPPED:
                _finish(task[0], doing.states)
        except CicloError as error:  # its version, mode or question is there no more
            doing.give_up(error.message)
        except Exception:
            log.exception("a side of a run failed", extra={"run_id": doing.run_id})
            doing.give_up(_("A question failed inside Ciclo; the log says why."))


def _finish(row: Comparison, states: Mapping[str, str]) -> None:
    """Score a comparison once both of its sides have ended, and keep over which documents."""
    if _answered(row.id) != set(SIDES):
        return
    ids = {side: _answer_id(row, side) for side in SIDES}
    told: dict[str, str] = {side: states[one] for side, one in ids.items() if one in states}
    with db.writing() as session:
        stored = session.get(Comparison, row.id)
        if stored is not None:
            stored.settings = reusing.noted(stored, told)
    asking.finish(row)


def _settle(doing: _Work) -> None:
    """The run's end: done, failed, or left as it is where somebody has cancelled it or this process
    is being ended."""
    with db.writing() as session:
        if doing.failed:
            evaluations.ended(session, doing.run_id, evaluations.FAILED, doing.failed)
        elif not evaluations.left(session, doing.run_id):
            evaluations.ended(session, doing.run_id, evaluations.DONE)


def _begun(run_id: str) -> EvaluationRun | None:
    """The run, at work from now on; None where it is not to be."""
    with db.writing() as session:
        row = evaluations.found(session, run_id)
        if row.state not in evaluations.OPEN:
            return None
        if not _lives(session, row):
            evaluations.ended(session, run_id, evaluations.FAILED, _("The assistant was removed."))
            return None
        forget_unanswered(session, row)
        row.state, row.started_at = evaluations.RUNNING, row.started_at or clock.now()
        return row


def _wanted(run_id: str) -> bool:
    """Whether nobody has cancelled the run, or removed it or its assistant."""
    with db.session() as session:
        row = session.get(EvaluationRun, run_id)
        if row is None or row.state != evaluations.RUNNING:
            return False
        if _lives(session, row):
            return True
    with db.writing() as session:
        evaluations.ended(session, run_id, evaluations.FAILED, _("The assistant was removed."))
    return False


def _lives(session: Session, row: EvaluationRun) -> bool:
    assistant = session.get(Assistant, row.assistant_id)
    return assistant is not None and assistant.removed_at is None


def _tasks(row: EvaluationRun) -> list[Task]:
    """The sides without an answer, in the order in which they are asked; a comparison that only lacks
    its scores is there with its last. The order is drawn (ids are), so that what is answered when
    somebody looks before the end is a sample of the questions."""
    with db.session() as session:
        waiting = select(Comparison).where(*evaluations.unended(row.id)).order_by(Comparison.id)
        rows = list(session.scalars(waiting))
        ended = _ended(session, row.id)
    lacking: list[Task] = []
    for number, one in enumerate(rows):
        order = SIDES[::-1] if number % 2 else SIDES  # who comes second finds caches warm
        sides = [side for side in order if _answer_id(one, side) not in ended]
        lacking += [(one, side) for side in sides or order[-1:]]
    in_turn = row.settings.get("in_turn")
    return sorted(lacking, key=lambda task: task[1]) if in_turn else lacking


def _ended(session: Session, run_id: str) -> set[str]:
    """The ids of a run's answers that have ended."""
    found: set[str] = set()
    for column in (Comparison.a_answer_id, Comparison.b_answer_id):
        answers = select(Message.id).join(Comparison, Message.id == column)
        found |= set(
            session.scalars(answers.where(Comparison.run_id == run_id, Message.state == "done"))
        )
    return found


def _answered(comparison_id: str) -> set[Side]:
    """The sides whose answer has ended."""
    with db.session() as session:
        row = session.get(Comparison, comparison_id)
        if row is None:
            return set()
        ids = {_answer_id(row, side): side for side in SIDES}
        ended = select(Message.id).where(Message.id.in_(ids), Message.state == "done")
        return {ids[answer_id] for answer_id in session.scalars(ended)}


def _answer_id(row: Comparison, side: Side) -> str:
    return row.a_answer_id if side == "a" else row.b_answer_id


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


@contextmanager
def _alone(run_id: str) -> Iterator[bool]:
    """Whether this process may work on the run; within the block no other does.

    The lease of a process that died runs out. Two that both believe to have it ask no model twice:
    an answer has one row.
    """
    if not _lease(run_id, clock.now() + LEASE, _free()):
        yield False
        return
    try:
        with leases.held(LEASE, lambda: _lease(run_id, clock.now() + LEASE)):
            yield True
    finally:
        _lease(run_id, None)


def _free() -> Any:
    now = clock.now()
    return or_(
        EvaluationRun.lease_until.is_(None),
        EvaluationRun.lease_until < now,
        EvaluationRun.lease_until > now + 2 * LEASE,  # the clock was set back
    )


def _lease(run_id: str, until: datetime | None, *which: Any) -> bool:
    with db.writing() as session:
        done: Any = session.execute(
            update(EvaluationRun)
            .where(EvaluationRun.id == run_id, *which)
            .values(lease_until=until)
            .execution_options(synchronize_session=False)
        )
        return bool(done.rowcount)
