"""Reviewers in many processes and threads, kill -9, stalls and late submits: no promise is broken.

`make test` plays a small part of it; `make prove` fifty reviewers against 2,000 items.
"""

import os
from pathlib import Path

import pytest

from bench import reviewers
from core import access, annotation, assistants
from tests.conftest import ENGINES

FULL = os.environ.get("CICLO_PROVE") == "1"
ITEMS, PEOPLE, PROCESSES, KILLS = (2000, 50, 10, 25) if FULL else (40, 6, 2, 2)
PER_ITEM = 2


@pytest.mark.prove
@pytest.mark.parametrize("engine", ENGINES)
def test_no_claim_goes_to_two_and_no_judgement_is_lost(home: Path, tmp_path: Path) -> None:
    assistant = assistants.create("Loja")
    queue = annotation.create_queue(
        assistant.id, "Fila", reviewers_per_item=PER_ITEM, lease_seconds=2
    )
    annotation.add(queue.id, reviewers.conversations(assistant.id, ITEMS))
    people = [access.person(f"Pessoa {n}").id for n in range(PEOPLE)]
    journals = tmp_path / "journals"
    journals.mkdir()
    record = reviewers.play(
        queue.id, people, processes=PROCESSES, kills=KILLS, seed=7, folder=journals
    )
    assert record.kills > 0
    assert record.counts()["late"] + record.counts()["refused"] > 0
    assert set(record.faults(queue.id, PER_ITEM).values()) == {0}, record.faults(queue.id, PER_ITEM)
    assert annotation.progress(queue.id).done == ITEMS
