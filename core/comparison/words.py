"""Which words of two answers differ: those that only one of them says, in its own order.

In: two texts. Out: for each the spans (offsets) of what the other does not say there. Always holds:
what is left over is the same sequence of words on both sides, and the longest there is; case,
punctuation and citation marks make no difference. Pure.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

MOST = 8_000  # words a side that are looked at: the work grows with their product
# a citation mark is no word; inside a word (9h30, 3.5, d'água, guarda-chuva) nothing parts it
WORD = re.compile(r"\[\d{1,3}\]|\w+(?:[.,:'’\-]\w+)*")

Spans = list[tuple[int, int]]


class Differing(NamedTuple):
    """Spans of each text that the other lacks; ``cut`` where only the first MOST words were held
    against each other."""

    a: Spans
    b: Spans
    cut: bool = False


class _Word(NamedTuple):
    said: str
    start: int
    end: int


def differing(a: str, b: str) -> Differing:
    """The words that only one of the two texts says. Neighbours are one span, with what is between."""
    left, right = _words(a), _words(b)
    cut = max(len(left), len(right)) > MOST
    same = _common([w.said for w in left[:MOST]], [w.said for w in right[:MOST]])
    mine, others = {i for i, _j in same}, {j for _i, j in same}
    return Differing(_spans(left[:MOST], mine), _spans(right[:MOST], others), cut)


def _words(text: str) -> list[_Word]:
    return [
        _Word(found.group().casefold(), *found.span())
        for found in WORD.finditer(text)
        if not found.group().startswith("[")
    ]


def _spans(words: Sequence[_Word], shared: set[int]) -> Spans:
    spans: Spans = []
    for i, word in enumerate(words):
        if i in shared:
            continue
        if spans and i and i - 1 not in shared:
            spans[-1] = (spans[-1][0], word.end)
        else:
            spans.append((word.start, word.end))
    return spans


def _common(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """The places of a longest sequence that both hold, as pairs."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    inner = _longest(a[start : len(a) - end], b[start : len(b) - end])
    ends = [(len(a) - n, len(b) - n) for n in range(end, 0, -1)]
    return [(n, n) for n in range(start)] + [(i + start, j + start) for i, j in inner] + ends


def _longest(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """A longest common sequence, a row of the table at a time as the bits of one number (H. Hyyrö,
    Bit-parallel LCS-length computation revisited, 2004): a bit is 0 where the row's length grows."""
    places: dict[str, int] = defaultdict(int)
    for j, word in enumerate(b):
        places[word] |= 1 << j
    everything = (1 << len(b)) - 1
    row, rows = everything, list[int]()
    for word in a:
        here = row & places.get(word, 0)
        row = ((row + here) | (row - here)) & everything
        rows.append(row)
    return _back(rows, len(a), len(b))


def _back(rows: Sequence[int], i: int, j: int) -> list[tuple[int, int]]:
    """The way back through the rows, from the last words to the first."""
    pairs: list[tuple[int, int]] = []
    while i and j:
        if rows[i - 1] >> (j - 1) & 1:
            j -= 1
        elif i > 1 and not rows[i - 2] >> (j - 1) & 1:
            i -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]
