"""Reading: a file becomes its text, and the text the pieces that search finds.

It takes PDF, DOCX, XLSX, CSV, HTML, Markdown and plain text. ``type_of`` tells at once what a file
is, or why it cannot be taken; ``read`` parses it. What always holds: parsing happens in a child
process with limits of time, memory and output, so whatever a file does to its parser, this process
goes on; a file is read whole or refused with a code of ``REFUSALS`` and its sentence; a piece is an
exact slice of the text, and headings, sheets and table heads come with it as its context.
"""

from core.reading.kinds import KINDS, type_of
from core.reading.parent import close, read
from core.reading.parsed import Heading, Parsed, Piece, page_at
from core.reading.refusals import REFUSALS, refusal

__all__ = [
    "KINDS",
    "REFUSALS",
    "Heading",
    "Parsed",
    "Piece",
    "close",
    "page_at",
    "read",
    "refusal",
    "type_of",
]
