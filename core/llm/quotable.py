"""What can be quoted: the sentences and table rows of the passages, each with what it says.

In: numbered passages, best first. Out: ``Sentence``s in reading order. What always holds: every
one is a stretch of its passage; headings and the heads of tables are none, but count as context.
Pure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from core.text import fold, is_heading, language_of, plain, sentences, stems

PASSAGES = 4  # looked at; below them the answer hardly ever stands
KEY = 2  # cells of a row that say what it is about: its code, its name

_CELL = re.compile(r"(?:^|;) ?([^:;]{1,60}): ([^;]*)")
_UNTIL = re.compile(  # days are written 30/04/2027 or 2027-04-30
    r"(?:valid[oa]s? ate|vigente ate|valid (?:until|to)|expires(?: on)?)\W{1,3}"
    r"(?:(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{2})-(\d{2}))"
)


class Quote(NamedTuple):
    """``text`` reads plainly; as written it is ``passage[start:end]`` of passage ``number``."""

    number: int
    start: int
    end: int
    text: str


class Row(NamedTuple):
    """A table's row: the stems of the cells that name it, and of all its cells; not its headings."""

    key: set[str]
    cells: set[str]


@dataclass(frozen=True)
class Sentence:
    """A quote and its stems, those of the headings above it, its passage's score as a share of
    the best one's, and its cells if it is a row."""

    quote: Quote
    stems: list[str]
    heading: list[str]
    passage: float
    row: Row | None

    def is_over(self, today: date) -> bool:
        """Whether it says itself that it holds until a day that has passed (an old price)."""
        found = _UNTIL.search(fold(self.quote.text))
        if not found:
            return False
        until = found.group(3, 2, 1) if found[3] else found.group(4, 5, 6)
        return tuple(map(int, until)) < (today.year, today.month, today.day)


def quotable(passages: Sequence[Mapping[str, Any]]) -> list[Sentence]:
    """What can be quoted of the best passages (see core.llm.quoting), passage by passage."""
    looked_at = passages[:PASSAGES]
    best = max((float(passage["score"]) for passage in looked_at), default=0.0) or 1.0
    found: list[Sentence] = []
    for passage in looked_at:
        language = language_of(passage["text"])
        above = stems(str(passage.get("heading") or ""), language)
        share = float(passage["score"]) / best
        for quote in _quotes(passage):
            said, row = stems(quote.text, language), _row(quote.text, language)
            found.append(Sentence(quote, said, above, share, row))
    return found


def _quotes(passage: Mapping[str, Any]) -> list[Quote]:
    text, made, head = str(passage["text"]), [], ""
    for start, end in sentences(text):
        written = text[start:end]
        row = written.startswith("|")
        if (row and not head) or is_heading(written):
            head = written if row else ""
            continue
        head = head if row else ""
        made.append(Quote(int(passage["number"]), start, end, plain(written, head)))
    return [quote for quote in made if quote.text]


def _row(text: str, language: str) -> Row | None:
    cells = [set(stems(cell, language)) for _, cell in _CELL.findall(text)]
    return Row(set().union(*cells[:KEY]), set().union(*cells)) if len(cells) > 1 else None
