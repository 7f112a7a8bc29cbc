"""What differs between two texts, line by line. Pure.

In: two texts. Out: the lines taken away and put in, each with a few unchanged ones around it. What
always holds: applying the lines to the one gives the other; time and size are bounded whatever
the texts are: lines that stand once in both are the anchors, difflib compares what lies between,
and a stretch too large for it counts as wholly replaced.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

AROUND = 3  # unchanged lines shown before and after a change
MOST_LINES = 2_000  # shown; nobody reads more
LONGEST = 2_000  # characters shown of one line
BUDGET = 2_000_000  # pairs of lines that difflib may look at in all
REPEATED = 20_000  # pairs of equal lines; difflib's time grows with them, to minutes


@dataclass(frozen=True)
class Line:
    """``mark``: "-" only in ``a``, "+" only in ``b``, " " in both; its numbers there, from 1."""

    mark: str
    text: str
    a: int | None
    b: int | None


@dataclass(frozen=True)
class Difference:
    """From version ``a`` to ``b``: how many lines went and came, and those lines.

    ``cut``: there are more lines, or longer ones, than are given. Where the numbers of the lines
    jump, unchanged ones are left out.
    """

    a: int
    b: int
    added: int
    removed: int
    lines: list[Line]
    cut: bool


# a stretch of lines: a[start:end] became b[start:end]
Stretch = tuple[int, int, int, int]


def between(a: str, b: str, numbers: tuple[int, int] = (1, 2)) -> Difference:
    """What changed from the text ``a`` to ``b``; ``numbers`` are what they are called."""
    old, new = a.splitlines(), b.splitlines()
    changes = list(_changes(old, new))
    shown = _lines(old, new, changes)
    lines = list(islice(shown, MOST_LINES))
    more = next(shown, None) is not None or any(len(line.text) > LONGEST for line in lines)
    return Difference(
        *numbers,
        added=sum(last - first for _, _, first, last in changes),
        removed=sum(last - first for first, last, _, _ in changes),
        lines=[_short(line) for line in lines],
        cut=more,
    )


def _short(line: Line) -> Line:
    if len(line.text) <= LONGEST:
        return line
    return Line(line.mark, line.text[: LONGEST - 1] + "…", line.a, line.b)


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """The stretches that differ, in order."""
    budget = BUDGET
    for i, i_end, j, j_end in _gaps(old, new):
        pairs = (i_end - i) * (j_end - j)
        if not pairs or pairs > budget:
            yield i, i_end, j, j_end
            continue
        budget -= pairs
        for tag, a, a_end, b, b_end in _compared(old[i:i_end], new[j:j_end]):
            if tag != "equal":
                yield i + a, i + a_end, j + b, j + b_end


def _compared(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """difflib's comparison; where the same few lines repeat, it leaves them out as anchors."""
    there = Counter(new)
    repeated = sum(n * there[line] for line, n in Counter(old).items())
    return SequenceMatcher(None, old, new, autojunk=repeated > REPEATED).get_opcodes()


def _gaps(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """What lies between lines that are the same, where that is something."""
    i = j = 0
    for at, there in [*_anchors(old, new), (len(old), len(new))]:
        end, stop = at, there
        while i < end and j < stop and old[i] == new[j]:
            i, j = i + 1, j + 1
        while i < end and j < stop and old[end - 1] == new[stop - 1]:
            end, stop = end - 1, stop - 1
        if i < end or j < stop:
            yield i, end, j, stop
        i, j = at + 1, there + 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that stand once in each, as many as are in the same order in both."""
    once = {line for line, n in Counter(old).items() if n == 1}
    once &= {line for line, n in Counter(new).items() if n == 1}
    places = {line: j for j, line in enumerate(new) if line in once}
    return _rising([(i, places[line]) for i, line in enumerate(old) if line in once])


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of the pairs in which the second number rises like the first."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(pairs):
        at = bisect_left(tails, j)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1], ends[at : at + 1] = [j], [index]
    found, index = [], ends[-1] if ends else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _lines(old: Sequence[str], new: Sequence[str], changes: Sequence[Stretch]) -> Iterator[Line]:
    """The changed lines with those around them, none twice."""
    shown = 0  # lines of ``old`` before this are done with
    for n, (i, i_end, j, j_end) in enumerate(changes):
        yield from _same(old, range(max(shown, i - AROUND), i), j - i)
        yield from (Line("-", old[at], at + 1, None) for at in range(i, i_end))
        yield from (Line("+", new[at], None, at + 1) for at in range(j, j_end))
        following = changes[n + 1][0] if n + 1 < len(changes) else len(old)
        shown = min(i_end + AROUND, following)
        yield from _same(old, range(i_end, shown), j_end - i_end)


def _same(old: Sequence[str], places: range, shift: int) -> Iterator[Line]:
    return (Line(" ", old[at], at + 1, at + 1 + shift) for at in places)
