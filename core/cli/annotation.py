"""``ciclo annotation``: the review queue from a terminal."""

from typing import Annotated, Any

import typer

from core.cli import agreement, selection, terminal
from core.cli.terminal import AsJson, Of, document, fields, say
from core.i18n import _, ngettext, number, seconds

app = typer.Typer(help="The review queue.", no_args_is_help=True)
selection.add_to(app)
agreement.add_to(app)
Named = Annotated[
    str | None, typer.Option("--queue", "-q", help="A queue, by id or name; else the oldest one.")
]
Who = Annotated[str | None, typer.Option("--person", "-p", help="Who reviews, by name.")]
COUNTS = (
    "waiting held done removed unavailable judgements today mine_today passed_on "
    "seconds_per_item seconds_left proposed_lease"
).split()


@app.command("next")
def claim_next(
    queue: Named = None, person: Who = None, assistant: Of = None, as_json: AsJson = False
) -> None:
    """Claim the next item that waits for a reviewer, and show it."""
    terminal.ready()
    from core import annotation

    claim = annotation.claim_next(chosen(queue, assistant).id, _person(person))
    if as_json:
        document(_claimed(claim) if claim else {"item": None})
        return
    if claim is None:
        say(_("Nothing waits for you."))
        return
    for turn in claim.conversation:
        mark = ">" if turn.message.id == claim.item.message_id else " "
        speaker = _("Question") if turn.message.role == "user" else _("Answer")
        say(f"{mark} {speaker}: {turn.message.text}")
    for passage in claim.passages:
        say(f"  [{passage.rank}] {passage.document_name}: {passage.text}")
    say(_("item {id}, claim {token}").format(id=claim.item.id, token=claim.claim_token))


@app.command()
def progress(
    queue: Named = None, person: Who = None, assistant: Of = None, as_json: AsJson = False
) -> None:
    """How far a queue is, and how long the rest takes."""
    terminal.ready()
    from core import annotation

    row = chosen(queue, assistant)
    told = annotation.progress(row.id, _person(person))
    if as_json:
        document({"queue_id": row.id, **fields(told, *COUNTS)})
        return
    waits = ngettext("{n} item waits", "{n} items wait", told.waiting)
    done = ngettext("{n} is done", "{n} are done", told.done)
    held = ngettext("{n} in hand", "{n} in hand", told.held)
    parts = ((waits, told.waiting), (held, told.held), (done, told.done))
    say(f"{row.name}: " + ", ".join(text.format(n=number(n)) for text, n in parts))
    if told.seconds_left:
        say(_("about {time} of work left").format(time=seconds(told.seconds_left)))


def _claimed(claim: Any) -> dict[str, Any]:
    return {
        "item": claim.item.id,
        "claim_token": claim.claim_token,
        "expires_at": claim.expires_at,
        "question": claim.answer.question.text,
        "answer": claim.answer.message.text,
        "passages": [fields(row, "id", "document_name", "text") for row in claim.passages],
        "reasons": claim.reasons,
    }


def _person(name: str | None) -> str:
    """The id of who reviews: the one named, else who sits at this machine."""
    from core import access

    return (access.person(name) if name else access.present()).id


def chosen(name: str | None, assistant: str | None = None) -> Any:
    """The queue of that id or name, else the oldest one; NotFound where there is none."""
    from core import annotation, assistants
    from core.errors import NotFound

    rows = annotation.queues(assistants.chosen(assistant).id if assistant else None)
    found = next((row for row in rows if name in (None, row.id, row.name)), None)
    if found is None:
        names = ", ".join(row.name for row in rows)
        raise NotFound(
            _("There is no review queue “{name}”.").format(name=name)
            if name
            else _("There is no review queue yet."),
            hint=_("There are: {names}.").format(names=names) if names else "",
        )
    return found
