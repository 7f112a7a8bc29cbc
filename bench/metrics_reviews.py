"""The metrics of reviews at 100,000 judged answers: how long their figures take.

Prints, on SQLite: the first reading of all facts; a start from the file on disk; all measures of reviews
of a view for the first time, again, and of another view; one over time and split; and after another
judgement came. ``BENCH_ITEMS`` makes it smaller.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

ITEMS = int(os.environ.get("BENCH_ITEMS", "100000"))
MONTH = 29 * 86_400.0


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home, "CICLO_DATABASE_URL": ""}
        from core import access
        from core.db import migrate

        migrate.upgrade()
        access.act(access.local_person())
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs, {ITEMS:,} judged answers")
        _judged()
        _measure()


def _judged() -> None:
    """Conversations of one answer, each judged by one of eight, and by a model."""
    from sqlalchemy import insert, select
    from sqlalchemy import text as sql

    from bench import reviewers
    from core import assistants, db
    from core.annotation import DEFAULT_RUBRIC
    from core.db.tables import Guideline, Item, Judgement, Message, Opinion, Person, Queue

    shop = assistants.create("Loja").id
    reviewers.conversations(shop, ITEMS)
    with db.writing() as session:
        queue = Queue(assistant_id=shop, name="Fila", judge="fake:judge")
        people = [Person(name=f"Pessoa {n}") for n in range(8)]
        session.add_all([queue, *people])
        session.flush()
        guideline = Guideline(queue_id=queue.id, number=1, rubric=DEFAULT_RUBRIC)
        session.add(guideline)
        session.flush()
        answers = select(Message.id, Message.conversation_id).where(Message.role == "assistant")
        ids = [person.id for person in people]
        rows = [
            _one(n, *found, queue.id, guideline.id, ids)
            for n, found in enumerate(session.execute(answers).all(), 1)
        ]
        for table, told in zip((Item, Judgement, Opinion), zip(*rows, strict=True), strict=True):
            session.execute(insert(table), list(told))
        session.execute(sql("UPDATE conversation_changes SET changed_ms = 1000 * rowid"))


def _one(n: int, message: str, talk: str, queue: str, guideline: str, people: list[str]) -> Any:
    from core import clock

    dice = random.Random(n)
    at = clock.now() - timedelta(seconds=dice.random() * MONTH)
    verdict = dice.choices(("approved", "corrected", "rejected"), (8, 1, 1))[0]
    scores = {name: dice.randint(1, 5) for name in ("correct", "complete", "tone", "clarity")}
    item = {"number": n, "queue_id": queue, "conversation_id": talk, "message_id": message}
    item |= {"state": "done", "protected": dice.random() < 0.1, "created_at": at}
    of = {"item_number": n, "guideline_id": guideline, "verdict": verdict, "scores": scores}
    judged = of | {"message_id": message, "person_id": dice.choice(people)}
    judged["created_at"] = at + timedelta(seconds=dice.random() * 80_000)
    return item, judged, of | {"queue_id": queue, "model": "fake:judge", "seconds": 1.0}


def _measure() -> None:
    from core import metrics
    from core.metrics import keeping, snapshot
    from core.metrics.review_measures import REVIEW_MEASURES

    names, view = [one.name for one in REVIEW_MEASURES], metrics.View()
    _said("all facts read for the first time", keeping.current)
    snapshot.save(keeping.current())
    keeping.forget()
    _said("a start from the file", keeping.current)
    overview = partial(metrics.overview, names=names)
    _said("all measures of reviews, first", partial(overview, view))
    _said("  again", partial(overview, view))
    for period in ("7d", "90d", "365d"):
        _said(f"  of {period}", partial(overview, metrics.View(period=period)))
    _said("  narrowed", partial(overview, view.narrowed(outcome="answered")))
    for name in ("accuracy", "waiting", "judge_kappa"):
        _said(f"{name} over time", partial(metrics.series, name, view))
    for name, by in (("accuracy", "version"), ("quality", "criterion")):
        _said(f"{name} by {by}", partial(metrics.breakdown, name, by, view))
    _another()
    _said("all after another judgement", partial(overview, view))


def _another() -> None:
    from sqlalchemy import select

    from core import db
    from core.db.tables import Item, Judgement

    with db.writing() as session:
        message = session.scalars(select(Item.message_id).where(Item.number == 1)).one()
        session.add(Judgement(item_number=1, message_id=message, verdict="rejected"))


def _said(title: str, what: Callable[[], Any]) -> None:
    begun = time.perf_counter()
    what()
    print(f"{title:<40} {(time.perf_counter() - begun) * 1000:9.1f} ms", flush=True)


if __name__ == "__main__":
    main()
