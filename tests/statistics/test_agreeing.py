"""Coefficients of agreement against published examples, and what always holds of them."""

from collections import Counter
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.statistics import (
    ALPHA_WORDS,
    KAPPA_WORDS,
    TOO_FEW,
    Coefficient,
    agreeing,
    alpha,
    cohen,
    enough,
    fleiss,
    in_words,
    pairs,
)
from core.statistics.krippendorff import Level

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers,
# twelve units, values missing
OBSERVERS = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
MISSING = Counter(
    tuple(int(value) for value in unit if value != ".") for unit in zip(*OBSERVERS, strict=True)
)
# J. L. Fleiss, Psychological Bulletin 76 (1971), table 1: 30 patients, 6 psychiatrists each;
# depression, personality disorder, schizophrenia, neurosis, other
DIAGNOSES = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050
02031 00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"""
# J. Cohen, Educational and Psychological Measurement 20 (1960), 200 cases as in his table of shares
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
Units = some.lists(some.lists(some.integers(1, 5), max_size=4), max_size=12)


def table(cells: list[list[int]]) -> dict[tuple[int, int], int]:
    return {(i, j): n for i, row in enumerate(cells) for j, n in enumerate(row)}


def diagnoses() -> Counter[tuple[int, ...]]:
    rows = DIAGNOSES.split()
    return Counter(tuple(i for i, n in enumerate(row) for _ in range(int(n))) for row in rows)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_krippendorff_2011_with_missing_values(level: Level, published: float) -> None:
    found = alpha(MISSING, level)
    assert found
    assert (round(found.value, 3), found.n) == (published, 11)  # the twelfth unit has one value
    assert found.low < found.value < found.high <= 1


def test_fleiss_1971_thirty_patients() -> None:
    found = fleiss(diagnoses())
    assert found
    assert (round(found.value, 3), found.n) == (0.430, 30)
    shared = agreeing(diagnoses())
    assert shared
    assert round(shared.share, 3) == 0.556  # 75 of 135; the paper's .555 comes of rounded sums
    assert pairs(diagnoses()) == 30 * 15


def test_cohen_1960_two_judges() -> None:
    found = cohen(table(COHEN))
    assert found
    assert (round(found.value, 3), found.n) == (0.492, 200)
    # his formula for the standard error gives .440 to .560 at one, about .38 to .60 at 1.96
    assert found.low == pytest.approx(0.38, abs=0.02)
    assert found.high == pytest.approx(0.60, abs=0.02)


def test_two_readers_of_fifty_grants_in_a_two_by_two_table() -> None:
    """The example of many textbooks: both yes 20, both no 15."""
    found = cohen(table([[20, 5], [10, 15]]))
    assert found
    assert round(found.value, 4) == 0.4


def test_kappa_is_lower_where_one_value_is_rare_though_as_many_agree() -> None:
    """A. R. Feinstein & D. V. Cicchetti, Journal of Clinical Epidemiology 43 (1990), 543-549."""
    even, rare = cohen(table([[40, 9], [6, 45]])), cohen(table([[80, 10], [5, 5]]))
    assert even
    assert rare
    assert (round(even.value, 2), round(rare.value, 2)) == (0.70, 0.32)


@given(Units, some.sampled_from(["nominal", "interval", "ordinal"]))
def test_alpha_is_what_its_definition_says(units: list[list[int]], level: Level) -> None:
    found, expected = alpha(Counter(map(tuple, units)), level), by_definition(units, level)
    if expected is None:
        assert found is None
    else:
        assert found
        assert found.value == pytest.approx(expected)
        assert found.low <= found.value <= found.high <= 1


def by_definition(units: list[list[int]], level: Level) -> float | None:
    """1 - observed / expected disagreement, pair by pair."""
    units = [unit for unit in units if len(unit) > 1]
    values = [value for unit in units for value in unit]

    def apart(one: int, other: int) -> float:
        if level == "nominal":
            return float(one != other)
        if level == "interval":
            return float((one - other) ** 2)
        low, high = min(one, other), max(one, other)
        between = sum(low <= value <= high for value in values)
        return (between - (values.count(one) + values.count(other)) / 2) ** 2

    n = len(values)
    chance = sum(apart(a, b) for a, b in permutations(values, 2))
    if not chance:
        return None
    observed = sum(
        apart(a, b) / (len(unit) - 1) for unit in units for a, b in permutations(unit, 2)
    )
    return 1 - (observed / n) / (chance / (n * (n - 1)))


@given(some.lists(some.tuples(some.integers(1, 3), some.integers(1, 3)), min_size=1, max_size=30))
def test_percent_counts_the_pairs_that_agree(units: list[tuple[int, int]]) -> None:
    found = agreeing(Counter(units))
    assert found
    same = sum(a == b for unit in units for a, b in combinations(unit, 2))
    assert found.share == pytest.approx(same / len(units))
    assert 0 <= found.low <= found.share <= found.high <= 1


def test_the_same_ratings_have_the_same_interval_in_whatever_number() -> None:
    assert alpha(MISSING) == alpha(MISSING)
    few, many = cohen(table([[20, 5], [10, 15]])), cohen(table([[20_000, 5_000], [10_000, 15_000]]))
    assert few
    assert many
    assert few.value == pytest.approx(many.value)
    assert many.high - many.low < (few.high - few.low) / 20


def test_full_agreement_of_few_leaves_room_below() -> None:
    found, more = cohen(table([[12, 0], [0, 8]])), cohen(table([[1200, 0], [0, 800]]))
    assert found
    assert more
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(1 - (1 - 0.8389) / (1 - 0.52), abs=1e-3)  # Wilson: 20 of 20
    assert more.low > 0.99


@pytest.mark.parametrize("patterns", [{}, {(1,): 9}, {(1, 1): 9}, {(): 3}])
def test_where_nothing_varies_nothing_is_told(patterns: dict[tuple[int, ...], int]) -> None:
    assert alpha(patterns) is None
    if all(len(values) == 2 for values in patterns):
        assert cohen(patterns) is None
        assert fleiss(patterns) is None


def test_kappa_refuses_what_it_is_not_made_for() -> None:
    with pytest.raises(ValueError, match="same number"):
        cohen({(1, 1, 1): 2})
    with pytest.raises(ValueError, match="same number"):
        fleiss({(1, 1, 1): 2, (1, 1): 2})
    with pytest.raises(ValueError, match="same number"):
        fleiss({(1,): 2})


@pytest.mark.parametrize(
    ("value", "kappa", "reliability"),
    [
        (-0.1, "worse than chance", "not reliable"),
        (0.0, "slight", "not reliable"),
        (0.2, "slight", "not reliable"),
        (0.41, "moderate", "not reliable"),
        (0.667, "substantial", "for tentative conclusions"),
        (0.8, "substantial", "reliable"),
        (0.81, "almost perfect", "reliable"),
    ],
)
def test_words_are_those_of_the_tables(value: float, kappa: str, reliability: str) -> None:
    found = Coefficient(value, value, value, 100)
    assert in_words(found, KAPPA_WORDS) == kappa
    assert in_words(found, ALPHA_WORDS) == reliability


def test_of_few_items_no_word_is_said() -> None:
    assert (enough(2), enough(3), enough(5)) == (20, 20, 50)
    few: Any = Coefficient(0.9, 0.8, 1.0, 49)
    assert in_words(few, ALPHA_WORDS, enough(5)) == TOO_FEW
