"""The difference of two versions: published examples, scipy, and what always holds of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from core.statistics import Difference, difference, mcnemar, shares_apart
from core.statistics.resampling import Bootstrap, sign_flips

# Student, Biometrika 6 (1908), table I: hours of sleep gained by ten patients with two drugs
FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
# C. Darwin, 1876, in R. A. Fisher, The Design of Experiments (1935), 17 and 21: heights of crossed
# less self-fertilised plants, in eighths of an inch
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
Score = some.floats(-1e6, 1e6).map(lambda each: round(each, 3))
Pairs = some.lists(some.tuples(Score, Score), min_size=1, max_size=25)
Passes = some.lists(some.tuples(some.booleans(), some.booleans()), min_size=1, max_size=80)


def found(a: list[float], b: list[float], binary: bool = False) -> Difference:
    told = difference(a, b, binary=binary)
    assert told
    return told


def drawn(n: int, seed: int = 3) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.random.default_rng(seed).exponential(size=n) - 0.8


def test_student_1908_ten_patients() -> None:
    told = found(FIRST, SECOND)
    assert (round(told.mean_a, 2), round(told.mean_b, 2), round(told.value, 2)) == (
        0.75,
        2.33,
        1.58,
    )
    assert told.sd == pytest.approx(1.23, abs=0.005)
    assert told.effect == pytest.approx(1.58 / 1.23, abs=0.01)
    assert (told.better, told.worse, told.same) == (9, 0, 1)
    assert told.p == 2 / 2**9  # all nine that differ have the same sign
    assert told.low is not None
    assert 0.7 < told.low < 1.58  # Student's own interval: 0.70 to 2.46


def test_fisher_1935_fifteen_pairs_of_plants() -> None:
    """He counts 1726 of 32768 signings with a sum as large or larger: 5.267 % on both sides."""
    assert sign_flips(np.array(DARWIN)) == 1726 / 32768


@pytest.mark.parametrize("n", [5, 9, 13])
def test_few_differences_are_tested_exactly_as_scipy_does(n: int) -> None:
    values = drawn(n)
    told = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=np.inf, vectorized=True
    )
    assert sign_flips(values) == pytest.approx(told.pvalue)


@pytest.mark.slow
def test_many_differences_are_tested_as_the_exact_ones_would_be() -> None:
    values = drawn(18) + 0.15
    signs = 1 - 2 * ((np.arange(2**18)[:, None] >> np.arange(18)) & 1)
    exact = (np.abs(signs @ values) >= abs(values.sum()) - 1e-9).mean()
    assert sign_flips(values) == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 9999))


@pytest.mark.slow
@pytest.mark.parametrize("n", [20, 100, 400])
def test_the_interval_is_scipy_s_bca_where_it_is_not_expanded(n: int) -> None:
    values = drawn(n)
    told = stats.bootstrap((values,), np.mean, method="BCa", n_resamples=9_999, rng=1)
    error = stats.sem(values)
    ends = Bootstrap(values, expanded=False).interval()
    assert ends == pytest.approx(tuple(told.confidence_interval), abs=0.12 * error)


def test_the_p_value_of_the_interval_is_where_its_end_is_nought() -> None:
    told = Bootstrap(drawn(60) + 0.02)
    low, _high = told.interval(confidence=1 - told.p())
    assert low == pytest.approx(0, abs=2e-3)


def test_of_normal_differences_the_interval_is_about_student_s() -> None:
    values = np.random.default_rng(2).normal(1, 2, 40)
    low, high = stats.t.interval(0.95, 39, values.mean(), stats.sem(values))
    told = found([0.0] * 40, list(values))
    assert [told.low, told.high] == pytest.approx([low, high], abs=0.15 * stats.sem(values))


def test_few_that_differ_among_many_ties_have_a_wider_interval_than_scipy_s() -> None:
    values = np.zeros(100)
    values[:8] = [0.9, -0.4, 0.7, 0.2, -0.6, 1.0, 0.3, 0.5]
    plain, told = Bootstrap(values, expanded=False).interval(), Bootstrap(values).interval()
    assert told[1] - told[0] > 1.1 * (plain[1] - plain[0])


# ---- pass or fail


def test_approval_of_a_prime_minister_asked_twice() -> None:
    """A. Agresti, Categorical Data Analysis (2002), 10.1: 794 approved both times, 150 only at first,
    86 only later, of 1600; approval fell by 0.06 to 0.02, by a test beyond doubt (z = -4.17)."""
    low, high = shares_apart(both=794, only_a=150, only_b=86, n=1600)
    assert (round(low, 2), round(high, 2)) == (-0.06, -0.02)
    assert mcnemar(86, 150) == pytest.approx(2 * stats.norm.cdf(-4.17), rel=0.3)


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [  # M. Fagerland, S. Lydersen, P. Laake, Statistical Analysis of Contingency Tables (2017), 8
        ((59, 6, 16, 161), 0.0046, 0.1186),  # Cavo et al. 2012, turned round
        ((1, 1, 7, 21), 0.026, 0.507),  # Bentur et al. 2009, turned round
    ],
)
def test_newcombe_s_interval_is_as_published(
    table: tuple[int, int, int, int], low: float, high: float
) -> None:
    assert shares_apart(*table) == pytest.approx((low, high), abs=5e-4)


def test_newcombe_s_interval_turned_round_is_its_mirror() -> None:
    low, high = shares_apart(12, 9, 2, 40)
    assert shares_apart(12, 2, 9, 40) == pytest.approx((-high, -low))


@given(Passes)
def test_pass_or_fail_is_as_counted(pairs: list[tuple[bool, bool]]) -> None:
    told = found([float(a) for a, _ in pairs], [float(b) for _, b in pairs], binary=True)
    assert told.better == sum(b and not a for a, b in pairs)
    assert told.worse == sum(a and not b for a, b in pairs)
    assert told.value == pytest.approx((told.better - told.worse) / len(pairs))
    differ = told.better + told.worse
    exact = stats.binomtest(told.better, differ).pvalue if differ else 1.0
    assert told.p == pytest.approx(exact)
    if told.low is not None and told.high is not None:
        assert -1 <= told.low <= told.value <= told.high <= 1


def test_no_claim_of_pass_or_fail_has_an_interval_with_nought_in_it() -> None:
    for n in (20, 60, 200):
        for both in (0, n // 3, n * 2 // 3):
            for worse in range(0, (n - both) // 2, 3):
                for better in range(worse, n - both - worse + 1):
                    if mcnemar(better, worse) < 0.05:
                        assert shares_apart(both, worse, better, n)[0] > 0


# ---- what always holds


@given(Pairs)
def test_means_and_counts_are_those_of_the_pairs(pairs: list[tuple[float, float]]) -> None:
    told = found([a for a, _ in pairs], [b for _, b in pairs])
    assert told.n == len(pairs) == told.better + told.worse + told.same
    assert told.value == pytest.approx(told.mean_b - told.mean_a, abs=1e-6)
    assert 0 <= told.p <= 1
    if told.low is None or told.high is None:
        assert told.n == 1
    else:
        assert told.low <= told.value + 1e-9 <= told.high + 2e-9


@given(Pairs)
def test_a_claim_has_an_interval_without_nought(pairs: list[tuple[float, float]]) -> None:
    told = found([a for a, _ in pairs], [b for _, b in pairs])
    if told.p < 0.049 and told.sd:
        assert told.low is not None
        assert told.high is not None
        assert not told.low < 0 < told.high


def test_skewed_differences_need_the_interval_s_word_as_well() -> None:
    values = np.random.default_rng(79).exponential(size=40) - 1  # of mean 0
    assert sign_flips(values) < 0.05 < Bootstrap(values).p()
    assert found([0.0] * 40, list(values)).p == Bootstrap(values).p()


def test_no_p_value_of_drawing_is_nought() -> None:
    assert sign_flips(1 + np.arange(60) / 60) == 1 / 10_000


def test_sides_exchanged_turn_the_difference_round() -> None:
    one, other = found(FIRST, SECOND), found(SECOND, FIRST)
    assert (one.value, one.p, one.better) == (-other.value, other.p, other.worse)
    assert one.low == pytest.approx(-other.high, abs=0.05)  # type: ignore[operator]


def test_the_unit_of_the_scores_changes_nothing_but_the_unit() -> None:
    one, other = found(FIRST, SECOND), found([60 * a for a in FIRST], [60 * b for b in SECOND])
    assert other.low == pytest.approx(60 * one.low)  # type: ignore[operator]
    assert (other.p, other.effect) == pytest.approx((one.p, one.effect))


def test_the_same_scores_always_give_the_same_figures() -> None:
    values = list(drawn(300))
    assert difference([0.0] * 300, values) == difference([0.0] * 300, values)


def test_of_nothing_nothing_is_told_and_of_one_no_interval() -> None:
    assert difference([], []) is None
    told = found([1.0], [3.0])
    assert (told.value, told.low, told.high, told.p, told.sd) == (2.0, None, None, 1.0, None)


@pytest.mark.parametrize("binary", [False, True])
def test_where_all_are_alike_nothing_is_claimed_and_nothing_is_not_a_number(binary: bool) -> None:
    told = found([1.0] * 50, [1.0] * 50, binary)
    assert (told.value, told.p, told.effect, told.sd, told.same) == (0.0, 1.0, None, 0.0, 50)
    assert told.low is not None
    assert told.high is not None
    if binary:  # Newcombe leaves room for what 50 did not show
        assert told.low < -0.05 < 0.05 < told.high
    else:
        assert (told.low, told.high) == (0.0, 0.0)


def test_where_all_differ_by_the_same_the_claim_rests_on_their_number() -> None:
    few, many = found([0.1] * 4, [0.3] * 4), found([0.1] * 10, [0.3] * 10)
    assert (few.p, many.p) == (2 / 2**4, 2 / 2**10)
    assert many.low == many.high == pytest.approx(0.2)
    assert many.effect is None


def test_one_that_differs_among_many_is_no_claim() -> None:
    told = found([0.0] * 200, [0.0] * 199 + [1.0])
    assert told.p == 1.0
    assert told.low is not None
    assert told.low <= 0 < told.value


@pytest.mark.parametrize(
    ("a", "b", "binary", "words"),
    [
        ([1.0], [1.0, 2.0], False, "same length"),
        ([float("nan")], [1.0], False, "finite"),
        ([1.0], [float("inf")], False, "finite"),
        ([0.0, 0.5], [1.0, 1.0], True, "0 or 1"),
    ],
)
def test_scores_that_cannot_be_compared_are_refused(
    a: list[float], b: list[float], binary: bool, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        difference(a, b, binary=binary)
