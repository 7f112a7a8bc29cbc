"""``ciclo comparison``: both answers as labelled blocks, shown again, listed, taken along."""

import json

import pytest

from core import assistants, comparison, registry, retrieval
from tests.conftest import Run

QUESTION = "Quando a loja abre aos sábados?"
HOURS = b"# Loja\n\nA loja abre aos s\xc3\xa1bados das 9h \xc3\xa0s 13h.\n"


@pytest.fixture
def shop(ciclo: Run) -> str:
    made = assistants.create("Loja", "pt-BR")
    retrieval.add(made.id, "horarios.md", HOURS, now=True)
    return made.id


@pytest.mark.slow
def test_both_answers_come_as_labelled_blocks_with_their_figures(ciclo: Run, shop: str) -> None:
    told = ciclo("comparison", "ask", QUESTION, "-a", "Loja")
    assert told.code == 0
    blocks = told.out.split("\nB · ")
    assert blocks[0].lstrip().startswith("A · ")
    assert all("9h às 13h" in block for block in blocks)
    assert "Groundedness" in told.out
    assert "/s\n" in told.out  # a figure has its unit, as on the page


@pytest.mark.slow
def test_what_was_asked_is_shown_listed_exported_and_removed(ciclo: Run, shop: str) -> None:
    asked = ciclo("comparison", "ask", QUESTION, "--own-search", "--in-turn", "--json").data
    assert asked["settings"] == {"same_passages": False, "in_turn": True}
    assert ciclo("comparison", "show", asked["id"], "--json").data == asked
    assert "9h às 13h" in ciclo("comparison", "show", asked["id"]).out
    (line,) = ciclo("comparison", "list", "-a", "Loja", "--json").data["data"]
    assert (line["id"], line["a"]["outcome"]) == (asked["id"], "answered")
    shown = ciclo("comparison", "list").out
    assert asked["id"] in shown
    assert "without memory" in shown or "with memory" in shown
    run = comparison.start([comparison.Question(QUESTION)], assistant=shop)
    assert ciclo("comparison", "list").out == shown  # those of runs only when they are asked for
    assert QUESTION in ciclo("comparison", "list", "--run", run.id).out
    told = json.loads(ciclo("comparison", "export", asked["id"]).out)
    assert told["sides"]["b"]["text"] == asked["b"]["answer"]["answer"]
    assert ciclo("comparison", "export", asked["id"], "--markdown").out.startswith("# Comparison")
    ciclo("comparison", "remove", asked["id"])
    assert ciclo("comparison", "show", asked["id"]).code == 3
    assert "Nothing was compared" in ciclo("comparison", "list").out


@pytest.mark.slow
def test_a_side_that_fails_is_told_and_the_other_s_answer_stands(ciclo: Run, shop: str) -> None:
    registry.model("ollama", "absent")
    told = ciclo("comparison", "ask", QUESTION, "--a", "champion", "--b", "ollama:absent")
    assert told.code == 4
    assert "9h às 13h" in told.out
    assert "No model server answers" in told.err


def test_a_version_there_is_not_is_refused_with_the_way_out(ciclo: Run, shop: str) -> None:
    told = ciclo("comparison", "ask", QUESTION, "--b", "v99")
    assert told.code == 2
    assert "champion" in told.err
