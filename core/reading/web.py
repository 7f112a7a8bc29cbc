"""HTML: the main text of a page without what surrounds it: menus, banners, footers, scripts.

The main text is <main> where there is one, else the only <article>, else the body without its
lists of links. Entities are decoded by the parser and never fetched; nothing is run or loaded.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from core.reading import rows, web_tables
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
_ROLES |= {"dialog"}
_BANNER = re.compile(
    r"(?:^|[-_\s])(?:cookies?|consent|gdpr|lgpd|newsletter|popup|breadcrumbs?)(?:[-_\s]|$)",
    re.IGNORECASE,
)  # in the id or class of what is laid over a page, or above it
_MARK = 4  # characters of a note's number
_BRIEF = 500  # characters of a banner
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = set("p div section article main header ul ol li dl dt dd table tr td th".split())
_BLOCKS |= set("blockquote pre figure figcaption form fieldset address details summary hr".split())
_BLOCKS |= {"body", "caption", *_HEADINGS}
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LINKED = 0.7  # a list with so large a share of its letters in links is a menu


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
        elif name == "table" and not web_tables.is_layout(element):
            self._flush()
            self._tell_table(element)
        elif name == "sup" and (mark := _note_mark(element)):
            self._text.append(f" ({mark})")
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
        grid, head = web_tables.grid(table)
        if web_tables.is_keyed(table):
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
        if name in ("div", "section", "ul", "ol") and _is_banner(element):
            return True
        return self._whole and name in ("ul", "ol", "header", "div", "p") and _is_menu(element)


def _note_mark(element: "Element") -> str:
    """The number of the note to which a raised link leads; nothing for any other raised text."""
    link = element.find(".//a")
    mark = "".join(element.text_content().split()).strip("[]()")
    leads = link is not None and (link.get("href") or "").startswith("#")
    return mark if leads and len(mark) <= _MARK else ""


def _is_banner(element: "Element") -> bool:
    """Something to press, and no heading: "This page uses cookies. [OK]", "Home > Help"."""
    named = f"{element.get('id') or ''} {element.get('class') or ''}"
    if not _BANNER.search(named) or element.find(".//h1") is not None:
        return False
    pressed = element.find(".//a") is not None or element.find(".//button") is not None
    headed = element.find(".//h2") is not None or element.find(".//table") is not None
    return pressed and not headed and len(element.text_content()) < _BRIEF


def _is_menu(element: "Element") -> bool:
    links = element.findall(".//a")
    if len(links) < 3:
        return False
    linked = sum(len("".join(link.text_content().split())) for link in links)
    return linked > _LINKED * len("".join(element.text_content().split()))
