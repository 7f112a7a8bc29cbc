"""Figures in the reader's words."""

from dataclasses import replace

import pytest

from core import i18n, metrics
from core.metrics import naming, saying
from core.metrics.course import course, narrower, when
from tests.metrics.made import NOON, assistant, talk

HAPPY = metrics.Figure("satisfaction", 0.8, 0.7, 0.9, 100, before=0.6, before_n=100, target=0.85)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("satisfaction", 0.853, "85%"),
        ("errors", 0.0042, "0,4%"),
        ("satisfaction", 0.996, "99,6%"),
        ("satisfaction", 1.0, "100%"),
        ("time_p50", 0.0189, "19 ms"),
        ("time_p50", 1.26, "1,3 s"),
        ("time_p50", 3725.0, "1 h 2 min"),
        ("cost_answer", 0.0004, "US$ 0,0004"),
        ("cost_answer", 1234.5, "US$ 1.234,50"),
        ("stars", 4.25, "4,2 ★"),
        ("answers", 210.0, "210"),
        ("turns", 2.5, "2,5"),
        ("satisfaction", None, "–"),
    ],
)
def test_a_value_stands_in_its_unit(home: None, name: str, value: float, said: str) -> None:
    with i18n.speaking("pt-BR"):
        assert saying.value(name, value) == said


def test_a_change_is_better_or_worse_by_what_is_better() -> None:
    with i18n.speaking("en"):
        assert saying.change(HAPPY) == saying.Change("+20.0 points", "good", "better")
        slow = metrics.Figure("time_p50", 2.0, 1.9, 2.1, 100, before=1.0, before_n=100)
        assert saying.change(slow) == saying.Change("+100%", "bad", "worse")


def test_a_change_within_the_interval_or_of_few_is_called_neither() -> None:
    with i18n.speaking("en"):
        within = saying.change(replace(HAPPY, before=0.75))
        few = saying.change(replace(HAPPY, before_n=5))
    assert within
    assert few
    assert (within.tone, within.word) == ("", "no clear change")
    assert (few.tone, few.word) == ("", "too few to compare")
    assert saying.change(replace(HAPPY, before=None)) is None


def test_a_target_is_met_or_missed_only_where_there_are_enough() -> None:
    with i18n.speaking("en"):
        assert saying.verdict(HAPPY) == "target missed"
        assert saying.verdict(replace(HAPPY, value=0.9)) == "target met"
        assert saying.verdict(replace(HAPPY, n=5)) == ""
        assert saying.target(HAPPY) == "at least 85%"


def test_money_is_in_the_currency_that_is_set(now: None) -> None:
    metrics.set_settings(currency="BRL", rate=5.0)
    assert saying.value("cost_answer", 2.0) == "R$ 10,00"


def test_what_was_removed_is_named_so_and_the_week_is_the_reader_s(now: None) -> None:
    made = assistant("Loja")
    assert naming.names("assistant", [made, "gone"]) == {made: "Loja", "gone": "(removido)"}
    assert naming.names("weekday", ["0"]) == {"0": "segunda-feira"}
    assert naming.names("hour", ["14"]) == {"14": "14h"}
    with i18n.speaking("en"):
        assert naming.names("hour", ["0", "14"]) == {"0": "12 AM", "14": "2 PM"}


def test_a_point_opens_the_days_it_is_of(now: None) -> None:
    talk(assistant(), {"up": 1}, at=NOON)
    view = metrics.View(period="2026-03-09..2026-03-11")
    told = course("satisfaction", view)
    assert narrower(view, told, len(told) - 1)["period"].endswith("2026-03-11")
    counts = [
        metrics.figure("answers", view.narrowed(**narrower(view, told, n))).n
        for n in range(len(told))
    ]
    assert sum(counts) == 1
    assert counts == [int(point.figure.n > 0) for point in told]
    assert when(view, told, 0)


def test_the_week_counts_every_answer_at_its_local_hour(now: None) -> None:
    talk(assistant(), {}, {}, at=NOON)  # a Tuesday, 12:00
    week = metrics.rhythm(metrics.View(period="7d"))
    assert week[1][12] == 2
    assert sum(map(sum, week)) == 2
