"""A write is there whole or not at all, and a refusal of the machine is a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from core import db
from core.db.tables import Person
from core.errors import Unavailable
from tests.conftest import ENGINES


def people() -> list[str]:
    """The names of everybody there is."""
    with db.session() as session:
        return sorted(session.scalars(select(Person.name)))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_block_that_breaks_off_leaves_nothing_behind(home: Path) -> None:
    with db.writing() as session:
        session.add(Person(name="Ana"))
    with pytest.raises(ZeroDivisionError):
        _break_off()
    assert people() == ["Ana"]


def _break_off() -> None:
    with db.writing() as session:
        session.add(Person(name="Bia"))
        session.flush()
        1 / 0  # noqa: B018


def _more_than_fits_in_sqlite() -> None:
    with db.writing() as session:
        session.execute(sql("PRAGMA max_page_count = 1"))  # as large as it is, and no larger
        session.add(Person(name="Ana"))
        session.add(Person(name="Bia", preferences={"much": "x" * 1_000_000}))


def _longer_than_postgresql_may_take() -> None:
    with db.writing() as session:
        session.add(Person(name="Ana"))
        session.flush()
        session.execute(sql("SET LOCAL statement_timeout = 5"))  # milliseconds
        session.execute(sql("SELECT pg_sleep(10)"))


@pytest.mark.parametrize(
    ("engine", "write", "reason"),
    [
        ("sqlite", _more_than_fits_in_sqlite, "full"),
        pytest.param(
            "postgresql", _longer_than_postgresql_may_take, "timeout", marks=pytest.mark.slow
        ),
    ],
)
def test_what_the_machine_refuses_is_told_in_a_sentence_and_leaves_nothing_behind(
    home: Path, write: Callable[[], None], reason: str
) -> None:
    with pytest.raises(Unavailable, match=reason) as refused:
        write()
    db.close()
    assert refused.value.code == "database_failed"
    assert "ciclo doctor" in refused.value.hint
    assert people() == []
