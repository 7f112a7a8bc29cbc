"""Personal data in documents: counted, and hidden before anything is stored or searched.

In: what reading gave, and the kinds to hide. Out: the same with each find covered by a mask of
its own length ("[CPF•••••••••]"), and how many there were of every kind, hidden or not. What
always holds: a mask moves no other character, so that pages, chunks and citations stay where they
are whatever is chosen; a choice that hides more hides it in every version that is kept.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import undefer

from core import db, privacy
from core.db.tables import Document, DocumentVersion
from core.reading import Parsed, Piece

COVER = "•"


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
    found = privacy.find(text)
    parts, end = [], 0
    for one in found:
        if one.kind in kinds:
            parts += [text[end : one.start], _mask(one.kind, one.end - one.start)]
            end = one.end
    return "".join([*parts, text[end:]]), dict(Counter(one.kind for one in found))


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


def _mask(kind: str, length: int) -> str:
    name = privacy.PLACEHOLDERS[kind][1:-1]
    return f"[{name:{COVER}<{length - 2}}]" if length >= len(name) + 2 else COVER * length
