"""How far reading is, and how long it will take: measured, never guessed."""

from datetime import timedelta

import pytest

from core import clock, db, retrieval
from core.db.tables import Document, DocumentVersion

WORDS = b"palavra " * 100


def measured(document_id: str, seconds: float) -> None:
    """Say that reading the document took so long."""
    with db.writing() as session:
        session.get_one(DocumentVersion, (document_id, 1)).seconds = seconds


@pytest.fixture
def read(assistant: str) -> str:
    """A document of 800 bytes that took four seconds to read."""
    document = retrieval.add(assistant, "a.txt", WORDS, now=True)
    measured(document.id, 4.0)
    return document.id


def test_nothing_waits_nothing_is_told(assistant: str, read: str) -> None:
    assert retrieval.progress() == {}
    assert retrieval.queue() == retrieval.Queue(0, 0, 0, 0.0)


def test_without_a_measurement_nothing_is_guessed(assistant: str) -> None:
    document = retrieval.add(assistant, "a.txt", WORDS)
    assert retrieval.progress() == {document.id: retrieval.Progress(0.0, None)}
    assert retrieval.queue() == retrieval.Queue(1, 0, 800, None)


def test_seconds_left_grow_along_the_line(assistant: str, read: str) -> None:
    ids = [retrieval.add(assistant, f"{n}.txt", WORDS * n).id for n in (1, 2)]
    left = retrieval.progress()
    assert list(left) == ids
    assert [left[id_].seconds_left for id_ in ids] == pytest.approx([4.0, 12.0])
    assert retrieval.queue().seconds_left == pytest.approx(12.0)


def test_an_assistants_queue_ends_with_its_last_document(
    assistant: str, other_assistant: str, read: str
) -> None:
    retrieval.add(assistant, "b.txt", WORDS * 2)
    retrieval.add(other_assistant, "c.txt", WORDS * 3)
    assert retrieval.queue(assistant).seconds_left == pytest.approx(8.0)
    theirs = retrieval.queue(other_assistant)
    assert (theirs.waiting, theirs.bytes) == (1, 2400)
    assert theirs.seconds_left == pytest.approx(20.0)


def test_of_what_is_being_read_the_share_is_told(assistant: str, read: str) -> None:
    document = retrieval.add(assistant, "b.txt", WORDS)
    now = clock.now()
    with db.writing() as session:
        row = session.get_one(Document, document.id)
        row.state, row.reading_since = "reading", now
    with clock.held(now + timedelta(seconds=1)):
        found = retrieval.progress()[document.id]
        assert [found.share, found.seconds_left] == pytest.approx([0.25, 3.0])
    with clock.held(now + timedelta(seconds=60)):
        late = retrieval.progress()[document.id]
        assert late.share == 0.99  # never done before it is


def test_each_kind_has_its_own_pace(assistant: str, read: str) -> None:
    quick = retrieval.add(assistant, "b.md", WORDS, now=True)
    measured(quick.id, 0.4)
    first = retrieval.add(assistant, "c.md", WORDS)
    second = retrieval.add(assistant, "d.txt", WORDS)
    left = retrieval.progress()
    assert left[first.id].seconds_left == pytest.approx(0.4)
    assert left[second.id].seconds_left == pytest.approx(4.4)
