"""The documents' files: kept whole or not at all."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.errors import Unavailable
from core.retrieval import files


@contextmanager
def _no_file_beyond(size: int) -> Iterator[None]:
    """As on a disk that fills up: a file's first ``size`` bytes are taken, what follows is not."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_that_does_not_fit_is_refused_in_a_sentence_and_leaves_nothing(home: Path) -> None:
    data = b"x" * 2_000_000
    with _no_file_beyond(1_000_000), pytest.raises(Unavailable) as refused:
        files.keep(data, files.digest_of(data))
    assert refused.value.code == "disk_failed"
    assert str(home) in refused.value.hint
    assert list((home / "documents").iterdir()) == []


def test_a_file_that_did_not_fit_is_kept_once_there_is_room(home: Path) -> None:
    data = b"x" * 2_000_000
    digest = files.digest_of(data)
    with _no_file_beyond(1_000_000), pytest.raises(Unavailable):
        files.keep(data, digest)
    files.keep(data, digest)
    assert files.path(digest).read_bytes() == data
