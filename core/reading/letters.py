"""The lines of a PDF's page: what PDFium tells of its letters, their places, sizes and weights.

In: a page's text. Out: ``Line``s in the order in which they are written; their words only where the
gaps between some of them are wide. What always holds: the small raised number of a note stands in
brackets, apart from the word it follows; a hyphen at the end of a line is there.
"""

import re
from collections.abc import Iterator, Sequence
from ctypes import byref, c_double, c_int, create_string_buffer
from typing import TYPE_CHECKING, Any

from core.reading.columns import GUTTER
from core.reading.layout import ITEM, Line, Word

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_BOLD = 600  # a font's weight, where it tells one
_SMALL = 0.85  # times the size of the letters beside it: a note's number is so small
_NOTE = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=[a-zà-ú][.,;:])|^(?=\d+[^\W\d]))(\d{1,3})(?!\d)")
_HYPHEN = 2  # PDFium's mark of a hyphen at the end of a line that it has put together


def lines_of(page: "PdfTextPage") -> Iterator[Line]:
    """The lines of a page, as PDFium puts them together."""
    from pypdfium2 import raw

    codes = [raw.FPDFText_GetUnicode(page, at) for at in range(raw.FPDFText_CountChars(page))]
    start = 0
    for at, code in enumerate([*codes, 10]):
        if code == 10:
            text = "".join(_letters(raw, page, codes, start, at))
            if (bare := text.strip()) and max(codes[start:at]) > 32:
                line = _line(raw, page, bare, *_ends(codes, start, at))
                words = _words(raw, page, codes, start, at, GUTTER * line.size)
                yield line._replace(words=words)
            start = at + 1


def _letters(raw: Any, page: Any, codes: Sequence[int], start: int, end: int) -> Iterator[str]:
    """The letters of a line; the small raised number of a note becomes " (1)", in front "(1) "."""
    text = "".join(chr(one) if one != _HYPHEN else "\0" for one in codes[start:end])
    at = 0
    for found in _NOTE.finditer(text):
        first, last = found.span(1)
        beside = first - 1 if first else last
        if _is_raised(raw, page, start + first, start + beside):
            yield text[at:first].replace("\0", "")
            yield f" ({found[1]})" if first else f"({found[1]}) "
            at = last
    yield text[at:].replace("\0", "")


def _is_raised(raw: Any, page: Any, at: int, beside: int) -> bool:
    small = _size(raw, page, at) < _SMALL * _size(raw, page, beside)
    return small and _origin(raw, page, at)[1] > _origin(raw, page, beside)[1] + 1


def _origin(raw: Any, page: Any, at: int) -> tuple[float, float]:
    x, y = c_double(), c_double()
    raw.FPDFText_GetCharOrigin(page, at, byref(x), byref(y))
    return x.value, y.value


def _ends(codes: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """The places of the first letter or digit (a bullet has its own size) and of the last sign."""
    seen = [at for at in range(start, end) if codes[at] > 32]
    first = next((at for at in seen if chr(codes[at]).isalnum()), seen[0])
    return first, seen[-1]


def _line(raw: Any, page: Any, text: str, first: int, last: int) -> Line:
    (x, y), right = _origin(raw, page, first), _right(raw, page, last)
    bold = _is_bold(raw, page, first) and _is_bold(raw, page, last)
    size = _size(raw, page, first)
    return Line(text, size, bold, x, right, y)


def _words(
    raw: Any, page: Any, codes: Sequence[int], start: int, end: int, gap: float
) -> tuple[Word, ...]:
    """The words of a line that has a gap between some of them; nothing for any other line."""
    words: list[Word] = []
    wide, first = False, -1
    for at in range(start, end + 1):
        is_sign = at < end and codes[at] > 32 and codes[at] != 160
        if is_sign and first < 0:
            first = at
        elif not is_sign and first >= 0:
            left, right = _left(raw, page, first), _right(raw, page, at - 1)
            item = len(words) == 1 and ITEM.fullmatch(f"{words[0].text} ")
            wide = wide or bool(words and not item and left - words[-1].right > gap)
            text = "".join(chr(one) for one in codes[first:at] if one != _HYPHEN)
            words.append(Word(text, left, right))
            first = -1
    return tuple(words) if wide else ()


def _left(raw: Any, page: Any, at: int) -> float:
    left, other = c_double(), c_double()
    raw.FPDFText_GetCharBox(page, at, byref(left), byref(other), byref(other), byref(other))
    return left.value


def _right(raw: Any, page: Any, at: int) -> float:
    right, other = c_double(), c_double()
    raw.FPDFText_GetCharBox(page, at, byref(other), byref(right), byref(other), byref(other))
    return right.value


def _size(raw: Any, page: Any, at: int) -> float:
    """The size in which a letter is seen: that of its font, scaled by the page's matrix."""
    from pypdfium2.raw import FS_MATRIX

    matrix = FS_MATRIX()
    raw.FPDFText_GetMatrix(page, at, byref(matrix))
    return abs(raw.FPDFText_GetFontSize(page, at) * (matrix.d or matrix.b or 1))


def _is_bold(raw: Any, page: Any, at: int) -> bool:
    name, flags = create_string_buffer(80), c_int()
    raw.FPDFText_GetFontInfo(page, at, name, 80, byref(flags))
    weight = raw.FPDFText_GetFontWeight(page, at)
    return weight >= _BOLD or b"bold" in name.value.lower()
