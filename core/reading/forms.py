"""The fields of a PDF's form: what was filled in is told beside the words that ask for it.

In: a page of a document whose form is open, and the page's lines. Out: the lines with the values
in their places: "Cidade: Recife", "[x] Faz entrega". Hidden fields, passwords and buttons are left
out, and so is what nobody has filled in; nothing of a form is run.
"""

from collections.abc import Callable, Iterator, Sequence
from ctypes import POINTER, c_ushort, cast, create_string_buffer
from typing import TYPE_CHECKING, Any, NamedTuple

from core.reading.layout import Line, Word

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_MOST = 2_000  # fields of a page
_LONGEST = 1 << 16  # bytes of a value
_NEAR = 40  # points from a box to the words that it ticks
_NAMELESS = ("On", "Yes", "Sim", "1")  # what a ticked box is worth where nobody has named it
_ABOVE = 1.6  # times their size: so far above a field may stand what asks for it


class Field(NamedTuple):
    """A field that was filled in; ``ticked`` of a box that is ticked or not, else None."""

    name: str
    text: str
    left: float
    bottom: float
    right: float
    top: float
    ticked: bool | None


def with_fields(document: "PdfDocument", page: "PdfPage", lines: list[Line]) -> list[Line]:
    """The lines of a page and what its fields hold."""
    for field in _fields(document, page):
        lines = list(_placed(lines, field))
    return lines


def _fields(document: "PdfDocument", page: "PdfPage") -> Iterator[Field]:
    from pypdfium2 import raw

    for at in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        try:
            widget = raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET
            if widget and (field := _field(raw, document.formenv, annotation)):
                yield field
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _field(raw: Any, form: Any, annotation: Any) -> Field | None:
    hidden = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
    secret = raw.FPDF_FORMFLAG_TEXT_PASSWORD
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    text = kind == raw.FPDF_FORMFIELD_TEXTFIELD
    boxes = raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON
    choices = raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX
    if not (text or kind in (*boxes, *choices)) or raw.FPDFAnnot_GetFlags(annotation) & hidden:
        return None
    if text and raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & secret:
        return None
    ticked = bool(raw.FPDFAnnot_IsChecked(form, annotation)) if kind in boxes else None
    reads = (
        raw.FPDFAnnot_GetFormFieldValue if ticked is None else raw.FPDFAnnot_GetFormFieldExportValue
    )
    value = " ".join(_said(reads, form, annotation).split())
    name = _said(raw.FPDFAnnot_GetFormFieldAlternateName, form, annotation)
    name = name or _said(raw.FPDFAnnot_GetFormFieldName, form, annotation).rpartition(".")[2]
    place = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, place)
    if ticked is None and not value:
        return None
    return Field(name, value, place.left, place.bottom, place.right, place.top, ticked)


def _said(function: Callable[..., int], form: Any, annotation: Any) -> str:
    size = min(function(form, annotation, None, 0), _LONGEST)
    held = create_string_buffer(size + 2)
    function(form, annotation, cast(held, POINTER(c_ushort)), size)
    return held.raw[:size].decode("utf-16-le", "replace").split("\0")[0].strip()


def _placed(lines: Sequence[Line], field: Field) -> Iterator[Line]:
    at, changed = _beside(lines, field) or _below(lines, field) or (-1, None)
    if changed is None and (changed := _alone(field, lines)):
        at = next((n for n, line in enumerate(lines) if line.y < field.bottom), len(lines))
        yield from (*lines[:at], changed, *lines[at:])
        return
    for number, line in enumerate(lines):
        yield changed if changed and number == at else line


def _beside(lines: Sequence[Line], field: Field) -> tuple[int, Line] | None:
    """The line at whose height the field stands, with its value; a box stands before its words."""
    level = [at for at, line in enumerate(lines) if field.bottom - 2 <= line.y <= field.top]
    for at in sorted(level, key=lambda at: -lines[at].left):
        line = lines[at]
        if line.words and line.left < field.right and field.left < line.right:
            return at, _inserted(line, field)
        if field.ticked is not None and -4 <= line.left - field.right <= _NEAR:
            return at, _grown(line, f"{_box(field)} {line.text}", field)
        if field.ticked is None and line.right <= field.left + 4:
            return at, _grown(line, f"{line.text} {field.text}", field)
    if field.ticked and field.text not in _NAMELESS:  # one of several, which tells itself
        return _beside(lines, field._replace(ticked=None))
    return None


def _below(lines: Sequence[Line], field: Field) -> tuple[int, Line] | None:
    """The line right above the field that asks for it, with its value."""
    if field.ticked is not None:
        return None
    for at, line in enumerate(lines):
        over = line.left < field.right and field.left - 4 < line.right
        if over and 0 < line.y - field.top < _ABOVE * line.size:
            glue = " " if line.text.endswith(":") else ": "
            return at, _grown(line, f"{line.text}{glue}{field.text}", field)
    return None


def _alone(field: Field, lines: Sequence[Line]) -> Line | None:
    """A line for a field that has none."""
    name = field.name if sum(map(str.isalpha, field.name)) > 2 else ""
    if field.ticked is not None:
        value = "" if field.text in _NAMELESS else field.text
        text = ": ".join(filter(None, (name, value))) if field.ticked else ""
    else:
        text = f"{name}: {field.text}" if name else field.text
    size = lines[0].size if lines else 10.0
    return Line(text, size, False, field.left, field.right, field.bottom) if text else None


def _box(field: Field) -> str:
    return "[x]" if field.ticked else "[ ]"


def _inserted(line: Line, field: Field) -> Line:
    """The line with the value among its words."""
    text = field.text if field.ticked is None else _box(field)
    words = sorted((*line.words, Word(text, field.left, field.right)), key=lambda word: word.left)
    return line._replace(text=" ".join(word.text for word in words), words=tuple(words))


def _grown(line: Line, text: str, field: Field) -> Line:
    left, right = min(line.left, field.left), max(line.right, field.right)
    return line._replace(text=text, left=left, right=right)
