"""Is a measure worse than it was? One-sided tests of two times against each other. Pure.

In: a measure, and the parts of the facts of both times. Out: the chance (p) of a difference at least as
bad where nothing has changed. Always holds: whole conversations are what is drawn, for the answers of
one are alike; so a p below some level comes no more often than that level where nothing has changed.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any

from core.metrics.facts import FRAMES, Frame
from core.metrics.figures import TIMED
from core.metrics.formulas import Part
from core.metrics.measures import SHARE, Measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 499  # the least p is 1 in so many and one
MOST = 20_000  # conversations that are dealt out, drawn by chance: a test of these is as true, and quick
ENOUGH = 20  # draws as bad as what was seen, after which the p is known well enough
SEED = 6  # the same facts give the same p


def p_worse(measure: Measure, now: Part, then: Part, side: str) -> float:
    """The p of ``measure`` being higher (side "above") or lower ("below") now than then.

    A share of conversations: Fisher's exact test (R. A. Fisher, "The logic of inductive inference",
    J. R. Stat. Soc. 98, 1935, 39-82). All else (shares of answers, means, quantiles, ratios): a
    permutation test on the measure itself, conversation by conversation (E. J. G. Pitman, "Significance
    tests which may be applied to samples from any populations", J. R. Stat. Soc. Suppl. 4, 1937,
    119-130), drawn until it is known well enough (J. Besag and P. Clifford, "Sequential Monte Carlo
    p-values", Biometrika 78, 1991, 301-304). 1.0 where one of the times tells nothing.
    """
    found, before = measure.formula(now), measure.formula(then)
    if found is None or before is None:
        return 1.0
    hits, past = found.value * found.n, before.value * before.n
    if measure.unit == SHARE and measure.of == "conversations" and _whole(hits) and _whole(past):
        return _fisher(round(hits), found.n, round(past), before.n, side)
    return _share_as_bad(_differences(measure, now, then, 1 if side == "above" else -1))


def _whole(count: float) -> bool:
    return abs(count - round(count)) < 1e-6


def _fisher(hits: int, n: int, past: int, past_n: int, side: str) -> float:
    from scipy.stats import hypergeom

    drawn = hypergeom(n + past_n, hits + past, n)
    return float(drawn.sf(hits - 1) if side == "above" else drawn.cdf(hits))


def _share_as_bad(differences: Iterator[float]) -> float:
    """Besag and Clifford's p of the first difference among those that chance makes: it ends at ENOUGH
    that are as bad, or counts what was seen as a draw too."""
    seen, as_bad = next(differences), 0
    if seen == inf:  # those that were drawn tell nothing of one of the times
        return 1.0
    for n in range(1, DRAWS + 1):
        as_bad += next(differences) >= seen - 1e-12 * max(1.0, abs(seen))
        if as_bad == ENOUGH:
            return as_bad / n
    return (as_bad + 1) / (DRAWS + 1)


def _differences(measure: Measure, now: Part, then: Part, sign: int) -> Iterator[float]:
    """The measure's difference as it is, and then for one random split of the conversations after
    another."""
    import numpy as np

    pieces, which = _pieces(now, then)
    both = {name: _rows(now, then, name) for name in which}
    rng = np.random.default_rng(SEED)
    dealt = rng.permutation(len(pieces))[:MOST]
    is_now = pieces[dealt] % 2 == 1
    while True:
        halves = np.zeros((2, len(pieces)), dtype=bool)
        halves[0, dealt[is_now]] = halves[1, dealt[~is_now]] = True
        one, other = (
            _value(measure, of, {name: both[name].rows(half[rows]) for name, rows in which.items()})
            for of, half in zip((now, then), halves, strict=True)
        )
        yield inf if one is None or other is None else sign * (one - other)
        is_now = rng.permutation(is_now)


def _value(measure: Measure, of: Part, frames: dict[str, Any]) -> float | None:
    found = measure.formula(replace(of, **frames))
    return found.value if found else None


def _pieces(now: Part, then: Part) -> "tuple[NDArray[Any], dict[str, NDArray[Any]]]":
    """What is drawn: a conversation as far as it lies in one of the times (odd: now); and to which of
    them each row of each frame belongs."""
    import numpy as np

    keys = {
        name: np.concatenate(
            [getattr(then, name)["conversation"] * 2, getattr(now, name)["conversation"] * 2 + 1]
        )
        for name in TIMED
    }
    pieces, which = np.unique(np.concatenate(list(keys.values())), return_inverse=True)
    ends = np.cumsum([len(rows) for rows in keys.values()])[:-1]
    return pieces, dict(zip(keys, np.split(which, ends), strict=True))


def _rows(now: Part, then: Part, name: str) -> Frame:
    """The rows of both times, the earlier first, just as ``_pieces`` counts them."""
    import numpy as np

    both = getattr(then, name), getattr(now, name)
    columns = FRAMES["items" if name == "judged" else name]
    return Frame({one: np.concatenate([frame[one] for frame in both]) for one in columns})
