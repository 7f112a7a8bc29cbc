"""What a judge's word is worth beside people's: agreement with intervals, and its figure put right."""

import numpy as np
import pytest

from core.comparison import judge_calibration
from core.comparison.judge_agreement import RHO_WORDS, agreement, spearman
from core.comparison.judge_calibration import LEAST, calibrated, missing
from core.statistics import TOO_FEW

VALUES = np.array([0.0, 0.5, 1.0])
TRUE = np.array([0.35, 0.25, 0.40])  # how often people say a, tie, b: b wins 52.5 %
BIAS = 0.15  # the judge says b that much more often than people do


def people_and_judge(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """What people say, and a judge who says the same but for noise and 15 points in favour of b."""
    people = rng.choice(VALUES, n, p=TRUE)
    noisy = np.where(rng.random(n) < 0.8, people, rng.choice(VALUES, n, p=TRUE))
    turned = BIAS / (1 - float(TRUE @ VALUES))  # of the rest, so that the mean rises by 15 points
    return people, np.where(rng.random(n) < turned, 1.0, noisy)


def covered(runs: int, overlap: int, of: int, seed: int = 7) -> tuple[float, float]:
    """(how often the interval holds the truth, how often that of the judge alone would)."""
    rng, truth = np.random.default_rng(seed), float(TRUE @ VALUES)
    held, alone = 0, 0
    for _run in range(runs):
        people, judge = people_and_judge(rng, of)
        found = calibrated(people[:overlap], judge[:overlap], judge[overlap:])
        assert found
        held += found.low <= truth <= found.high
        half = 1.96 * judge.std(ddof=1) / np.sqrt(of)
        alone += abs(judge.mean() - truth) <= half
    return held / runs, alone / runs


def test_a_judge_that_is_15_points_off_is_put_right_within_the_interval() -> None:
    held, alone = covered(150, 60, 300)
    assert held >= 0.9
    assert alone <= 0.05


@pytest.mark.prove
@pytest.mark.parametrize(("overlap", "of"), [(LEAST, 200), (50, 300), (100, 500), (200, 400)])
def test_the_interval_holds_the_truth_95_times_in_100(overlap: int, of: int) -> None:
    held, alone = covered(4000, overlap, of)
    assert 0.935 <= held <= 0.975
    assert alone < 0.2


def test_the_judges_word_makes_the_interval_smaller_than_people_alone() -> None:
    rng = np.random.default_rng(3)
    people, judge = people_and_judge(rng, 600)
    both = calibrated(people[:60], judge[:60], judge[60:])
    alone = calibrated(people[:60], judge[:60], [])
    assert both
    assert alone
    assert both.weight > 0.4
    assert alone.weight == 0
    assert alone.value == pytest.approx(people[:60].mean())
    assert both.high - both.low < 0.85 * (alone.high - alone.low)


def test_a_judge_that_throws_dice_is_not_listened_to() -> None:
    rng = np.random.default_rng(5)
    people, dice = rng.choice(VALUES, 400, p=TRUE), rng.choice(VALUES, 1000)
    found = calibrated(people, dice[:400], dice[400:])
    assert found
    assert found.weight < 0.15


def test_twenty_that_agree_prove_no_certainty() -> None:
    found = calibrated([1.0] * LEAST, [1.0] * LEAST, [1.0] * 500)
    assert found
    assert found.high == found.value == 1
    assert found.low < 0.97


def test_what_is_even_beyond_doubt_draws_the_figure_to_the_middle() -> None:
    rng = np.random.default_rng(9)
    people, judge = people_and_judge(rng, 200)
    open_ = calibrated(people[:50], judge[:50], judge[50:])
    half = calibrated(people[:50], judge[:50], judge[50:], ties=200)
    assert open_
    assert half
    assert half.value == pytest.approx((open_.value + 0.5) / 2)
    assert half.high - half.low == pytest.approx((open_.high - open_.low) / 2)
    assert (half.n, half.of) == (50, 400)


def test_below_the_least_overlap_there_is_no_figure_but_what_is_missing() -> None:
    few = [1.0] * (LEAST - 1)
    assert calibrated(few, few, [1.0] * 50) is None
    assert (missing(LEAST - 1), missing(LEAST), missing(0)) == (1, 0, LEAST)


def test_lists_of_different_lengths_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="values"):
        judge_calibration.calibrated([1.0], [], [])


def test_kappa_and_the_share_alike_are_of_the_choices_both_made() -> None:
    pairs = [("a", "a")] * 10 + [("b", "b")] * 10 + [("a", "b")] * 5 + [("tie", "b")] * 5
    told = agreement(pairs, [])
    assert told.percent
    assert told.kappa
    assert (told.n, told.percent.n, round(told.percent.share, 3)) == (30, 30, 0.667)
    # chance: a 15/30 * 10/30 + b 10/30 * 20/30 = 7/18; (2/3 - 7/18) / (1 - 7/18) = 5/11
    assert told.kappa.value == pytest.approx(5 / 11)
    assert told.kappa.low < told.kappa.value < told.kappa.high
    assert told.kappa_words == "moderate"


def test_too_few_pairs_get_no_word() -> None:
    told = agreement([("a", "a"), ("b", "b"), ("a", "tie")], [(0.1, 1.0)] * 3)
    assert told.kappa_words == TOO_FEW
    assert (told.rho, told.rho_words) == (None, TOO_FEW)


@pytest.mark.slow  # scipy.stats takes its time to load
def test_rank_correlation_is_that_of_scipy() -> None:
    from scipy.stats import spearmanr

    rng = np.random.default_rng(1)
    first = rng.integers(0, 5, 60) / 4
    second = np.round(first + rng.normal(0, 0.5, 60))
    pairs = list(zip(first.tolist(), second.tolist(), strict=True))
    found = spearman(pairs)
    assert found
    assert found.value == pytest.approx(spearmanr(first, second).statistic)
    assert found.low < found.value < found.high
    assert agreement([], pairs).rho_words in {word for _least, word in RHO_WORDS}


def test_where_one_never_varies_there_is_no_correlation() -> None:
    assert spearman([(1.0, float(n)) for n in range(9)]) is None
    assert spearman([(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)]) is None


def test_a_perfect_order_of_few_is_no_certainty() -> None:
    found = spearman([(float(n), float(n)) for n in range(8)])
    assert found
    assert found.value == pytest.approx(1)
    assert found.low < 0.7


@pytest.mark.prove
def test_the_interval_of_the_correlation_holds_it() -> None:
    rng, held, runs = np.random.default_rng(2), 0, 2000
    rho = 6 / np.pi * np.arcsin(0.6 / 2)  # Spearman's of a normal pair with Pearson's 0.6
    for _run in range(runs):
        x = rng.normal(size=60)
        y = 0.6 * x + 0.8 * rng.normal(size=60)
        found = spearman(list(zip(x.tolist(), y.tolist(), strict=True)))
        assert found
        held += found.low <= rho <= found.high
    assert 0.93 <= held / runs <= 0.97
