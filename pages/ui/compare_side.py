"""Two answers side by side, as data for the ``sides`` element: each as it arrives, then as it is stored.

In: a ``Compared``. Out: plain data; every text in it that others wrote is escaped or written as text.
Always holds: both columns have the same rows in the same order, so that figures stand level.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from core import comparison
from core.comparison import Compared, Shown, Side
from core.i18n import _, number
from pages.ui import answer as turn
from pages.ui import compare_side_figures, compare_words, facts, models
from pages.ui.safe import Mark

Order = tuple[Side, Side]


class Named(NamedTuple):
    """What a version is called: its title, and what there is to know of it beside."""

    title: str
    badges: tuple[str, ...] = ()


Names = Mapping[str, Named]


def names(choices: Sequence[comparison.Choice]) -> dict[str, Named]:
    """What the versions are called, by id."""
    return {one.version.id: Named(title(one), badges(one)) for one in choices}


def called(named: Names, version_id: str) -> str:
    """ "3 · llama3.2, with memory", on one line; "" where it is gone."""
    name = named.get(version_id)
    return ", ".join((name.title, *name.badges)) if name else ""


def title(choice: comparison.Choice) -> str:
    """ "3 · llama3.2"."""
    model = models.title(choice.model.provider, choice.model.name)
    return f"{number(choice.version.number)} · {model}"


def badges(choice: comparison.Choice) -> tuple[str, ...]:
    """Which names point at it, and whether it remembers approved questions."""
    memory = _("with memory") if choice.remembers else _("without memory")
    return (*(_(alias) for alias in choice.aliases), memory)


def data(
    found: Compared, named: Names, order: Order = ("a", "b"), *, hidden: bool = False, words: bool
) -> dict[str, Any]:
    """What the element shows; ``hidden``: nothing that tells whose answer it is."""
    marks = _marks(found) if words else {}
    figures = compare_side_figures.of(found)
    columns = []
    for place, side in enumerate(order, 1):
        told = _column(found, found.side(side), named, marks.get(side, []))
        told |= {"letter": str(place) if hidden else side.upper()}
        told |= {"figures": [] if hidden else figures[side]}
        columns.append(_nameless(told) if hidden else told)
    return {"label": _("Both answers"), "columns": columns, "words": _words()}


def _column(found: Compared, side: Shown, named: Names, marks: list[Mark]) -> dict[str, Any]:
    name = named.get(side.version.id) or Named(models.called(side.name))
    return {
        "name": name.title,
        "badges": list(name.badges),
        "label": _("Answer of {name}").format(name=name.title),
        "running": side.state != "done" and not comparison.lost(found),
        "outcome": (side.answer.message.outcome or "") if side.answer else "",
        "how": side.state == "done" and side.answer is not None,
        **_said(found, side, marks),
    }


def _said(found: Compared, side: Shown, marks: list[Mark]) -> dict[str, Any]:
    if side.answer is None:
        return _silent(found, side)
    message = side.answer.message
    if message.state == "running":
        return turn.arriving_of(message.id, message.conversation_id)
    return facts.told(side.answer, marks)


def _silent(found: Compared, side: Shown) -> dict[str, Any]:
    """A side that has not begun, or never will."""
    gone = side.state == "done" or comparison.lost(found)
    note = _("This side was not asked any more. Ask again to hear it.") if gone else ""
    waits = found.row.settings.get("in_turn") and side.side == "b"
    status = _("Waits until the other has ended") if waits else _("Searching the documents")
    return {
        **{"html": "", "reasoning": "", "sources": [], "copy": ""},
        "note": escape(note),
        "status": "" if gone else escape(status),
    }


def _nameless(told: dict[str, Any]) -> dict[str, Any]:
    name = _("Answer {letter}").format(letter=told["letter"])
    return told | {"name": name, "label": name, "badges": [], "reasoning": "", "how": False}


def _marks(found: Compared) -> compare_words.Marks:
    if not (found.done and found.a.answer and found.b.answer):
        return {}
    return compare_words.marks(found.a.answer.message.text, found.b.answer.message.text)


def _words() -> dict[str, str]:
    return {
        "sources": _("Sources"),
        "reasoning": _("How the model thought"),
        "how": _("How this answer came about"),
        "better": _("better"),
    }
