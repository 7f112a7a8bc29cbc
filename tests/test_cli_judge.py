"""``ciclo annotation judge``."""

import json
from collections.abc import Iterator

import pytest

from core import annotation, assistants
from core.llm import fake
from tests.annotation.conftest import conversations
from tests.conftest import Run


@pytest.fixture(autouse=True)
def queue(ciclo: Run) -> Iterator[str]:
    """The id of a queue with two items."""
    fake.reset()
    shop = assistants.create("Loja")
    made = annotation.create_queue(shop.id, "Fila")
    annotation.add(made.id, conversations(shop.id, 2))
    yield made.id
    fake.reset()


def test_a_judge_is_named_asked_and_told_of(ciclo: Run, queue: str) -> None:
    fake.queue(json.dumps({"verdict": "approved"}), "?")
    done = ciclo("annotation", "judge", "Fila", "--use", "fake:judge", "--most", "2")
    assert done.code == 0, done.err
    assert "Fila: fake:judge is the judge" in done.out
    assert "1 opinion came in." in done.out
    assert "1 without one: its reply was no JSON" in done.out
    figures = ciclo("annotation", "judge", "--most", "0", "--json").data["figures"]
    assert (figures["opinions"], figures["failures"]) == (1, 1)
    assert ciclo("annotation", "judge", "--use", "none").out == "Fila: no judge\n"
    assert annotation.queue(queue).judge == ""


def test_without_a_judge_the_command_says_how_to_name_one(ciclo: Run) -> None:
    done = ciclo("annotation", "judge")
    assert (done.code, "has no judge model" in done.err) == (2, True)
