"""``ciclo comparison judge``: a model judges a run from the terminal, and its word is weighed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import assistants, comparison
from core.db.tables import EvaluationRun
from core.errors import ModelFailed
from core.llm import fake
from tests.comparison.judged import DIFFERENT, JUDGE, SCORES, about, run_of, says
from tests.conftest import Run


@pytest.fixture
def made(ciclo: Run) -> Iterator[EvaluationRun]:
    """An answered run with two questions, and a judge that speaks from a script."""
    fake.reset()
    yield run_of(texts=[DIFFERENT] * 2)[0]
    fake.reset()


def test_a_model_judges_a_run_and_its_bias_is_told(ciclo: Run, made: EvaluationRun) -> None:
    says(*about("first", "first") * 2)
    done = ciclo("comparison", "judge", made.id, "--model", JUDGE)
    assert done.code == 0, done.err
    assert "8 opinions came in." in done.out
    assert "chose otherwise in 100%" in done.out
    assert "20 more questions voted on by people" in done.out


def test_without_a_model_only_what_was_said_is_told(ciclo: Run, made: EvaluationRun) -> None:
    assert "has no judge" in ciclo("comparison", "judge", made.id).out
    assert fake.asked == []


def test_an_estimate_asks_nobody(ciclo: Run, made: EvaluationRun) -> None:
    done = ciclo("comparison", "judge", made.id, "--model", JUDGE, "--estimate", "--json")
    assert done.data["calls"] == 8
    assert fake.asked == []


def test_as_json_it_is_one_document(ciclo: Run, made: EvaluationRun) -> None:
    says(*about("second", "first") * 2)
    told = ciclo("comparison", "judge", made.id, "--model", JUDGE, "--json").data
    assert (told["asked"]["state"], told["asked"]["opinions"]) == ("done", 8)
    assert told["judging"]["wins"]["value"] == 1
    assert told["judging"]["turned"]["share"] == 0


def test_a_model_that_is_away_ends_with_the_code_for_it(ciclo: Run, made: EvaluationRun) -> None:
    says(*[ModelFailed("Nothing there.", code="not_reachable")] * 3)
    done = ciclo("comparison", "judge", made.id, "--model", JUDGE)
    assert done.code == 4
    assert "Nothing there." in done.out


def test_a_run_there_is_not_is_not_found(ciclo: Run, made: EvaluationRun) -> None:
    assert ciclo("comparison", "judge", "nobody", "--model", JUDGE).code == 3


def test_a_single_comparison_is_judged_as_well(ciclo: Run, made: EvaluationRun) -> None:
    one = comparison.lines(run_id=made.id)[0].row.id
    says(*about("second", "first"))
    done = ciclo("comparison", "judge", one, "--model", JUDGE)
    assert done.code == 0, done.err
    assert done.out.count("pairwise") == 2
    told = ciclo("comparison", "judge", one, "--json").data["data"]
    assert [line["choice"] for line in told] == ["b", "b", "", ""]


@pytest.mark.slow
def test_a_run_with_a_judge_is_judged_when_all_is_answered(ciclo: Run, tmp_path: Path) -> None:
    fake.reset()
    assistants.create("Loja")
    asked = tmp_path / "perguntas.jsonl"
    asked.write_text('{"question": "Qual é o prazo de troca?"}\n')
    told = json.dumps({"choice": "first", "scores": SCORES})
    fake.queue("O prazo é de 30 dias.", *[told] * 4)
    done = ciclo(
        "comparison", "run", asked, "--b", "fake:other", "--judge", JUDGE, "--parallel", "1"
    )
    fake.reset()
    assert done.code == 0, done.err
    assert "4 of 4 opinions" in done.err
