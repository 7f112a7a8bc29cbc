"""Every measure against a small table that was worked out by hand.

The table: four conversations of one shop on 10 March 2026.

  A  two answers: 2 s and 4 s, 10 cents each, one thumb up; the asker said it was solved; 5 stars
  B  one answer: nothing found, 6 s, thumb down "not what I asked"; nobody came back
  C  one answer: an error after a fallback, no cost known; then nothing for a day
  D  three answers: 8 s; one given again (it had taken 8 s and cost 20 cents); the last after "obrigado!"
"""

from dataclasses import replace
from datetime import timedelta
from math import isclose

import pytest

from core import clock, db, metrics
from core.db.tables import Message
from core.metrics.measures import MEASURES
from tests.metrics.made import NOON, assistant, talk

BY_HAND = {  # measure: value, n
    "answers": (7.0, 7),
    "conversations": (4.0, 4),
    "satisfaction": (2 / 3, 3),
    "rated": (3 / 7, 7),
    "stars": (5.0, 1),
    "solved": (2 / 4, 4),  # A said so; D thanked and left a thumb up
    "abandoned": (2 / 4, 4),  # B and C
    "unknown": (0 / 4, 4),
    "turns": (2.5, 2),  # the median of 2 and 3
    "conversion": (1 / 4, 4),
    "time_p50": (4.0, 5),  # of 2, 4, 6, 8 and 3: the one given again apart, the error not measured
    "first_p50": (0.5, 1),
    "speed": (25.0, 1),  # 50 tokens in 2 s
    "loading": (30.0, 1),
    "cost_answer": (0.4 / 4, 4),  # 10 + 10 + 0 + 20 cents
    "cost_conversation": (0.4 / 3, 3),  # of C nothing is known
    "cost_solved": (0.4 / 2, 2),
    "errors": (1 / 7, 7),
    "fallbacks": (1 / 7, 7),
    "cut_off": (0 / 7, 7),
    "cached": (1 / 7, 7),
    "saved_seconds": (8.0, 1),
    "saved_cost": (0.2, 1),
    "groundedness": (0.6, 2),  # of 0.9 and 0.3
    "ungrounded": (1 / 2, 2),
    "uncited": (5 / 7, 7),  # everything that was answered: nothing here cites
    "no_information": (1 / 7, 7),
    "out_of_scope": (1 / 7, 7),
}


@pytest.fixture
def table(now: None) -> str:
    """The table above; the shop's id."""
    shop = assistant()
    talk(
        shop,
        {"total_seconds": 2.0, "cost": 0.1, "groundedness": 0.9, "first_token_seconds": 0.5},
        {"total_seconds": 4.0, "cost": 0.1, "up": 1, "generation_seconds": 2.0, "tokens_out": 50},
        solved=True,
        stars=5,
        outcome="converted",
    )
    talk(
        shop,
        {"total_seconds": 6.0, "cost": 0.0, "outcome": "not_found", "down": 1}
        | {"reasons": ["out_of_scope"], "load_seconds": 30.0},
    )
    talk(shop, {"outcome": "error", "error_code": "timed_out", "routing_reason": "fallback:busy"})
    last = talk(
        shop,
        {"total_seconds": 8.0, "cost": 0.2, "groundedness": 0.3},
        {"cached": True, "up": 1},
        {"total_seconds": 3.0, "asked": "Muito obrigado!"},
    )
    with db.writing() as session:
        first, again, _thanks = (
            session.query(Message)
            .filter_by(conversation_id=last, role="assistant")
            .order_by(Message.created_at)
        )
        again.cached_from = first.id
        again.total_seconds = 0.01
    return shop


@pytest.mark.parametrize("name", BY_HAND)
def test_a_measure_is_what_was_worked_out_by_hand(table: str, name: str) -> None:
    figure = metrics.figure(name, metrics.View(period="7d"))
    value, n = BY_HAND[name]
    assert figure.n == n
    assert figure.value is not None
    assert isclose(figure.value, value, rel_tol=1e-6)


def test_every_measure_of_answers_and_conversations_is_in_the_table() -> None:
    told = {name for name, one in MEASURES.items() if one.of in ("answers", "conversations")}
    rest = {
        "time_p95",
        "time_p99",
        "first_p95",
    }  # quantiles of the same values: against numpy elsewhere
    assert told - rest == set(BY_HAND)


@pytest.mark.parametrize("name", MEASURES)
def test_nothing_at_all_is_no_figure_and_no_error(now: None, name: str) -> None:
    figure = metrics.figure(name, metrics.View())
    assert (figure.value, figure.low, figure.high, figure.n) == (None, None, None, 0)
    assert figure.thin


@pytest.mark.parametrize("name", MEASURES)
def test_one_bare_answer_gives_a_share_with_an_interval_or_nothing(now: None, name: str) -> None:
    talk(assistant(), {})
    figure = metrics.figure(name, metrics.View(period="7d"))
    assert figure.n in (0, 1)
    assert figure.value is None or figure.value >= 0
    assert figure.met is not True or figure.target is not None


def test_a_period_in_which_everything_failed_has_errors_and_no_times(now: None) -> None:
    shop = assistant()
    for _n in range(3):
        talk(shop, {"outcome": "error", "error_code": "not_reachable"})
    view = metrics.View(period="7d")
    assert metrics.figure("errors", view).value == 1
    assert metrics.figure("time_p95", view).value is None
    assert metrics.figure("abandoned", view).value == 1


def test_a_bad_end_is_abandoned_only_after_the_silence(now: None) -> None:
    talk(assistant(), {"outcome": "not_found"})
    silent = metrics.settings().silence_minutes
    for minutes, share in ((silent - 2, 0.0), (silent + 2, 1.0)):
        with clock.held(NOON + timedelta(minutes=minutes)):
            assert metrics.figure("abandoned", metrics.View(period="7d")).value == share


def test_thanks_for_an_answer_that_was_rated_down_solve_nothing(now: None) -> None:
    talk(assistant(), {"down": 1}, {"asked": "obrigada"})
    assert metrics.figure("solved", metrics.View(period="7d")).value == 0


def test_a_question_that_thanks_is_no_goodbye(now: None) -> None:
    talk(assistant(), {"up": 1}, {"asked": "Obrigado! E aos sábados?"})
    assert metrics.figure("solved", metrics.View(period="7d")).value == 0


def test_what_somebody_said_weighs_more_than_thanks(now: None) -> None:
    talk(assistant(), {"up": 1}, {"asked": "valeu"}, solved=False)
    assert metrics.figure("solved", metrics.View(period="7d")).value == 0


def test_the_time_before_stands_beside_a_figure(now: None) -> None:
    shop = assistant()
    talk(shop, {"up": 1})
    talk(shop, {"down": 1}, at=NOON - timedelta(days=7))
    figure = metrics.figure("satisfaction", metrics.View(period="7d"))
    assert (figure.value, figure.before, figure.before_n) == (1.0, 0.0, 1)


def test_a_target_says_whether_it_is_met(now: None) -> None:
    shop = assistant()
    for thumb in ("up", "up", "down"):
        talk(shop, {thumb: 1})
    view = metrics.View(period="7d")
    assert metrics.figure("satisfaction", view).met is False
    metrics.set_settings(targets={"satisfaction": 0.5})
    assert metrics.figure("satisfaction", view).met is True
    metrics.set_settings(targets={"satisfaction": None})
    assert metrics.figure("satisfaction", view).met is None


def test_figures_of_few_are_marked_thin(now: None) -> None:
    figure = metrics.Figure("errors", 0.0, 0.0, 0.1, metrics.THIN - 1)
    assert figure.thin
    assert not replace(figure, n=metrics.THIN).thin
