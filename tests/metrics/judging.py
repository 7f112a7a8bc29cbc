"""Queues, items and what was said of them, made for tests, straight in the tables."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import db
from core.db.tables import Guideline, Item, Judgement, Message, Opinion, Person, Queue, new_id
from tests.metrics.made import NOON, talk

JUDGE = "fake:judge"


def scale(name: str, *values: int) -> dict[str, Any]:
    """A criterion of a rubric."""
    points = [{"value": value, "anchor": ""} for value in values]
    return {"name": name, "title": name, "required": False, "scale": points}


RUBRIC = [scale("tone", 1, 2, 3, 4, 5), scale("correct", 1, 2, 3, 4, 5)]


class Line:
    """A queue of a shop, with a guideline."""

    def __init__(self, shop: str, rubric: list[dict[str, Any]] | None = None, **facts: Any) -> None:
        self.shop = shop
        queue = Queue(assistant_id=shop, name=new_id(), **{"judge": JUDGE} | facts)
        with db.writing() as session:
            session.add(queue)
            session.flush()
            guideline = Guideline(queue_id=queue.id, number=1, rubric=rubric or RUBRIC)
            session.add(guideline)
        self.id, self.guideline_id = queue.id, guideline.id

    def item(
        self,
        *said: dict[str, Any],
        at: datetime = NOON,
        opinion: str = "",
        model: str = JUDGE,
        gold: dict[str, Any] | None = None,
        answer: dict[str, Any] | None = None,
        **facts: Any,
    ) -> str:
        """An item that was queued ``at`` NOON and judged so (by ``review``); its conversation.

        It is done where anybody judged it, unless ``state`` is given.
        """
        conversation = talk(self.shop, answer or {}, at=at)
        with db.writing() as session:
            answers = select(Message.id).where(Message.conversation_id == conversation)
            message = session.scalars(answers.where(Message.role == "assistant")).one()
            facts = {"state": "done" if said else "pending"} | facts
            item = Item(
                queue_id=self.id,
                conversation_id=conversation,
                message_id=message,
                created_at=at,
                **facts,
            )
            session.add(item)
            session.flush()
            of = {"item_number": item.number, "guideline_id": self.guideline_id}
            for one in [*said, *([gold] if gold else [])]:
                minutes = one.pop("minutes", 1)
                when = at + timedelta(minutes=minutes)
                session.add(Judgement(**of, message_id=message, created_at=when, **one))
            if gold:
                item.gold_id = gold["id"]
            if opinion:
                told = {"queue_id": self.id, "model": model, "seconds": 1.0, "created_at": at}
                session.add(Opinion(**of, **told, verdict=opinion))
        return conversation


def review(verdict: str, minutes: float = 1, **facts: Any) -> dict[str, Any]:
    """A judgement so many minutes after the item was queued; ``tone`` and ``correct`` are scores."""
    scores = {name: facts.pop(name) for name in ("tone", "correct", "own") if name in facts}
    return {"id": new_id(), "verdict": verdict, "minutes": minutes, "scores": scores} | facts


def person(name: str) -> str:
    """A reviewer; their id."""
    row = Person(name=name)
    with db.writing() as session:
        session.add(row)
    return row.id
