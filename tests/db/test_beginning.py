"""How a transaction begins on SQLite: at once or with a sentence, and never unseen when it waits."""

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from core import db
from core.db.tables import Person
from core.errors import Unavailable


def test_a_lock_that_others_hold_too_long_is_told_in_a_sentence_and_leaves_nothing_behind(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(home / "ciclo.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked") as refused:
            _write()
        with db.session() as session:  # readers do not wait for it
            assert session.scalars(select(Person.name)).all() == []
    assert refused.value.code == "database_failed"
    _write()


def _write() -> None:
    with db.writing() as session:
        session.add(Person(name="Ana"))


def test_a_transaction_that_waits_long_for_its_turn_is_logged(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("core.clock.seconds", count().__next__)  # each look is a second later
    _write()
    assert "BEGIN IMMEDIATE" in [getattr(one, "statement", "") for one in caplog.records]
