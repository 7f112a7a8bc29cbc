"""What reports are put together from: sections, notes, tables. Texts in, escaped HTML out."""

import re
from collections.abc import Sequence
from html import escape

NUMERIC = re.compile(r"(?:US\$ |R\$ |€ |£ )?[−+±]?[\d.,]+(?:%| ★|/s| ms| s|(?: min| h).*)?|–")


class Html(str):
    """What is HTML already and stands in a cell as it is: only our own is."""

    __slots__ = ()


def section(title: str, *pieces: str) -> str:
    """A heading over pieces of HTML."""
    return f"<section><h2>{escape(title)}</h2>{''.join(pieces)}</section>"


def note(text: str) -> str:
    """A quiet line."""
    return f"<p class=quiet>{escape(text)}</p>"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first column names the row; those that hold figures only stand to the right."""
    ends = [n > 0 and all(_numeric(row[n]) for row in rows) for n in range(len(heads))]

    def cell(tag: str, n: int, text: str) -> str:
        shown = text if isinstance(text, Html) else escape(text)
        return f"<{tag}{' class=end' if ends[n] else ''}>{shown}</{tag}>"

    top = "".join(cell("th", n, head) for n, head in enumerate(heads))
    body = "".join(
        f"<tr>{''.join(cell('td', n, text) for n, text in enumerate(row))}</tr>" for row in rows
    )
    return (
        f"<div class=wide><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _numeric(text: str) -> bool:
    return not text or NUMERIC.fullmatch(text) is not None
