"""Each piece of advice: when it is given, when it is not, and that it is never firm on thin data."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import i18n
from core.metrics.advice import conditions as ask
from core.metrics.advice import inputs as advice_inputs
from core.metrics.advice.advising import OPTIONS, Advice, headline, ranked
from core.metrics.advice.conditions import NO, OPEN, YES
from core.metrics.advice.evidence import MONTH, Evidence, Measured
from core.metrics.advice.failures import REVIEWERS, Failures
from core.metrics.advice.payback import INPUTS, payback
from core.statistics import Estimated, wilson

PLAN = {name: one.plan for name, one in INPUTS.items()}
GAINFUL = payback(PLAN | {"conversations": 100_000})


def share(hits: int, n: int) -> Estimated:
    found = wilson(hits, n)
    assert found
    return Estimated(found.share, found.low, found.high, n)


# A month of a desk that does well and costs next to nothing: every test changes what it is about.
GOOD = Evidence(
    days=MONTH,
    conversations=400,
    answers=800,
    cost=20.0,
    cost_known=800,
    satisfaction=share(196, 200),
    seconds=Estimated(1.0, 0.9, 1.1, 800),
    signs=Failures(generation=8),
    examples=10,
)
BUSY: dict[str, Any] = {"conversations": 1200, "cost": 600.0, "examples": 250}


def advice(evidence: Evidence, payback_: Any = GAINFUL) -> dict[str, Advice]:
    return {one.name: one for one in ranked(evidence, payback_)}


def standings(evidence: Evidence) -> dict[str, str]:
    return {name: one.standing for name, one in advice(evidence).items()}


def best(evidence: Evidence) -> Advice:
    return ranked(evidence, GAINFUL)[0]


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("nothing", {}),
        ("documents", {"signs": Failures(either=150, generation=10)}),
        ("documents", {"judged": Failures(REVIEWERS, documents=60), "signs": Failures(either=150)}),
        (
            "retriever",
            {"judged": Failures(REVIEWERS, retriever=60), "signs": Failures(either=150)},
        ),
        ("prompt", {"signs": Failures(either=10, generation=150)}),
        ("smaller_model", {"cost": 300.0}),
        ("smaller_model", {"seconds": Estimated(4.0, 3.5, 4.5, 800)}),
        ("fine_tuning", {**BUSY, "satisfaction": share(120, 200)}),
        ("fine_tuning", {**BUSY, "signs": Failures(generation=150), "satisfaction": None}),
    ],
)
def test_each_piece_of_advice_can_come_first(name: str, changed: dict[str, Any]) -> None:
    first = best(replace(GOOD, **changed))
    assert (first.name, first.standing, first.lacking) == (name, YES, ())
    assert first.reasons


def test_every_option_is_told_whatever_comes_first() -> None:
    assert set(advice(GOOD)) == {one.name for one in OPTIONS}


@pytest.mark.parametrize(
    ("conversations", "cost", "standing"),
    [
        (1001, 501.0, YES),
        (1000, 501.0, OPEN),
        (1001, 500.0, OPEN),
        (500, 200.0, OPEN),
        (499, 501.0, NO),
        (1001, 199.0, NO),
        (499, 199.0, NO),
        (5000, 5000.0, YES),
    ],
)
def test_fine_tuning_follows_the_bounds_of_the_plan(
    conversations: int, cost: float, standing: str
) -> None:
    known = replace(GOOD, conversations=conversations, cost=cost, examples=250)
    assert standings(known)["fine_tuning"] == standing


def test_between_the_bounds_nothing_lacks_but_it_is_not_firm() -> None:
    known = advice(replace(GOOD, **BUSY | {"conversations": 700, "cost": 300.0}))["fine_tuning"]
    assert (known.standing, known.lacking) == (OPEN, ())


def test_fine_tuning_waits_for_examples_and_says_how_many() -> None:
    with i18n.speaking("en"):
        told = advice(replace(GOOD, **BUSY | {"examples": 40}))["fine_tuning"]
    assert told.standing == OPEN
    assert told.lacking == ("too few approved examples: 40 of 200",)


def test_no_training_mends_what_documents_lack() -> None:
    known = replace(GOOD, **BUSY, signs=Failures(either=150, generation=20))
    assert standings(known)["fine_tuning"] == NO


def test_what_is_never_paid_back_is_not_advised() -> None:
    never = payback(PLAN | {"hosting": 1000})
    long = payback(PLAN)
    for reckoned in (never, long):
        assert advice(replace(GOOD, **BUSY), reckoned)["fine_tuning"].standing == NO


def test_the_embedded_engine_has_no_cost_to_save() -> None:
    with i18n.speaking("en"):
        told = advice(replace(GOOD, **BUSY | {"cost": 0.0}, engine="embedded"))
    for name in ("fine_tuning", "smaller_model", "prompt"):
        assert told[name].standing == NO
    assert "no cost to save" in " ".join(told["fine_tuning"].reasons)


def test_models_without_a_price_are_said_to_cost_nothing_that_is_counted() -> None:
    with i18n.speaking("en"):
        told = ask.dear(replace(GOOD, cost=0.0, engine="free"), GAINFUL)
    assert told.answer == NO
    assert "not counted" in told.said


def test_failures_told_by_outcomes_leave_open_whether_the_document_was_there() -> None:
    known = replace(GOOD, signs=Failures(either=150))
    with i18n.speaking("en"):
        told = advice(known)["retriever"]
    assert told.standing == OPEN
    assert "naming the missing document" in told.lacking[0]


def test_the_source_of_the_kinds_of_failures_is_said_with_its_n() -> None:
    with i18n.speaking("en"):
        few = ask.source(replace(GOOD, judged=Failures(REVIEWERS, generation=3)))
        many = ask.source(replace(GOOD, judged=Failures(REVIEWERS, generation=30)))
    assert few == "n = 8, from outcomes and what askers said; reviewers judged 3"
    assert many == "n = 30, judged by reviewers"


def test_unknown_costs_are_no_small_costs() -> None:
    unknown = replace(GOOD, cost=0.0, cost_known=0)
    assert ask.dear(unknown, GAINFUL).answer == OPEN
    assert ask.cheap(unknown, GAINFUL).answer == OPEN
    half = replace(GOOD, cost=10.0, cost_known=100)
    with i18n.speaking("en"):
        assert "more than half" in ask.dear(half, GAINFUL).lacking
    assert ask.cheap(half, GAINFUL).answer == OPEN


def test_less_than_a_week_says_nothing_of_a_month() -> None:
    with i18n.speaking("en"):
        told = advice(replace(GOOD, **BUSY | {"conversations": 300}, days=2.0))["fine_tuning"]
    assert told.standing == OPEN
    assert "a whole week: only 2 days were measured" in told.lacking


def test_the_last_seven_days_are_a_week_also_while_the_last_is_not_over() -> None:
    known = replace(GOOD, **BUSY | {"conversations": 300, "cost": 150.0}, days=6.1)
    assert advice(known)["fine_tuning"].standing == YES


def test_an_interval_on_both_sides_of_the_target_is_not_firm() -> None:
    near = replace(GOOD, cost=300.0, satisfaction=share(35, 40))
    assert standings(near)["smaller_model"] == OPEN


def test_nothing_at_all_is_not_advice() -> None:
    empty = Evidence()
    with i18n.speaking("en"):
        options = ranked(empty, payback(PLAN))
        assert "Nothing can be said yet" in headline(options, empty)
    assert YES not in {one.standing for one in options}


def test_one_conversation_gives_no_firm_advice() -> None:
    one = Evidence(days=0.5, conversations=1, answers=1, cost_known=1, signs=Failures(either=1))
    with i18n.speaking("en"):
        options = ranked(one, payback(PLAN))
        assert "Nothing can be said firmly yet" in headline(options, one)
    assert options[0].name == "documents"
    assert YES not in {option.standing for option in options}


def test_failures_of_no_kind_that_is_known_make_no_option_pay() -> None:
    odd = replace(GOOD, signs=Failures(other=200))
    with i18n.speaking("en"):
        options = ranked(odd, GAINFUL)
        assert "other kinds" in headline(options, odd)
    assert {one.standing for one in options} == {NO}


figures = st.integers(0, 29)


@pytest.mark.slow
@given(figures, figures, figures, st.floats(0, 6), st.floats(0, 500))
def test_thin_data_never_gives_firm_advice(
    answers: int, ratings: int, failed: int, days: float, cost: float
) -> None:
    known = Evidence(
        days=days,
        conversations=answers,
        answers=answers,
        cost=cost,
        cost_known=answers,
        satisfaction=share(ratings, ratings) if ratings else None,
        seconds=Estimated(9.0, 8.0, 9.9, answers) if answers else None,
        signs=Failures(either=min(failed, answers)),
        judged=Failures(REVIEWERS, generation=failed),
        examples=300,
    )
    assert YES not in {one.standing for one in ranked(known, GAINFUL)}


@pytest.mark.slow
@given(
    st.builds(
        Failures,
        documents=st.integers(0, 300),
        retriever=st.integers(0, 300),
        either=st.integers(0, 300),
        generation=st.integers(0, 300),
        other=st.integers(0, 300),
    ),
    st.integers(0, 3000),
)
def test_options_that_pay_stand_before_those_that_may(failures: Failures, answers: int) -> None:
    options = ranked(replace(GOOD, signs=failures, answers=answers), GAINFUL)
    order = [YES, OPEN, NO]
    places = [order.index(one.standing) for one in options]
    assert places == sorted(places)
    assert all(0 <= one.weight <= 1 for one in options)
    assert all(not one.lacking for one in options if one.standing != OPEN)


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_advice_is_said_in_the_readers_language(language: str) -> None:
    with i18n.speaking(language):
        options = ranked(GOOD, GAINFUL)
        said = headline(options, GOOD), " ".join(options[0].reasons)
    assert ("Answers" in said[0] or "answers" in said[0]) == (language == "en")
    assert "98%" in said[1]
    assert "n = 200" in said[1]


def test_money_is_told_in_dollars_and_in_the_readers_currency() -> None:
    with i18n.speaking("pt-BR"):
        assert GOOD.money(1234.5) == "US$ 1.234,50"
        rated = replace(GOOD, currency="BRL", rate=5.4)
        assert rated.money(100) == "US$ 100,00 (R$ 540,00)"


MEASURED = replace(
    GOOD,
    tokens_in=Measured(5000.4, 812),
    price_in=Measured(3.0, 812),
    review=Measured(90.0, 50),
)


def test_each_input_tells_where_it_comes_from() -> None:
    with i18n.speaking("en"):
        held = {
            one.input.name: one
            for one in advice_inputs.held(MEASURED, "30d", {"tokens_in": "4000", "hosting": 0})
        }
    assert held["conversations"].said == "measured: last 30 days, n = 400"
    assert held["conversations"].value == 400
    assert held["tokens_out"].said == "default of the plan"
    assert (held["tokens_in"].value, held["tokens_in"].default) == (4000, 5000)
    assert held["tokens_in"].said == "your own; otherwise 5,000: measured: last 30 days, n = 812"
    assert held["hosting"].source == "plan"  # as it was
    assert held["review_hours"].value == round(190 * 90 / 3600, 1)


def test_the_other_price_follows_todays() -> None:
    held = advice_inputs.held(MEASURED, "30d", {"price_in": 10})
    values = advice_inputs.values(held)
    assert (values["price_in"], values["other_price_in"]) == (10, 4)


def test_few_measurements_are_said_to_be_few() -> None:
    with i18n.speaking("en"):
        held = advice_inputs.held(replace(MEASURED, tokens_in=Measured(10, 3)), "30d")
    assert held[1].said == "measured: last 30 days, n = 3: too few"
