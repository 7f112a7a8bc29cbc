"""``ciclo annotation``: the review queue from a terminal."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import agreement, judge, queues, selection, terminal
from core.cli.terminal import AsJson, Of, document, fields, say
from core.i18n import _, ngettext, number, seconds

if TYPE_CHECKING:
    from core.annotation import Progress
    from core.db.tables import Queue

app = typer.Typer(help="The review queue.", no_args_is_help=True)
selection.add_to(app)
agreement.add_to(app)
judge.add_to(app)
Named = Annotated[
    str | None, typer.Option("--queue", "-q", help="A queue, by id or name; else the oldest one.")
]
One = Annotated[
    str | None, typer.Argument(metavar="[QUEUE]", help="A queue's id or name; else every one.")
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

    claim = annotation.claim_next(queues.chosen(queue, assistant).id, _person(person))
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
    queue: One = None,
    named: Annotated[
        str | None, typer.Option("--queue", "-q", help="The same, as with the other commands.")
    ] = None,
    person: Who = None,
    assistant: Of = None,
    as_json: AsJson = False,
) -> None:
    """How far the queues are, and how long the rest takes: a line for each, or one queue."""
    terminal.ready()
    from core import annotation

    wanted, me = queue or named, _person(person)
    rows = [queues.chosen(wanted, assistant)] if wanted else queues.of(assistant)
    told = [(row, annotation.progress(row.id, me)) for row in rows]
    if as_json:
        plain = [{"queue_id": r.id, "name": r.name, **fields(now, *COUNTS)} for r, now in told]
        document(plain[0] if wanted else {"data": plain})
        return
    if not told:
        say(_("There is no review queue yet."))
    names = _assistants([row for row, _now in told])
    for row, now in told:
        say(f"{row.name}{names.get(row.assistant_id, '')}: {_said(now)}")


def _assistants(rows: "list[Queue]") -> dict[str, str]:
    """What is said of whose queue it is, where the queues shown belong to several."""
    from core import assistants

    if len({row.assistant_id for row in rows}) < 2:
        return {}
    return {one.id: f" ({one.name})" for one in assistants.all()}


def _said(now: "Progress") -> str:
    waits = ngettext("{n} item waits", "{n} items wait", now.waiting)
    done = ngettext("{n} is done", "{n} are done", now.done)
    held = ngettext("{n} in hand", "{n} in hand", now.held)
    counted = ((waits, now.waiting), (held, now.held), (done, now.done))
    parts = [text.format(n=number(n)) for text, n in counted]
    if now.seconds_left:
        parts.append(_("about {time} of work left").format(time=seconds(now.seconds_left)))
    return ", ".join(parts)


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
