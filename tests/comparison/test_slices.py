"""Where a version gains or loses, and how little many slices prove."""

import json
import sys

import numpy as np
import pytest

from core import assistants, i18n
from core.comparison import deciding, measured
from core.comparison.slices import WORDS, Slices, length, slices
from core.comparison.verdict import verdict
from core.db.tables import Assistant
from tests.comparison.made_up import run_of

of_part = sys.modules["core.comparison.slices"]  # the name is the verb's, too


def scores(n: int, gain: float = 0.0, seed: int = 1) -> tuple[list[float], list[float]]:
    rng = np.random.default_rng(seed)
    a = rng.uniform(0.2, 0.8, n)
    return list(a), list(a + gain + rng.normal(0, 0.05, n))


def widths(found: Slices) -> list[float]:
    return [(one.high or 0) - (one.low or 0) for one in found.found if one.scorer != "failed"]


def test_a_loss_in_one_language_is_found_there_alone(assistant: Assistant) -> None:
    (a, b), (other, worse) = scores(40), scores(40, -0.2, seed=2)
    each = {at: {"language": "en" if at >= 40 else "pt"} for at in range(80)}
    found = slices(
        run_of(assistant.id, {"groundedness": a + other}, {"groundedness": b + worse}, each=each)
    )
    told = {one.part: one for one in found.found if one.by == "language" and one.scorer != "failed"}
    assert (told["en"].claim, told["pt"].claim) == ("worse", "unclear")
    assert (told["en"].high or 0) < -0.15
    assert found.looked == 4  # both languages, by what was measured and by what failed
    assert json.loads(json.dumps(found.told()))["slices"]


def test_what_is_alike_everywhere_is_no_slice(assistant: Assistant) -> None:
    a, b = scores(12)
    found = slices(run_of(assistant.id, {"groundedness": a}, {"groundedness": b}))
    assert found.found == []
    assert found.warning == ""


def test_a_slice_of_few_questions_is_marked(assistant: Assistant) -> None:
    a, b = scores(45, 0.3)
    each = {at: {"topic": "troca"} for at in range(5)}
    found = slices(run_of(assistant.id, {"groundedness": a}, {"groundedness": b}, each=each))
    thin = {one.part: (one.thin, one.claim) for one in found.found if one.scorer == "groundedness"}
    assert thin == {"": (False, "better"), "troca": (True, "unclear")}


def test_the_warning_tells_how_many_would_stand_out_by_chance(assistant: Assistant) -> None:
    a, b = scores(100)
    each = {at: {"topic": f"tema {at % 10}"} for at in range(100)}
    found = slices(run_of(assistant.id, {"groundedness": a}, {"groundedness": b}, each=each))
    assert (found.looked, found.by_chance) == (20, 0.5)
    with i18n.speaking("en"):
        assert "20 slices were looked at. Without any difference, about 0.5" in found.warning


def test_where_nothing_differs_no_warning_is_needed(assistant: Assistant) -> None:
    a, _b = scores(20)
    each = {at: {"topic": f"tema {at % 2}"} for at in range(20)}
    found = slices(run_of(assistant.id, {"groundedness": a}, {"groundedness": a}, each=each))
    with i18n.speaking("en"):
        assert found.warning == "4 slices were looked at: nothing differs in any of them."


def test_a_running_run_claims_of_a_slice_by_bounds_that_hold_at_every_look(
    assistant: Assistant,
) -> None:
    a, b = scores(100, 0.02)
    each = {at: {"topic": "x" if at % 2 else "y"} for at in range(100)}
    made = {
        state: run_of(
            assistant.id, {"groundedness": a}, {"groundedness": b}, each=each, state=state
        )
        for state in ("running", "done")
    }
    width = {state: min(widths(slices(id_))) for state, id_ in made.items()}
    assert width["running"] > 1.5 * width["done"]


@pytest.mark.parametrize(
    ("words", "told"), [(1, "short"), (8, "short"), (9, "middle"), (20, "middle"), (21, "long")]
)
def test_a_question_is_short_or_long_by_its_words(words: int, told: str) -> None:
    assert length("a " * words) == told
    assert told in WORDS


def test_a_run_over_two_assistants_is_told_by_their_names(assistant: Assistant) -> None:
    other = assistants.create("Oficina")
    a, b = scores(40)
    each = {at: {"assistant_id": other.id} for at in range(20)}
    found = slices(run_of(assistant.id, {"groundedness": a}, {"groundedness": b}, each=each))
    told = {one.label for one in found.found if one.by == "assistant"}
    assert told == {"Loja", "Oficina"}


def test_what_stands_out_alone_is_not_claimed_among_many(assistant: Assistant) -> None:
    a, b = scores(200)
    apart = np.random.default_rng(4).normal(0, 0.05, 20)
    b[:20] = list(np.array(a[:20]) + apart - apart.mean() + 2.5 * apart.std(ddof=1) / 20**0.5)
    each = {at: {"topic": f"tema {at // 20}"} for at in range(200)}
    found = slices(run_of(assistant.id, {"groundedness": a}, {"groundedness": b}, each=each))
    (one,) = [
        each for each in found.found if each.part == "tema 0" and each.scorer == "groundedness"
    ]
    assert one.p
    assert one.p_adjusted
    assert one.p < 0.05 < one.p_adjusted
    assert one.claim == "unclear"
    assert found.below >= 1


def test_a_slice_has_the_interval_that_the_same_questions_have_in_the_verdict(
    assistant: Assistant,
) -> None:
    rng = np.random.default_rng(3)
    a, b = rng.uniform(0.2, 0.6, 81), rng.exponential(0.05, 81)  # skewed: methods would differ
    run_id = run_of(
        assistant.id,
        {"groundedness": [*a[:80], None], "failed": [0.0] * 81},
        {"groundedness": [*(a + b)[:80], None], "failed": [0.0] * 81},
        each={at: {"language": "pt" if at < 80 else "en"} for at in range(81)},
    )
    (one,) = [
        each for each in slices(run_id).found if (each.part, each.scorer) == ("pt", "groundedness")
    ]
    whole = verdict(run_id).metric("groundedness")
    assert whole
    assert (one.n, one.low, one.high, one.p) == (80, whole.low, whole.high, whole.p)


@pytest.mark.parametrize("state", ["done", "running"])
def test_no_interval_is_told_of_a_handful_and_none_beyond_all_and_nothing(
    assistant: Assistant, state: str
) -> None:
    a, b = scores(40)
    b[:2] = [0.0, 1.0]
    each = {at: {"topic": "a" if at < 2 else "b" if at < 14 else "c"} for at in range(40)}
    found = slices(
        run_of(assistant.id, {"groundedness": a}, {"groundedness": b}, each=each, state=state)
    )
    told = {one.part: one for one in found.found if one.by == "topic" and one.scorer != "failed"}
    assert (told["a"].low, told["a"].high) == (None, None)
    assert (told["c"].low is None) == (state == "running")  # too few for bounds for every look
    assert all(-1 <= (one.low or 0) <= (one.high or 0) <= 1 for one in told.values())
    assert deciding.bounded("share", (-6.85, 5.85)) == (-1, 1)


def test_large_slices_have_intervals_without_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    scorer = measured.known()["groundedness"]
    rng = np.random.default_rng(2)
    pairs = deciding.Pairs(scorer, np.zeros(300), rng.normal(0.02, 0.1, 300), 0, 0)
    few = deciding.Pairs(scorer, np.zeros(300), np.where(np.arange(300) < 9, 0.5, 0.0), 0, 0)
    rows = [of_part._slice("topic", "x", "", each) for each in (pairs, few)]
    drawn, _few = of_part._claimed(rows, [pairs, few])
    monkeypatch.setattr(of_part, "QUICK", 0)
    told, none = of_part._claimed(rows, [pairs, few])
    assert told.low == pytest.approx(drawn.low, abs=1e-3)
    assert told.high == pytest.approx(drawn.high, abs=1e-3)
    assert (none.low, none.claim) == (None, "unclear")
    assert none.p
