"""What is read again and again is found by an index: a page stays quick when the tables grow.

These are SQLite's plans; PostgreSQL makes its own from figures of the tables (bench/ measures it).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from core import chat, clock, db, loop
from core.api.routes import stats

Plans = Callable[[], list[str]]


@pytest.fixture
def plans(home: Path) -> Plans:
    """How SQLite went about every query since the test began."""
    asked: list[tuple[str, Any]] = []

    def note(connection: object, cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    event.listen(db.engine(), "before_cursor_execute", note)
    return lambda: [line for statement, values in asked for line in _explained(statement, values)]


def _explained(statement: str, values: Any) -> list[str]:
    connection = db.engine().raw_connection()
    try:
        rows = connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
        return [str(row[3]) for row in rows]
    finally:
        connection.close()


def test_looking_for_abandoned_answers_reads_no_other(plans: Plans) -> None:
    chat.close_abandoned()
    read = [line for line in plans() if line.startswith(("SCAN", "SEARCH"))]
    assert read
    assert [line for line in read if "answers_under_lease" not in line] == []


def test_a_person_s_newest_conversations_are_found_without_sorting_all(plans: Plans) -> None:
    chat.conversations(person_id="somebody")
    assert [line for line in plans() if "conversations_of_a_person" not in line] == []


@pytest.mark.parametrize("counting", [loop.snapshot, stats.routed])
def test_counts_read_indexes_and_neither_texts_nor_single_rows(
    plans: Plans, counting: Callable[[], object]
) -> None:
    counting()
    big = [line for line in plans() if "messages" in line or "feedback" in line]
    assert big
    assert [line for line in big if line.startswith("SCAN") and " INDEX " not in line] == []
    assert [line for line in plans() if "sqlite_autoindex" in line] == []


@pytest.mark.parametrize(
    "wanted", [{}, {"assistant_id": "a"}, {"outcome": "error"}, {"sample": True}], ids=str
)
def test_the_newest_traces_are_read_in_order_whatever_they_have_in_common(
    plans: Plans, wanted: dict[str, Any]
) -> None:
    chat.traces(chat.Wanted(**wanted), after=(clock.now(), "m"))
    read = [line for line in plans() if "messages " in line]
    assert [line for line in read if "ix_messages_created_at" in line]
    assert [line for line in plans() if line == "USE TEMP B-TREE FOR ORDER BY"] == []
