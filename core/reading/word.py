"""DOCX: headings, paragraphs, lists and tables in the order of the document.

What is deleted in tracked changes or hidden is left out, what is inserted is there; fields show
their last result; notes follow the block that refers to them. Headers, footers and comments are
not part of the text. A short paragraph all in bold
counts as a heading, because many people write them so.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.reading import archive, heads, rows
from core.reading.draft import Draft
from core.reading.parsed import Parsed
from core.reading.word_notes import Notes

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# a fallback repeats what an older Word shows instead; a text box is told after its paragraph
_APART = {"Fallback", "txbxContent", "del", "moveFrom", "instrText", "rPr", "pPr"}
_WRAPS = {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "body", "txbxContent"}
_TITLES = ("title", "título")
_LOWEST = 6  # the level of a heading that is only bold
_SHORT = 90  # characters of such a heading
_BULLETS = {"bullet", "none", ""}


def read_word(path: Path) -> Parsed:
    """The body of a document."""
    archive.check(path, "word/")
    from docx import Document

    document = Document(str(path))
    reader = _Reader(document)
    reader.tell(document.element.body)
    return reader.draft.parsed()


class _Reader:
    """What telling one document needs to know: its styles, its lists, and how far they count."""

    def __init__(self, document: Any) -> None:
        self.draft = Draft()
        self._styles = {
            style.get(_W + "styleId"): style for style in document.styles.element.iter(_W + "style")
        }
        self._formats = _list_formats(document)
        self._counts: Counter[tuple[str, int]] = Counter()
        self._notes = Notes(document)
        self._below_title = 0  # a title stands above every heading that follows it

    def tell(self, container: "Element") -> None:
        for element in container:
            name = _name(element)
            if name == "p":
                self._tell_paragraph(element)
            elif name == "tbl":
                self._tell_table(element)
            elif name in _WRAPS:
                self.tell(element)

    def _tell_paragraph(self, paragraph: "Element") -> None:
        text, notes = _text(paragraph), list(self._notes.of(paragraph))
        level = self._level(paragraph)
        if level or _is_bold_line(paragraph, text):
            for mark, _note in notes:
                text = text.replace(f" {mark}", "")
            self.draft.heading(level or _LOWEST, text)
        elif text.strip() and (mark := self._mark(paragraph)):
            self.draft.item(text, mark)
        else:
            self.draft.paragraph(text)
        for box in _boxes(paragraph):
            self.tell(box)
        self._tell_notes(notes)

    def _tell_table(self, table: "Element") -> None:
        if _is_layout(table):
            for cell in _all_cells(table):
                self.tell(cell)
            return
        grid, marked = list(_grid(table)), _marked(table)
        head = heads.joined(grid[:marked]) if marked else None
        for line in rows.lines(grid[marked:], head):
            self.draft.row(line)
        self._tell_notes(self._notes.of(table))

    def _tell_notes(self, notes: "Iterable[tuple[str, Element]]") -> None:
        for mark, note in notes:
            if text := " ".join(_text(note).split()):
                self.draft.paragraph(f"{mark} {text}")

    def _level(self, paragraph: "Element") -> int:
        """The level of a heading, by its style's name or outline; 0 for other paragraphs."""
        level = _value(paragraph, "outlineLvl")
        for style in self._style_and_above(paragraph):
            name = _value(style, "name").lower()
            if name.startswith("heading ") and name[8:].isdigit():
                return int(name[8:]) + self._below_title
            if name in _TITLES:
                self._below_title = 1
                return 1
            level = level or _value(style, "outlineLvl")
        outlined = level.isdigit() and int(level) < _LOWEST
        return int(level) + 1 + self._below_title if outlined else 0

    def _mark(self, paragraph: "Element") -> str:
        """ "-" or "3." before an item of a list; nothing before what is none."""
        for source in (paragraph, *self._style_and_above(paragraph)):
            number = _value(source, "numId")
            if number:
                depth = int(_value(source, "ilvl") or 0)
                return self._counted(number, depth) if number != "0" else ""
        return ""

    def _counted(self, number: str, depth: int) -> str:
        if self._formats.get(number, {}).get(depth, "") in _BULLETS:
            return "-"
        self._counts[number, depth] += 1
        for deeper in range(depth + 1, 9):
            self._counts.pop((number, deeper), None)
        return f"{self._counts[number, depth]}."

    def _style_and_above(self, paragraph: "Element") -> Iterator["Element"]:
        name, seen = _value(paragraph, "pStyle"), set[str]()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = _value(self._styles[name], "basedOn")


def _list_formats(document: Any) -> dict[str, dict[int, str]]:
    """List -> depth -> how its items are numbered: "bullet", "decimal", ..."""
    try:
        numbering = document.part.numbering_part.element
    except (KeyError, NotImplementedError):  # a document without lists
        return {}
    kinds = {
        kind.get(_W + "abstractNumId"): {
            int(level.get(_W + "ilvl") or 0): _value(level, "numFmt")
            for level in kind.iter(_W + "lvl")
        }
        for kind in numbering.iter(_W + "abstractNum")
    }
    return {
        number.get(_W + "numId"): kinds.get(_value(number, "abstractNumId"), {})
        for number in numbering.iter(_W + "num")
    }


def _name(element: "Element") -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _value(element: "Element", name: str) -> str:
    """The value of a property of a paragraph, style or level; "" without it."""
    found = element.find(_W + name)
    for parent in ("pPr", "pPr/" + _W + "numPr"):
        if found is None:
            found = element.find(f"{_W}{parent}/{_W}{name}")
    return found.get(_W + "val") or "" if found is not None else ""


def _text(element: "Element") -> str:
    return "".join(_texts(element))


def _texts(element: "Element") -> Iterator[str]:
    for child in element:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name == "r" and _is_hidden(child):
            continue
        elif name in _SPACE:
            yield _SPACE[name]
        elif name not in _APART:
            yield from _texts(child)
            yield "\n" if name == "p" else ""


def _is_hidden(run: "Element") -> bool:
    found = run.find(f"{_W}rPr/{_W}vanish")
    return found is not None and found.get(_W + "val") not in ("0", "false")


def _boxes(paragraph: "Element") -> Iterator["Element"]:
    for box in paragraph.iter(_W + "txbxContent"):
        above = map(_name, box.iterancestors())
        if "Fallback" not in above:
            yield box


def _is_bold_line(paragraph: "Element", text: str) -> bool:
    bare = text.strip()
    if not bare or len(bare) > _SHORT or "\n" in bare or bare[-1] in ".,;:":
        return False
    runs = [run for run in paragraph.iter(_W + "r") if _text(run).strip()]
    bold = (run.find(f"{_W}rPr/{_W}b") for run in runs)
    return bool(runs) and all(
        one is not None and one.get(_W + "val") not in ("0", "false") for one in bold
    )


def _is_layout(table: "Element") -> bool:
    """A table that arranges a page: a frame round text, or one that holds other tables."""
    if table.find(f".//{_W}tbl") is not None:
        return True
    return all(len(list(_cells(row))) < 2 for row in _rows(table))


def _all_cells(table: "Element") -> Iterator["Element"]:
    return (cell for row in _rows(table) for cell in _cells(row))


def _marked(table: "Element") -> int:
    """How many of the first rows are marked as the table's head; the last row never is."""
    found = list(_rows(table))
    count = 0
    while count < len(found) - 1 and found[count].find(f"{_W}trPr/{_W}tblHeader") is not None:
        count += 1
    return count


def _grid(table: "Element") -> Iterator[rows.Row]:
    """The rows of a table; a cell over several columns or rows counts for each of them."""
    above: list[str] = []
    for row in _rows(table):
        cells: list[str] = []
        for cell in _cells(row):
            width = _value_of_cell(cell, "gridSpan")
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merged is not None and merged.get(_W + "val") != "restart"
            text = "".join(above[len(cells) : len(cells) + 1]) if goes_on else _text(cell)
            cells += [text, *[""] * (min(int(width or 1), 64) - 1)]
        alone = len(cells) > 1 and not any(cells[1:]) and sum(1 for _cell in _cells(row)) == 1
        above = cells
        yield rows.Band(cells[0]) if alone else cells


def _rows(table: "Element") -> Iterable["Element"]:
    return (row for row in _inside(table) if _name(row) == "tr")


def _cells(row: "Element") -> Iterable["Element"]:
    return (cell for cell in _inside(row) if _name(cell) == "tc")


def _inside(element: "Element") -> Iterator["Element"]:
    """The children, those in content controls and insertions among them."""
    for child in element:
        if _name(child) in _WRAPS:
            yield from _inside(child)
        else:
            yield child


def _value_of_cell(cell: "Element", name: str) -> str:
    found = cell.find(f"{_W}tcPr/{_W}{name}")
    return found.get(_W + "val") or "" if found is not None else ""
