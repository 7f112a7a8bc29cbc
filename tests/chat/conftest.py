"""An assistant with one document, and the fake model at hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import assistants, registry, retrieval
from core.db.tables import Assistant
from core.llm import fake

HOURS = """# Horários

A loja abre de segunda a sexta, das 9h às 18h.

Aos sábados a loja abre das 9h às 13h.

## Trocas

O prazo de troca é de 30 dias corridos, com a nota fiscal.
"""


@pytest.fixture
def assistant(home: Path) -> Assistant:
    """An assistant that quotes one document about opening hours."""
    made = assistants.create("Loja", language="pt-BR")
    retrieval.add(made.id, "horarios.md", HOURS.encode(), now=True)
    return made


@pytest.fixture
def spoken(assistant: Assistant) -> Iterator[Assistant]:
    """The same assistant, answered by the fake model."""
    fake.reset()
    registry.choose_model(assistant.id, "fake:echo")
    yield assistant
    fake.reset()
