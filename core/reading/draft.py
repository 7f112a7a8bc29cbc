"""The text of a document in the making: blocks, rows and headings are written one after another.

What comes out reads like Markdown: headings marked with #, items and rows of tables a line each
beginning with "- ", everything else paragraphs with a blank line between. What always holds:
nothing in it that a screen, JSON or a database stumbles over, and never more than MAX_CHARACTERS.
"""

import re
import unicodedata

from core.reading.limits import MAX_CHARACTERS
from core.reading.parsed import Heading, Parsed
from core.reading.refusals import Refused

# control characters, lone surrogates, and what is invisible or turns the direction of writing
_NEVER = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_LONE = re.compile(r"[\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")
_ENDS = (".", "!", "?", ":", ";", "…", '"', "”", ")", "|")
_LEVELS = 6


def tidy(text: str) -> str:
    """``text`` composed (é is one character), without characters that nobody sees."""
    shown = _NEVER.sub("", text.replace("\u00a0", " ").replace("\u202f", " "))
    return unicodedata.normalize("NFC", _LONE.sub("\ufffd", shown))


class Draft:
    """Collects a document; ``parsed()`` gives it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._last = ""
        self._headings: list[Heading] = []
        self._page_starts: list[int] = []
        self._new_pages = 0

    def page(self) -> None:
        """What follows stands on the next page."""
        self._new_pages += 1

    def heading(self, level: int, title: str) -> None:
        """A heading; ``level`` counts from 1."""
        if bare := self._line(title):
            level = min(max(level, 1), _LEVELS)
            at = self._write(f"{'#' * level} {bare}", "\n\n")
            self._headings.append(Heading(at, level, bare))
            self._last = "heading"

    def paragraph(self, text: str) -> None:
        """A paragraph; one that goes on over the end of a page stays one."""
        lines = (_BLANKS.sub(" ", line).strip() for line in tidy(text).split("\n"))
        if bare := "\n".join(filter(None, lines)):
            self._write(bare, "\n" if self._goes_on(bare) else "\n\n")
            self._last = "paragraph"

    def item(self, text: str, mark: str = "-") -> None:
        """An item of a list; ``mark`` is "-" or "3."."""
        self._write_line("item", mark, text)

    def row(self, text: str) -> None:
        """A row of a table."""
        self._write_line("row", "-", text)

    def parsed(self) -> Parsed:
        """Everything written."""
        self._begin_pages(self._length)
        starts = self._page_starts
        return Parsed("".join(self._parts), starts, len(starts), self._headings)

    def _write_line(self, what: str, mark: str, text: str) -> None:
        if bare := self._line(text):  # those of a kind that follow each other stay together
            self._write(f"{mark} {bare}", "\n" if self._last == what else "\n\n")
            self._last = what

    def _line(self, text: str) -> str:
        return " ".join(tidy(text).split())

    def _goes_on(self, text: str) -> bool:
        ended = not self._parts or self._parts[-1].endswith(_ENDS)
        turned = self._new_pages and self._last == "paragraph"
        return bool(turned and not ended and text[0].islower())

    def _write(self, text: str, glue: str) -> int:
        """Append; where it begins."""
        at = self._length + (len(glue) if self._parts else 0)
        self._length = at + len(text)
        if self._length > MAX_CHARACTERS:
            raise Refused("too_long")
        self._parts += [glue, text] if self._parts else [text]
        self._begin_pages(at)
        return at

    def _begin_pages(self, at: int) -> None:
        self._page_starts += [at] * self._new_pages
        self._new_pages = 0
