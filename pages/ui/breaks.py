"""Where another model took over in mid-answer: said at that place, between the two parts.

In: the text, its marks, and its breaks ({"at": offset, "after": "provider:model", "message"}). Out:
HTML built from escaped text alone, as ``safe`` gives it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise
from typing import Any

from core.db.tables import Message
from core.i18n import _
from pages.ui import models, safe

Break = dict[str, Any]


def html(text: str, marks: Sequence[safe.Mark], breaks: Sequence[Break]) -> str:
    """A whole answer."""
    return _joined(text, breaks, lambda start, end: _part(text[start:end], marks, start, end))


def instead(message: Message) -> str:
    """Which answer this is where the model that was to answer failed before its first word."""
    if message.breaks or not message.routing_reason.startswith("fallback"):
        return ""
    model = models.title(message.provider, message.model_name)
    said = _("{why} What follows is the answer of {model}.")
    return _told(said.format(why=message.error, model=model))


def arriving(text: str, breaks: Sequence[Break]) -> str:
    """An answer that still comes in."""
    return _joined(text, breaks, lambda start, end: safe.arriving(text[start:end]))


def who(model: str) -> str:
    """What "provider:model" is called on the screen."""
    return models.title(*model.split(":", 1))


def _joined(text: str, breaks: Sequence[Break], part: Callable[[int, int], str]) -> str:
    places = [0, *(one["at"] for one in breaks), len(text)]
    parts = [part(start, end) for start, end in pairwise(places)]
    notices: Iterator[str] = (_notice(one) for one in breaks)
    return parts[0] + "".join(next(notices) + more for more in parts[1:])


def _part(said: str, marks: Sequence[safe.Mark], start: int, end: int) -> str:
    cites = [mark for mark in marks if mark.kind == "cite"]
    here = [
        replace(mark, start=mark.start - start, end=min(mark.end, end) - start)
        for mark in marks
        if start <= mark.start < end
    ]
    return safe.html(said, here, first=sum(mark.start < start for mark in cites))


def _notice(one: Break) -> str:
    said = _("The model did not finish: {why} What follows is the answer of {model}.")
    return _told(said.format(why=one["message"], model=who(one["after"])))


def _told(sentence: str) -> str:
    return f'<p class="break">{escape(sentence)}</p>'
