"""The demo month: asked for real, marked as sample data, there once, gone in one step."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core import assistants, clock, db, demo
from core.db.tables import (
    ApprovedAnswer,
    Assistant,
    Base,
    Conversation,
    Document,
    Feedback,
    Item,
    Judgement,
    Message,
    Person,
)


def _count(table: type[Base], *conditions: object) -> int:
    with db.session() as session:
        query = select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
        return session.scalar(query) or 0


@pytest.mark.slow
def test_the_demo_is_asked_for_real_and_goes_in_one_step(home: Path) -> None:
    steps: list[tuple[int, int]] = []
    loaded = demo.load(lambda done, total: steps.append((done, total)))
    assert loaded.assistants == 5
    assert 190 <= loaded.questions <= 230
    assert steps[-1] == (loaded.conversations + loaded.judged,) * 2

    _everything_is_marked()
    _every_answer_came_from_the_engine(loaded.questions + loaded.judged)
    _the_memory_knows_what_truly_holds(loaded.judged)
    _spread_over_the_last_month()
    assert _count(Feedback) >= 40

    again = demo.load()
    asked = loaded.questions + loaded.judged
    assert (again.conversations, _count(Message)) == (loaded.conversations, 2 * asked)
    assert _count(Judgement) == _count(ApprovedAnswer) == loaded.judged

    demo.remove()
    for table in (Conversation, Message, Feedback, Document, Judgement, ApprovedAnswer):
        assert _count(table) == 0
    assert _count(Assistant, Assistant.removed_at.is_(None)) == 0
    assert _count(Person, Person.name == demo.REVIEWER) == 0


def _everything_is_marked() -> None:
    assert _count(Conversation, Conversation.is_sample.is_(False)) == 0
    assert _count(Document, Document.is_sample.is_(False)) == 0
    assert _count(Assistant, Assistant.sample == "") == 0


def _every_answer_came_from_the_engine(questions: int) -> None:
    assert (
        _count(Message, Message.role == "assistant", Message.version_id.is_not(None)) == questions
    )
    assert _count(Message, Message.outcome == "error") == 0
    assert _count(Message, Message.outcome == "answered") >= 0.6 * questions
    assert _count(Message, Message.outcome.in_(("not_found", "related"))) >= 0.05 * questions


def _the_memory_knows_what_truly_holds(judged: int) -> None:
    with db.session() as session:
        rows = list(session.scalars(select(ApprovedAnswer)))
    assert len(rows) == judged == 80
    assert len([row for row in rows if not row.corrected]) >= 0.8 * judged
    assert all(row.passages for row in rows)
    answers = {
        row["answer"]
        for s in assistants.samples()
        for row in assistants.questions(s.slug)
        if row["kind"] == "question"
    }
    assert {row.answer for row in rows if row.corrected} <= answers
    assert _count(Item, Item.state == "done") == judged
    assert _count(Item, Item.state == "pending") >= 20  # people still have something to judge


def _spread_over_the_last_month() -> None:
    of_month = ~Conversation.external_id.contains(":test:")
    with db.session() as session:
        moments = select(Message.created_at).join(Conversation).where(of_month)
        ordered = sorted(session.scalars(moments))
    first, last = ordered[0], ordered[-1]
    now = datetime.now(UTC)
    assert now - timedelta(days=31) < first < now - timedelta(days=25)
    assert last <= clock.now()
