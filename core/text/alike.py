"""Stems like a given one: for typing errors and for words two languages share.

A letter put in, left out, changed, or swapped with its neighbour is one step; a few steps leave
words alike ("acntor", "cantor"; "ecossistem", "ecosystem"). So do enough pairs of letters in
common, whatever else is between them.
"""

from collections.abc import Iterable

LEAST = 5  # letters; shorter words are too close to too many others
SHORT = 5  # up to here one step is allowed, beyond it two
COMMON = 0.6  # share of letter pairs in common from which words of any distance are alike
HOPELESS = 0.3  # below it no word is within two steps


def alike(stem: str, others: Iterable[str]) -> list[tuple[str, float]]:
    """Those of ``others`` that are alike, with how much (0 to 1), the most alike first."""
    if len(stem) < LEAST or stem.isdigit():
        return []
    mine = _pairs(stem)
    scores = [(other, _alikeness(stem, mine, other)) for other in others if len(other) >= LEAST]
    return sorted((found for found in scores if found[1]), key=lambda found: (-found[1], found[0]))


def steps(one: str, other: str, limit: int) -> int:
    """The least number of steps from one to the other; limit + 1 if more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row = row, [i]
        for j, facing in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != facing))
            if i > 1 < j and letter == other[j - 2] and one[i - 2] == facing:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before = above
    return min(row[-1], limit + 1)


def _alikeness(stem: str, mine: set[str], other: str) -> float:
    theirs = _pairs(other)
    shared = 2 * len(mine & theirs) / (len(mine) + len(theirs))
    if shared < HOPELESS:
        return 0.0
    allowed = 1 if len(stem) <= SHORT else 2
    apart = steps(stem, other, allowed)
    close = 1 - apart / max(len(stem), len(other)) if apart <= allowed else 0.0
    return max(close, shared if shared >= COMMON else 0.0)


def _pairs(word: str) -> set[str]:
    return set(map("".join, zip("^" + word, word + "$", strict=True)))
