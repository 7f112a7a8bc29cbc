"""Everything that a report of a run tells, read once.

In: a run's id. Out: ``Content``. Always holds: questions and answers are in it only for whoever may
read them, and money only for whoever may see the metrics.
"""

from dataclasses import dataclass

from core import access, assistants
from core.comparison import evaluations, judge_saying, saying
from core.comparison.changes import Changes, changes
from core.comparison.findings import Verdict
from core.comparison.gate import results
from core.comparison.judge_figures import judging
from core.comparison.report import figures
from core.comparison.returns import Returns, gain, returns
from core.comparison.slices import Slices, slices
from core.comparison.types import SIDES, Side
from core.comparison.verdict import verdict
from core.db.tables import EvaluationRun, GateResult
from core.i18n import _, moment, ngettext, number


@dataclass(frozen=True)
class Content:
    """A run with what was found. ``called``: what the versions are called; ``models``: theirs; ``changes`` is
    None for who may not read questions; ``judge`` is what a judge model's word is worth, ``gate`` what
    came of the run at its gate, None where nobody held it against it."""

    run: EvaluationRun
    assistant: str
    verdict: Verdict
    called: dict[str, str]
    models: dict[str, str]
    rows: list[figures.Row]
    slices: Slices
    changes: Changes | None
    judge: list[str]
    gate: GateResult | None
    returns: Returns


@access.allowed("metrics")
def content(run_id: str) -> Content:
    """All of it; NotFound where there is no such run."""
    run, found = evaluations.run(run_id), verdict(run_id)
    return Content(
        run,
        assistants.get(run.assistant_id).name,
        found,
        saying.called(found),
        {side: found.versions[side].model for side in SIDES},
        figures.rows(found),
        slices(run_id),
        changes(run_id) if access.may("read") else None,
        judge_saying.lines(judging(run_id)),
        next(iter(results(run_id)), None),
        returns(run, gain(found)),
    )


def title(told: Content) -> str:
    """What the report is called."""
    return _("Evaluation: {name}").format(name=told.run.name)


def side(told: Content, which: Side) -> str:
    """A version as one line: "A: v3 with memory (ollama:qwen3)"."""
    return f"{which.upper()}: {told.called[which]} ({told.models[which]})"


def basis(run: EvaluationRun) -> list[str]:
    """What it is of: questions, how they were asked, when."""
    way = run.settings
    n = ngettext("{n} question", "{n} questions", run.n).format(n=number(run.n))
    asked = _("same passages for both") if way.get("same_passages") else _("each its own search")
    lines = [f"{n}: {run.source}" if run.source else n, asked]
    if way.get("in_turn"):
        lines.append(_("one version after the other"))
    lines.append(_("begun {moment}").format(moment=moment(run.created_at)))
    if run.digest:
        lines.append(_("questions SHA-256 {digest}").format(digest=run.digest[:12]))
    return lines


def limits(told: Content) -> list[str]:
    """What the figures do not say."""
    said = [
        _(
            "The figures are of these questions. Other questions, other people and other documents "
            "may differ."
        ),
        _("A question that one of the versions learned from never counts."),
    ]
    if told.verdict.n < 100:
        said.append(_("Fewer than 100 questions count: intervals are wide, and may be off."))
    if any(not row.tested and row.quality for row in told.rows):
        said.append(
            _("Metrics that are not tested are told beside; no claim is to be made of them.")
        )
    return said


def sample(told: Content) -> str:
    """That it is of sample data; "" where it is not."""
    made_up = _("This is of sample data: made up, to show what it looks like.")
    return made_up if told.run.is_sample else ""
