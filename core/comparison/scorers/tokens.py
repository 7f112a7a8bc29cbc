"""Words and numbers of a text as scorers compare them: pure, for any language written with blanks.

In: a text. Out: its tokens in order, each in the one form in which it may equal another: lower case,
accents away where they tell nothing, numbers by what they are worth. Always holds: a letter with its
accents is never cut ("começa" is one token, however its ç is stored), and "1.234,56" is one.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from core.text import fold

# Without its accent each of these is another common word: "é" and "e", "avó" and "avô".
KEPT = frozenset("é está país avó avô pôr dê dá pôde nós más fé sé dói".split())
ARTICLES = {
    "pt": frozenset("o a os as um uma uns umas".split()),
    "en": frozenset("a an the".split()),
}
_MARKS = "".join(chr(c) for c in range(0x300, 0x3000) if unicodedata.category(chr(c))[0] == "M")
_TOKEN = re.compile(rf"[^\W\d_]{{0,3}}\$|\d+(?:[.,:/]\d+)+|[^\W_](?:[^\W_]|[{_MARKS}])*")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_DECIMAL = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+),(\d+)|(\d+|\d{1,3}(?:,\d{3})+)\.(\d+)")


def tokens(text: str) -> list[str]:
    """The tokens of ``text``, as they are compared."""
    plain = unicodedata.normalize("NFC", text).lower()
    return [_key(found) for found in _TOKEN.findall(plain)]


def telling(text: str, language: str = "") -> list[str]:
    """The same without the articles of ``language`` ("pt..." or "en..."), unless nothing is left."""
    found = tokens(text)
    dropped = ARTICLES.get(language[:2].lower(), frozenset())
    return [token for token in found if token not in dropped] or found


def longest_common(a: Sequence[str], b: Sequence[str]) -> int:
    """The length of the longest common subsequence, in len(b) steps on numbers of len(a) bits.

    H. Hyyrö, "Bit-parallel LCS-length computation revisited" (2004): each token of ``b`` clears at
    most one bit, and those cleared at the end are the length.
    """
    places: dict[str, int] = {}
    for at, token in enumerate(a):
        places[token] = places.get(token, 0) | 1 << at
    every = (1 << len(a)) - 1
    row = every
    for token in b:
        same = row & places.get(token, 0)
        row = ((row + same) | (row - same)) & every
    return len(a) - row.bit_count()


@lru_cache(maxsize=50_000)
def _key(token: str) -> str:
    if token[0].isdigit():
        return _worth(token)
    return token if token in KEPT else fold(token)


def _worth(token: str) -> str:
    """A number in one form: "1.234,50" and "1,234.5" are "1234.5"; times and dates stay.

    One separator before exactly three digits groups thousands, unless a nought stands before it:
    "1.500" is 1500, "0.500" is 0.5.
    """
    if _GROUPED.fullmatch(token):
        return re.sub(r"[.,]", "", token)
    found = _DECIMAL.fullmatch(token)
    if not found:
        return token
    whole = re.sub(r"[.,]", "", found[1] or found[3])
    rest = (found[2] or found[4]).rstrip("0")
    return f"{whole}.{rest}" if rest else whole
