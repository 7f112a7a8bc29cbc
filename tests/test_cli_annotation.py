"""Review queues at the command line: how far each is, named by id or by name."""

import json
from typing import Any

import pytest

from core import annotation, assistants
from core.db.tables import Queue
from tests.annotation.conftest import conversations
from tests.annotation.judging import judge
from tests.conftest import Run


@pytest.fixture
def queues(ciclo: Run) -> list[Queue]:
    """Two queues of two assistants, the first with two items of which one is judged."""
    shop, desk = assistants.create("Loja"), assistants.create("Suporte")
    first = annotation.create_queue(shop.id, "Fila")
    annotation.add(first.id, conversations(shop.id, 2))
    judge(first, "Ana", ["approved"], seconds=60)
    return [first, annotation.create_queue(desk.id, "Outra")]


@pytest.mark.slow
def test_progress_tells_every_queue_on_a_line(ciclo: Run, queues: list[Queue]) -> None:
    lines = ciclo("annotation", "progress").out.splitlines()
    assert lines == [
        "Fila (Loja): 1 item waits, 0 in hand, 1 is done, about 1 min 0 s of work left",
        "Outra (Suporte): 0 items wait, 0 in hand, 0 are done",
    ]
    told = ciclo("annotation", "progress", "--json").data["data"]
    assert [(one["name"], one["waiting"]) for one in told] == [("Fila", 1), ("Outra", 0)]
    assert len(ciclo("annotation", "progress", "-a", "Suporte").out.splitlines()) == 1


@pytest.mark.slow
def test_one_queue_is_named_by_id_or_by_name(ciclo: Run, queues: list[Queue]) -> None:
    first = queues[0]
    for how in (["Fila"], [first.id], ["--queue", "Fila"], ["-q", first.id]):
        told = ciclo("annotation", "progress", *how, "--json").data
        assert (told["queue_id"], told["done"]) == (first.id, 1)
    assert ciclo("annotation", "progress", "Fila").out.startswith("Fila: 1 item waits")


def test_without_a_queue_progress_says_so(ciclo: Run) -> None:
    told = ciclo("annotation", "progress")
    assert (told.code, told.out) == (0, "There is no review queue yet.\n")
    assert ciclo("annotation", "progress", "--json").data == {"data": []}


@pytest.mark.slow
@pytest.mark.parametrize("command", ["progress", "refill", "agreement", "export"])
def test_a_name_of_several_queues_is_refused_with_their_ids(
    ciclo: Run, queues: list[Queue], command: str
) -> None:
    twin = annotation.create_queue(queues[1].assistant_id, "Fila")
    refused = ciclo("annotation", command, "Fila")
    assert refused.code == 2
    assert twin.id in refused.err
    assert ciclo("annotation", command, "nenhuma").code == 3
    assert ciclo("annotation", command, twin.id).code == 0


def test_the_next_item_comes_from_the_queue_that_is_named(ciclo: Run, queues: list[Queue]) -> None:
    claimed: Any = ciclo("annotation", "next", "-q", "Fila", "-p", "Bia", "--json")
    assert json.loads(claimed.out)["question"] == "Pergunta 1?"
    assert "Nothing waits" in ciclo("annotation", "next", "-q", "Outra", "-p", "Bia").out
