"""An assistant with one document about opening hours, whose champion quotes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import assistants, i18n, retrieval
from core.db.tables import Assistant

HOURS = """# Horários

A loja abre de segunda a sexta, das 9h às 18h.

Aos sábados a loja abre das 9h às 13h.

## Trocas

O prazo de troca é de 30 dias corridos, com a nota fiscal.
"""


@pytest.fixture
def assistant(home: Path) -> Assistant:
    made = assistants.create("Loja", language="pt-BR")
    retrieval.add(made.id, "horarios.md", HOURS.encode(), now=True)
    return made


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are told in English."""
    with i18n.speaking("en"):
        yield
