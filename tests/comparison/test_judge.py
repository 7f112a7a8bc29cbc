"""A judge model is asked about a run in both orders; what it fails at is told, and nothing else comes of it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import access, annotation, assistants, clock, comparison, db
from core.config import settings
from core.db.tables import Comparison, EvaluationRun, JudgeOpinion, Model
from core.errors import Conflict, InvalidInput, ModelFailed, NotAllowed
from core.llm import fake
from tests.comparison.judged import (
    DIFFERENT,
    JUDGE,
    SCORES,
    about,
    opinions,
    run_of,
    says,
    scores,
    shows,
)
from tests.conftest import ENGINES
from tests.fake_ollama import FakeModel, FakeOllama


@pytest.fixture(autouse=True)
def scripted(home: Path) -> Iterator[None]:
    """The fake says what the test lines up."""
    fake.reset()
    yield
    fake.reset()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_choice_in_both_orders_and_the_rubric_become_scores_of_both_sides() -> None:
    run, (row,) = run_of()
    says(*about("second", "first", a=3, b=5))
    done = comparison.judge(run.id, JUDGE)
    assert (done.opinions, done.failed, done.state) == (4, {}, "done")
    assert scores(row)["a"] == {"judge_rubric": 0.5, "judge_pairwise": 0.0}
    assert scores(row)["b"] == {"judge_rubric": 1.0, "judge_pairwise": 1.0}
    assert {(one.kind, one.side, one.first, one.choice) for one in opinions(run)} == {
        ("pairwise", "", "a", "b"),
        ("pairwise", "", "b", "b"),
        ("rubric", "a", "", ""),
        ("rubric", "b", "", ""),
    }


def test_a_judge_that_always_takes_the_first_gives_ties_and_its_bias_is_told() -> None:
    run, rows = run_of(texts=[DIFFERENT] * 2)
    says(*about("first", "first") * 2)
    comparison.judge(run.id, JUDGE)
    told = comparison.judging(run.id)
    assert [scores(row)["b"]["judge_pairwise"] for row in rows] == [0.5] * 2
    assert told.turned
    assert told.first
    assert (told.turned.share, told.turned.n) == (1.0, 2)
    assert (told.first.share, told.first.n) == (1.0, 4)
    assert told.wins
    assert told.wins.value == 0.5


def test_what_was_said_is_not_asked_again_and_what_failed_is() -> None:
    run, _rows = run_of(texts=[DIFFERENT] * 2)
    first, second, *rubric = about("first", "second")
    says(first, "?", *rubric, *about("first", "second"))
    done = comparison.judge(run.id, JUDGE)
    assert (done.opinions, done.failed) == (7, {"no_json": 1})
    says(second)
    assert comparison.judge(run.id, JUDGE).opinions == 1
    assert comparison.judge(run.id, JUDGE).opinions == 0
    assert len(fake.asked) == 9
    assert comparison.judging(run.id).opinions == comparison.judging(run.id).calls == 8


def test_more_repetitions_ask_only_for_the_further_ones_each_with_another_seed() -> None:
    run, (row,) = run_of()
    says(*about("second", "first"))
    comparison.judge(run.id, JUDGE)
    says(*about("first", "second"))
    assert comparison.judge(run.id, JUDGE, 2).opinions == 4
    assert scores(row)["b"]["judge_pairwise"] == 0.5  # won once, lost once
    assert [one.parameters.get("seed") for one in fake.asked] == [None] * 4 + [2] * 4
    assert fake.asked[0].parameters["temperature"] == 0
    assert fake.asked[4].parameters["temperature"] > 0


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("Prefiro a primeira.", "no_json"),
        ('{"choice": "first", "why": "corta', "no_json"),
        ({"choice": "a"}, "wrong_values"),
        ({"choice": ["first"]}, "wrong_values"),
        ({"scores": SCORES}, "wrong_values"),
        (ModelFailed("Recusado.", code="refused"), "refused"),
    ],
)
def test_a_reply_of_no_use_is_a_row_with_its_code_and_no_score(reply: Any, code: str) -> None:
    run, (row,) = run_of()
    says(reply, *about("first", "second")[1:])
    done = comparison.judge(run.id, JUDGE)
    failed = [one for one in opinions(run) if one.failed]
    assert [(one.failed, one.choice) for one in failed] == [(code, "")]
    assert failed[0].detail
    assert done.failed == {code: 1}
    assert "judge_pairwise" not in scores(row)["a"]  # one order alone decides nothing
    assert scores(row)["a"]["judge_rubric"] == 1.0


def test_scores_off_the_scale_are_none() -> None:
    run, (row,) = run_of()
    replies = about("first", "second")
    replies[2]["scores"] = {"correct": 9}
    replies[3]["scores"] = {}
    says(*replies)
    assert comparison.judge(run.id, JUDGE).failed == {"wrong_values": 2}
    assert "judge_rubric" not in scores(row)["b"]


@pytest.mark.slow
def test_where_the_model_is_away_the_run_is_left_alone_and_says_so() -> None:
    run, _rows = run_of(texts=[DIFFERENT] * 5)
    says(*[ModelFailed("Nada.", code="not_reachable")] * 9)
    done = comparison.judge(run.id, JUDGE)
    assert (done.state, done.failed, done.why) == ("failed", {"not_reachable": 3}, "Nada.")
    told = comparison.judging(run.id)
    assert (told.state, told.last_failure) == ("failed", "Nada.")
    assert comparison.keep_judging() == []  # nobody asks again by itself
    fake.reset()
    says(*about("first", "second") * 5)
    assert comparison.judge(run.id).opinions == 20


def test_nobody_is_asked_where_no_judge_is_named() -> None:
    run, _rows = run_of()
    assert comparison.keep_judging() == []
    with pytest.raises(InvalidInput, match=r"judge|avaliador"):
        comparison.judge(run.id)
    assert comparison.judging(run.id).model == ""
    assert fake.asked == []


@pytest.mark.parametrize("engine", ENGINES)
def test_the_background_judges_what_named_a_judge_when_it_began() -> None:
    run, (row,) = run_of(judge=JUDGE, repetitions=1)
    says(*about("first", "second"))
    (done,) = comparison.keep_judging()
    assert (done.run_id, done.state, done.opinions) == (run.id, "done", 4)
    assert scores(row)["a"]["judge_pairwise"] == 1.0
    assert comparison.keep_judging() == []


def test_naming_a_judge_afterwards_lets_the_background_ask() -> None:
    run, _rows = run_of()
    comparison.begin_judge(run.id, " fake:judge ", 1)
    assert comparison.judging(run.id).state == "wanted"
    says(*about("first", "second"))
    assert [one.state for one in comparison.keep_judging()] == ["done"]
    with db.session() as session:
        assert session.query(Model).filter(Model.provider == "fake").one().name == "judge"


def test_whoever_says_stop_is_heard_before_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.comparison import judge_asking

    run, _rows = run_of(texts=[DIFFERENT] * 3)
    said = judge_asking._said

    def stopping(*given: Any) -> dict[str, Any]:
        comparison.stop_judge(run.id)
        return said(*given)

    monkeypatch.setattr(judge_asking, "_said", stopping)
    says(*about("first", "second"))
    done = comparison.judge(run.id, JUDGE)
    assert (done.state, done.opinions, len(fake.asked)) == ("stopped", 1, 1)
    assert comparison.keep_judging() == []


def test_one_process_at_a_time_asks_and_a_dead_ones_place_is_taken() -> None:
    run, _rows = run_of(judge=JUDGE)
    with db.writing() as session:
        stored = session.get_one(EvaluationRun, run.id)
        stored.lease_until = clock.now() + timedelta(seconds=50)
    assert comparison.keep_judging() == []
    with pytest.raises(Conflict):
        comparison.judge(run.id, JUDGE)
    says(*about("first", "second"))
    with clock.held(clock.now() + timedelta(seconds=51)):
        assert [one.opinions for one in comparison.keep_judging()] == [4]


def test_a_run_whose_assistant_is_gone_is_given_up_once() -> None:
    run, _rows = run_of(judge=JUDGE)
    assistants.remove(run.assistant_id)
    assert [one.state for one in comparison.keep_judging()] == ["failed"]
    assert comparison.keep_judging() == []
    assert fake.asked == []


def test_a_run_that_is_removed_meanwhile_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.comparison import judge_asking

    run, _rows = run_of(judge=JUDGE)
    said = judge_asking._said

    def removing(*given: Any) -> dict[str, Any]:
        comparison.remove_run(run.id)
        return said(*given)

    monkeypatch.setattr(judge_asking, "_said", removing)
    says(*about("first", "second"))
    assert [one.state for one in comparison.keep_judging()] == ["stopped"]
    assert opinions(run) == []
    assert len(fake.asked) == 1


def test_a_run_that_is_being_answered_is_not_judged() -> None:
    run, _rows = run_of()
    with db.writing() as session:
        session.get_one(EvaluationRun, run.id).state = "running"
    comparison.begin_judge(run.id, JUDGE)
    assert comparison.keep_judging() == []
    with pytest.raises(Conflict, match=r"still|ainda"):
        comparison.judge(run.id, JUDGE)


def test_the_same_answer_twice_is_a_tie_without_a_call_and_says_nothing_of_bias() -> None:
    run, (row,) = run_of(texts=[("Às 9h.", " Às  9h. ")])
    says(*about("", "")[2:])
    comparison.judge(run.id, JUDGE)
    assert len(fake.asked) == 2  # the rubric of both
    assert scores(row)["a"]["judge_pairwise"] == 0.5
    assert comparison.judging(run.id).turned is None


def test_nothing_is_asked_about_a_side_that_failed() -> None:
    run, (row,) = run_of(each={"outcomes": ("answered", "error")})
    says(about("", "")[2])
    done = comparison.judge(run.id, JUDGE)
    assert (done.opinions, comparison.judging(run.id).calls) == (1, 1)
    assert comparison.estimate_judge(run.id, JUDGE, 3).calls == 2
    assert scores(row) == {"a": {"judge_rubric": 1.0}, "b": {}}


def test_a_question_that_a_version_learned_from_is_not_judged() -> None:
    run, _rows = run_of(each={"learned": "b"})
    assert comparison.judge(run.id, JUDGE).opinions == 0
    assert comparison.judging(run.id).calls == 0


def test_the_judge_sees_no_personal_data_and_no_name_of_a_model() -> None:
    run, (row,) = run_of(texts=[("CPF 529.982.247-25 em dia.", "Não sei.")])
    shows(row, "a", "Contrato de 111.444.777-35.")
    says(*about("first", "second"))
    comparison.judge(run.id, JUDGE)
    sent = "\n".join(one.text for one in fake.asked)
    assert "em dia." in sent
    assert "Contrato de" in sent
    for hidden in (
        "529.982.247-25",
        "ana@exemplo.com.br",
        "extractive",
        "embedded",
        row.a_version_id,
    ):
        assert hidden not in sent


def test_both_answers_are_shown_in_both_orders_with_the_passages_of_both() -> None:
    run, (row,) = run_of()
    shows(row, "a", "Trecho de a.")
    shows(row, "b", "Trecho de b.")
    says(*about("first", "second"))
    comparison.judge(run.id, JUDGE)
    one, other, a, b = (asked.text for asked in fake.asked)
    assert one.index(DIFFERENT[0]) < one.index(DIFFERENT[1])
    assert other.index(DIFFERENT[1]) < other.index(DIFFERENT[0])
    for pair in (one, other):
        assert "Trecho de a." in pair
        assert "Trecho de b." in pair
    assert "Trecho de b." not in a
    assert DIFFERENT[0] not in b


def test_the_rubric_is_the_assistants_where_somebody_wrote_one() -> None:
    run, (row,) = run_of()
    queue = annotation.create_queue(row.assistant_id, "Fila")
    scale = [{"value": value, "anchor": ""} for value in (-1, 0, 1)]
    annotation.write_guideline(
        queue.id, "", [{"name": "brave", "title": "Coragem", "scale": scale}]
    )
    replies = about("first", "second")
    replies[2]["scores"], replies[3]["scores"] = {"brave": 0}, {"brave": 1}
    says(*replies)
    comparison.judge(run.id, JUDGE)
    assert (scores(row)["a"]["judge_rubric"], scores(row)["b"]["judge_rubric"]) == (0.5, 1.0)
    assert "Coragem" in fake.asked[2].text


def test_one_comparison_may_be_judged_by_itself() -> None:
    _run, (row,) = run_of()
    says(*about("first", "second"))
    assert comparison.judge_one(row.id, JUDGE).opinions == 4
    assert [one.model for one in comparison.judge_opinions(row.id)] == [JUDGE] * 4
    with db.writing() as session:
        session.get_one(Comparison, row.id).done_at = None
    with pytest.raises(Conflict):
        comparison.judge_one(row.id, JUDGE)
    with pytest.raises(InvalidInput):
        comparison.judge_one(row.id, " ")


@pytest.mark.slow
def test_an_estimate_tells_calls_and_what_they_cost_by_the_models_price() -> None:
    run, _rows = run_of(texts=[DIFFERENT] * 3)
    told = comparison.estimate_judge(run.id, JUDGE, 2)
    assert (told.calls, told.seconds, told.cost) == (24, None, None)
    assert told.tokens
    comparison.begin_judge(run.id, JUDGE)
    assert comparison.estimate_judge(run.id, JUDGE, 2).cost == 0.0
    with db.writing() as session:
        session.query(Model).filter(Model.name == "judge").update({"price_in": 1.0})
    priced = comparison.estimate_judge(run.id, JUDGE, 2)
    assert priced.cost == pytest.approx(24 * told.tokens / 1e6)
    assert fake.asked == []


def test_an_estimate_rests_on_the_time_that_was_measured() -> None:
    run, (row,) = run_of()
    with db.writing() as session:
        facts = {"comparison_id": row.id, "model": JUDGE, "kind": "pairwise", "choice": "tie"}
        session.add(JudgeOpinion(**facts, first="a", seconds=2.0))
        session.add(JudgeOpinion(**facts, first="b", seconds=4.0))
    told = comparison.estimate_judge(run.id, JUDGE)
    assert (told.calls, told.seconds) == (2, 6.0)


@pytest.mark.parametrize("name", ["nobody:x", "llama", "embedded:quotes"])
def test_what_is_no_model_that_can_judge_is_refused(name: str) -> None:
    run, _rows = run_of()
    with pytest.raises(InvalidInput):
        comparison.begin_judge(run.id, name)


@pytest.mark.parametrize("again", [-1, 11, 2.5, True])
def test_repetitions_out_of_bounds_are_refused(again: Any) -> None:
    run, _rows = run_of()
    with pytest.raises(InvalidInput):
        comparison.begin_judge(run.id, JUDGE, again)


def test_who_only_reviews_may_ask_no_judge() -> None:
    run, (row,) = run_of()
    ana = access.set_roles(access.person("Ana").id, ["reviewer"])
    with access.as_person(ana):
        for verb in (comparison.begin_judge, comparison.judge, comparison.judge_one):
            with pytest.raises(NotAllowed):
                verb(run.id if verb is not comparison.judge_one else row.id, JUDGE)
        assert comparison.judging(run.id).model == ""


SMALL = "ollama:llama3.2:latest"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOllama]:
    """A server whose model reads 4,096 tokens, and says the same to everything."""
    reads = FakeModel("llama3.2:latest", context_tokens=4096)
    says_so = json.dumps({"choice": "first", "scores": SCORES})
    with FakeOllama(models=[reads], says=says_so) as server:
        monkeypatch.setenv("CICLO_OLLAMA_URL", server.url)
        settings.cache_clear()
        yield server


@pytest.mark.slow
def test_a_window_that_is_too_small_is_a_row_that_says_so(small: FakeOllama) -> None:
    run, (row,) = run_of(texts=[("palavra " * 1400, "outra " * 1400)])
    comparison.judge(run.id, SMALL)
    assert {one.failed for one in opinions(run) if one.kind == "pairwise"} == {"too_long"}
    assert small.bodies("/api/chat") == []
    assert scores(row) == {}


@pytest.mark.slow
def test_passages_go_first_where_the_window_is_small(small: FakeOllama) -> None:
    run, (row,) = run_of()
    for at in range(4):
        shows(row, "a", f"Trecho {at}. " + "texto longo " * 300, at)
    assert comparison.judge(run.id, SMALL).failed == {}
    sent = json.dumps(small.bodies("/api/chat")[0])
    assert "Trecho 0." in sent
    assert "Trecho 3." not in sent


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("", ""),
        ("busy", "busy"),
        ("refused", "refused"),
        ("tcp_cut", "cut_off"),
        ("empty", "bad_answer"),
        ("html", "bad_answer"),
        ("silence", "timed_out"),
        ("broken_json", "bad_answer"),
    ],
)
def test_whatever_ollama_does_becomes_an_opinion_or_a_row(
    monkeypatch: pytest.MonkeyPatch, fault: str, code: str
) -> None:
    with FakeOllama() as server:
        monkeypatch.setenv("CICLO_OLLAMA_URL", server.url)
        for name in ("SILENCE", "LOADING"):
            monkeypatch.setenv(f"CICLO_ANSWER_{name}_S", "0.3")
        settings.cache_clear()
        server.says = json.dumps({"choice": "first", "scores": SCORES, "why": "Porque."})
        server.faults["/api/chat"] = fault
        run, (row,) = run_of()
        done = comparison.judge(run.id, "ollama:llama3.2")
        assert done.model == "ollama:llama3.2:latest"
        assert set(done.failed) == ({code} if code else set())
        if not fault:
            assert (done.opinions, scores(row)["a"]["judge_pairwise"]) == (4, 0.5)
            assert server.bodies("/api/chat")[0]["options"]["temperature"] == 0


@pytest.mark.slow
def test_a_server_that_is_down_ends_the_judging_after_a_few_calls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, _rows = run_of(texts=[DIFFERENT] * 6)
    done = comparison.judge(run.id, "ollama:llama3.2")
    assert (done.state, done.failed) == ("failed", {"not_reachable": 3})
