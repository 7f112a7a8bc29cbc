"""A write is there whole or not at all, and a refusal of the machine is a sentence."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from core import db
from core.db.tables import Person
from core.errors import Unavailable


def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing_behind(home: Path) -> None:
    with pytest.raises(Unavailable, match="full") as refused:
        _write_more_than_fits()
    db.close()
    assert refused.value.code == "database_failed"
    assert "ciclo doctor" in refused.value.hint
    with db.session() as session:
        assert session.scalars(select(Person.name).where(Person.name == "Ana")).all() == []


def _write_more_than_fits() -> None:
    with db.writing() as session:
        session.execute(sql("PRAGMA max_page_count = 1"))  # as large as it is, and no larger
        session.add(Person(name="Ana"))
        session.add(Person(name="Bia", preferences={"much": "x" * 1_000_000}))
