"""The line of waiting documents: who reads, who takes over, and when a file is given up."""

import time
from datetime import timedelta

import pytest

from core import clock, db, retrieval
from core.db.tables import Document
from core.retrieval import waiting
from core.retrieval.failures import PATIENCE

NOTE = "# Nota\n\nO canal de incidentes é o #plantao.\n".encode()


def abandoned(document_id: str, attempts: int = 1) -> None:
    """As a reader leaves it that dies: being read, with a lease that has run out."""
    with db.writing() as session:
        row = session.get_one(Document, document_id)
        row.state, row.attempts = "reading", attempts
        row.reading_since = row.lease_until = clock.now() - timedelta(seconds=1)


def test_adding_goes_on_after_a_restart(assistant: str) -> None:
    ids = [retrieval.add(assistant, f"{n}.md", NOTE).id for n in range(3)]
    abandoned(ids[1])
    retrieval.close()
    db.close()  # all that a restart keeps is on disk
    assert retrieval.process_waiting() == 3
    assert {retrieval.document(id_).state for id_ in ids} == {"ready"}


def test_those_who_wait_are_read_first_come_first(assistant: str) -> None:
    ids = []
    for n in range(3):
        with clock.held(clock.now() + timedelta(seconds=n)):
            ids.append(retrieval.add(assistant, f"{n}.md", NOTE).id)
    retrieval.process_waiting(limit=2)
    assert [retrieval.document(id_).state for id_ in ids] == ["ready", "ready", "queued"]


@pytest.mark.slow
def test_a_lease_lasts_as_long_as_the_reading(
    assistant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LEASE", timedelta(seconds=0.9))
    document = retrieval.add(assistant, "a.md", NOTE)
    claim = waiting._claimed(document.id)
    assert claim
    with waiting._holding(document.id):
        time.sleep(1.3)
        assert waiting._claimed(document.id) is None
    time.sleep(1.0)
    assert waiting._claimed(document.id)


def test_a_file_that_ends_its_reader_again_and_again_is_given_up(assistant: str) -> None:
    document = retrieval.add(assistant, "a.md", NOTE)
    abandoned(document.id, attempts=PATIENCE)
    retrieval.process_waiting()
    row = retrieval.document(document.id)
    assert (row.state, row.error_code) == ("failed", "never_ended")
    assert "a.md" in row.error
    assert retrieval.add(assistant, "a.md", NOTE, now=True).state == "ready"  # a new attempt


def test_who_ends_well_starts_counting_anew(assistant: str) -> None:
    document = retrieval.add(assistant, "a.md", NOTE)
    abandoned(document.id)
    retrieval.process_waiting()
    assert retrieval.document(document.id).attempts == 0


def test_a_removed_document_waits_until_it_is_brought_back(assistant: str) -> None:
    document = retrieval.add(assistant, "a.md", NOTE)
    retrieval.remove(document.id)
    assert retrieval.process_waiting() == 0
    assert retrieval.queue().waiting == 0
    retrieval.restore(document.id)
    assert retrieval.process_waiting() == 1


def test_removed_while_it_is_read_it_is_not_found(assistant: str) -> None:
    document = retrieval.add(assistant, "a.md", NOTE)
    claim = waiting._claimed(document.id)
    assert claim
    retrieval.remove(document.id)
    waiting._finish(claim, waiting._end(claim))
    assert retrieval.search("incidentes", assistant_id=assistant).passages == []
    retrieval.restore(document.id)
    retrieval.process_waiting()
    assert retrieval.search("incidentes", assistant_id=assistant).passages
