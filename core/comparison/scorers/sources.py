"""Whether two names are of one document, and whether a text holds a quote: pure.

Always holds: case, accents, marks and blanks do not matter; a quote that the cutting of a document
into passages has halved counts where the passage holds most of it.
"""

from functools import lru_cache
from math import ceil
from pathlib import PurePosixPath

from core.comparison.scorers.tokens import tokens
from core.text import fold

MOST = 0.6  # the share of a quote's words, in a row, that a passage must hold
SHORT = 6  # words; a quote of so few must stand there whole


def same_document(one: str, other: str) -> bool:
    """ "Horários.md", "docs/horarios.md" and "horarios" are one document; "horarios.pdf" is another."""
    a, b = _name(one), _name(other)
    return a == b or (not (a[1] and b[1]) and a[0] == b[0])


def holds(text: str, quote: str) -> bool:
    """Whether ``quote`` stands in ``text``, or most of it from its beginning or up to its end."""
    words = _words(quote)
    own = f" {' '.join(_words(text))} "
    most = ceil(MOST * len(words)) if len(words) > SHORT else len(words)
    return bool(words) and any(
        f" {' '.join(part)} " in own for part in (words[:most], words[-most:])
    )


def _name(written: str) -> tuple[str, str]:
    path = PurePosixPath(fold(written.strip()).replace("\\", "/"))
    known = path.suffix if path.suffix[1:2].isalpha() and len(path.suffix) <= 6 else ""
    return path.name.removesuffix(known), known


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[str, ...]:
    return tuple(tokens(text))
