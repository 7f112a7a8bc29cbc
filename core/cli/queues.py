"""Review queues as they are named at the command line: by id, or by name.

Always holds: a name that several assistants' queues have is refused with their ids, never guessed.
"""

from typing import TYPE_CHECKING

from core.errors import InvalidInput, NotFound
from core.i18n import _

if TYPE_CHECKING:
    from core.db.tables import Queue


def chosen(name: str | None, assistant: str | None = None) -> "Queue":
    """The queue of that id or name, else the oldest one; of an assistant, or of all.

    NotFound where there is none, InvalidInput where several have the name.
    """
    rows = of(assistant)
    found = [row for row in rows if name in (None, row.id)]
    found = found or [row for row in rows if row.name == name]
    if not found:
        raise _none(name, rows)
    if name and len(found) > 1:
        ids = ", ".join(row.id for row in found)
        raise InvalidInput(
            _("There are {n} review queues called “{name}”.").format(n=len(found), name=name),
            hint=_("Name one by its id: {ids}.").format(ids=ids),
            field="queue",
        )
    return found[0]


def of(assistant: str | None = None) -> "list[Queue]":
    """The queues of an assistant, or all, oldest first."""
    from core import annotation, assistants

    return annotation.queues(assistants.chosen(assistant).id if assistant else None)


def _none(name: str | None, rows: "list[Queue]") -> NotFound:
    names = ", ".join(row.name for row in rows)
    return NotFound(
        _("There is no review queue “{name}”.").format(name=name)
        if name
        else _("There is no review queue yet."),
        hint=_("There are: {names}.").format(names=names) if names else "",
    )
