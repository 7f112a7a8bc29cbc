"""Markdown as a person would read it aloud: no pipes, hashes, bullets, stars or link targets."""

import re

_LEAD = re.compile(r"^\s*(?:#{1,6}\s+|>\s+|[-*+•]\s+(?:\[[ xX]\]\s+)?|\d{1,3}[.)]\s+(?=\S))")
_LINK = re.compile(
    r"!?\[([^\]]{0,500})\]\([^)]{0,2000}\)"
)  # bounded: "[[[[" must not take for ever
_MARKS = re.compile(r"\*\*|__|`+|~~|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|-])")


def plain(text: str, header: str = "") -> str:
    """``text`` (one sentence, item, heading or table row) without Markdown.

    A table row reads "Plan: Pro; Price: R$ 99" when ``header`` is the table's first row.
    """
    if _is_row(text):
        return _row(text, header)
    bare = _LINK.sub(r"\1", _LEAD.sub("", text))
    bare = _ESCAPE.sub(r"\1", _MARKS.sub("", bare))
    return " ".join(bare.split())


def cells(row: str) -> list[str]:
    """The cells of a Markdown table row, plain."""
    inner = row.strip().removeprefix("|").removesuffix("|")
    return [plain(cell.replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", inner)]


def _is_row(text: str) -> bool:
    bare = text.strip()
    return bare.startswith("|") and bare.endswith("|") and len(bare) > 1


def _row(text: str, header: str) -> str:
    found = cells(text)
    names = cells(header) if header and header.strip() != text.strip() else []
    if len(names) != len(found):
        return "; ".join(cell for cell in found if cell)
    pairs = zip(names, found, strict=True)
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)
