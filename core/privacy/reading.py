"""The plain reading of a text: what the rules look at, so that no typography hides a number.

In: any text. Out: its plain form (lower case, no accents, ASCII digits, spaces and dashes) and where
each of its characters stands in the text. Invisible characters (NUL, zero width, right-to-left
marks, combining marks) are left out, so "1<zero width>2" reads "12". Every other character stays
one character.
"""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

_INVISIBLE = {"Cc", "Cf", "Mn", "Me"}
_MINUS = "\N{MINUS SIGN}"


class Reading(NamedTuple):
    """``plain[i]`` is the reading of the character at ``offsets[i]`` of the text."""

    plain: str
    offsets: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``plain[start:end]`` (not empty) stands in the text."""
        return self.offsets[start], self.offsets[end - 1] + 1


def read(text: str) -> Reading:
    """The plain reading of ``text``."""
    table = _Table()  # one per text, so that a text full of rare characters leaves nothing behind
    plain = text.translate(table)
    if len(plain) == len(text):
        return Reading(plain, range(len(text)))
    gone = {code for code, kept in table.items() if kept is None}
    return Reading(plain, [at for at, char in enumerate(text) if ord(char) not in gone])


class _Table(dict[int, str | None]):
    def __missing__(self, code: int) -> str | None:
        self[code] = kept = _plain(chr(code))
        return kept


def _plain(char: str) -> str | None:
    """One character, or None for one that cannot be seen."""
    if char.isspace():
        return char if char in "\n\t" else "\n" if char in "\r\u2028\u2029" else " "
    category = unicodedata.category(char)
    if category in _INVISIBLE:
        return None
    if category == "No":
        return " "  # a footnote's small figure is no part of the number before it
    if category == "Pd" or char == _MINUS:
        return "-"
    if category == "Nd":
        return str(unicodedata.decimal(char))
    apart = [
        part for part in unicodedata.normalize("NFKD", char) if unicodedata.combining(part) == 0
    ]
    lower = (apart[0] if len(apart) == 1 else char).lower()
    return lower if len(lower) == 1 else char
