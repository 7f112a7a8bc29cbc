"""Sentences as spans of a text: plain prose, or Markdown with headings, lists and tables.

Every line that is a heading, a list item or a table row begins anew; other lines run on until a
blank one. A heading is one sentence, whatever points it has. Within a run a sentence ends at . ! ? or … before white space, unless the point belongs
to an abbreviation, an initial or an ordinal. Decimals never end one: no white space follows.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_LINE = re.compile(r"[^\n]+")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
_CAPITALS = re.compile(r"[^a-zß-öø-ÿ\n|]{3,100}$")  # a heading of plain text: no small letter
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULE = re.compile(r"(?=.*---)[\s:|-]+|\s*[*_=]{3,}\s*")  # read in one pass, however long
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]*_]*+(?=\s)")
_OPENS = re.compile(r"\s+[\"'“‘«(\[*_¿¡—–-]*(?:[^\W\d_a-zà-ÿ]|\d)")
_LAST_WORD = re.compile(r"[^\s\"'“(\[]++$")
_ABBREVIATIONS = """
    n sr sra srs sras dr dra drs prof profa exmo exma ilmo av art arts inc cap caps ed eds fig figs
    obs pag pags p pp tel ex vol vols ltda cia no nos num ref etc i.e e.g mr mrs ms st jr vs al
    approx dept est inc corp co gen sen rep gov rev sgt col lt mt jan fev mar abr mai jun jul ago
    set out nov dez feb apr aug sep sept oct dec
"""
_SHORT = frozenset(_ABBREVIATIONS.split())
_MAY_END = frozenset({"etc", "al", "ltda", "cia", "inc", "corp", "jr", "no", "co", "set", "out"})


LONGEST_SHORT = 20  # characters before a point in which an abbreviation is looked for
MOST_SHORT = 4  # letters: "CEP" or "R$" alone is no heading


class Span(NamedTuple):
    """Characters ``start`` up to, not including, ``end``."""

    start: int
    end: int


def sentences(text: str) -> list[Span]:
    """The sentences of ``text`` in order; table rules and blank lines belong to none."""
    return [span for run in _runs(text) for span in _split(text, run)]


def is_heading(line: str) -> bool:
    """Whether a line is a heading: of Markdown, or in capitals (no full stop)."""
    bare = line.strip()
    if "\n" in bare:
        return False
    if _HEADING.match(line):
        return True
    capitals = bool(_CAPITALS.match(bare)) and not bare.endswith((".", "!", "?", ";", ","))
    return capitals and sum(map(str.isalpha, bare)) > max(len(bare) / 2, MOST_SHORT)


def _runs(text: str) -> Iterator[Span]:
    """Stretches in which a sentence may run over a line's end; a heading or a row is over with it."""
    start = end = -1
    is_over = False
    for line in _LINE.finditer(text):
        content = line.group()
        alone = is_heading(content) or bool(_ROW.match(content))
        apart = alone or bool(_ITEM.match(content)) or "\n\n" in text[end : line.start()]
        if start >= 0 and (apart or is_over or not content.strip()):
            yield Span(start, end)
            start = -1
        if content.strip() and not _RULE.fullmatch(content):
            start, is_over = (line.start(), alone) if start < 0 else (start, is_over)
            end = line.end()
    if start >= 0:
        yield Span(start, end)


def _split(text: str, run: Span) -> Iterator[Span]:
    start = run.start
    if _HEADING.match(text, run.start, run.end):  # the point of "## 4. Delivery" ends nothing
        yield _trimmed(text, *run)
        return
    item = _ITEM.match(text, start, run.end)
    searched = item.end() if item else start
    for mark in _END.finditer(text, searched, run.end):
        if _ends(text, start, mark):
            yield _trimmed(text, start, mark.end())
            start = mark.end()
    if text[start : run.end].strip():
        yield _trimmed(text, start, run.end)


def _ends(text: str, start: int, mark: re.Match[str]) -> bool:
    if not _OPENS.match(text, mark.end()):
        return False
    if mark.group()[0] != "." or len(mark.group().rstrip("\"'”’»)]*_")) > 1:
        return True
    found = _LAST_WORD.search(text, max(start, mark.start() - LONGEST_SHORT), mark.start())
    word = found.group() if found else ""
    if len(word) == 1 and word.isupper():
        return False  # an initial: J. K. Rowling
    short = word.lower().replace("á", "a")
    return short not in _SHORT or short in _MAY_END


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    return Span(start + lead, end - (len(piece) - len(piece.rstrip())))
