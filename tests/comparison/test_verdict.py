"""What a verdict says of a run's scores, and what it does not."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from core import access, comparison, db
from core.comparison import asking
from core.comparison.findings import MetricVerdict, Verdict
from core.comparison.verdict import verdict
from core.db.tables import Assistant, Comparison
from core.errors import InvalidInput, NotFound
from tests.comparison.made_up import Scores, run_of
from tests.conftest import ENGINES

Values = list[float]


def drawn(n: int, gain: float = 0.0, noise: float = 0.05, seed: int = 1) -> tuple[Values, Values]:
    """Scores of a, and of b that lies ``gain`` above them on average."""
    rng = np.random.default_rng(seed)
    a = rng.uniform(0.3, 0.7, n)
    apart = rng.normal(0, noise, n)
    return list(a), list(a + gain + apart - apart.mean())


def judged(assistant: Assistant, a: Sequence[Any], b: Sequence[Any], **more: Any) -> Verdict:
    return verdict(run_of(assistant.id, {"groundedness": a}, {"groundedness": b}, **more))


def metric(found: Verdict, name: str = "groundedness") -> MetricVerdict:
    told = found.metric(name)
    assert told
    return told


def test_a_true_difference_is_claimed_with_its_interval_and_n(assistant: Assistant) -> None:
    found = judged(assistant, *drawn(60, 0.06))
    told = metric(found)
    assert (found.claim, found.n, told.claim, found.complete) == ("better", 60, "better", True)
    assert told.value == pytest.approx(0.06)
    assert told.low
    assert told.high
    assert 0.04 < told.low < 0.06 < told.high < 0.08
    assert told.p_adjusted
    assert told.p_adjusted < 0.01
    assert json.loads(json.dumps(found.told()))["claim"] == "better"


def test_less_is_worse_where_more_is_better_and_the_other_way_round(assistant: Assistant) -> None:
    assert judged(assistant, *drawn(60, -0.06)).claim == "worse"
    lost = {at: {"scores": {"a": {"failed": 0}, "b": {"failed": 1}}} for at in range(12)}
    found = judged(assistant, *drawn(60, 0.0), each=lost)
    assert (found.claim, metric(found, "failed").claim) == ("worse", "worse")
    assert found.failed == {"a": 0, "b": 12}


def test_a_version_does_not_gain_by_failing_where_it_is_hard(assistant: Assistant) -> None:
    a, b = drawn(90, 0.06)
    hard: list[float | None] = [None if at < 30 else value for at, value in enumerate(b)]
    fails = {at: {"scores": {"a": {"groundedness": a[at]}, "b": {"failed": 1}}} for at in range(30)}
    found = judged(assistant, a, hard, each=fails)
    assert found.claim == "mixed"
    assert metric(found).n == 60
    assert metric(found).only_a == 30


def test_what_a_version_learned_from_does_not_count(assistant: Assistant) -> None:
    (a, b), (c, d) = drawn(40, 0.3), drawn(60, 0.0)
    learned = {at: ("a", "b", "both")[at % 3] for at in range(40)}
    found = judged(assistant, a + c, b + d, learned=learned)
    assert (found.n, found.learned, metric(found).n) == (60, 40, 60)
    assert found.claim != "better"
    assert judged(assistant, a + c, b + d).claim == "better"


def test_where_everything_was_learned_nothing_is_compared(assistant: Assistant) -> None:
    found = judged(assistant, *drawn(20, 0.3), learned=dict.fromkeys(range(20), "b"))
    assert (found.claim, found.n, found.metrics) == ("learned", 0, [])


def test_the_same_question_in_other_letters_counts_once(assistant: Assistant) -> None:
    questions = ["Qual é o prazo?", "qual e o PRAZO", "Outra?", *(f"P{n}" for n in range(17))]
    found = judged(assistant, *drawn(20), questions=questions)
    assert (found.n, found.duplicates) == (19, 1)


def test_a_claim_is_corrected_for_the_metrics_that_decide(assistant: Assistant) -> None:
    a, b = drawn(100, 0.012)
    alone = judged(assistant, a, b)
    others = ("token_f1", "citation_precision", "citation_recall", "rules_kept", "refusal")
    rng = np.random.default_rng(5)
    more = {name: [list(rng.integers(0, 2, 100)) for _ in "ab"] for name in others}
    many = verdict(
        run_of(
            assistant.id,
            {"groundedness": a} | {name: one[0] for name, one in more.items()},
            {"groundedness": b} | {name: one[1] for name, one in more.items()},
        )
    )
    assert (alone.tests, many.tests) == (1, 6)
    assert metric(alone).p == metric(many).p
    assert (metric(alone).claim, metric(many).claim) == ("better", "unclear")


def test_what_is_told_beside_claims_nothing_and_costs_no_strength(assistant: Assistant) -> None:
    a, b = drawn(60, 0.06)
    found = verdict(
        run_of(assistant.id, {"groundedness": a, "bleu": b}, {"groundedness": b, "bleu": a})
    )
    assert (found.claim, found.tests) == ("better", 1)
    assert (metric(found, "bleu").claim, metric(found, "bleu").tested) == ("", False)
    assert (metric(found, "bleu").high or 0) < 0


def test_a_scorer_named_beforehand_decides(assistant: Assistant) -> None:
    a, b = drawn(60, 0.06)
    scores: tuple[Scores, Scores] = ({"groundedness": a, "bleu": b}, {"groundedness": b, "bleu": a})
    found = verdict(run_of(assistant.id, *scores, settings={"scorers": ["bleu"]}))
    assert (found.claim, found.chosen) == ("worse", False)
    assert found.metric("groundedness") is None
    picked = verdict(run_of(assistant.id, *scores), scorers=["bleu"])
    assert (picked.claim, picked.chosen) == ("worse", True)


def test_no_difference_is_only_said_where_one_that_matters_is_ruled_out(
    assistant: Assistant,
) -> None:
    many = judged(assistant, *drawn(200, 0.0, noise=0.05))
    few = judged(assistant, *drawn(60, 0.0, noise=0.05))
    wide = judged(assistant, *drawn(200, 0.0, noise=0.3))
    assert (many.claim, few.claim, wide.claim) == ("same", "unclear", "unclear")
    assert 60 < metric(few).n + (metric(few).more or 0) < 200  # too few to have seen what is rare
    assert (metric(wide).more or 0) > 400


def test_how_much_matters_is_the_runs_to_say(assistant: Assistant) -> None:
    a, b = drawn(200, 0.0, noise=0.05)
    assert judged(assistant, a, b, settings={"smallest": 0.005}).claim == "unclear"
    assert judged(assistant, a, b, settings={"smallest": 0.1}).claim == "same"
    assert judged(assistant, a, b, settings={"smallest": 0}).smallest == 0.03


def test_a_sure_difference_that_is_too_small_to_matter_is_called_so(assistant: Assistant) -> None:
    found = judged(assistant, *drawn(300, 0.01, noise=0.02))
    assert (found.claim, metric(found).small) == ("better", True)


def test_few_questions_are_too_few_whatever_they_say(assistant: Assistant) -> None:
    assert judged(assistant, [0.0] * 9, [1.0] * 9).claim == "few"
    assert judged(assistant, [0.0] * 10, [1.0] * 10).claim == "better"


def test_before_the_end_a_claim_takes_more(assistant: Assistant) -> None:
    a, b = drawn(60, 0.02)
    ended, running = judged(assistant, a, b), judged(assistant, a, b, state="running", total=200)
    assert (ended.claim, running.claim) == ("better", "unclear")
    assert running.early
    assert metric(running).low is not None
    assert (metric(running).low or 0) < (metric(ended).low or 0)
    assert judged(assistant, *drawn(60, 0.3), state="running", total=200).claim == "better"


@pytest.mark.parametrize("state", ["waiting", "running", "cancelled", "failed"])
def test_only_a_run_that_ended_as_planned_is_complete(assistant: Assistant, state: str) -> None:
    assert not judged(assistant, *drawn(20), state=state).complete


def test_what_people_still_judge_is_held_against_bounds_for_every_look(
    assistant: Assistant,
) -> None:
    a, b = drawn(60, 0.05)
    said = [float(at % 4 > 0) if at < 40 else None for at in range(60)]
    none = [0.0 if at < 40 else None for at in range(60)]
    scores: tuple[Scores, Scores] = (
        {"groundedness": a, "human_score": none},
        {"groundedness": b, "human_score": said},
    )
    found = verdict(run_of(assistant.id, *scores))
    assert metric(found, "human_score").looked
    assert not metric(found).looked
    assert (metric(found, "human_score").claim, metric(found).claim) == ("better", "better")


def test_same_speed_is_only_said_within_ten_percent(assistant: Assistant) -> None:
    rng = np.random.default_rng(1)
    a = rng.lognormal(0, 0.5, 100)

    def speed(factor: float, noise: float) -> MetricVerdict:
        b = a * factor * np.exp(rng.normal(0, noise, 100))
        return metric(
            verdict(run_of(assistant.id, {"seconds": list(a)}, {"seconds": list(b)})), "seconds"
        )

    assert speed(1.02, 0.1).claim == "same"
    assert speed(1.0, 1.0).claim == "unclear"
    assert speed(0.5, 0.2).claim == "better"
    slower = speed(1.5, 0.2)
    assert slower.claim == "worse"
    assert slower.ratio == pytest.approx(1.5, abs=0.1)


def test_the_ratio_of_times_is_that_of_the_means_beside_it(assistant: Assistant) -> None:
    a, b = [0.03] * 19 + [5.0], [0.025] * 19 + [6.0]
    told = metric(verdict(run_of(assistant.id, {"seconds": a}, {"seconds": b})), "seconds")
    assert (told.mean_b or 0) / (told.mean_a or 1) == pytest.approx(told.ratio)


def test_bounds_of_shares_lie_within_all_and_nothing(assistant: Assistant) -> None:
    rng = np.random.default_rng(6)
    a, b = (list(rng.integers(0, 2, 5).astype(float)) for _ in "ab")
    told = metric(judged(assistant, a, b, state="running", total=200))
    assert told.low is None or -1 <= told.low <= (told.high or 0) <= 1


def test_cost_is_held_by_what_all_of_it_comes_to(assistant: Assistant) -> None:
    a, b = [0.01] * 49 + [1.0], [0.02] * 49 + [1.0]
    told = metric(verdict(run_of(assistant.id, {"cost": a}, {"cost": b})), "cost")
    assert told.ratio == pytest.approx(1.98 / 1.49)
    free = metric(verdict(run_of(assistant.id, {"cost": [0.0] * 20}, {"cost": [0.0] * 20})), "cost")
    assert (free.ratio, free.claim) == (1.0, "same")
    dearer = metric(verdict(run_of(assistant.id, {"cost": [0.0] * 20}, {"cost": a[:20]})), "cost")
    assert dearer.ratio is None


def test_where_nothing_measures_quality_nothing_is_claimed(assistant: Assistant) -> None:
    found = verdict(run_of(assistant.id, {"seconds": [1.0] * 20}, {"seconds": [2.0] * 20}))
    assert found.claim == "unmeasured"


def test_a_run_without_an_answer_says_so(assistant: Assistant) -> None:
    waiting = {at: {"done_at": None} for at in range(20)}
    assert judged(assistant, *drawn(20), state="waiting", each=waiting).claim == "nothing"


def test_where_every_question_failed_nothing_is_compared(assistant: Assistant) -> None:
    lost = {at: {"scores": {"a": {"failed": 1}, "b": {"failed": 1}}} for at in range(20)}
    found = judged(assistant, *drawn(20), each=lost)
    assert (found.claim, found.failed) == ("failed", {"a": 20, "b": 20})


def test_identical_answers_are_called_so(assistant: Assistant) -> None:
    row = comparison.ask_both("Qual é o prazo de troca?")
    for side in comparison.SIDES:
        asking.answer_side(row, side)
    asking.finish(row)
    same = comparison.comparison(row.id)
    assert same.a.answer
    assert same.b.answer
    assert same.a.answer.message.text == same.b.answer.message.text
    with db.writing() as session:
        session.delete(session.get_one(Comparison, row.id))
    ids = {"a_answer_id": row.a_answer_id, "b_answer_id": row.b_answer_id}
    found = judged(assistant, [0.5], [0.5], each={0: ids})
    assert (found.claim, found.identical) == ("identical", 1)


def test_the_same_rows_give_the_same_and_other_rows_another(assistant: Assistant) -> None:
    run_id = run_of(assistant.id, *({"groundedness": one} for one in drawn(60, 0.06)))
    first = verdict(run_id)
    assert verdict(run_id) is first
    with db.writing() as session:
        for row in session.query(Comparison).filter_by(run_id=run_id):
            row.scores = {"a": row.scores["b"], "b": row.scores["a"]}
    assert (first.claim, verdict(run_id).claim) == ("better", "worse")


def test_a_removed_question_does_not_count(assistant: Assistant) -> None:
    from core import clock

    gone = {at: {"removed_at": clock.now()} for at in range(5)}
    assert judged(assistant, *drawn(20), each=gone).n == 15


def test_a_run_or_scorer_there_is_not_is_named(assistant: Assistant) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        verdict("nowhere")
    with pytest.raises(InvalidInput, match="beauty") as refused:
        verdict("nowhere", scorers=["beauty"])
    assert "groundedness" in refused.value.hint


def test_a_viewer_may_see_the_figures(assistant: Assistant) -> None:
    run_id = run_of(assistant.id, *({"groundedness": one} for one in drawn(20)))
    viewer = access.set_roles(access.person("Ana").id, ["viewer"])
    with access.as_person(viewer):
        assert verdict(run_id).n == 20


def test_of_what_never_differs_only_what_was_unseen_may(assistant: Assistant) -> None:
    few, many = (metric(judged(assistant, [0.5] * n, [0.5] * n)) for n in (32, 200))
    assert (few.claim, many.claim) == ("unclear", "same")
    assert few.high == pytest.approx(1 - 0.025 ** (1 / 32))
    assert few.more == 123 - 32


def test_so_many_questions_need_no_drawing(assistant: Assistant) -> None:
    a, b = drawn(1100, 0.01)
    told = metric(judged(assistant, a, b))
    assert told.claim == "better"
    half = 1.96 * 0.05 / 1100**0.5
    assert told.low == pytest.approx(0.01 - half, abs=3e-4)
    assert told.high == pytest.approx(0.01 + half, abs=3e-4)
    alike = metric(judged(assistant, a, a))
    assert (alike.claim, alike.p) == ("same", 1.0)


def test_times_whose_difference_nobody_feels_are_not_called_better(assistant: Assistant) -> None:
    a, b = [0.02 + 0.0001 * at for at in range(50)], [0.05 + 0.0001 * at for at in range(50)]
    told = metric(verdict(run_of(assistant.id, {"seconds": a}, {"seconds": b})), "seconds")
    assert told.ratio
    assert told.ratio > 2
    assert told.claim == "same"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_verdict_is_the_same_on_both_databases(engine: str, assistant: Assistant) -> None:
    must = {0: {"reference": {"must_pass": True, "answerable": True}}}
    found = judged(assistant, *drawn(30, 0.06), each=must)
    assert (found.claim, found.n, metric(found).n) == ("better", 30, 30)
