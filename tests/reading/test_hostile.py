"""Files that are out to hurt: each ends in its own sentence, in time, and leaves the index alone."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core import db, reading, retrieval
from core.config import settings
from core.db.tables import Chunk, Document, IndexChange
from core.errors import InvalidInput
from core.i18n import speaking
from tests.reading.conftest import Reads
from tests.reading.hostile import HARMLESS, HOSTILE, SENTENCES, Make
from tests.retrieval.conftest import new_assistant

pytestmark = pytest.mark.slow
QUICK, PATIENT = 2, 30  # seconds that reading may take: for what spins, and for all others
BUSY = 4  # seconds more for all else that a busy machine does meanwhile


@pytest.fixture
def limited(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets how many seconds reading may take."""

    def limit(seconds: int) -> None:
        monkeypatch.setenv("CICLO_READ_SECONDS", str(seconds))
        monkeypatch.setenv("CICLO_READ_MEMORY_MB", "768")
        settings.cache_clear()

    return limit


def stored() -> list[object]:
    """All that search goes by."""
    with db.session() as session:
        return [session.query(Chunk.text).all(), session.query(IndexChange.number).all()]


@pytest.mark.parametrize(("name", "make", "code"), HOSTILE, ids=[name for name, *_ in HOSTILE])
def test_a_hostile_file_ends_in_its_sentence_in_time(
    limited: Callable[[int], None], name: str, make: Make, code: str
) -> None:
    seconds = QUICK if code == "too_slow" else PATIENT
    limited(seconds)
    assistant, data = new_assistant("Loja"), make()
    retrieval.add(assistant, "bom.md", b"O frete custa R$ 10.", now=True)
    before, began = stored(), time.monotonic()
    found, message = outcome(assistant, name, data)
    assert time.monotonic() - began < seconds + BUSY
    english, portuguese = (text.format(name=name) for text in SENTENCES[code])
    assert (found, message) == (code, portuguese)
    if code != "too_large":
        with speaking("en"):
            assert reading.refusal(code, name).message == english
            assert reading.refusal(code, name).hint
    assert stored() == before
    assert retrieval.search("frete", assistant_id=assistant).passages[0].document_name == "bom.md"


def outcome(assistant: str, name: str, data: bytes) -> tuple[str, str]:
    """The code and the sentence of a refusal, at once or after reading."""
    try:
        document = retrieval.add(assistant, name, data, now=True)
    except InvalidInput as refused:
        assert name not in [one.name for one in retrieval.documents()]
        return refused.code, refused.message
    assert document.state == "failed"
    return document.error_code, document.error


def test_every_code_has_a_hostile_file() -> None:
    assert {code for _name, _make, code in HOSTILE} == SENTENCES.keys()
    assert reading.REFUSALS.keys() == SENTENCES.keys() - {"too_large"}


@pytest.mark.parametrize(("name", "make", "never"), HARMLESS, ids=[name for name, *_ in HARMLESS])
def test_a_strange_file_that_does_no_harm_is_read(
    reads: Reads, name: str, make: Make, never: str
) -> None:
    text = reads(make(), name)[0].text
    assert "Texto" in text
    assert not never or never not in text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/cron.d/a.md", "etc/cron.d/a.md"),
        ("..\\..\\a.md", "a.md"),
        ("nota\u202efdp.md", "notafdp.md"),
        ("a\x1b[2J\x00\r\n.md", "a[2J.md"),
        ("ção\u200b.md", "ção.md"),
    ],
)
def test_a_name_is_made_harmless(home: Path, given: str, kept: str) -> None:
    document = retrieval.add(new_assistant("Loja"), given, b"texto")
    assert document.name == kept
    assert [path.name for path in (home / "documents").iterdir()] == [document.digest]


@pytest.mark.parametrize("name", ["a" * 298 + ".md", "../..", "\u202e"])
def test_a_name_too_long_or_of_nothing_is_refused(home: Path, name: str) -> None:
    assistant = new_assistant("Loja")
    with pytest.raises(InvalidInput) as refused:
        retrieval.add(assistant, name, b"texto")
    assert refused.value.code == "bad_name"
    with db.session() as session:
        assert session.query(Document).count() == 0
