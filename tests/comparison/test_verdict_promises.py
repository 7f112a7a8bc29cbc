"""What the verdict as a whole promises, held against simulations: how often it claims where there is
nothing, at the end and however often one looks; how often it finds what is there; how often an
interval holds the truth. Two thousand runs where the long proofs are made, else a hundred, within
what chance leaves open. All are drawn with fixed seeds."""

import json
import os
from math import sqrt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.comparison import deciding
from core.comparison.gathering import Gathered
from core.comparison.slices import of as slices_of
from core.comparison.verdict import verdict
from core.db.tables import Assistant
from tests.comparison import simulating
from tests.comparison.made_up import run_of
from tests.comparison.simulating import METRICS, NAMES, Array

FULL = os.environ.get("CICLO_PROVE") == "1"
RUNS = 2000 if FULL else 100
MOST = 0.06 if FULL else 0.05 + 3 * sqrt(0.05 * 0.95 / RUNS)
Columns = dict[str, tuple[Array, Array]]


def claims(columns: Columns, early: bool = False) -> bool:
    found = deciding.decide(columns, METRICS, family=NAMES, early=early)
    return deciding.overall(found) in ("better", "worse", "mixed")


def claims_at_a_look(columns: Columns, every: int = 10) -> bool:
    """Whether somebody who looks after every ten questions ever reads a claim before the end."""
    n = len(columns[NAMES[0]][0])
    return any(
        claims({name: (a[:seen], b[:seen]) for name, (a, b) in columns.items()}, early=True)
        for seen in range(every, n, every)
    )


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_where_nothing_differs_a_claim_is_rare_at_the_end_and_at_every_look() -> None:
    ended = looked = either = 0
    for columns in simulating.runs(RUNS, 100, seed=7):
        at_end, before = claims(columns), claims_at_a_look(columns)
        ended, looked, either = ended + at_end, looked + before, either + (at_end or before)
    assert ended / RUNS <= MOST
    assert looked / RUNS <= deciding.EARLY + (MOST - 0.05)
    assert either / RUNS <= MOST  # whoever looked all the time, and at the end, too


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_a_long_run_that_is_looked_at_all_the_time_claims_no_more() -> None:
    looked = sum(claims_at_a_look(one) for one in simulating.runs(RUNS // 2, 1000, seed=9))
    assert looked / (RUNS // 2) <= deciding.EARLY + (MOST - 0.05)


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_a_difference_of_six_points_is_found_most_of_the_time() -> None:
    count = RUNS // 10
    drawn = list(simulating.runs(count, 400, gain=0.06, spread=0.25, seed=5))
    alone = [{"groundedness": one["groundedness"]} for one in drawn]
    assert sum(map(claims, drawn)) / count >= 0.95
    assert sum(map(claims, alone)) / count >= 0.8  # deviation of the differences: 0.35


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("n", [100, 300])
def test_an_interval_holds_the_truth_as_often_as_it_says(n: int) -> None:
    gain = 0.05
    real, held = simulating.truth(gain), dict.fromkeys(NAMES, 0)
    count = RUNS if n == 100 else RUNS // 2
    for columns in simulating.runs(count, n, gain=gain, seed=3):
        for one in deciding.decide(columns, METRICS, family=NAMES):
            assert one.low is not None
            assert one.high is not None
            held[one.scorer] += one.low <= real[one.scorer] <= one.high
    spare = 0.0 if FULL else 3 * sqrt(0.05 * 0.95 / count)
    shares = {name: times / count for name, times in held.items()}
    assert all(0.93 - spare <= share <= 0.97 + spare for share in shares.values()), shares


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_where_nothing_differs_slices_seldom_claim() -> None:
    count = RUNS // 4
    told = [slices_of(sliced(columns, n)) for n, columns in enumerate(simulating.runs(count, 150))]
    assert {one.looked for one in told} == {50}
    assert sum(any(one.claim != "unclear" for one in each.found) for each in told) / count <= (
        MOST if FULL else 0.05 + 3 * sqrt(0.05 * 0.95 / count)
    )


def sliced(columns: Columns, print_: int) -> Gathered:
    """A run as it is read from the database, of two languages, five topics and three lengths."""
    rows: list[Any] = []
    rng = np.random.default_rng(print_)
    for at in range(len(columns[NAMES[0]][0])):
        scores = {
            side: {name: float(pair[place][at]) for name, pair in columns.items()}
            for place, side in enumerate("ab")
        }
        question = f"{at} " + "a " * int(rng.choice([3, 12, 30]))
        topic, language = f"t{rng.integers(5)}", str(rng.choice(["pt", "en"]))
        row = (str(at), at, question, language, topic, "x", "", "{}", json.dumps(scores))
        rows.append((*row, "answered", "answered", False))
    run: Any = SimpleNamespace(id="run", state="done", settings={}, n=len(rows))
    return Gathered(run, {}, rows, print_)


def test_the_verdict_on_rows_is_the_one_on_their_scores(assistant: Assistant) -> None:
    (columns,) = simulating.runs(1, 40, gain=0.05, seed=2)
    run_id = run_of(
        assistant.id,
        {name: list(a) for name, (a, _b) in columns.items()},
        {name: list(b) for name, (_a, b) in columns.items()},
    )
    pure = deciding.decide(columns, METRICS, family=NAMES)
    found = {one.scorer: one for one in verdict(run_id).metrics}
    for one in pure:
        told = found[one.scorer]
        assert (told.value, told.low, told.high, told.p_adjusted, told.claim) == pytest.approx(
            (one.value, one.low, one.high, one.p_adjusted, one.claim)
        )


@pytest.mark.slow
def test_a_few_runs_without_a_difference_seldom_claim() -> None:
    assert sum(map(claims, simulating.runs(40, 40, seed=4))) <= 6
