"""An assistant with a document and starter questions, and a fake Ollama that comes and goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import assistants, retrieval
from core.config import settings
from core.db.tables import Assistant
from core.i18n import speaking
from core.registry import sight
from tests.fake_ollama import FakeModel, FakeOllama

HOURS = """# Horários

O suporte atende de segunda a sexta, das 9h às 18h.

Aos sábados o suporte atende das 9h às 13h, só por e-mail.
"""
SATURDAYS = "Qual é o horário do suporte aos sábados?"


@pytest.fixture
def desk(home: Path) -> Assistant:
    """An assistant with one document and two starter questions."""
    made = assistants.create("Suporte", starters=[SATURDAYS, "Quando o suporte atende?"])
    retrieval.add(made.id, "horarios.md", HOURS.encode(), now=True)
    return made


@pytest.fixture
def ollama(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOllama]:
    """A running server with one model, which answers from the document."""
    says = "Aos sábados o suporte atende das 9h às 13h, só por e-mail [1]."
    with FakeOllama(models=[FakeModel("llama3.2:latest")], says=says) as server:
        monkeypatch.setenv("CICLO_OLLAMA_URL", server.url)
        settings.cache_clear()
        yield server


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sentences in one language, and no test sees what another has seen of a server."""
    monkeypatch.setattr(sight, "_last", None)
    with speaking("en"):
        yield
