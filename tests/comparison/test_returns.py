"""Return on investment: money and months of a run's figures, and where each of them comes from."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import i18n
from core.comparison.returns import reckoned, results
from core.comparison.returns_inputs import INPUTS, Facts, Gain, Used, held
from core.errors import InvalidInput
from core.metrics.advice.evidence import Evidence, Measured

DEAR = Used("openai:big", 2.5, 10.0, Measured(3000, 200), Measured(400, 200), Measured(4.0, 200))
CHEAP = Used("ollama:small", 0.5, 1.0, Measured(2000, 200), Measured(300, 200), Measured(2.0, 200))
MONTH = 365.25 / 12
TALKS = Evidence(days=MONTH, conversations=1000, answers=2000, examples=120)
FACTS = Facts(DEAR, CHEAP, TALKS, Measured(0.5, 1000), Gain("Correct", 0.1, 200))


def sources(facts: Facts, **own: float) -> dict[str, str]:
    return {one.input.name: one.source for one in held(facts, own)}


def test_money_is_answers_times_tokens_times_prices() -> None:
    told = reckoned(FACTS, {"training": 0, "review_hours": 0})
    assert told.payback.now == pytest.approx(2000 * (3000 * 2.5 + 400 * 10) / 1e6)
    assert told.payback.then == pytest.approx(2000 * (2000 * 0.5 + 300 * 1) / 1e6)


def test_what_is_spent_once_comes_back_after_so_many_months() -> None:
    told = reckoned(FACTS, {"training": 100, "review_hours": 2, "hourly_rate": 25})
    assert told.payback.once == 150
    assert told.payback.months == pytest.approx(150 / told.payback.saving)


def test_a_solved_conversation_costs_all_that_is_spent_for_each_that_is() -> None:
    told = reckoned(FACTS)
    assert told.solved_now == pytest.approx(told.payback.now / 500)
    assert told.solved_then == pytest.approx(told.payback.then / 600)


def test_only_the_share_that_moves_is_solved_better() -> None:
    told = reckoned(FACTS, {"share": 0.5})
    assert told.solved_then == pytest.approx(told.payback.then / 550)


def test_without_a_known_share_nothing_is_said_of_solved_conversations() -> None:
    told = reckoned(replace(FACTS, solved=None))
    assert (told.solved_now, told.solved_then) == (None, None)
    assert "–" in [one.text for one in results(told)]


def test_quicker_answers_are_told_as_hours_of_waiting_spared() -> None:
    assert reckoned(FACTS).hours == pytest.approx(2000 * 2.0 / 3600)


def test_answers_per_conversation_keep_their_fraction() -> None:
    talks = replace(FACTS, evidence=replace(TALKS, answers=1780))
    one = next(one for one in held(talks) if one.input.name == "answers")
    assert one.value == 1.8


def test_every_figure_says_where_it_comes_from() -> None:
    told = sources(FACTS, hosting=30)
    assert told["conversations"] == told["answers"] == told["solved"] == "measured"
    assert told["tokens_in"] == told["other_tokens_out"] == "run"
    assert told["price_in"] == told["other_price_out"] == "prices"
    assert (told["training"], told["hourly_rate"], told["hosting"]) == ("plan", "plan", "own")


def test_a_thin_measurement_is_called_thin() -> None:
    thin = replace(FACTS, a=replace(DEAR, tokens_in=Measured(3000, 7)))
    with i18n.speaking("en"):
        one = next(one for one in held(thin) if one.input.name == "tokens_in")
    assert one.said == "measured in this run, n = 7: too few"


def test_the_same_model_needs_no_training() -> None:
    taught = replace(FACTS, b=replace(DEAR))
    one = next(one for one in held(taught) if one.input.name == "training")
    assert (one.value, one.source) == (0, "run")


def test_review_is_the_time_of_a_judgement_for_each_approved_example() -> None:
    judged = replace(FACTS, evidence=replace(TALKS, review=Measured(60, 40)))
    one = next(one for one in held(judged) if one.input.name == "review_hours")
    assert (one.value, one.source, one.n) == (2.0, "measured", 40)


def test_a_gain_that_is_not_claimed_is_not_carried_over() -> None:
    one = next(one for one in held(replace(FACTS, gain=None)) if one.input.name == "other_solved")
    assert one.value == 0.5


def test_a_claimed_gain_is_carried_over_as_an_assumption() -> None:
    one = next(one for one in held(FACTS) if one.input.name == "other_solved")
    assert (one.value, one.source) == (0.6, "plan")


@pytest.mark.parametrize(
    ("name", "value"), [("share", 2), ("tokens_in", -1), ("hosting", "many"), ("nothing", 1)]
)
def test_an_input_that_cannot_be_is_refused(name: str, value: str | float) -> None:
    with pytest.raises(InvalidInput) as raised:
        held(FACTS, {name: value})
    assert raised.value.field == name


@pytest.mark.slow
@given(
    st.fixed_dictionaries(
        {name: st.floats(0, one.most, allow_nan=False) for name, one in INPUTS.items()}
    )
)
def test_nothing_within_the_bounds_breaks_it(own: dict[str, float]) -> None:
    told = reckoned(FACTS, own)
    assert told.payback.saving == pytest.approx(told.payback.now - told.payback.then)
    assert results(told)


def test_a_saving_that_is_next_to_nothing_is_told_in_words() -> None:
    told = reckoned(FACTS, {"conversations": 1e-12})
    with i18n.speaking("en"):
        assert "after more than a hundred years" in [one.text for one in results(told)]
