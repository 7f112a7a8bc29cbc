"""Agreement and exports at the command line."""

import json
from pathlib import Path

import pytest

from core import annotation, assistants
from core.db.tables import Queue
from tests.annotation.conftest import conversations
from tests.annotation.judging import judge
from tests.conftest import Run


@pytest.fixture
def queue(ciclo: Run) -> Queue:
    assistant = assistants.create("Suporte")
    made = annotation.create_queue(assistant.id, "Fila", reviewers_per_item=2)
    annotation.add(made.id, conversations(assistant.id, 2))
    judge(made, "Ana", ["approved", "rejected"])
    judge(made, "Bia", ["rejected", "rejected"])
    return made


def test_agreement_as_a_table_and_as_a_document(ciclo: Run, queue: Queue) -> None:
    told = ciclo("annotation", "agreement", "Fila")
    assert told.code == 0
    assert "50" in told.out
    assert "too few to say" in told.out
    document = ciclo("annotation", "agreement", queue.id, "--json").data
    assert document["on"][0]["percent"]["share"] == 0.5
    assert document["on"][1]["kappa"] is None


def test_export_on_the_screen_and_into_a_file(ciclo: Run, queue: Queue, tmp_path: Path) -> None:
    lines = ciclo("annotation", "export", "Fila").out.splitlines()
    assert [len(json.loads(line)["judgements"]) for line in lines] == [2, 2]
    file = tmp_path / "tasks.json"
    done = ciclo("annotation", "export", "Fila", "--format", "label-studio", "-o", file)
    assert done.code == 0
    assert len(json.loads(file.read_text("utf-8"))) == 2


def test_an_unknown_queue_is_named(ciclo: Run, queue: Queue) -> None:
    assert ciclo("annotation", "export", "outra").code == 3
    assert ciclo("annotation", "agreement", "outra").code == 3
