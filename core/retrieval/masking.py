"""Personal data in documents: counted, and hidden before anything is stored or searched.

In: what reading gave, and the kinds to hide. Out: the same with each find covered by a mask of
its own length ("[CPF•••••••••]"), and how many there were of every kind, hidden or not. What
always holds: a mask moves no other character, so that pages, chunks and citations stay where they
are whatever is chosen; a choice that hides more hides it in every version that is kept.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import undefer

from core import db, privacy
from core.db.tables import Document, DocumentVersion
from core.reading import Parsed, Piece

COVER = "•"
BLOCK = 50_000  # characters looked through at a time, between which other threads have their turn
GAPS = ("\n\n", "\n", ". ", " ")  # where a part may end: rather not within a number


def covered(
    parsed: Parsed, pieces: Sequence[Piece], kinds: Collection[str]
) -> tuple[Parsed, list[Piece], dict[str, int]]:
    """What was read without the personal data of ``kinds``, and how much there is of any kind."""
    text, personal = masked(parsed.text, kinds)
    if personal.keys().isdisjoint(kinds):
        return parsed, list(pieces), personal
    headings = {title: masked(title, kinds)[0] for title in {piece.heading for piece in pieces}}
    hidden = [
        piece._replace(text=text[piece.start : piece.end], heading=headings[piece.heading])
        for piece in pieces
    ]
    return replace(parsed, text=text), hidden, personal


def masked(text: str, kinds: Collection[str]) -> tuple[str, dict[str, int]]:
    """The text, as long as it was, without personal data of ``kinds``; what it holds of any kind."""
    parts, counts = [], Counter[str]()
    for block in _blocks(text):
        end = 0
        for one in privacy.find(block):
            counts[one.kind] += 1
            if one.kind in kinds:
                parts += [block[end : one.start], _mask(one.kind, one.end - one.start)]
                end = one.end
        parts.append(block[end:])
    return "".join(parts), dict(counts)


def mask_older(document: Document) -> None:
    """Hide what the document hides now in the versions before the one that serves."""
    wanted = set(document.masks)
    for number in _less_masked(document, wanted):
        with db.writing() as session:
            key, options = (document.id, number), [undefer(DocumentVersion.text)]
            version = session.get(DocumentVersion, key, options=options)
            if version is not None:
                version.text = masked(version.text, wanted)[0]
                version.masks = sorted({*version.masks, *wanted})


def _less_masked(document: Document, wanted: set[str]) -> list[int]:
    older = select(DocumentVersion.number, DocumentVersion.masks).where(
        DocumentVersion.document_id == document.id, DocumentVersion.number < document.version
    )
    with db.session() as session:
        return [number for number, masks in session.execute(older) if wanted - set(masks)]


def _blocks(text: str) -> Iterator[str]:
    """The text in parts that end where a line does, if one does."""
    start = 0
    while start < len(text):
        end = start + BLOCK
        if end < len(text):
            ends = (text.rfind(gap, start, end) + len(gap) for gap in GAPS)
            end = next((cut for cut in ends if cut > start + BLOCK // 2), end)
        yield text[start:end]
        start = end


def _mask(kind: str, length: int) -> str:
    name = privacy.PLACEHOLDERS[kind][1:-1]
    return f"[{name:{COVER}<{length - 2}}]" if length >= len(name) + 2 else COVER * length
