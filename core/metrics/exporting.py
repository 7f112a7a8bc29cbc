"""Figures as CSV that a spreadsheet opens right: in the reader's language, no cell taken for a formula.

In: what ``series`` and ``breakdown`` give. Out: the whole file; it has as many lines as a chart has
points. Shares stand from 0 to 1, times in seconds, money in US dollars; a figure that cannot be told
is an empty cell.
"""

from collections.abc import Iterable, Mapping, Sequence

from core.i18n import _, language, zone
from core.i18n.sheets import lines, safe
from core.metrics.figures import Figure, Point, Row, measure

MARK = "\ufeff"  # Excel takes the file for UTF-8 by it


def series_csv(name: str, points: Sequence[Point]) -> str:
    """A measure over time; times in the reader's zone."""
    rows = [[f"{one.at.astimezone(zone()):%Y-%m-%d %H:%M}", *_cells(one.figure)] for one in points]
    return _file(_("When"), name, rows)


def breakdown_csv(name: str, by: str, rows: Sequence[Row], names: Mapping[str, str]) -> str:
    """A measure by what answers have in common; ``names`` of its keys."""
    told = [[safe(names[row.key]), *_cells(row.figure)] for row in rows]
    keys = [safe(row.key) for row in rows]
    return _file(by, name, [[*cells, key] for cells, key in zip(told, keys, strict=True)], "key")


def _file(first: str, name: str, rows: Iterable[list[str]], *more: str) -> str:
    told = measure(name)
    value = f"{_(told.title)} ({told.unit})"
    return MARK + lines([[first, value, _("95 % from"), _("95 % to"), "n", *more], *rows])


def _cells(one: Figure) -> list[str]:
    return [*(plain(n) for n in (one.value, one.low, one.high)), str(one.n)]


def plain(n: float | None) -> str:
    """A number as the reader's spreadsheet takes it; empty where there is none."""
    text = "" if n is None else f"{n:.10g}"
    return text.replace(".", ",") if language() == "pt-BR" else text
