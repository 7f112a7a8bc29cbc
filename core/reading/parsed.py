"""What reading gives: a text with its headings and pages, and the pieces search finds.

What always holds: every offset counts characters of ``Parsed.text``; headings and page starts are
in the order of the text; a piece is ``text[start:end]``.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple


class Heading(NamedTuple):
    """A heading's line begins at ``start``; ``level`` counts from 1, the highest."""

    start: int
    level: int
    title: str


@dataclass(frozen=True)
class Parsed:
    """A document's text. ``page_starts[i]`` is the offset of page i + 1; ``pages`` their count."""

    text: str
    page_starts: list[int] = field(default_factory=list)
    pages: int = 0
    headings: list[Heading] = field(default_factory=list)


class Piece(NamedTuple):
    """``text[start:end]`` of the document, the page it begins on, the headings above it."""

    text: str
    start: int
    end: int
    page: int | None
    heading: str


def page_at(page_starts: list[int], offset: int) -> int | None:
    """The page (from 1) on which the character at ``offset`` stands; None without pages."""
    return bisect_right(page_starts, offset) or None
