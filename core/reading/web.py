"""HTML: the main text of a page without what surrounds it: menus, banners, footers, scripts.

The main text is <main> where there is one, else the only <article>, else the body without its
lists of links. Entities are decoded by the parser and never fetched; nothing is run or loaded.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from core.reading import rows
from core.reading.draft import Draft
from core.reading.parsed import Parsed
from core.reading.plain import decoded
from core.reading.refusals import Refused

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_NEVER = set("script style template svg canvas iframe object noscript head button select".split())
_NEVER |= set("option textarea input audio video map dialog math".split())
_AROUND = {"nav", "aside", "footer"}
_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "alertdialog"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = set("p div section article main header ul ol li dl dt dd table tr td th".split())
_BLOCKS |= set("blockquote pre figure figcaption form fieldset address details summary hr".split())
_BLOCKS |= {"body", "caption", *_HEADINGS}
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LINKED = 0.7  # a list with so large a share of its letters in links is a menu
_MOST_SPAN = 50  # cells that one may stretch over


def read_web(path: Path) -> Parsed:
    """The main text of a page, its <title> first where it has no <h1>."""
    page = _tree(path.read_bytes())
    main = _main(page)
    draft = Draft()
    if main.find(".//h1") is None and (title := page.findtext(".//title")):
        draft.heading(1, title)
    _Teller(draft, whole=main.tag == "body").tell(main)
    return draft.parsed()


def _tree(data: bytes) -> "Element":
    from lxml import html
    from lxml.etree import ParserError

    named = _CHARSET.search(data[:2048])
    text = _decoded_as(data, named[1].decode()) if named else decoded(data)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree: Element = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except ParserError:
        raise Refused("no_text") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Refused("too_deep")
    return tree


def _decoded_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return decoded(data)


def _main(page: "Element") -> "Element":
    named = page.xpath("//main | //*[@role='main']") or page.xpath("//article")
    whole = page.find("body")
    if len(named) == 1 and named[0].text_content().strip():
        found: Element = named[0]
        return found
    return page if whole is None else whole


class _Teller:
    """Goes through the elements and writes a block whenever one is over."""

    def __init__(self, draft: Draft, whole: bool) -> None:
        self._draft = draft
        self._whole = whole  # no main part is marked: what surrounds it must be told by its looks
        self._text: list[str] = []
        self._mark = ""
        self._numbers: dict[Element, int] = {}  # of ordered lists: the last item's

    def tell(self, element: "Element") -> None:
        if self._is_left_out(element):
            return
        name = str(element.tag)
        if name in _HEADINGS:
            self._flush()
            self._draft.heading(_HEADINGS[name], element.text_content())
        elif name == "table" and not _is_layout(element):
            self._flush()
            self._tell_table(element)
        elif name == "br":
            self._text.append("\n")
        else:
            self._tell_inside(element, name)

    def _tell_inside(self, element: "Element", name: str) -> None:
        if name in _BLOCKS:
            self._flush()
        if name == "li":
            self._mark = self._next_mark(element)
        self._say(element.text, name)
        for child in element:
            self.tell(child)
            self._say(child.tail, name)
        if name in _BLOCKS:
            self._flush()

    def _say(self, text: str | None, name: str) -> None:
        if text:
            self._text.append(text if name in ("pre", "code") else re.sub(r"\s+", " ", text))

    def _flush(self) -> None:
        text, self._text = "".join(self._text), []
        if text.strip():
            if self._mark:
                self._draft.item(text, self._mark)
            else:
                self._draft.paragraph(text)
            self._mark = ""

    def _tell_table(self, table: "Element") -> None:
        if caption := table.findtext("caption"):
            self._draft.paragraph(caption)
        grid, head, keyed = _grid(table)
        if keyed:
            for cells in grid:
                self._draft.row(": ".join(filter(None, cells)))
            return
        for line in rows.lines(grid, head):
            self._draft.row(line)

    def _next_mark(self, item: "Element") -> str:
        above = item.getparent()
        if above is None or above.tag != "ol":
            return "-"
        start = above.get("start") or "1"
        first = int(start) if start.isdigit() and len(start) < 6 else 1
        self._numbers[above] = self._numbers.get(above, first - 1) + 1
        return f"{self._numbers[above]}."

    def _is_left_out(self, element: "Element") -> bool:
        name = str(element.tag)
        if name in _NEVER or element.get("hidden") is not None:
            return True
        if element.get("aria-hidden") == "true" or _HIDDEN.search(element.get("style") or ""):
            return True
        if name in _AROUND or (element.get("role") or "").lower() in _ROLES:
            return True
        return self._whole and name in ("ul", "ol", "header", "div", "p") and _is_menu(element)


def _is_menu(element: "Element") -> bool:
    links = element.findall(".//a")
    if len(links) < 3:
        return False
    linked = sum(len("".join(link.text_content().split())) for link in links)
    return linked > _LINKED * len("".join(element.text_content().split()))


def _is_layout(table: "Element") -> bool:
    """A table that arranges a page and names nothing."""
    inside = table.xpath(".//table | .//h1 | .//h2 | .//h3 | .//ul | .//p[2]")
    return bool(inside) or table.get("role") == "presentation"


def _grid(table: "Element") -> tuple[list[list[str]], list[str] | None, bool]:
    """(rows, head if one is marked, whether the first cell of each row is what names it)."""
    grid: list[list[str]] = []
    heads: list[bool] = []
    keyed: list[bool] = []
    held: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        grid.append(list(_stretched(cells, held)))
        heads.append(bool(cells) and all(cell.tag == "th" for cell in cells))
        keyed.append([cell.tag for cell in cells] == ["th", "td"])
    if grid and all(keyed):
        return grid, None, True
    return (
        (grid[1:], grid[0], False)
        if heads and heads[0] and len(grid[0]) > 1
        else (grid, None, False)
    )


def _stretched(cells: list["Element"], held: dict[int, tuple[int, str]]) -> Iterator[str]:
    """The texts of a row, a cell over several columns or rows counted for each of them."""
    column = 0
    for cell in cells:
        while column in held:
            yield _held(held, column)
            column += 1
        text = " ".join(cell.text_content().split())
        wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
        for at in range(wide):
            yield text if not at or cell.tag == "th" else ""
            if high > 1:
                held[column + at] = high - 1, text
        column += wide
    while column in held:
        yield _held(held, column)
        column += 1


def _held(held: dict[int, tuple[int, str]], column: int) -> str:
    left, text = held.pop(column)
    if left > 1:
        held[column] = left - 1, text
    return text


def _span(cell: "Element", name: str) -> int:
    said = cell.get(name) or ""
    return min(max(int(said), 1), _MOST_SPAN) if said.isdigit() and len(said) < 6 else 1
