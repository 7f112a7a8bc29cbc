"""Holm's correction against a published example, and what always holds of it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.statistics import holm

Ps = some.lists(some.floats(0, 1), max_size=12)


def test_the_usual_example_of_four_tests() -> None:
    """p values .01, .04, .03, .005: at 5 % Holm's rule refuses the first and the last."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_wright_1992_table_1() -> None:
    """S. P. Wright, "Adjusted p-values for simultaneous inference", Biometrics 48 (1992), 1005-1013:
    his fifteen p values are those of Y. Benjamini and Y. Hochberg (1995), 3.1: Holm's rule refuses
    just the first three at 5 %."""
    ps = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    ps += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert sum(p < 0.05 for p in holm(ps)) == 3


@given(Ps)
def test_no_p_value_becomes_smaller_and_none_exceeds_bonferroni_s(ps: list[float]) -> None:
    for before, after in zip(ps, holm(ps), strict=True):
        assert before <= after <= min(1.0, before * len(ps)) + 1e-12


@given(Ps, some.randoms())
def test_the_order_given_changes_nothing(ps: list[float], chance: Random) -> None:
    order = list(range(len(ps)))
    chance.shuffle(order)
    found = holm(ps)
    assert holm([ps[at] for at in order]) == pytest.approx([found[at] for at in order])


def test_what_is_no_p_value_is_refused() -> None:
    assert holm([]) == []
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, 1.2])
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([float("nan")])
