"""Documents: taken in durably, read once, taken back and brought back."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import clock, db, retrieval
from core.db.tables import Chunk, Document, IndexChange
from core.errors import Conflict, InvalidInput, NotFound
from tests.retrieval.conftest import pdf

HOURS = b"# Hor\xc3\xa1rio\n\nO suporte atende das 9h \xc3\xa0s 18h.\n"


def found(question: str, assistant_id: str) -> list[str]:
    result = retrieval.search(question, assistant_id=assistant_id)
    return [one.document_name for one in result.passages]


def test_a_document_waits_and_is_then_ready(assistant: str) -> None:
    added = retrieval.add(assistant, "horario.md", HOURS)
    assert (added.state, added.chunks) == ("queued", 0)
    assert retrieval.process_waiting() == 1
    ready = retrieval.document(added.id)
    assert (ready.state, ready.chunks, ready.language) == ("ready", 1, "pt")
    assert ready.ready_at is not None
    assert retrieval.text(added.id) == HOURS.decode()
    assert retrieval.content(added.id) == HOURS


def test_now_means_read_when_it_returns(assistant: str) -> None:
    assert retrieval.add(assistant, "horario.md", HOURS, now=True).state == "ready"
    assert retrieval.chunk_count(assistant) == 1


def test_the_same_file_again_is_the_same_document(assistant: str) -> None:
    first = retrieval.add(assistant, "horario.md", HOURS, now=True)
    again = retrieval.add(assistant, "horario.md", HOURS, now=True)
    assert (again.id, again.ready_at) == (first.id, first.ready_at)


def test_new_content_takes_the_place_of_the_old_once_it_is_read(assistant: str) -> None:
    first = retrieval.add(assistant, "horario.md", HOURS, now=True)
    second = retrieval.add(assistant, "horario.md", b"# Feriados\n\nNo feriado fechamos.")
    assert second.id == first.id
    assert found("horário do suporte", assistant) == ["horario.md"]
    retrieval.process_waiting()
    assert "9h" not in retrieval.search("suporte feriado", assistant_id=assistant).passages[0].text
    with db.session() as session:
        assert len(session.scalars(select(Chunk)).all()) == 1


def test_what_cannot_be_read_says_why_and_leaves_the_old_searchable(assistant: str) -> None:
    page = pdf(["O suporte atende das 9h."])
    retrieval.add(assistant, "a.pdf", page, now=True)
    failed = retrieval.add(assistant, "a.pdf", page[: len(page) // 3], now=True)
    assert failed.state == "failed"
    assert failed.error_code in ("damaged", "no_text")
    assert "a.pdf" in failed.error
    assert found("suporte atende", assistant) == ["a.pdf"]


@pytest.mark.parametrize(("name", "data"), [("a.md", b""), ("a.exe", b"x"), ("", b"x")])
def test_a_file_of_no_use_is_refused_and_leaves_nothing(
    assistant: str, home: Path, name: str, data: bytes
) -> None:
    with pytest.raises(InvalidInput):
        retrieval.add(assistant, name, data)
    assert retrieval.documents() == []
    assert not (home / "documents").exists()


def test_a_file_over_the_limit_is_refused(assistant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.config import settings

    monkeypatch.setenv("CICLO_MAX_UPLOAD_MB", "1")
    settings.cache_clear()
    with pytest.raises(InvalidInput) as refused:
        retrieval.add(assistant, "a.txt", b"x" * ((1 << 20) + 1))
    assert refused.value.code == "too_large"


def test_an_assistant_must_be_there(home: Path) -> None:
    with pytest.raises(NotFound):
        retrieval.add("nobody", "a.md", b"texto")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/a.md", "etc/a.md"),
        ("C:\\Users\\ana\\a.md", "C:/Users/ana/a.md"),
        (" faq/./b.md ", "faq/b.md"),
        ("a\x00\n.md", "a.md"),
    ],
)
def test_a_name_never_leads_out_of_its_folder(assistant: str, given: str, kept: str) -> None:
    assert retrieval.add(assistant, given, HOURS).name == kept


def test_a_removed_document_is_found_no_more_and_can_be_brought_back(assistant: str) -> None:
    added = retrieval.add(assistant, "horario.md", HOURS, now=True)
    assert found("horário", assistant) == ["horario.md"]
    retrieval.remove(added.id)
    retrieval.remove(added.id)
    assert found("horário", assistant) == []
    assert retrieval.documents(assistant) == []
    assert retrieval.chunk_count(assistant) == 0
    retrieval.restore(added.id)
    assert found("horário", assistant) == ["horario.md"]


def test_a_name_taken_since_is_not_taken_back(assistant: str) -> None:
    added = retrieval.add(assistant, "a.md", HOURS)
    retrieval.remove(added.id)
    retrieval.add(assistant, "a.md", HOURS)
    with pytest.raises(Conflict):
        retrieval.restore(added.id)


def test_a_day_after_its_removal_a_document_is_forgotten(assistant: str, home: Path) -> None:
    gone = retrieval.add(assistant, "a.md", HOURS, now=True)
    same = retrieval.add(assistant, "b.md", HOURS, now=True)
    retrieval.remove(gone.id)
    with clock.held(clock.now() + timedelta(hours=25)):
        retrieval.process_waiting()
        with pytest.raises(NotFound):
            retrieval.document(gone.id)
        assert retrieval.content(same.id) == HOURS  # another document has the same bytes
        retrieval.remove(same.id)
    with clock.held(clock.now() + timedelta(hours=51)):
        assert retrieval.purge() == 1
    assert list((home / "documents").iterdir()) == []


def test_an_abandoned_reading_is_taken_over_when_its_lease_has_run_out(assistant: str) -> None:
    added = retrieval.add(assistant, "a.md", HOURS)
    with db.writing() as session:
        row = session.get_one(Document, added.id)
        row.state, row.lease_until = "reading", clock.now() + timedelta(seconds=30)
    assert retrieval.process_waiting() == 0
    with clock.held(clock.now() + timedelta(seconds=31)):
        assert retrieval.process_waiting() == 1
    assert retrieval.document(added.id).state == "ready"


def test_bytes_lost_from_disk_are_said_and_come_back_by_adding_again(
    assistant: str, home: Path
) -> None:
    added = retrieval.add(assistant, "a.md", HOURS)
    (home / "documents" / added.digest).unlink()
    retrieval.process_waiting()
    assert retrieval.document(added.id).state == "failed"
    assert retrieval.add(assistant, "a.md", HOURS, now=True).state == "ready"


def test_documents_come_newest_first_a_page_at_a_time(assistant: str, other_assistant: str) -> None:
    for n in range(5):
        with clock.held(clock.now() + timedelta(seconds=n)):
            retrieval.add(assistant, f"{n}.md", HOURS)
    retrieval.add(other_assistant, "x.md", HOURS)
    first = retrieval.documents(assistant, limit=3)
    rest = retrieval.documents(assistant, limit=3, after=first[-1].id)
    assert [row.name for row in first + rest] == ["4.md", "3.md", "2.md", "1.md", "0.md"]


def test_an_offset_knows_its_page(assistant: str) -> None:
    added = retrieval.add(assistant, "a.pdf", pdf(["Um texto.", "Dois textos."]), now=True)
    offset = retrieval.text(added.id).index("Dois")
    assert (retrieval.page_of(added, 0), retrieval.page_of(added.id, offset)) == (1, 2)
    text = retrieval.add(assistant, "a.md", HOURS, now=True)
    assert retrieval.page_of(text, 3) is None


def test_chunks_and_what_the_index_must_do_come_together(assistant: str) -> None:
    added = retrieval.add(assistant, "a.md", HOURS)
    with db.session() as session:
        assert session.scalars(select(IndexChange)).all() == []
    retrieval.process_waiting()
    with db.session() as session:
        changes = [(c.document_id, c.change) for c in session.scalars(select(IndexChange))]
    assert changes == [(added.id, "add")]
