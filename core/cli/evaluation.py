"""``ciclo comparison run|runs|verdict|gate|rules|report|cancel|resume``: many questions to two versions, and what
can be said of the difference."""

import json
import time
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import comparison_judge, terminal
from core.cli.terminal import AsJson, Of, document, fields, note, say, table
from core.errors import InvalidInput, NotFound
from core.i18n import _, moment, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.comparison import Question
    from core.db.tables import EvaluationRun

LOOK_EVERY = 0.5  # seconds
RUN = (
    *("id", "assistant_id", "name", "a_version_id", "b_version_id", "source", "digest", "n"),
    *("settings", "state", "error", "is_sample", "created_at", "started_at", "ended_at"),
)
NOW = ("share", "done", "of", "answers", "failed", "seconds_left", "cost")
WHO = "A version: its id or number, champion, challenger, baseline, or provider:model."
Which = Annotated[str, typer.Argument(metavar="RUN", help="A run's id; else the newest one.")]
Smallest = Annotated[float, typer.Option(help="Smallest difference that matters, 0 to 1.")]
Reuse = Annotated[
    bool, typer.Option("--reuse", help="Take over answers given before over the same documents.")
]
Parallel = Annotated[int, typer.Option(min=1, max=16, help="Answers at a time.")]


def add_to(app: typer.Typer) -> None:
    """Hang the commands into ``ciclo comparison``."""
    for name, command in (
        ("run", begin),
        ("runs", runs),
        ("verdict", verdict),
        ("gate", gate),
        ("rules", rules),
        ("report", report),
        ("cancel", cancel),
        ("resume", resume),
    ):
        app.command(name)(command)


def begin(
    file: Annotated[
        Path | None, typer.Argument(help="Questions as JSON Lines or CSV (column “question”).")
    ] = None,
    sample: Annotated[
        str | None, typer.Option(help="A sample's own: questions, paraphrases, or both.")
    ] = None,
    traffic: Annotated[
        int | None, typer.Option(min=1, help="The newest so many that people asked.")
    ] = None,
    assistant: Of = None,
    a: Annotated[str, typer.Option("--a", help=WHO)] = "",
    b: Annotated[str, typer.Option("--b", help=WHO)] = "",
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    parallel: Parallel = 2,
    same_passages: Annotated[
        bool | None, typer.Option("--same-passages/--own-search", help="What both answer from.")
    ] = None,
    in_turn: Annotated[
        bool | None, typer.Option("--in-turn/--together", help="All of a, then all of b.")
    ] = None,
    scorer: Annotated[list[str] | None, typer.Option(help="Only these; may be repeated.")] = None,
    judge: Annotated[str, typer.Option(help="A model that judges: provider:model.")] = "",
    repetitions: Annotated[int, typer.Option(min=1, max=10, help="Of the judge.")] = 1,
    smallest: Smallest = 0.03,
    reuse: Reuse = False,
    only_estimate: Annotated[
        bool, typer.Option("--estimate", help="Only tell what it will take.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Until it has ended.")] = True,
    as_json: AsJson = False,
) -> None:
    """Ask two versions (else the usual pair) all questions of a list, and tell the verdict."""
    terminal.ready()
    from core import comparison, registry

    registry.follow_ollama()
    asked, source, is_sample = _questions(file, sample, traffic, assistant)
    if only_estimate:
        _estimate(len(asked), assistant, a, b, parallel, as_json)
        return
    row = comparison.start(
        asked,
        assistant=assistant,
        a=a,
        b=b,
        source=source,
        name=name,
        parallel=parallel,
        same_passages=same_passages,
        in_turn=in_turn,
        scoring=scorer or (),
        judge=judge,
        repetitions=repetitions,
        smallest=smallest,
        reuse=reuse,
        is_sample=is_sample,
    )
    _followed(row, wait, as_json)


def runs(
    assistant: Of = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    as_json: AsJson = False,
) -> None:
    """Evaluation runs, the newest first."""
    terminal.ready()
    from core import assistants, comparison

    of = assistants.chosen(assistant).id if assistant else ""
    rows = comparison.runs(of, limit=limit)
    if as_json:
        document({"data": [fields(row, *RUN) for row in rows]})
        return
    states = comparison.STATES
    table(
        (row.id, moment(row.created_at), _(states[row.state]), number(row.n), row.name)
        for row in rows
    )
    if not rows:
        say(_("There is no evaluation yet; `ciclo comparison run` begins one."))


def verdict(
    run: Which = "",
    scorer: Annotated[list[str] | None, typer.Option(help="Only these; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """What can be said of a run's b against its a, with every metric; also while it runs."""
    terminal.ready()
    _tell(_chosen(run).id, as_json, scorer or ())


def gate(run: Which = "", as_json: AsJson = False) -> None:
    """Whether a run's b passes the gate of its assistant; exit code 1 where it does not."""
    terminal.ready()
    from core.comparison import gate_saying
    from core.comparison.gate import check_gate

    result = check_gate(_chosen(run).id)
    if as_json:
        said = [gate_saying.reason(one) for one in result.reasons]
        known = fields(result, "id", "gate_id", "run_id", "passed", "reasons", "created_at")
        document(known | {"said": said})
    else:
        say(gate_saying.outcome(result))
        table((_mark(one), gate_saying.reason(one)) for one in result.reasons)
    if not result.passed:
        raise terminal.stop(terminal.FAILED)


def rules(
    assistant: Of = None,
    change: Annotated[
        Path | None, typer.Option("--set", help="A JSON file with the rules from now on.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The rules of an assistant's gate, or others in their place."""
    terminal.ready()
    from core import assistants
    from core.comparison import gate_saying
    from core.comparison.gate import gate as held
    from core.comparison.gate import set_gate

    of = assistants.chosen(assistant).id
    found = set_gate(of, _read(change)) if change else held(of)
    if as_json:
        document(fields(found, "assistant_id", "rules", "usual", "gate_id", "created_at"))
        return
    if found.usual:
        say(_("The usual rules; nobody has set others"))
    for line in gate_saying.rules(found.rules):
        say(f"- {line}")


def report(
    run: Which = "",
    form: Annotated[str, typer.Option("--format", help="html, or md for a model card.")] = "html",
    output: Annotated[
        Path | None, typer.Option("--output", "--out", "-o", help="A file; else the screen.")
    ] = None,
) -> None:
    """Everything that a run found, as one HTML file or as Markdown for a model card."""
    terminal.ready()
    from core.comparison.report import card, page

    made = {"html": page.html, "md": card.markdown}.get(form)
    if made is None:
        raise InvalidInput(
            _("“{value}” is neither html nor md.").format(value=form[:40]), field="format"
        )
    text = made(_chosen(run).id)
    if output is None:
        terminal.pour([text])
        return
    output.write_text(text, encoding="utf-8")
    say(_("Written: {path}").format(path=output))


def cancel(run: Which = "", as_json: AsJson = False) -> None:
    """Ask nothing more; what was answered stays."""
    terminal.ready()
    from core import comparison

    row = comparison.cancel(_chosen(run).id)
    document(_shape(row)) if as_json else say(_(comparison.STATES[row.state]))


def resume(
    run: Which = "",
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Until it has ended.")] = True,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was cancelled or failed; nothing that was answered is asked again."""
    terminal.ready()
    from core import comparison

    _followed(comparison.resume(_chosen(run).id), wait, as_json)


def _questions(
    file: Path | None, sample: str | None, traffic: int | None, assistant: str | None
) -> "tuple[Sequence[Question], str, bool]":
    """What to ask, where it comes from, and whether it is sample data."""
    from core import assistants, comparison
    from core.comparison import question_files

    if sum(one is not None for one in (file, sample, traffic)) != 1:
        raise InvalidInput(
            _("Say which questions to ask."),
            hint=_("Name a file, or give --sample both, or --traffic 100."),
            field="questions",
        )
    if file is not None:
        found, unused = comparison.read_and_unused(file.name, _bytes(file))
        if said := question_files.unused(unused):
            note(said)
        return found, file.name, False
    of = assistants.chosen(assistant)
    if sample is not None:
        return comparison.of_sample(of, sample), _(comparison.WHAT[sample]), True
    asked = comparison.of_traffic(of.id, traffic or 1)
    return asked, _("questions as people asked them"), bool(of.sample)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise NotFound(
            _("There is no file “{name}”.").format(name=file),
            hint=_("Look at its name, and at the folder you are in."),
        ) from None
    except OSError as error:
        raise InvalidInput(
            _("“{name}” cannot be read: {why}").format(name=file, why=error.strerror or error),
            field="file",
        ) from error


def _estimate(n: int, assistant: str | None, a: str, b: str, parallel: int, as_json: bool) -> None:
    from core import comparison
    from core.comparison.report import estimates

    found = comparison.estimate(n, assistant=assistant, a=a, b=b, parallel=parallel)
    if as_json:
        sides = {"a": vars(found.a), "b": vars(found.b)}
        document(fields(found, "n", "seconds", "cost") | sides)
        return
    say(estimates.takes(found))
    for line in estimates.rests(found):
        say(line)


def _followed(row: "EvaluationRun", wait: bool, as_json: bool) -> None:
    """Work on it, or watch whoever does, until it has ended; then its verdict."""
    from core import comparison

    if wait:
        row = _worked(row, quiet=as_json)
    if not wait:
        document(_shape(row)) if as_json else say(row.id)
        return
    if row.settings.get("judge") and row.state == "done":
        comparison_judge.follow(row.id, quiet=as_json)
    _tell(row.id, as_json, ())
    if row.state == "failed":
        note(row.error)
        raise terminal.stop(terminal.UNAVAILABLE)
    if not as_json:
        say(comparison.run(row.id).id)


def _worked(row: "EvaluationRun", quiet: bool) -> "EvaluationRun":
    """Answer what is left here, unless another process does. With Ctrl+C it is cancelled."""
    from core import comparison
    from core.comparison.evaluations import OPEN
    from core.comparison.report import estimates

    context = copy_context()
    told = ""
    try:
        while row.state in OPEN:
            worker = Thread(target=context.run, args=(_answer, row.id), daemon=True)
            worker.start()
            while worker.is_alive():
                worker.join(LOOK_EVERY)
                now = comparison.progress(row.id)
                if not quiet and (said := estimates.progress(now)) != told:
                    note(told := said)
            row = comparison.run(row.id)
            if row.state in OPEN:
                time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        comparison.cancel(row.id)
        raise
    return row


def _answer(run_id: str) -> None:
    from core import comparison

    with suppress(Exception):  # why it ended stands in the run
        comparison.work(run_id)


def _tell(run_id: str, as_json: bool, scorers: "Sequence[str]") -> None:
    from core import comparison
    from core.comparison.report import figures

    found = comparison.verdict(run_id, scorers)
    if as_json:
        document(found.told())
        return
    say(found.sentence)
    for line in found.lines:
        say(f"- {line}")
    rows = figures.rows(found)
    if rows:
        heads = ("", "A", "B", _("B against A"), _("p, corrected"), "n", _("Claim"))
        lines = [
            (one.title, one.a, one.b, one.difference, one.p, number(one.n), one.claim)
            for one in rows
        ]
        say()
        table([heads, *lines])


def _chosen(run: str) -> "EvaluationRun":
    """The run that is named, else the newest."""
    from core import comparison

    if run:
        return comparison.run(run)
    newest = comparison.runs(limit=1)
    if not newest:
        raise InvalidInput(
            _("There is no evaluation yet; `ciclo comparison run` begins one."), field="run"
        )
    return newest[0]


def _shape(row: "EvaluationRun") -> dict[str, Any]:
    """A run with its progress, by the names that the API uses."""
    from core import comparison

    return fields(row, *RUN) | fields(comparison.progress(row.id), *NOW)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidInput(
            _("“{name}” is no JSON file: {why}").format(name=path.name, why=str(error)[:200]),
            field="set",
        ) from None


def _mark(reason: dict[str, Any]) -> str:
    from core.comparison import gate_saying

    return "·" if gate_saying.unasked(reason) else "✓" if reason["passed"] else "✗"
