"""``ciclo comparison judge``: a model judges the answers of a run, and what its word is worth."""

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, say
from core.errors import Conflict, NotFound
from core.i18n import _, ngettext, number

if TYPE_CHECKING:
    from core.comparison import Judging

Run = Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or a comparison's.")]
LOOK_EVERY = 0.5  # seconds, at a judge that another process asks
FIELDS = (
    "model",
    "kind",
    "side",
    "first",
    "repetition",
    "choice",
    "scores",
    "score",
    "failed",
    "why",
)


def add_to(app: typer.Typer) -> None:
    """Hang the command into ``ciclo comparison``."""
    app.command()(judge)


def judge(
    run: Run,
    model: Annotated[
        str, typer.Option(help="provider:model; without: only tell what was said so far.")
    ] = "",
    repetitions: Annotated[int, typer.Option(min=1, max=10, help="Times each is asked.")] = 1,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Ask nobody, tell what it would take.")
    ] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Let a judge at work say no more.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let a model say which answers of a run are better, in both orders, and score them by the rubric.

    Questions, answers and passages are sent to it, personal data masked. What was said is not asked again.
    """
    terminal.ready()
    from core import comparison
    from core.comparison import judge_saying

    if _is_comparison(run):
        _one(run, model, repetitions, as_json)
        return
    if estimate:
        expected = comparison.estimate_judge(run, model, repetitions)
        document(asdict(expected)) if as_json else say(judge_saying.estimate(expected))
        return
    if stop:
        comparison.stop_judge(run)
    done = comparison.judge(run, model, repetitions) if model and not stop else None
    told = comparison.judging(run)
    if as_json:
        document({"asked": asdict(done) if done else None, "judging": shape(told)})
    else:
        if done:
            words = ngettext("{n} opinion came in.", "{n} opinions came in.", done.opinions)
            say(words.format(n=number(done.opinions)))
        for line in judge_saying.lines(told) or [_("This run has no judge.")]:
            say(line)
    if done and done.state == "failed":
        raise terminal.stop(terminal.UNAVAILABLE)


def follow(run_id: str, *, quiet: bool = False) -> None:
    """Ask the judge of a run that was answered, or wait for whoever asks it; then what it said."""
    from core import comparison
    from core.comparison import judge_saying

    while True:
        try:
            comparison.judge(run_id)
            break
        except Conflict:  # another process asks it
            time.sleep(LOOK_EVERY)
            if comparison.judging(run_id).state != "wanted":
                break
    if not quiet:
        for line in judge_saying.lines(comparison.judging(run_id)):
            terminal.note(line)


def _is_comparison(said: str) -> bool:
    from core import comparison

    try:
        comparison.comparison(said)
    except NotFound:
        return False
    return True


def _one(comparison_id: str, model: str, repetitions: int, as_json: bool) -> None:
    """Judge a single comparison (with a model), and tell what was said of it."""
    from core import comparison

    if model:
        comparison.judge_one(comparison_id, model, repetitions)
    said = [terminal.fields(one, *FIELDS) for one in comparison.judge_opinions(comparison_id)]
    if as_json:
        document({"data": said})
        return
    terminal.table([FIELDS, *([_cell(one[name]) for name in FIELDS] for one in said)])


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in value.items())
    return number(value, 2) if isinstance(value, float) else str(value if value is not None else "")


def shape(told: "Judging") -> dict[str, Any]:
    """The figures as plain data, with the names that the API uses."""
    plain = asdict(told)
    for name in ("turned", "first", "wins", "calibrated"):
        plain[name] = _plain(getattr(told, name))
    if told.agreement:
        named = {
            name: _plain(getattr(told.agreement, name)) for name in ("percent", "kappa", "rho")
        }
        plain["agreement"] |= named
    return plain


def _plain(figure: Any) -> dict[str, Any] | None:
    return figure._asdict() if figure else None
