"""``ciclo memory``: approved questions listed, retired, brought back; what the memory does."""

import pytest

from core import assistants
from core.retrieval import approved
from tests.conftest import Run
from tests.retrieval.remembered import answered, judged

QUESTION = "Qual é o horário\x1b[31m aos sábados?"


@pytest.fixture
def approved_id(ciclo: Run) -> str:
    made = assistants.create("Loja")
    judged(answered(made.id, QUESTION))
    (row,) = approved.listed(made.id)
    return row.id


def test_rows_are_listed_by_state(ciclo: Run, approved_id: str) -> None:
    (row,) = ciclo("memory", "list", "-a", "Loja", "--json").data["data"]
    assert (row["id"], row["state"]) == (approved_id, "in_use")
    told = ciclo("memory", "list", "-a", "Loja").out
    assert "in use" in told
    assert "\x1b" not in told
    assert ciclo("memory", "list", "-a", "Loja", "--state", "retired", "--json").data["data"] == []
    assert ciclo("memory", "list", "-a", "Loja", "--state", "talvez").code == 2


def test_a_row_is_retired_and_brought_back(ciclo: Run, approved_id: str) -> None:
    assert "retired by hand" in ciclo("memory", "retire", approved_id).out
    assert ciclo("memory", "show", approved_id, "--json").data["state"] == "retired"
    assert "in use" in ciclo("memory", "restore", approved_id).out
    assert ciclo("memory", "show", "nada").code == 3


def test_its_uses_are_switched(ciclo: Run, approved_id: str) -> None:
    told = ciclo("memory", "use", "-a", "Loja", "--serve", "--json").data
    assert told == {"lift": True, "serve": True}
    assert "not lifted" in ciclo("memory", "use", "-a", "Loja", "--no-lift").out
