"""Figures are held against the version that is the baseline, worked out by hand."""

from datetime import timedelta
from math import isclose

import pytest

from core import metrics, registry
from core.metrics import saying
from tests.metrics.made import NOON, assistant, talk

WEEK = metrics.View(period="7d")


@pytest.fixture
def versions(now: None) -> tuple[str, str, str]:
    """A shop, its first version and the one that took over: three talks of 1 dollar and 4 s long ago,
    then three of 30 cents and 3 s; and one this week in which both answered."""
    shop = assistant()
    registry.choose_model(shop, "fake:slow")
    old = registry.versions(shop)[-1].id
    registry.choose_model(shop, "fake:fast")
    new = next(one.id for one in registry.versions(shop) if one.id != old)
    for _n in range(3):
        talk(
            shop,
            {"cost": 1.0, "total_seconds": 4.0, "version_id": old},
            at=NOON - timedelta(days=200),
        )
        talk(shop, {"cost": 0.3, "total_seconds": 3.0, "version_id": new})
    return shop, old, new


def held(view: metrics.View = WEEK) -> dict[str, metrics.Held]:
    return {one.measure: one for one in metrics.against(view)}


def test_without_a_baseline_nothing_is_held_against_it(versions: tuple[str, str, str]) -> None:
    assert metrics.against(WEEK) == []


def test_the_change_is_from_the_baseline_s_figure_to_that_of_the_others(
    versions: tuple[str, str, str],
) -> None:
    _shop, old, _new = versions
    metrics.set_settings(baseline=old)
    cost, time = held()["cost_conversation"], held()["time_p50"]
    assert (cost.now.n, cost.then.n) == (3, 3)
    assert cost.change is not None
    assert isclose(cost.change, -0.7)
    assert cost.met is True  # 70 % less, where 60 were meant
    assert time.change == -0.25
    assert time.met is False  # 30 were meant
    assert cost.thin


def test_answers_of_the_baseline_are_not_among_the_others(versions: tuple[str, str, str]) -> None:
    shop, old, _new = versions
    talk(shop, {"cost": 9.0, "total_seconds": 90.0, "version_id": old})
    metrics.set_settings(baseline=old)
    assert held()["time_p50"].now.value == 3.0
    assert held()["cost_conversation"].now.n == 3


def test_what_never_happened_is_nothing_to_compare(versions: tuple[str, str, str]) -> None:
    _shop, old, _new = versions
    metrics.set_settings(baseline=old)
    never = held()["conversion"]
    assert (never.change, never.met) == (None, None)
    assert saying.against(never).text == saying.NOTHING


def test_thin_figures_are_not_called_on_target(versions: tuple[str, str, str]) -> None:
    _shop, old, _new = versions
    metrics.set_settings(baseline=old)
    assert saying.against(held()["cost_conversation"]).tone == ""


def test_the_report_and_the_targets_of_one_s_own_follow(versions: tuple[str, str, str]) -> None:
    _shop, old, _new = versions
    assert "Baseline" not in metrics.report(WEEK)
    metrics.set_settings(baseline=old, against={"time_p50": -0.2, "conversion": None})
    assert held()["time_p50"].met is True
    assert "conversion" not in held()
    assert "70%" in metrics.report(WEEK)
