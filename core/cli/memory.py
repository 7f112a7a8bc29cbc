"""``ciclo memory``: approved questions listed, retired, brought back; what the memory does."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, Of, document, say, table
from core.i18n import _, day, ngettext, number

if TYPE_CHECKING:
    from core.retrieval.approved import Approved

app = typer.Typer(help="The memory of approved questions.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(metavar="ID", help="Of an approved answer.")]
MOST = 1000


@app.command("list")
def listing(
    assistant: Of = None,
    state: Annotated[str, typer.Option(help="Only those in_use, lifts or retired.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """What reviewers approved or corrected, newest first."""
    terminal.ready()
    from core import assistants
    from core.errors import InvalidInput
    from core.retrieval import approved

    if state and state not in approved.STATES:
        known = ", ".join(approved.STATES)
        raise InvalidInput(
            _("There is no state “{state}”.").format(state=state),
            hint=_("The states are {names}.").format(names=known),
            field="state",
        )
    found = approved.listed(assistants.chosen(assistant).id, state or None, limit=limit)
    if as_json:
        document({"data": [asdict(one) for one in found]})
        return
    table((one.id, _state(one), _who(one), _counts(one), one.question) for one in found)
    if not found:
        say(_("Nothing has been approved yet."))


@app.command()
def show(approved_id: Which, as_json: AsJson = False) -> None:
    """One of them, with its answer and what it rests on."""
    terminal.ready()
    from core.retrieval import approved

    _tell(approved.approved(approved_id), as_json)


@app.command()
def retire(approved_id: Which, as_json: AsJson = False) -> None:
    """Take it out of use; it can be brought back."""
    terminal.ready()
    from core.retrieval import approved

    _tell(approved.retire(approved_id), as_json)


@app.command()
def restore(approved_id: Which, as_json: AsJson = False) -> None:
    """Bring it back: it holds for the documents as they are now."""
    terminal.ready()
    from core.retrieval import approved

    _tell(approved.restore(approved_id), as_json)


@app.command()
def use(
    assistant: Of = None,
    lift: Annotated[
        bool | None, typer.Option("--lift/--no-lift", help="Lift approved passages in the search.")
    ] = None,
    serve: Annotated[
        bool | None, typer.Option("--serve/--no-serve", help="Give approved answers at once.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Switch what the memory does; without a switch, say what it does."""
    terminal.ready()
    from core import assistants, registry

    chosen = assistants.chosen(assistant)
    if lift is not None or serve is not None:
        registry.use_memory(chosen.id, lift, serve)
    uses = registry.memory_uses(chosen.id)
    if as_json:
        document(uses._asdict())
        return
    lifts = _("Approved passages are lifted in the search.")
    serves = _("Approved answers are given at once to the same question.")
    say(lifts if uses.lift else _("Approved passages are not lifted."))
    say(serves if uses.serve else _("Approved answers are not given at once."))


def _tell(one: "Approved", as_json: bool) -> None:
    if as_json:
        document(asdict(one))
        return
    say(f"{one.question}\n\n{one.answer}\n")
    say(" · ".join((_state(one), _who(one), _counts(one), one.id)))


def _state(one: "Approved") -> str:
    from core.retrieval import approved

    return approved.state_in_words(one)


def _who(one: "Approved") -> str:
    return f"{one.by} {day(one.at)}".strip()


def _counts(one: "Approved") -> str:
    hits = ngettext("lifted {n} time", "lifted {n} times", one.hits)
    served = ngettext("served {n} time", "served {n} times", one.served)
    return f"{hits.format(n=number(one.hits))}, {served.format(n=number(one.served))}"
