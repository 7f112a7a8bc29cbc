"""``ciclo documents``, on: versions, diff, validity, masks, usage."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli import terminal
from core.cli.documents import Several, Which, changed, every, shape, use
from core.cli.terminal import AsJson, Of, document, fields, say, table
from core.i18n import _, moment, number

if TYPE_CHECKING:
    from core.retrieval import Difference, Unchanged, Usage

DAY = "A day such as 2026-03-01; `open` takes it back."
NAMES = ("number", "state", "digest", "size", "pages", "chunks", "personal", "masks")
Kinds = Annotated[list[str] | None, typer.Option(help="A kind of personal data; repeatable.")]
Number = Annotated[int | None, typer.Argument(min=1, help="A version's number.")]


def add_to(app: typer.Typer) -> None:
    """Make these verbs commands of ``app``."""
    for command in (versions, diff, validity, masks, usage):
        app.command()(command)


def versions(document_id: Which, as_json: AsJson = False) -> None:
    """What the document has been, newest first; * marks the version that serves."""
    terminal.ready()
    from core import retrieval

    serving = retrieval.document(document_id).version
    rows = retrieval.versions(document_id)
    if as_json:
        document({"data": [fields(row, *NAMES, "created_at", "ready_at") for row in rows]})
        return
    table(
        (
            "*" if row.number == serving else "",
            row.number,
            row.state,
            moment(row.created_at),
            row.size,
        )
        for row in rows
    )


def diff(document_id: Which, a: Number = None, b: Number = None, as_json: AsJson = False) -> None:
    """What changed from version A to B; without them, with the version that serves."""
    terminal.ready()
    from core import retrieval

    found = retrieval.diff(document_id, a, b)
    if as_json:
        lines = [fields(one, "mark", "text", "a", "b") for one in found.lines]
        document(fields(found, "a", "b", "added", "removed", "cut") | {"lines": lines})
        return
    say(f"--- {found.a}\n+++ {found.b}")
    _print(found)


def validity(
    document_ids: Several,
    first: Annotated[str | None, typer.Option("--from", help=DAY)] = None,
    last: Annotated[str | None, typer.Option("--to", help=DAY)] = None,
    as_json: AsJson = False,
) -> None:
    """Say from when to when documents hold, both days included; searches look at the day."""
    terminal.ready()
    from core import retrieval

    changed(retrieval.set_validity(document_ids, _day(first), _day(last)), as_json)


def masks(
    document_ids: Several,
    hide: Kinds = None,
    show: Kinds = None,
    as_json: AsJson = False,
) -> None:
    """Say which personal data search never sees in documents; then they are read again.

    Kinds: cpf and card (hidden unless said otherwise), cnpj, phone, email, cep, rg, pix, ip.
    """
    terminal.ready()
    from core import retrieval

    for id_ in document_ids:
        hidden = {*retrieval.document(id_).masks, *(hide or [])} - {*(show or [])}
        retrieval.set_masks([id_], hidden)
    rows = [retrieval.read_now(id_) for id_ in document_ids]
    if as_json:
        changed(rows, as_json)
        return
    for row in rows:
        say(_("{name}: hidden are {kinds}").format(name=row.name, kinds=_listed(row.masks)))


def usage(
    assistant: Of = None,
    unused: Annotated[
        int | None, typer.Option(min=1, help="Only those that no answer had for so many days.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """In how many answers documents were used, cited, and called wrong."""
    terminal.ready()
    from core import assistants, retrieval

    chosen = assistants.chosen(assistant).id
    idle = None if unused is None else {row.id for row in retrieval.unused(chosen, days=unused)}
    rows = [row for row in every(chosen) if idle is None or row.document.id in idle]
    if as_json:
        document({"data": [shape(row.document) | {"usage": use(row.usage)} for row in rows]})
        return
    for row in rows:
        say(_counts(row.document.name, row.usage))


def _day(text: str | None) -> "date | Unchanged | None":
    from core import retrieval

    if text is None:
        return retrieval.UNCHANGED
    return None if text == "open" else terminal.day(text)


def _print(found: "Difference") -> None:
    """The lines with their marks; a line with @@ wherever unchanged ones are left out."""
    a, b = 0, 0
    for one in found.lines:
        if (one.a or a + 1, one.b or b + 1) != (a + 1, b + 1):
            say(f"@@ {one.a or ''} {one.b or ''}")
        a, b = one.a or a, one.b or b
        say(f"{one.mark} {one.text}")
    if found.cut:
        say(
            _("There is more: {added} lines came, {removed} went.").format(
                added=number(found.added), removed=number(found.removed)
            )
        )


def _listed(kinds: list[str]) -> str:
    return ", ".join(kinds) or "–"


def _counts(name: str, of: "Usage") -> str:
    counts = _("used {used}, cited {cited}, wrong {wrong}").format(
        used=number(of.used), cited=number(of.cited), wrong=number(of.wrong)
    )
    last = moment(of.last_used) if of.last_used else _("never")
    return f"{name}: {counts} ({last})"
