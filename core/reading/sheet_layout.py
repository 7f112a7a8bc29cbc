"""What a sheet's XML says of its layout: merged cells and hidden columns.

openpyxl tells it only where it holds the whole sheet in memory; here the XML is searched in blocks.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

_TAG = re.compile(
    rb'<(?:\w{1,9}:)?(?:mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
    rb"|col\s([^>]{1,300})>)"
)
_COLUMNS = re.compile(rb'\b(min|max|hidden|outlineLevel)="(\w{1,6})"')
_MOST = 10_000  # merged cells and kinds of columns
_WIDEST = 16_384  # columns that a sheet can have
_BLOCK, _LONGEST = 1 << 20, 400  # bytes read at a time; of a tag that lies across two blocks


@dataclass
class Layout:
    """Of a sheet; rows count from 1, columns from 0."""

    merged: dict[int, list[tuple[int, int]]] = field(
        default_factory=dict
    )  # row: (column, last row)
    bands: set[int] = field(default_factory=set)  # rows that begin with a cell over several columns
    hidden: set[int] = field(default_factory=set)  # columns


def layout_of(path: Path, part: str) -> Layout:
    """The layout of the sheet that lies at ``part`` of the archive."""
    layout = Layout()
    for tag in islice(_tags(path, part.removeprefix("/")), _MOST):
        if tag[5]:
            if len(layout.hidden) < _WIDEST:
                layout.hidden.update(_hidden(tag[5]))
            continue
        first, last = int(tag[2]), int(tag[4])
        if last > first:
            layout.merged.setdefault(first, []).append((_column(tag[1]), last))
        if tag[3] != tag[1]:
            layout.bands.add(first)
    return layout


def _hidden(attributes: bytes) -> range:
    """Columns that somebody has hidden; those of a folded group are shown with a click."""
    said = dict(_COLUMNS.findall(attributes))
    if said.get(b"hidden") not in (b"1", b"true") or said.get(b"outlineLevel", b"0") != b"0":
        return range(0)
    try:
        first, last = int(said[b"min"]), int(said[b"max"])
    except (KeyError, ValueError):
        return range(0)
    return range(first - 1, min(last, _WIDEST))


def _tags(path: Path, part: str) -> Iterator[re.Match[bytes]]:
    with zipfile.ZipFile(path) as archive, archive.open(part) as file:
        rest = b""
        while block := file.read(_BLOCK):
            text, end = rest + block, 0
            for tag in _TAG.finditer(text):
                end = tag.end()
                yield tag
            rest = text[max(end, len(text) - _LONGEST) :]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
