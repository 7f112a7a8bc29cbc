"""A run as the evaluation part of a model card, in Markdown, as Hugging Face's cards have it.

In: a run's id. Out: text in the reader's language. Always holds: what people or models wrote cannot
become markup, a link or a picture of the card.
"""

from collections.abc import Sequence

from core.access import allowed
from core.comparison import gate_saying
from core.comparison.report import content as contents
from core.comparison.report.content import Content
from core.comparison.types import SIDES
from core.i18n import _, number

SIGNS = "\\`*_[]<>#|~&$"


@allowed("metrics")
def markdown(run_id: str) -> str:
    """The part; NotFound where there is no such run."""
    return of(contents.content(run_id))


def of(told: Content) -> str:
    """The same of what was read already."""
    parts = [
        "## " + _("Evaluation"),
        plain(contents.title(told)),
        plain(contents.sample(told)),
        f"**{plain(told.verdict.sentence)}**",
        _list(told.verdict.lines),
        "### " + _("Testing data, factors and metrics"),
        _list([*(contents.side(told, side) for side in SIDES), *contents.basis(told.run)]),
        "### " + _("Results"),
        _results(told),
        plain(gate_saying.outcome(told.gate)) if told.gate else "",
        "### " + _("Limits"),
        _list(contents.limits(told)),
    ]
    return "\n\n".join(one for one in parts if one) + "\n"


def plain(text: str) -> str:
    """``text`` on one line, nothing in it read as Markdown or HTML."""
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in SIGNS else c for c in flat).replace("://", ":\u2060//")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column names the row."""
    lines = [_line(heads), "|---" + "|---:" * (len(heads) - 1) + "|", *map(_line, rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(plain(cell) for cell in cells) + " |"


def _list(items: Sequence[str]) -> str:
    return "\n".join(f"- {plain(one)}" for one in items if one)


def _results(told: Content) -> str:
    heads = [_("Metric"), "A", "B", _("B against A"), _("p, corrected"), "n", _("Claim")]
    rows = [
        [one.title, one.a, one.b, one.difference, one.p, number(one.n), one.claim]
        for one in told.rows
    ]
    return table(heads, rows) if rows else _("Nothing was measured.")
