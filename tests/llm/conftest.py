"""A fake Ollama that the settings point at, and a fake model with an empty script."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.config import settings
from tests.fake_ollama import FakeOllama

SILENCE = "0.8"  # longer than a busy machine needs for a word


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOllama]:
    """A server with one model; answers may be silent for 0.8 s."""
    with FakeOllama() as running:
        monkeypatch.setenv("CICLO_OLLAMA_URL", running.url)
        monkeypatch.setenv("CICLO_ANSWER_SILENCE_S", SILENCE)
        monkeypatch.setenv("CICLO_ANSWER_LOADING_S", SILENCE)
        settings.cache_clear()
        yield running
