"""Made-up scores of many runs: several metrics that hang together, as an evaluation's do."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from core.comparison.scorers.kinds import Scorer

Array = np.ndarray[Any, Any]


def scorer(name: str, kind: str = "mean") -> Scorer:
    return Scorer(name, name, name, lambda _example: None, kind=kind, primary=True)


# names of the real ones, so that the whole verdict takes them, too
METRICS = [
    scorer("groundedness"),
    scorer("token_f1"),
    scorer("rules_kept", "pass"),
    scorer("citation_recall"),
]
NAMES = [one.name for one in METRICS]
PASSES = 4  # what a gain of scores is worth to what passes or fails, in deviations
FROM = -0.8  # what passes lies above it


def runs(
    count: int, n: int, *, gain: float = 0.0, spread: float = 0.12, seed: int = 1
) -> Iterator[dict[str, tuple[Array, Array]]]:
    """``count`` runs of n questions, b better by ``gain`` in each metric.

    Questions are easy or hard for both versions; what a version makes of one shows in all metrics.
    The first is about normal (of deviation ``spread`` for each of three causes), the second right by
    thirds, the third passes or fails, the fourth is perfect for most questions and skewed for the rest.
    """
    rng = np.random.default_rng(seed)
    for _ in range(count):
        hard = rng.normal(0, 1, (n, 1))
        a, b = (
            hard + rng.normal(0, 0.7, (n, 1)) + rng.normal(0, 0.7, (n, len(METRICS)))
            for _side in "ab"
        )
        yield {
            name: (
                _score(at, a[:, at], 0, spread, rng),
                _score(at, b[:, at], gain, spread, rng),
            )
            for at, name in enumerate(NAMES)
        }


def truth(gain: float) -> dict[str, float]:
    """What each metric gains indeed: what passes or fails by the normal distribution."""
    from scipy.special import ndtr

    wide = (1 + 2 * 0.7**2) ** 0.5
    passes = ndtr((PASSES * gain - FROM) / wide) - ndtr(-FROM / wide)
    return dict.fromkeys(NAMES, gain) | {"rules_kept": float(passes)}


def _score(at: int, made: Array, gain: float, spread: float, rng: np.random.Generator) -> Array:
    if at == 0:
        return np.asarray(0.6 + spread * made + gain)
    if at == 1:
        return np.round(np.clip(0.6 + 0.15 * made, 0, 1) * 3) / 3 + gain
    if at == 2:
        return np.asarray(made + gain * PASSES > FROM, dtype=float)
    apart = rng.random(len(made)) < 0.15
    return np.where(apart, 1 - np.clip(rng.exponential(0.4, len(made)), 0, 1), 1.0) + gain
