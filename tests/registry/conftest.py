"""An assistant, and a fake Ollama that comes and goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import assistants
from core.config import settings
from core.db.tables import Assistant
from core.registry import sight
from tests.fake_ollama import FakeOllama


@pytest.fixture
def assistant(home: Path) -> Assistant:
    """A fresh assistant."""
    return assistants.create("Loja")


@pytest.fixture
def ollama(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOllama]:
    """A running server with one model, which the settings point at."""
    with FakeOllama() as server:
        monkeypatch.setenv("CICLO_OLLAMA_URL", server.url)
        settings.cache_clear()
        yield server


@pytest.fixture(autouse=True)
def _unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees what another has seen of a server."""
    monkeypatch.setattr(sight, "_last", None)
