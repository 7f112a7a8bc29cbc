"""Wilson's interval against published figures, and what always holds of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.statistics import wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_examples(hits: int, n: int, low: float, high: float) -> None:
    found = wilson(hits, n)
    assert found
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(some.integers(1, 10_000).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n))))
def test_the_share_lies_within_and_the_other_share_is_its_mirror(pair: tuple[int, int]) -> None:
    hits, n = pair
    one, other = wilson(hits, n), wilson(n - hits, n)
    assert one
    assert other
    assert 0 <= one.low <= one.share <= one.high <= 1
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low))


def test_of_nothing_nothing_is_told() -> None:
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)
