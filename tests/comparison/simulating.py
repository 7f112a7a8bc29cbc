"""Made-up scores of many runs: several metrics that hang together, as an evaluation's do."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from core.comparison.scorers.kinds import Scorer

Array = np.ndarray[Any, Any]


def scorer(name: str, kind: str = "mean") -> Scorer:
    return Scorer(name, name, name, lambda _example: None, kind=kind, primary=True)


METRICS = [scorer("one"), scorer("two"), scorer("three", "pass"), scorer("four")]
NAMES = [one.name for one in METRICS]


def runs(
    count: int, n: int, *, gain: float = 0.0, together: float = 0.5, seed: int = 1
) -> Iterator[dict[str, tuple[Array, Array]]]:
    """``count`` runs of n questions, b better by ``gain`` in each metric on average.

    Questions are easy or hard for both versions, and a version's metrics on a question hang
    ``together``. The second metric is right or wrong by thirds, the third passes or fails, the
    fourth is alike on most questions and skewed where it is not.
    """
    rng = np.random.default_rng(seed)
    for _ in range(count):
        hard = rng.normal(0, 1, (n, 1))
        sides = []
        for moved in (0.0, gain):
            own = rng.normal(0, 1, (n, 1)) * together**0.5
            noise = hard + own + rng.normal(0, 1, (n, 4)) * (1 - together) ** 0.5
            sides.append((noise, moved))
        yield {
            name: tuple(_score(at, noise[:, at], moved, rng) for noise, moved in sides)  # type: ignore[misc]
            for at, name in enumerate(NAMES)
        }


def _score(at: int, noise: Array, moved: float, rng: np.random.Generator) -> Array:
    if at == 0:
        return np.asarray(0.6 + 0.12 * noise + moved)
    if at == 1:
        return np.round(np.clip(0.6 + 0.15 * noise, 0, 1) * 3) / 3 + moved
    if at == 2:
        return np.asarray(noise + moved * 4 > -0.8, dtype=float)
    apart = rng.random(len(noise)) < 0.15
    return np.where(apart, 1 - np.clip(rng.exponential(0.4, len(noise)), 0, 1), 1.0) + moved
