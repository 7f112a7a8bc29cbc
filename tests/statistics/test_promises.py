"""What the figures promise, held against simulations: how often they claim where there is nothing, how
often an interval holds the truth. Two thousand runs where the long proofs are made, else a hundred, within
what chance leaves open. All are drawn with fixed seeds."""

import os
from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest

from core.statistics import Game, bradley_terry, difference, sequence, sign_p
from core.statistics.bradley_terry import OUTCOMES

Array = np.ndarray[tuple[int], np.dtype[np.float64]]
Draw = Callable[[np.random.Generator, int], tuple[Array, Array]]
FULL = os.environ.get("CICLO_PROVE") == "1"
RUNS = 2000 if FULL else 100
QUICK = 40
CLAIM = 0.05


def _normal(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    hard = rng.normal(size=n)
    return hard + rng.normal(size=n), hard + rng.normal(size=n)


def _skewed(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Differences of mean 0, most a little below it, some far above."""
    return np.ones(n), rng.exponential(size=n)


def _likewise_skewed(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    return rng.beta(0.5, 3, n), rng.beta(0.5, 3, n)


def _mostly_same(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Four of five answers are the same, as of two versions that differ little."""
    first, differs = rng.random(n), rng.random(n) < 0.2
    return first, np.where(differs, rng.random(n), first)


def _steps(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Scores of few steps, as a rubric gives them."""
    return rng.choice([0, 0.25, 0.5, 0.75, 1], n), rng.choice([0, 0.25, 0.5, 0.75, 1], n)


def _passes(
    rng: np.random.Generator, n: int, a: float = 0.7, b: float = 0.7
) -> tuple[Array, Array]:
    """Pass or fail of the same questions, of which a third are the same for both."""
    same, hard = rng.random(n) < 1 / 3, rng.random(n)
    other = np.where(same, hard, rng.random(n))
    return (hard < a).astype(float), (other < b).astype(float)


SCORES: dict[str, Draw] = {
    "normal": _normal,
    "skewed": _skewed,
    "likewise skewed": _likewise_skewed,
    "mostly the same": _mostly_same,
    "steps": _steps,
    "pass or fail": _passes,
}
HELD: dict[str, tuple[Draw, float]] = {  # with the true mean of the differences
    "normal": (lambda rng, n: (rng.normal(size=n), rng.normal(0.4, 1, n)), 0.4),
    "skewed": (lambda rng, n: (np.zeros(n), rng.exponential(size=n)), 1.0),
    "bounded": (lambda rng, n: (rng.beta(2, 2, n), rng.beta(4, 2, n)), 4 / 6 - 0.5),
    "mostly the same": (_mostly_same, 0.0),
    "steps": (_steps, 0.0),
}
PASSED = {"alike": (0.7, 0.7), "better": (0.6, 0.75), "nearly all": (0.9, 0.95)}


def chance(share: float, runs: int) -> float:
    """What chance adds to a share seen in so many runs: none is given away in the full proof."""
    return 0.0 if runs >= 2000 else 3 * sqrt(share * (1 - share) / runs)


def claims(draw: Draw, n: int, binary: bool, runs: int, seed: int = 0) -> float:
    rng, claimed = np.random.default_rng([n, seed]), 0
    for _run in range(runs):
        found = difference(*draw(rng, n), binary=binary)
        assert found
        claimed += found.p < CLAIM
    return claimed / runs


def holds(draw: Draw, true: float, n: int, binary: bool, runs: int) -> float:
    rng, held = np.random.default_rng(n + 1), 0
    for _run in range(runs):
        found = difference(*draw(rng, n), binary=binary)
        assert found
        assert found.low is not None
        assert found.high is not None
        held += found.low <= true <= found.high
    return held / runs


def early_claims(draw: Draw, runs: int) -> float:
    """The share of runs that ever claim when looked at after every ten of 300."""
    rng, claimed = np.random.default_rng(10), 0
    for _run in range(runs):
        first, second = draw(rng, 300)
        looks = (sequence((second - first)[:n]) for n in range(10, 301, 10))
        claimed += any(found and not found[0] <= 0 <= found[1] for found in looks)
    return claimed / runs


# ---- quick: a few runs of the likeliest to fail


@pytest.mark.slow
def test_where_nothing_differs_few_claim() -> None:
    assert claims(_likewise_skewed, 50, False, QUICK) <= CLAIM + chance(CLAIM, QUICK)


@pytest.mark.slow
def test_looking_early_claims_as_seldom() -> None:
    assert early_claims(_skewed, QUICK) <= CLAIM + chance(CLAIM, QUICK)


# ---- in full


@pytest.mark.prove
@pytest.mark.parametrize("n", [30, 100, 300])
@pytest.mark.parametrize("kind", SCORES)
def test_where_nothing_differs_at_most_six_in_a_hundred_claim(kind: str, n: int) -> None:
    share = claims(SCORES[kind], n, kind == "pass or fail", RUNS, [*SCORES].index(kind))
    print(f"{kind}, n = {n}: {share:.4f} claim")  # noqa: T201
    assert share <= 0.06 + chance(0.06, RUNS)


@pytest.mark.prove
@pytest.mark.parametrize("kind", SCORES)
def test_looked_at_after_every_ten_at_most_six_in_a_hundred_claim(kind: str) -> None:
    share = early_claims(SCORES[kind], RUNS)
    print(f"{kind}: {share:.4f} claim at some look")  # noqa: T201
    assert share <= 0.06 + chance(0.06, RUNS)


@pytest.mark.prove
def test_votes_looked_at_after_every_ten_claim_at_most_six_in_a_hundred() -> None:
    rng = np.random.default_rng(11)
    wins = (rng.random((RUNS, 300)) < 0.5).cumsum(axis=1)
    looks = range(9, 300, 10)
    claimed = [any(sign_p(int(row[n]), n + 1 - int(row[n])) < CLAIM for n in looks) for row in wins]
    print(f"{np.mean(claimed):.4f} claim at some look")  # noqa: T201
    assert np.mean(claimed) <= 0.06 + chance(0.06, RUNS)


@pytest.mark.prove
@pytest.mark.parametrize("n", [100, 300])
@pytest.mark.parametrize("kind", HELD)
def test_the_interval_of_a_mean_holds_the_truth_in_93_to_97_of_a_hundred(kind: str, n: int) -> None:
    draw, true = HELD[kind]
    share = holds(draw, true, n, False, RUNS)
    print(f"{kind}, n = {n}: {share:.4f} hold")  # noqa: T201
    assert 0.93 - chance(0.93, RUNS) <= share <= 0.97 + chance(0.97, RUNS)


@pytest.mark.prove
@pytest.mark.parametrize("n", [100, 300])
@pytest.mark.parametrize("kind", PASSED)
def test_the_interval_of_shares_holds_the_truth_in_93_of_a_hundred_or_more(
    kind: str, n: int
) -> None:
    """Newcombe's is careful where shares are near the ends."""
    a, b = PASSED[kind]
    share = holds(lambda rng, n: _passes(rng, n, a, b), b - a, n, True, RUNS)
    print(f"{kind}, n = {n}: {share:.4f} hold")  # noqa: T201
    assert 0.93 - chance(0.93, RUNS) <= share <= 0.98 + chance(0.98, RUNS)


@pytest.mark.prove
@pytest.mark.parametrize(("players", "votes"), [(2, 100), (2, 300), (4, 400)])
def test_known_strengths_and_position_lie_in_their_intervals(players: int, votes: int) -> None:
    """With ties (a third between equals) and a place that is worth 0.4 (60 of 100 between equals)."""
    strength = np.linspace(0.5, -0.5, players)
    rng, runs = np.random.default_rng(players + votes), RUNS // 4
    held, placed, gaps = 0.0, 0, 0
    for _run in range(runs):
        found = bradley_terry([voted(rng, strength, 0.4) for _vote in range(votes)])
        assert found
        told = {each.player: each.strength for each in found.standings}
        held += np.mean([told[p].low <= strength[p] <= told[p].high for p in range(players)])
        placed += found.position_log.low <= 0.4 <= found.position_log.high
        best = next(each for each in found.meetings if {each.one, each.other} == {0, players - 1})
        true = 1.0 if best.one == 0 else -1.0
        gaps += best.difference.low <= true <= best.difference.high
    shares = [held / runs, placed / runs, gaps / runs]
    print(f"{players} players, {votes} votes: {shares} hold")  # noqa: T201
    for share in shares:
        assert 0.92 - chance(0.93, runs) <= share <= 0.98 + chance(0.97, runs)


def voted(rng: np.random.Generator, strength: Array, place: float) -> Game:
    one, other = rng.permutation(len(strength))[:2]
    weights = np.exp(
        [
            strength[one] + place / 2,
            strength[other] - place / 2,
            (strength[one] + strength[other]) / 2,
        ]
    )
    drawn = int(rng.choice(3, p=weights / weights.sum()))
    return Game(int(one), int(other), OUTCOMES[drawn])
