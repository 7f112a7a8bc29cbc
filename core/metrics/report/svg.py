"""Charts of the report as plain SVG: lines with bands, dots with intervals, bars. No script, no request.

In: numbers, and words that are already the reader's. Out: SVG text. Always holds: every word is escaped,
colours are classes of the report's style sheet (light and dark), and the text says what the shape does.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 56, 96, 18, 26
ROW = 26
NAMES = 190
LONGEST = 28
LEAST = 1e-9  # what is smaller is nothing: no cost and no time is
Spoken = Callable[[float], str]


@dataclass(frozen=True)
class Line:
    """``values`` with gaps (None); ``low`` and ``high`` of a band, or empty."""

    label: str
    values: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


@dataclass(frozen=True)
class Dot:
    """A row: its name, its value with the ends of its interval, what stands beside it."""

    label: str
    value: float
    low: float
    high: float
    said: str
    thin: bool


def lines(
    title: str,
    times: Sequence[str],
    told: Sequence[Line],
    say: Spoken,
    target: float | None = None,
    top: float = 0.0,
) -> str:
    """Lines over time, the first one strong; ``target`` as a dashed line; 0 to ``top`` (0: what fits)."""
    known = [v for line in told for v in (*line.values, *line.high) if v is not None]
    top = top or _round(max([*known, target or 0.0]))
    at = _across(len(times))
    body = [_scale(top, say), _times(times, at)]
    for n, line in enumerate(told):
        body += [_band(line, at, top)] if line.low else []
        body.append(_line(line, at, top, "second" if n else "first"))
    body.append(_ends(told, at, top, say))
    if target is not None:
        y = _y(target, top)
        body.append(f'<line class="target" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
    return _svg(title, HEIGHT, body)


def bars(title: str, times: Sequence[str], values: Sequence[float], say: Spoken) -> str:
    """A bar a time."""
    top = _round(max(values, default=0.0))
    at = _across(len(times))
    wide = max(2.0, 0.7 * (WIDTH - LEFT - RIGHT) / max(1, len(times)))
    body = [_scale(top, say), _times(times, at)]
    for x, value, time in zip(at, values, times, strict=True):
        y = _y(value, top)
        body.append(
            f'<rect class="bar" x="{x - wide / 2:.1f}" y="{y}" width="{wide:.1f}" '
            f'height="{HEIGHT - BOTTOM - y:.1f}"><title>{escape(f"{time}: {say(value)}")}</title></rect>'
        )
    return _svg(title, HEIGHT, body)


def dots(title: str, rows: Sequence[Dot], say: Spoken, target: float | None = None) -> str:
    """A dot a row on a scale from 0 to 1, with its interval."""
    high = TOP + ROW * len(rows) + BOTTOM

    def x(value: float) -> float:
        return round(NAMES + value * (WIDTH - NAMES - RIGHT), 1)

    body = [
        f'<line class="grid" x1="{x(v)}" x2="{x(v)}" y1="{TOP}" y2="{high - BOTTOM}"/>'
        f'<text class="axis middle" x="{x(v)}" y="{high - 8}">{escape(say(v))}</text>'
        for v in (0.0, 0.5, 1.0)
    ]
    if target is not None:
        body.append(
            f'<line class="target" x1="{x(target)}" x2="{x(target)}" y1="{TOP}" y2="{high - BOTTOM}"/>'
        )
    for n, row in enumerate(rows):
        y = TOP + ROW * n + ROW / 2
        body.append(
            f'<text class="name" x="{NAMES - 12}" y="{y + 4}">{escape(_short(row.label))}</text>'
            f'<line class="range" x1="{x(row.low)}" x2="{x(row.high)}" y1="{y}" y2="{y}"/>'
            f'<circle class="{"thin" if row.thin else "dot"}" cx="{x(row.value)}" cy="{y}" r="5"/>'
            f'<text class="said" x="{WIDTH - RIGHT + 12}" y="{y + 4}">{escape(row.said)}</text>'
        )
    return _svg(title, high, body)


def _svg(title: str, high: float, body: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {high:.0f}" role="img" aria-label="{escape(title)}">'
        f"{''.join(body)}</svg>"
    )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1].rstrip() + "…"


def _across(n: int) -> list[float]:
    """Where each of n times stands."""
    room = WIDTH - LEFT - RIGHT
    return [round(LEFT + room * (i + 0.5) / n, 1) for i in range(n)]


def _round(most: float) -> float:
    """A round number (1, 2, 4 or 5 and zeros) that is not below it."""
    if most < LEAST:
        return 1.0
    ten: float = 10.0 ** math.floor(math.log10(most))
    return next(ten * n for n in (1, 2, 4, 5, 10) if n == 10 or ten * n >= most * 0.999)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 1)


def _scale(top: float, say: Spoken) -> str:
    pieces = []
    for share in (0.0, 0.5, 1.0):
        value = top * share
        y = _y(value, top)
        pieces.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>'
            f'<text class="axis end" x="{LEFT - 8}" y="{y + 4}">{escape(say(value))}</text>'
        )
    return "".join(pieces)


def _times(times: Sequence[str], at: Sequence[float]) -> str:
    """The first, the middle and the last."""
    if not times:
        return ""
    shown = dict.fromkeys((0, len(times) // 2, len(times) - 1))
    return "".join(
        f'<text class="axis middle" x="{at[n]}" y="{HEIGHT - 8}">{escape(times[n])}</text>'
        for n in shown
    )


def _runs(values: Sequence[float | None]) -> list[list[int]]:
    """The places of values that stand side by side."""
    runs: list[list[int]] = [[]]
    for n, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(n)
    return [run for run in runs if run]


def _line(line: Line, at: Sequence[float], top: float, kind: str) -> str:
    pieces = []
    for run in _runs(line.values):
        points = " ".join(f"{at[n]},{_y(line.values[n] or 0.0, top)}" for n in run)
        pieces.append(f'<polyline class="{kind}" points="{points}"/>')
        pieces += [
            f'<circle class="{kind}" cx="{at[n]}" cy="{_y(line.values[n] or 0.0, top)}" r="2.5"/>'
            for n in run
        ]
    return "".join(pieces)


def _band(line: Line, at: Sequence[float], top: float) -> str:
    pieces = []
    for run in _runs(line.low):
        above = [f"{at[n]},{_y(line.high[n] or 0.0, top)}" for n in run]
        below = [f"{at[n]},{_y(line.low[n] or 0.0, top)}" for n in reversed(run)]
        pieces.append(f'<polygon class="band" points="{" ".join(above + below)}"/>')
    return "".join(pieces)


def _ends(told: Sequence[Line], at: Sequence[float], top: float, say: Spoken) -> str:
    """The last value of each line, named; those that would lie on another stand above it."""
    ends = [(line, run[-1][-1]) for line in told if (run := _runs(line.values))]
    pieces, above = [], float(HEIGHT)
    for line, n in sorted(ends, key=lambda end: end[0].values[end[1]] or 0.0):
        value = line.values[n] or 0.0
        above = min(_y(value, top) + 4, above - 14)
        text = f"{line.label} {say(value)}".strip()
        pieces.append(f'<text class="said" x="{at[n] + 8}" y="{above:.1f}">{escape(text)}</text>')
    return "".join(pieces)
