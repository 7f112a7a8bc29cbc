"""A world of its own for every test: an empty database and home in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import config, db, retrieval
from core.db.tables import Assistant, Base


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CICLO_HOME", str(tmp_path))
    config.settings.cache_clear()
    db.close()
    Base.metadata.create_all(db.engine())
    yield tmp_path
    retrieval.close()
    db.close()
    config.settings.cache_clear()


@pytest.fixture
def assistant(home: Path) -> str:
    """The id of an empty assistant."""
    return new_assistant("Suporte")


def new_assistant(name: str) -> str:
    with db.writing() as session:
        made = Assistant(name=name)
        session.add(made)
    return made.id
