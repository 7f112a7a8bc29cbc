"""Evaluation runs: both versions are to answer every question of a list.

In: questions, two versions, how they are asked. Out: an ``EvaluationRun`` whose comparisons wait to be
answered (``running`` does that). Always holds: a run and all its comparisons come into being at once
or not at all; each question is in it once; what was answered stays through cancelling and resuming.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core import access, assistants, clock, db
from core.access import allowed, seen
from core.annotation.judges import checked_judge
from core.comparison import asking, questions, reusing, scorers
from core.comparison.scorers import rules as form
from core.comparison.types import SIDES, Question
from core.db.tables import Comparison, Conversation, EvaluationRun, Message
from core.errors import Conflict, InvalidInput, NotFound
from core.i18n import N_, _, ngettext
from core.text import language_of

WAITING, RUNNING, CANCELLED, DONE, FAILED = "waiting", "running", "cancelled", "done", "failed"
STATES = {
    WAITING: N_("waiting"),
    RUNNING: N_("running"),
    CANCELLED: N_("cancelled"),
    DONE: N_("finished"),
    FAILED: N_("failed"),
}
OPEN = (WAITING, RUNNING)
JUDGING = "judging"  # in the settings: how far its judge is; not there before it was asked
PARALLEL, MOST_PARALLEL = 2, 16  # answers at a time
SMALLEST = 0.03  # the smallest difference that matters, where nobody says another
LONGEST_NAME, LONGEST_SOURCE = 120, 300


@allowed("compare")
def start(
    asked: Sequence[Question],
    *,
    assistant: str | None = None,
    a: str = "",
    b: str = "",
    source: str = "",
    name: str = "",
    parallel: int = PARALLEL,
    same_passages: bool | None = None,
    in_turn: bool | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    scoring: Iterable[str] = (),
    judge: str = "",
    repetitions: int = 1,
    smallest: float = SMALLEST,
    reuse: bool = False,
    rules: Mapping[str, Any] | None = None,
    is_sample: bool = False,
) -> EvaluationRun:
    """A run over the questions (each wording once) that the background begins within seconds.

    ``a``, ``b``, ``same_passages``, ``settings`` are those of ``ask_both``; ``in_turn``: all of a, then all of
    b, so that one small server loads each model once. ``source`` says in words where the questions
    come from. ``scoring``: names of scorers that the verdict shall look at (all). ``smallest``: the
    smallest difference that matters, 0 to 1. ``reuse``: an answer that the same version gave to the
    same question in another run, over the same documents, is taken over. ``rules``: rules of form that
    every answer must keep beside those of its question (scorers.rules). InvalidInput, NotFound.
    """
    chosen = assistants.chosen(assistant)
    wanted = form.for_all(rules or {}, questions.without_doubles(asked))
    versions = asking.chosen_versions(chosen.id, a, b)
    way = asking.ways(versions, same_passages, in_turn, settings)
    for side in SIDES:
        asking.check_way(chosen, way.get(side) or {})
    told = _checked(len(wanted), parallel, scoring, judge, repetitions, smallest)
    somebody = access.acting()
    row = EvaluationRun(
        id=db.new_id(),
        assistant_id=chosen.id,
        name=_line(name, LONGEST_NAME) or _name(len(wanted), source),
        a_version_id=versions[0].id,
        b_version_id=versions[1].id,
        source=_line(source, LONGEST_SOURCE),
        digest=questions.digest(wanted),
        n=len(wanted),
        settings=told | way | {"reuse": reuse, **({"rules": dict(rules)} if rules else {})},
        is_sample=is_sample,
        person_id=somebody.id if somebody else None,
    )
    spoken = [replace(one, language=one.language or language_of(one.text)) for one in wanted]
    with db.writing() as session:  # short: others wait to write
        session.add(row)
        session.flush()
        of_run = {"source": "run", "run_id": row.id, "person_id": row.person_id}
        rows = asking.put_all(session, chosen, spoken, versions, way, **of_run)
        if reuse:
            row.settings = row.settings | {"reused": reusing.take_over(session, chosen.id, rows)}
    return row


@allowed("metrics")
def run(run_id: str) -> EvaluationRun:
    """One of them; NotFound where there is none."""
    with db.session() as session:
        return found(session, run_id)


@allowed("metrics")
def runs(assistant_id: str = "", *, limit: int = 50) -> list[EvaluationRun]:
    """The newest first."""
    wanted = select(EvaluationRun).where(seen(EvaluationRun.assistant_id))
    if assistant_id:
        wanted = wanted.where(EvaluationRun.assistant_id == assistant_id)
    newest = wanted.order_by(EvaluationRun.created_at.desc(), EvaluationRun.id)
    with db.session() as session:
        return list(session.scalars(newest.limit(limit)))


@allowed("compare")
def cancel(run_id: str) -> EvaluationRun:
    """Ask nothing more: answers in the making are stopped, those that came stay. Nothing happens where
    it has ended."""
    with db.writing() as session:
        row = found(session, run_id)
        if row.state in OPEN:
            row.state, row.ended_at = CANCELLED, clock.now()
        return row


@allowed("compare")
def resume(run_id: str) -> EvaluationRun:
    """Go on with a run that was cancelled or failed, or ask again for what failed in one that is done
    because a server was away. What was answered is not asked again.

    Conflict where there is nothing to do.
    """
    from core.comparison import running

    with db.writing() as session:
        row = found(session, run_id)
        if row.state in OPEN:
            return row
        if row.state == DONE and not running.forget_unanswered(session, row):
            raise Conflict(
                _("Every question of this run was answered."),
                hint=_("Start another run to ask them again."),
                code="nothing_to_do",
            )
        row.state, row.error, row.ended_at = WAITING, "", None
        row.settings = {name: one for name, one in row.settings.items() if name != JUDGING}
        return row


@allowed("compare")
def rename(run_id: str, name: str) -> EvaluationRun:
    """Call it otherwise."""
    with db.writing() as session:
        row = found(session, run_id)
        row.name = _line(name, LONGEST_NAME) or row.name
        return row


@allowed("compare")
def remove_run(run_id: str) -> None:
    """Take away a run with its comparisons, answers, votes, opinions and results.

    Conflict while it is at work: cancel it first.
    """
    with db.writing() as session:
        row = found(session, run_id)
        if row.state == RUNNING:
            raise Conflict(
                _("This run is at work."), hint=_("Cancel it first."), code="still_running"
            )
        ids = _only_of(session, run_id)
        session.execute(delete(EvaluationRun).where(EvaluationRun.id == run_id))
        for start_at in range(0, len(ids), 500):
            part = ids[start_at : start_at + 500]
            session.execute(delete(Conversation).where(Conversation.id.in_(part)))


def _only_of(session: Session, run_id: str) -> list[str]:
    """The conversations of a run's comparisons of which no other run has taken over an answer."""
    mine = select(Comparison.conversation_id).where(Comparison.run_id == run_id)
    used = set[str]()
    for column in (Comparison.a_answer_id, Comparison.b_answer_id):
        others = select(Message.conversation_id).join(Comparison, Message.id == column)
        elsewhere = Message.conversation_id != Comparison.conversation_id
        used |= set(session.scalars(others.where(elsewhere, Message.conversation_id.in_(mine))))
    return [one for one in session.scalars(mine) if one not in used]


def found(session: Session, run_id: str) -> EvaluationRun:
    """The row; NotFound where there is none."""
    row = session.get(EvaluationRun, run_id)
    if row is None:
        raise NotFound(
            _("There is no evaluation run with the id “{id}”.").format(id=run_id[:80]),
            hint=_("`ciclo comparison runs` shows those there are."),
        )
    return row


def ended(session: Session, run_id: str, state: str, error: str = "") -> None:
    """Write down how a run ended, unless somebody has cancelled it meanwhile."""
    session.execute(
        update(EvaluationRun)
        .where(EvaluationRun.id == run_id, EvaluationRun.state.in_(OPEN))
        .values(state=state, error=error, ended_at=clock.now())
    )


def left(session: Session, run_id: str) -> int:
    """How many of its comparisons have not ended."""
    waiting = select(func.count()).select_from(Comparison)
    return session.scalar(waiting.where(*unended(run_id))) or 0


def unended(run_id: str) -> tuple[Any, ...]:
    """Which comparisons of a run are still to be answered."""
    return (
        Comparison.run_id == run_id,
        Comparison.done_at.is_(None),
        Comparison.removed_at.is_(None),
    )


def _checked(
    n: int, parallel: int, scoring: Iterable[str], judge: str, repetitions: int, smallest: float
) -> dict[str, Any]:
    """The settings of a run; InvalidInput names the first that cannot be."""
    for field, value, least, most in (
        ("questions", n, 1, questions.MOST),
        ("parallel", parallel, 1, MOST_PARALLEL),
        ("repetitions", repetitions, 1, 10),
        ("smallest", smallest, 0.001, 1.0),
    ):
        if not least <= value <= most:
            raise InvalidInput(
                _("{name}: {value} lies outside of {least} to {most}.").format(
                    name=field, value=value, least=least, most=most
                ),
                field=field,
            )
    names = list(scoring)
    for one in names:
        if one not in scorers.SCORERS:
            raise InvalidInput(
                _("There is no scorer called “{name}”.").format(name=str(one)[:40]),
                hint=_("There are: {names}.").format(names=", ".join(scorers.SCORERS)),
                field="scorers",
            )
    told = {"parallel": parallel, "scorers": names, "judge": checked_judge(judge)}
    return told | {"repetitions": repetitions, "smallest": smallest}


def _line(text: str, most: int) -> str:
    return " ".join(text.replace("\x00", "").split())[:most]


def _name(n: int, source: str) -> str:
    told = ngettext("{n} question", "{n} questions", n).format(n=n)
    return _line(f"{source}: {told}" if source else told, LONGEST_NAME)
