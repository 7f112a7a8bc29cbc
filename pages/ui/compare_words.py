"""The words that differ between two answers, as marks on both.

A mark ends with its line, so that it never reaches from one paragraph or list entry into the next.
"""

import re
from functools import lru_cache

from core import comparison
from core.comparison import words
from core.i18n import _, ngettext, number
from pages.ui.safe import Mark

_differing = lru_cache(maxsize=16)(words.differing)  # asked for at each look at the same two texts
Marks = dict[comparison.Side, list[Mark]]


def marks(a: str, b: str) -> Marks:
    """What only the one or the other says."""
    found = _differing(a, b)
    return {"a": _marks(a, found.a), "b": _marks(b, found.b)}


def told(a: str, b: str) -> str:
    """How much differs, in words."""
    found = _differing(a, b)
    if not found.a and not found.b:
        return _("Both say the same, word for word.")
    counts = (_counted(a, found.a), _counted(b, found.b))
    said = _("Marked: {a} that only A says, {b} that only B says.").format(a=counts[0], b=counts[1])
    if not found.cut:
        return said
    most = number(words.MOST)
    return said + " " + _("Only the first {n} words of each were compared.").format(n=most)


def _counted(text: str, spans: words.Spans) -> str:
    n = sum(len(words.WORD.findall(text[start:end])) for start, end in spans)
    return ngettext("{n} word", "{n} words", n).format(n=number(n))


def _marks(text: str, spans: words.Spans) -> list[Mark]:
    return [
        Mark("hit", start + line.start(), start + line.end())
        for start, end in spans
        for line in re.finditer(r"[^\n]+", text[start:end])
    ]
