"""A changed file is the next version of its document; what serves serves on until it is read."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import clock, db, retrieval
from core.db.tables import Chunk, Document, DocumentVersion
from core.errors import NotFound
from tests.retrieval.conftest import pdf

OLD = b"# Pre\xc3\xa7os\n\nO plano custa R$ 90 por m\xc3\xaas.\n"
NEW = b"# Pre\xc3\xa7os\n\nO plano custa R$ 95 por m\xc3\xaas.\n"
BROKEN = b"%PDF-1.7\nthis is no PDF"


def said(assistant_id: str, question: str = "quanto custa o plano") -> list[str]:
    """What search finds, with the versions it is from."""
    found = retrieval.search(question, assistant_id=assistant_id).passages
    return [f"{one.version}: {one.text.splitlines()[-1]}" for one in found]


def test_other_content_is_the_next_version_of_the_same_document(assistant: str) -> None:
    first = retrieval.add(assistant, "precos.md", OLD, now=True)
    second = retrieval.add(assistant, "precos.md", NEW, now=True)
    assert second.id == first.id
    assert (first.version, second.version) == (1, 2)
    assert [row.number for row in retrieval.versions(first.id)] == [2, 1]
    assert retrieval.text(first.id) == NEW.decode()
    assert retrieval.text(first.id, 1) == OLD.decode()


def test_the_old_version_serves_until_the_new_one_is_read(assistant: str) -> None:
    retrieval.add(assistant, "precos.md", OLD, now=True)
    waiting = retrieval.add(assistant, "precos.md", NEW)
    assert (waiting.state, waiting.version, waiting.newest) == ("queued", 1, 2)
    assert said(assistant) == ["1: O plano custa R$ 90 por mês."]
    retrieval.process_waiting()
    assert said(assistant) == ["2: O plano custa R$ 95 por mês."]
    assert retrieval.chunk_count(assistant) == 1


def test_a_new_version_that_cannot_be_read_leaves_the_old_one_and_says_why(assistant: str) -> None:
    first = retrieval.add(assistant, "precos.pdf", pdf(["O plano custa R$ 90."]), now=True)
    failed = retrieval.add(assistant, "precos.pdf", BROKEN, now=True)
    assert (failed.id, failed.state, failed.version) == (first.id, "failed", 1)
    assert failed.error_code == "damaged"
    assert said(assistant) == ["1: O plano custa R$ 90."]
    assert retrieval.text(first.id) == "O plano custa R$ 90."


def test_what_was_never_read_does_not_count_as_a_version(assistant: str) -> None:
    first = retrieval.add(assistant, "precos.pdf", pdf(["O plano custa R$ 90."]), now=True)
    retrieval.add(assistant, "precos.pdf", BROKEN, now=True)
    good = retrieval.add(assistant, "precos.pdf", pdf(["O plano custa R$ 95."]), now=True)
    assert (good.state, good.version, good.error) == ("ready", 2, "")
    assert [row.state for row in retrieval.versions(first.id)] == ["ready", "ready"]


def test_adding_what_serves_takes_a_failed_successor_back(assistant: str) -> None:
    good = pdf(["O plano custa R$ 90."])
    retrieval.add(assistant, "precos.pdf", good, now=True)
    retrieval.add(assistant, "precos.pdf", BROKEN, now=True)
    again = retrieval.add(assistant, "precos.pdf", good)
    assert (again.state, again.version, again.newest, again.error) == ("ready", 1, 1, "")
    assert retrieval.content(again.id) == good


def test_an_earlier_content_that_returns_is_a_version_of_its_own(assistant: str) -> None:
    for data in (OLD, NEW, OLD):
        document = retrieval.add(assistant, "precos.md", data, now=True)
    assert document.version == 3
    assert said(assistant) == ["3: O plano custa R$ 90 por mês."]


def test_a_reader_that_is_overtaken_leaves_nothing_behind(assistant: str) -> None:
    from core.retrieval import waiting

    document = retrieval.add(assistant, "precos.md", OLD)
    slow = waiting._claimed(document.id)
    assert slow
    retrieval.add(assistant, "precos.md", NEW, now=True)
    waiting._finish(slow, waiting._end(slow))
    assert said(assistant) == ["1: O plano custa R$ 95 por mês."]
    assert retrieval.document(document.id).state == "ready"


def test_a_versions_page_is_told_for_its_own_text(assistant: str) -> None:
    first = retrieval.add(assistant, "a.pdf", pdf(["Um texto.", "Dois textos."]), now=True)
    retrieval.add(assistant, "a.pdf", pdf(["Um texto mais longo que os dois."]), now=True)
    assert retrieval.page_of(first, 12, version=1) == 2
    assert retrieval.page_of(first, 12) == 1


def test_the_difference_is_that_from_the_version_before(assistant: str) -> None:
    document = retrieval.add(assistant, "precos.md", OLD, now=True)
    retrieval.add(assistant, "precos.md", NEW, now=True)
    found = retrieval.diff(document.id)
    assert (found.a, found.b, found.added, found.removed) == (1, 2, 1, 1)
    assert [(one.mark, one.text) for one in found.lines if one.mark != " "] == [
        ("-", "O plano custa R$ 90 por mês."),
        ("+", "O plano custa R$ 95 por mês."),
    ]
    backwards = retrieval.diff(document.id, 2, 1)
    assert [one.text for one in backwards.lines if one.mark == "+"] == [
        "O plano custa R$ 90 por mês."
    ]


def test_a_version_that_is_not_there_is_not_found(assistant: str) -> None:
    document = retrieval.add(assistant, "precos.md", OLD)
    with pytest.raises(NotFound):
        retrieval.diff(document.id)
    with pytest.raises(NotFound):
        retrieval.text(document.id, 7)
    assert retrieval.text(document.id) == ""


def test_the_file_of_a_version_goes_when_its_successor_serves_its_text_stays(
    assistant: str, home: Path
) -> None:
    document = retrieval.add(assistant, "precos.md", OLD, now=True)
    retrieval.add(assistant, "precos.md", NEW)
    retrieval.purge()
    assert len(list((home / "documents").iterdir())) == 2
    retrieval.process_waiting()
    retrieval.purge()
    (left,) = (home / "documents").iterdir()
    assert left.read_bytes() == NEW
    assert retrieval.text(document.id, 1) == OLD.decode()


def test_half_written_files_are_swept_away_after_an_hour(assistant: str, home: Path) -> None:
    retrieval.add(assistant, "precos.md", OLD, now=True)
    half = home / "documents" / ".half"
    half.write_bytes(b"O plano cus")
    retrieval.purge()
    assert half.exists()  # somebody may be writing it
    with clock.held(clock.now() + timedelta(hours=2)):
        retrieval.purge()
    assert not half.exists()
    assert retrieval.search("plano", assistant_id=assistant).passages


def test_versions_go_with_their_document(assistant: str) -> None:
    document = retrieval.add(assistant, "precos.md", OLD, now=True)
    retrieval.add(assistant, "precos.md", NEW, now=True)
    retrieval.remove(document.id)
    with clock.held(clock.now() + timedelta(hours=25)):
        retrieval.purge()
    with db.session() as session:
        for table in (Document, DocumentVersion, Chunk):
            assert session.scalars(select(table)).all() == []
