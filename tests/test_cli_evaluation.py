"""``ciclo comparison run``: from a file of questions to a verdict, a gate and a report in a pipeline."""

import json
from pathlib import Path

import pytest

from core import assistants, retrieval
from tests.conftest import Run

pytestmark = pytest.mark.slow  # whole runs through the real engine
HOURS = "# Loja\n\nA loja abre aos sábados das 9h às 13h.\n\nO prazo de troca é de 30 dias.\n"
LINES = [
    {"question": "Quando a loja abre aos sábados?", "answer": "das 9h às 13h"},
    {"question": "Qual é o prazo de troca?", "answer": "30 dias"},
]


@pytest.fixture
def file(ciclo: Run, tmp_path: Path) -> Path:
    """Two questions to an assistant that can answer them."""
    made = assistants.create("Loja", "pt-BR")
    retrieval.add(made.id, "loja.md", HOURS.encode(), now=True)
    path = tmp_path / "perguntas.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in LINES), encoding="utf-8")
    return path


def test_a_run_is_worked_on_here_and_ends_with_its_verdict(ciclo: Run, file: Path) -> None:
    told = ciclo("comparison", "run", str(file), "-a", "Loja")
    assert told.code == 0
    assert told.out.startswith("Identical answers to all 2 questions")
    assert "Groundedness" in told.out
    assert "2 of 2 questions" in told.err


def test_the_verdict_is_one_document(ciclo: Run, file: Path) -> None:
    told = ciclo("comparison", "run", str(file), "--json").data
    assert (told["claim"], told["n"]) == ("identical", 2)
    assert ciclo("comparison", "verdict", told["run_id"], "--json").data == told
    assert ciclo("comparison", "verdict", "--json").data == told  # the newest


def test_a_gate_that_is_not_passed_ends_a_pipeline(ciclo: Run, file: Path, tmp_path: Path) -> None:
    ciclo("comparison", "run", str(file))
    told = ciclo("comparison", "gate")
    assert (told.code, "✗" in told.out) == (1, True)
    rules = tmp_path / "rules.json"
    rules.write_text('{"must_pass": {"at_most": 0}, "least_n": 2}')
    assert ciclo("comparison", "rules", "--set", str(rules)).code == 0
    passed = ciclo("comparison", "gate", "--json")
    assert (passed.code, passed.data["passed"]) == (0, True)


def test_a_report_is_written_to_a_file(ciclo: Run, file: Path, tmp_path: Path) -> None:
    ciclo("comparison", "run", str(file))
    to = tmp_path / "report.html"
    assert ciclo("comparison", "report", "-o", str(to)).code == 0
    assert "default-src 'none'" in to.read_text()
    assert "### Results" in ciclo("comparison", "report", "--format", "md").out
    assert ciclo("comparison", "report", "--format", "pdf").code == 2


def test_a_column_that_means_nothing_is_told(ciclo: Run, file: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("question;anwser\nPrazo?;30 dias\n")
    told = ciclo("comparison", "run", str(odd), "--estimate")
    assert (told.code, "“anwser”" in told.err) == (0, True)


def test_what_it_takes_is_told_without_beginning(ciclo: Run, file: Path) -> None:
    told = ciclo("comparison", "run", str(file), "--estimate")
    assert (told.code, "nothing measured" in told.out) == (0, True)
    assert ciclo("comparison", "runs", "--json").data == {"data": []}


def test_a_run_that_was_begun_for_the_background_is_cancelled_and_goes_on(
    ciclo: Run, file: Path
) -> None:
    begun = ciclo("comparison", "run", str(file), "--no-wait", "--json").data
    assert begun["state"] == "waiting"
    assert ciclo("comparison", "cancel", begun["id"], "--json").data["state"] == "cancelled"
    assert ciclo("comparison", "resume", begun["id"], "--json").data["n"] == 2
    assert ciclo("comparison", "resume", begun["id"]).code == 1  # there is nothing left to do


def test_a_wrong_line_is_named_and_nothing_begins(ciclo: Run, file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"question": "Prazo?"}\n{}\n')
    told = ciclo("comparison", "run", str(wrong))
    assert (told.code, "Line 2" in told.err) == (2, True)
    assert ciclo("comparison", "run").code == 2  # no questions were named
    gone = ciclo("comparison", "run", str(tmp_path / "none.csv"))
    assert (gone.code, "There is no file" in gone.err) == (3, True)
    assert "doctor" not in gone.err
    assert "There is no evaluation yet" in ciclo("comparison", "runs").out
