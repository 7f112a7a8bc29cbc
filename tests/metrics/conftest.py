"""Every test of the metrics begins without facts of another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import access, clock, i18n
from core.metrics import keeping, kept
from tests.metrics.made import LATER


@pytest.fixture(autouse=True)
def _no_facts() -> Iterator[None]:
    keeping.forget()
    kept.forget()
    yield
    keeping.forget()
    kept.forget()


@pytest.fixture
def now(home: Path) -> Iterator[None]:
    """A day after ``NOON``, in São Paulo; a local person acts."""
    i18n.use("pt-BR", "America/Sao_Paulo")
    access.act(access.local_person())
    with clock.held(LATER):
        yield
