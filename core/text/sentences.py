"""Sentences as spans of a text: plain prose, or Markdown with headings, lists and tables.

Every line that is a heading, a list item or a table row begins anew; other lines run on until a
blank one. Within a run a sentence ends at . ! ? or … before white space, unless the point belongs
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
_RULE = re.compile(r"\s*(?:\|?[\s:|-]*-{3,}[\s:|-]*\|?|[*_=]{3,})\s*$")
_END = re.compile(r"[.!?…]+[\"'”’»)\]*_]*(?=\s)")
_OPENS = re.compile(r"\s+[\"'“‘«(\[*_¿¡—–-]*(?:[^\W\d_a-zà-ÿ]|\d)")
_LAST_WORD = re.compile(r"[^\s\"'“(\[]+$")
_ABBREVIATIONS = """
    n sr sra srs sras dr dra drs prof profa exmo exma ilmo av art arts inc cap caps ed eds fig figs
    obs pag pags p pp tel ex vol vols ltda cia no nos num ref etc i.e e.g mr mrs ms st jr vs al
    approx dept est inc corp co gen sen rep gov rev sgt col lt mt jan fev mar abr mai jun jul ago
    set out nov dez feb apr aug sep sept oct dec
"""
_SHORT = frozenset(_ABBREVIATIONS.split())
_MAY_END = frozenset({"etc", "al", "ltda", "cia", "inc", "corp", "jr", "no", "co", "set", "out"})


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
    """Stretches in which a sentence may run over a line's end."""
    start = end = -1
    for line in _LINE.finditer(text):
        content = line.group()
        begins = is_heading(content) or bool(_ITEM.match(content) or _ROW.match(content))
        apart = begins or "\n\n" in text[end : line.start()] or not content.strip()
        if start >= 0 and (apart or _closed(text, start)):
            yield Span(start, end)
            start = -1
        if content.strip() and not _RULE.match(content):
            start, end = (line.start() if start < 0 else start), line.end()
    if start >= 0:
        yield Span(start, end)


def _closed(text: str, start: int) -> bool:
    """A heading or a table row is over with its line."""
    stop = text.find("\n", start)
    line = text[start:] if stop < 0 else text[start:stop]
    return is_heading(line) or bool(_ROW.match(line))


def _split(text: str, run: Span) -> Iterator[Span]:
    start = run.start
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
    found = _LAST_WORD.search(text, start, mark.start())
    word = found.group() if found else ""
    if len(word) == 1 and word.isupper():
        return False  # an initial: J. K. Rowling
    short = word.lower().replace("á", "a")
    return short not in _SHORT or short in _MAY_END


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    return Span(start + lead, end - (len(piece) - len(piece.rstrip())))
