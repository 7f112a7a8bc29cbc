"""Where another model took over: said at that place, between the two parts, with all who failed there.

In: the text, its marks, and its breaks (see ``core.chat.breaks``). Out: HTML built from escaped text
alone, as ``safe`` gives it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise

from core.chat import breaks as taken
from core.chat.breaks import Break
from core.db.tables import Message
from pages.ui import models, safe


def html(text: str, marks: Sequence[safe.Mark], breaks: Sequence[Break]) -> str:
    """A whole answer."""
    return _joined(text, breaks, lambda start, end: _part(text[start:end], marks, start, end))


def of(message: Message, marks: Sequence[safe.Mark]) -> str:
    """A stored answer, with everybody who failed on its way."""
    return html(message.text, marks, taken.of(message))


def why(message: Message) -> str:
    """Why those who were asked first did not answer, in their order."""
    return " ".join(one["message"] for one in taken.of(message))


def arriving(text: str, breaks: Sequence[Break]) -> str:
    """An answer that still comes in."""
    return _joined(text, breaks, lambda start, end: safe.arriving(text[start:end]))


def _joined(text: str, breaks: Sequence[Break], part: Callable[[int, int], str]) -> str:
    told = list(taken.told(breaks, models.called))
    places = [0, *(at for at, _sentence in told), len(text)]
    first, *parts = [part(start, end) for start, end in pairwise(places)]
    notices = (_told(sentence) for _at, sentence in told)
    return first + "".join(notice + more for notice, more in zip(notices, parts, strict=True))


def _part(said: str, marks: Sequence[safe.Mark], start: int, end: int) -> str:
    cites = [mark for mark in marks if mark.kind == "cite"]
    here = [
        replace(mark, start=mark.start - start, end=min(mark.end, end) - start)
        for mark in marks
        if start <= mark.start < end
    ]
    return safe.html(said, here, first=sum(mark.start < start for mark in cites))


def _told(sentence: str) -> str:
    return f'<p class="break">{escape(sentence)}</p>'
