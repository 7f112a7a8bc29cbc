"""Text from models and documents, made safe to show: Markdown in, HTML without any live address out.

Takes a text and marks on spans of it (offsets into that text), gives HTML built from escaped text
alone. Always holds: no tag, image or link of the text survives; an address is shown, never
followed or fetched; a mark never changes how the text around it is read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

OPEN, CLOSE, CITE, CITED = "⸢⸣⁅⁆"  # punctuation for Markdown, and nobody's words: ours to spend
LEADING = re.compile(r"(?:[ \t|]|(?:[-*+]|\d{1,9}[.)]|#{1,6}|>)[ \t])+")
BARE_MARK = re.compile(r"\[(\d{1,3})\]")
HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}


@dataclass(frozen=True)
class Mark:
    """A span of the text: ``cite`` (a control with this ``label`` and ``number``), ``weak``, ``hit``."""

    kind: str
    start: int
    end: int
    number: int = 0
    label: str = ""


def html(text: str, marks: Sequence[Mark] = (), first: int = 0) -> str:
    """``text`` as Markdown, with its marks; bare ``[1]`` without a mark stay what they are.

    ``first`` is what the first citation is called when it is pressed; the others count on.
    """
    spans = [mark for mark in marks if mark.kind != "cite"]
    cites = [mark for mark in marks if mark.kind == "cite"]
    known = {"spans": spans, "cites": cites, "first": first}
    return _markdown().render(_marked(text, spans, cites), known)


def arriving(text: str) -> str:
    """A text that still comes in: its ``[1]`` are shown as marks that cannot be followed yet."""
    marks = [
        Mark("cite", found.start(), found.end(), int(found.group(1)))
        for found in BARE_MARK.finditer(text)
    ]
    return html(text, marks)


def plain(text: str, marks: Sequence[Mark] = ()) -> str:
    """``text`` exactly as it is, line breaks kept, with its marks."""
    pieces, at = ['<div class="plain">'], 0
    for mark in sorted(marks, key=lambda mark: mark.start):
        start, end = max(mark.start, at), min(mark.end, len(text))
        if start >= end:
            continue
        pieces += [escape(text[at:start]), f"<mark>{escape(text[start:end])}</mark>"]
        at = end
    return "".join([*pieces, escape(text[at:]), "</div>"])


def label(text: str) -> str:
    """``text`` for a Streamlit label, which reads Markdown: nothing in it is read as such."""
    quiet = text.replace("://", ":\u2060//").replace("www.", "www\u2060.")  # no link of its own
    quiet = quiet.replace("@", "\u2060@")  # nor is a mail address one
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~$:<>&])", r"\\\1", quiet)


def file_name(text: str) -> str:
    """``text`` as the name of a file: letters, digits, dots and hyphens."""
    return re.sub(r"[^\w.-]+", "-", text.lower()).strip("-.")[:60]


def _marked(text: str, spans: Sequence[Mark], cites: Sequence[Mark]) -> str:
    """The text with signs where marks begin and end, at places where Markdown does not mind them."""
    signs: list[tuple[int, int, str]] = []
    for i, mark in enumerate(spans):
        start, end = _inside(text, mark.start, mark.end)
        if start < end:
            signs += [(start, 1, f"{OPEN}{i}{OPEN}"), (end, 0, f"{CLOSE}{i}{CLOSE}")]
    signs += [(mark.start, 2, f"{CITE}{i}{CITED}") for i, mark in enumerate(cites)]
    ends = {mark.start: mark.end for mark in cites}
    pieces, at = [], 0
    for place, _order, sign in sorted(signs):
        pieces += [_ours_removed(text[at:place]), sign]
        at = max(at, place, ends.get(place, 0) if sign[0] == CITE else 0)
    return "".join([*pieces, _ours_removed(text[at:])])


def _inside(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the list, heading and table signs at its edges."""
    start, end = max(0, start), min(len(text), end)
    while start < end and text[start].isspace():
        start += 1
    at_line_start = not text[text.rfind("\n", 0, start) + 1 : start].strip(" \t|>#*-+")
    lead = LEADING.match(text, start, end) if at_line_start else None
    while end > start and text[end - 1] in " \t\r\n|":
        end -= 1
    return (lead.end() if lead else start), end


def _ours_removed(text: str) -> str:
    return re.sub(f"[{OPEN}{CLOSE}{CITE}{CITED}]", "", text)


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML

    signs = re.compile(f"{OPEN}(\\d+){OPEN}|{CLOSE}(\\d+){CLOSE}|{CITE}(\\d+){CITED}")

    class Renderer(RendererHTML):
        def text(self, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
            return "".join(_pieces(signs, tokens[i].content, env))

        def code_inline(self, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
            return f"<code>{''.join(_pieces(signs, tokens[i].content, env))}</code>"

        def fence(self, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
            return f"<pre><code>{''.join(_pieces(signs, tokens[i].content, env))}</code></pre>\n"

        def code_block(self, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
            return self.fence(tokens, i, options, env)

        def link_open(self, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
            env.setdefault("links", []).append(str(tokens[i].attrs.get("href", "")))
            return '<span class="link">'

        def link_close(self, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
            target = env["links"].pop()
            return f"</span> <span class='target'>({escape(_without(signs, target))})</span>"

        def heading_open(self, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
            return f"<{HEADINGS[tokens[i].tag]}>"

        def heading_close(self, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
            return f"</{HEADINGS[tokens[i].tag]}>\n"

    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=Renderer)
    reader.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return reader.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])


def _pieces(signs: re.Pattern[str], content: str, env: Any) -> Iterable[str]:
    """The HTML of a piece of text, within the marks that are open at this place."""
    opened: dict[int, Mark] = env.setdefault("open", {})
    at = 0
    for sign in [*signs.finditer(content), None]:
        part = content[at : sign.start() if sign else len(content)]
        if part:
            yield _wrapped(escape(part), opened)
        if sign is None:
            return
        at = sign.end()
        begun, ended, cited = (int(n) if n else None for n in sign.groups())
        if begun is not None:
            opened[begun] = env["spans"][begun]
        elif ended is not None:
            yield _flag(opened.pop(ended, None))
        elif cited is not None and cited < len(env["cites"]):
            yield _cite(env["cites"][cited], env["first"] + cited)


def _wrapped(part: str, opened: Mapping[int, Mark]) -> str:
    for mark in opened.values():
        if mark.kind == "hit":
            part = f"<mark>{part}</mark>"
        elif mark.kind == "weak":
            part = f'<span class="weak">{part}</span>'
    return part


def _flag(mark: Mark | None) -> str:
    """What tells the end of a weak sentence to those who do not see its underline."""
    if mark is None or mark.kind != "weak":
        return ""
    said = escape(mark.label)
    return f'<span class="flag" role="img" aria-label="{said}" title="{said}"></span>'


def _cite(mark: Mark, index: int) -> str:
    if not mark.label:
        return f'<sup class="cite">{mark.number}</sup>'
    said = escape(mark.label)
    return (
        f'<button type="button" class="cite" data-cite="{index}" aria-label="{said}" '
        f'title="{said}">{mark.number}</button>'
    )


def _without(signs: re.Pattern[str], text: str) -> str:
    return signs.sub("", text)
