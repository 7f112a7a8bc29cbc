"""The footnotes and endnotes of a DOCX: each is told once, right after the block that refers to it.

In: a document as python-docx opens it. ``Notes`` puts a mark such as "(2)" in the place of each
reference, counted in the order of the text, and gives the notes of a block with the same marks.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_KINDS = ("footnote", "endnote")
_MARK = "ciclo"  # the attribute under which a reference keeps its mark


class Notes:
    """The notes of one document."""

    def __init__(self, document: Any) -> None:
        self._untold: dict[str, Element] = {}  # by their marks
        written = {key: note for kind in _KINDS for key, note in _written(document, kind)}
        names = {f"{_W}{kind}Reference": kind for kind in _KINDS}
        references = list(document.element.body.iter(*names)) if written else []
        for reference in references:
            key = names[reference.tag], reference.get(_W + "id")
            if key in written:
                mark = f"({len(self._untold) + 1})"
                self._untold[mark] = written.pop(key)
                reference.tag, reference.text = _W + "t", f" {mark}"  # from here on it is text
                reference.set(_MARK, mark)

    def of(self, block: "Element") -> Iterator[tuple[str, "Element"]]:
        """The marks in ``block`` with the notes they stand for."""
        for text in block.iter(_W + "t") if self._untold else ():
            mark = text.get(_MARK)
            if mark in self._untold:
                yield mark, self._untold.pop(mark)


def _written(document: Any, kind: str) -> Iterator[tuple[tuple[str, str | None], "Element"]]:
    """The notes of a kind by their ids; lines that separate them from the text are none."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{kind}s") and not relation.is_external:
            for note in etree.fromstring(relation.target_part.blob, parser).iter(_W + kind):
                if note.get(_W + "type") in (None, "normal"):
                    yield (kind, note.get(_W + "id")), note
