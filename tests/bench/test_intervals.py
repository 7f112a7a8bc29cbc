"""Paired bootstrap intervals."""

import random

import pytest

from bench.intervals import paired


def test_equal_ways_do_not_differ() -> None:
    assert paired([1.0, 0.0] * 50, [1.0, 0.0] * 50) == (0.0, 0.0, 0.0)
    assert paired([], []) == (0.0, 0.0, 0.0)


def test_the_interval_is_that_of_the_differences_and_not_of_the_scores() -> None:
    dice = random.Random(0)
    theirs = [100.0 * dice.randint(0, 1) for _ in range(400)]
    ours = [score + 2 for score in theirs]  # scores stray by 50, the difference not at all
    assert paired(ours, theirs) == pytest.approx((2.0, 2.0, 2.0))


@pytest.mark.slow
def test_the_interval_is_as_wide_as_theory_says() -> None:
    dice = random.Random(1)
    ours = [100.0 * (dice.random() < 0.6) for _ in range(500)]
    found = paired(ours, [0.0] * 500)
    share = found.mean / 100
    half = 196 * (share * (1 - share) / 500) ** 0.5
    assert found.high - found.mean == pytest.approx(half, rel=0.1)
    assert found.mean - found.low == pytest.approx(half, rel=0.1)
    assert str(found).startswith(f"{found.mean:+.1f} [")


def test_different_numbers_of_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes"):
        paired([1.0, 2.0], [1.0, 2.0, 3.0])
