"""A zip that somebody made, perhaps to harm."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assistants import archive
from core.assistants.archive import read_zip
from core.config import settings
from core.errors import InvalidInput

TOML = "name = 'Loja'"


def zipped(*files: tuple[str, str | bytes], pack: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", pack) as opened:
        for name, data in files:
            opened.writestr(name, data)
    return packed.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "documents/../../evil.md",
        "../evil.md",
        "/documents/evil.md",
        "documents/..\\evil.md",
        "documents//evil.md",
        "documents/./evil.md",
        "documents/._evil.md",
        "documents/.DS_Store",
        "__MACOSX/documents/evil.md",
        "elsewhere/evil.md",
        "evil.md",
    ],
)
def test_what_is_not_a_plain_file_of_documents_is_not_read(name: str) -> None:
    assert read_zip(zipped(("assistant.toml", TOML), (name, "evil"))) == [
        ("assistant.toml", TOML.encode())
    ]


def test_documents_in_folders_keep_their_folders() -> None:
    files = read_zip(zipped(("documents/faq/a.md", "A"), ("assistant.toml", TOML)))
    assert [name for name, _data in files] == ["assistant.toml", "faq/a.md"]


def test_a_file_that_unpacks_to_more_than_an_upload_may_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_MAX_UPLOAD_MB", "1")
    settings.cache_clear()
    bomb = zipped(("assistant.toml", TOML), ("documents/a.md", b"0" * (2 << 20)))
    assert len(bomb) < 10_000
    with pytest.raises(InvalidInput) as caught:
        read_zip(bomb)
    assert caught.value.code == "too_large"


def test_many_files_that_are_too_much_together_are_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    files = [(f"documents/{n}.md", "x" * 400) for n in range(3)]
    with pytest.raises(InvalidInput) as caught:
        read_zip(zipped(("assistant.toml", TOML), *files))
    assert caught.value.code == "too_large"


def test_too_many_files_are_refused() -> None:
    files = [(f"documents/{n}.md", "x") for n in range(archive.MOST_FILES + 1)]
    with pytest.raises(InvalidInput) as caught:
        read_zip(zipped(("assistant.toml", TOML), *files, pack=zipfile.ZIP_STORED))
    assert caught.value.code == "too_large"


def test_a_zip_without_a_definition_is_refused_with_what_belongs_in_it() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_zip(zipped(("documents/a.md", "A")))
    assert caught.value.code == "no_assistant_toml"
    assert "assistant.toml" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + b"\x00" * 30])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_zip(data)
    assert caught.value.code == "damaged"


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_damaged_zip_is_read_or_refused_and_nothing_else(at: int, change: int) -> None:
    data = bytearray(zipped(("assistant.toml", TOML * 20), ("documents/a.md", "texto " * 50)))
    data[at % len(data)] ^= change
    with suppress(InvalidInput):
        assert read_zip(bytes(data))[0][0] == "assistant.toml"
