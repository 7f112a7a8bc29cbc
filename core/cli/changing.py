"""``ciclo models setup``, ``migrate``, ``undo`` and ``benchmark``: what takes long, or changes who answers."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import findings, terminal
from core.cli.models import pulled, size
from core.cli.terminal import AsJson, document, fields, note, say, table
from core.i18n import _, ngettext, number, percent, seconds

if TYPE_CHECKING:
    from core.diagnosis import Compared, Phase, Plan, Proposal, Side, Summary, Totals

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
From = Annotated[str, typer.Argument(metavar="FROM", help="provider:model that answers now.")]
To = Annotated[str, typer.Argument(metavar="TO", help="provider:model, or a name of Ollama's.")]
HEAD = 100  # characters of an answer shown beside another


def setup(
    model: Annotated[str, typer.Option(help="Else the best for this machine's memory.")] = "",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Look for Ollama, pull a model that fits, let the assistants follow it, ask it a question."""
    terminal.ready()
    from core import diagnosis

    proposal = diagnosis.propose(model)
    if proposal.failure:
        if not as_json:
            say(_("Ciclo works without Ollama: it quotes your documents."))
            say(
                _(
                    "For written answers install Ollama (https://ollama.com/download), start it, and run this again."
                )
            )
        raise proposal.failure
    if not as_json:
        _propose(proposal)
    if proposal.state == "pull":
        if not terminal.agreed(_("Pull {name}?").format(name=proposal.name), yes, as_json):
            return
        pulled(diagnosis.pull(proposal.name))
        proposal = diagnosis.propose(model)
    names = diagnosis.follow()
    if not as_json:
        told = ngettext("{n} assistant follows Ollama", "{n} assistants follow Ollama", len(names))
        say(": ".join([told.format(n=number(len(names))), ", ".join(names)]).rstrip(": "))
    findings.show(diagnosis.prove(proposal.name), as_json)


def migrate(before: From, after: To, yes: Yes = False, as_json: AsJson = False) -> None:
    """Let TO answer where FROM does: plan, pull, compare ten questions, ask, switch.

    FROM stays as the first fallback; `ciclo models undo` takes it back. With --json it switches
    only with --yes.
    """
    terminal.ready()
    from core import diagnosis

    plan = diagnosis.plan(before, after)
    if not as_json:
        _plan(plan)
    compared = _compared(plan, as_json, yes)
    told = diagnosis.summary(compared)
    if not as_json:
        _summary(told)
    go = yes if as_json else terminal.agreed(_("Switch?"), yes, as_json)
    done = diagnosis.switch(plan) if go else ()
    if as_json:
        facts = {"plan": asdict(plan), "compared": [_whole(one) for one in compared]}
        rows = [asdict(one) for one in done]
        document(facts | {"summary": asdict(told), "switched": bool(done), "assistants": rows})
        return
    for one in done:
        said = _("{name}: {model} answers, as version {number}; {before} is its first fallback.")
        names = {"model": plan.after, "before": plan.before}
        say(said.format(name=one.name, number=one.number, **names))
    say(_("`ciclo models undo` takes it back.") if done else _("Nothing was switched."))


def undo(as_json: AsJson = False) -> None:
    """Take the last migration back: champions and routing as they were before it."""
    terminal.ready()
    from core import diagnosis

    done = diagnosis.undo()
    if as_json:
        document({"data": [asdict(one) for one in done]})
    else:
        for one in done:
            say(one.sentence)
    if any(one.state in ("changed", "gone") for one in done):
        raise terminal.stop(terminal.FAILED)


def benchmark(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="provider:model, or Ollama's name.")],
    repetitions: Annotated[int, typer.Option("--repetitions", "-n", help="Calls each.")] = 5,
    cold: Annotated[int, typer.Option(help="Calls with the model unloaded first; Ollama.")] = 2,
    tokens: Annotated[int, typer.Option(help="Of each answer, at most.")] = 128,
    as_json: AsJson = False,
) -> None:
    """Measure first token, tokens a second, p50 and p95: cold, warm, and 1, 2, 4 at once."""
    terminal.ready()
    from core import diagnosis

    told: list[Phase] = []
    for phase in diagnosis.benchmark(name, repetitions=repetitions, cold=cold, tokens=tokens):
        told.append(phase)
        if not as_json:
            say(_phase(phase))
    if as_json:
        document({"model": name, "phases": [asdict(one) for one in told]})
    if any(one.failures for one in told):
        raise terminal.stop(terminal.FAILED)


def _propose(proposal: "Proposal") -> None:
    room = proposal.memory
    told = _("{size} of memory").format(size=size(room)) if room else _("memory unknown")
    say(f"+ Ollama  {proposal.server}  {told}")
    if proposal.state == "ready":
        say(_("{name} is installed, and the best for this machine.").format(name=proposal.name))
        return
    for one in proposal.offers:
        mark = "+" if one.fits else "?"
        kept = _("fits") if one.fits else _("too large for half of the memory")
        say(f"  {mark} {one.name.ljust(14)} {size(one.size).rjust(8)}  {kept}")
    stored = f" ({size(proposal.size)})" if proposal.size else ""
    say(_("Proposed: {name}").format(name=proposal.name) + stored)


def _plan(plan: "Plan") -> None:
    say(f"{plan.before} → {plan.after}")
    for one in plan.assistants:
        say(f"  {one.name}  v{one.number}")
    if plan.pulls:
        say(_("{model} will be pulled first.").format(model=plan.after))
    from core.diagnosis import QUESTIONS

    n = len(plan.questions)
    told = ngettext("{n} starter question is compared", "{n} starter questions are compared", n)
    fewer = _("fewer than {n}: there are no more") if n < QUESTIONS else ""
    say(
        " ".join(
            filter(None, [told.format(n=number(n)), fewer and f"({fewer.format(n=QUESTIONS)})"])
        )
    )


def _compared(plan: "Plan", as_json: bool, yes: bool) -> "list[Compared]":
    """Pull what is missing, then compare live."""
    from core import diagnosis

    if plan.pulls:
        if not terminal.agreed(_("Pull {name}?").format(name=plan.after), yes, as_json):
            raise terminal.stop(0)
        pulled(diagnosis.fetch(plan))
    done: list[Compared] = []
    try:
        for one in diagnosis.compare(plan):
            terminal.progress(f"{one.number}/{one.of} {plan.after if one.after else plan.before}")
            if one.after:
                done.append(one)
                terminal.progress("")
                _differences(one) if not as_json else None
    except KeyboardInterrupt:
        note(_("Stopped. Nothing was switched."))
        raise terminal.stop(terminal.INTERRUPTED) from None
    return done


def _differences(one: "Compared") -> None:
    say(f"\n{one.number}/{one.of} {one.assistant}: {one.question}")
    assert one.after
    for mark, side in (("-", one.before), ("+", one.after)):
        say(f"  {mark} {_side(side)}")
    if one.difference is not None:
        say("    " + _("{share} of the words differ").format(share=percent(one.difference)))
    if not one.same_passages and not (one.before.failed or one.after.failed):
        say("    " + _("The passages were not the same: the documents changed meanwhile."))


def _side(side: "Side") -> str:
    from core.diagnosis import outcome

    if side.failed:
        return _("failed: {code}").format(code=side.failed)
    facts = [outcome(side.outcome), seconds(side.seconds - side.load_seconds)]
    if side.load_seconds >= 0.1:
        facts.append(_("loading {time}").format(time=seconds(side.load_seconds)))
    if side.tokens is not None:
        facts.append(_("{n} tokens").format(n=number(side.tokens)))
    facts.append(ngettext("{n} citation", "{n} citations", side.citations).format(n=side.citations))
    if side.groundedness is not None:
        facts.append(_("{share} supported").format(share=percent(side.groundedness)))
    head = " ".join(side.text.split())[:HEAD]
    return f"{' · '.join(facts)}\n    {head}"


def _summary(told: "Summary") -> None:
    if not told.n:
        say(_("There was nothing to compare: the assistants have no starter questions."))
        return
    say()
    heads = ("", _("with an answer"), _("without one"), _("that failed"), _("citations"), _("time"))
    rows = [(*heads, _("tokens"), _("supported"))]
    table([*rows, _totals("-", told.before), _totals("+", told.after)])
    n = number(told.n)
    same = number(told.same_passages)
    say(
        _("{same} of {n} with the same passages; times are medians without loading.").format(
            same=same, n=n
        )
    )
    say(_("{n} questions are a look, not a proof.").format(n=n))


def _totals(mark: str, one: "Totals") -> tuple[str, ...]:
    counts = (one.answered, one.not_found, one.failed, one.citations)
    time = "?" if one.seconds is None else seconds(one.seconds)
    tokens = "?" if one.tokens is None else number(one.tokens)
    supported = "" if one.groundedness is None else percent(one.groundedness)
    return (mark, *(number(count) for count in counts), time, tokens, supported)


def _phase(one: "Phase") -> str:
    names = {"cold": _("cold"), "warm": _("warm"), "concurrent": _("{n} at once")}
    title = names[one.name].format(n=one.concurrency)
    facts = [
        f"n={one.n}",
        _("first token {p50} / {p95}").format(**_times(one.first_p50, one.first_p95)),
    ]
    facts.append(_("whole {p50} / {p95}").format(**_times(one.total_p50, one.total_p95)))
    if one.load_p50:
        facts.append(_("loading {time}").format(time=seconds(one.load_p50)))
    if one.speed:
        facts.append(_("{n} tokens/s").format(n=number(one.speed, 1)))
    if one.throughput:
        facts.append(_("{n} tokens/s together").format(n=number(one.throughput, 1)))
    if one.failures:
        codes = ", ".join(f"{code} {n}" for code, n in one.codes.items())
        facts.append(_("{n} failed: {codes}").format(n=number(one.failures), codes=codes))
    if one.cold is False:
        facts.append(_("the server kept it loaded, so this is not cold"))
    return f"{title.ljust(12)} {' · '.join(facts)}"


def _times(p50: float | None, p95: float | None) -> dict[str, str]:
    return {"p50": _fine(p50), "p95": _fine(p95)}


def _fine(value: float | None) -> str:
    if value is None:
        return "?"
    return f"{number(value * 1000)} ms" if value < 1 else seconds(value)


def _whole(one: "Compared") -> dict[str, Any]:
    return asdict(one) | fields(one, "difference", "same_passages")


def add_to(app: typer.Typer) -> None:
    """Give ``ciclo models`` these commands."""
    for command in (setup, migrate, undo, benchmark):
        app.command()(command)
