"""An assistant to add documents to."""

from pathlib import Path

import pytest

from core import db
from core.db.tables import Assistant


def new_assistant(name: str) -> str:
    """The id of a new, empty assistant."""
    with db.writing() as session:
        made = Assistant(name=name)
        session.add(made)
    return made.id


@pytest.fixture
def assistant(home: Path) -> str:
    return new_assistant("Suporte")
