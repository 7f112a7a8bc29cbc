"""A review queue filled from 100,000 conversations (COUNT).

Prints how long the first refill takes, the second, the loop's turn, a refill that takes every
conversation, and the live counts of the rules' editor; and how long somebody who rates an answer
meanwhile waits. Conversations have 2 to 24 messages; one in four is taken. "At work" is the time of
the processor, which tells on a machine that others use too.
"""

import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar

from bench import texts

COUNT = int(os.environ.get("COUNT", "100000"))
AT_ONCE = 2_000  # conversations written in one transaction
DAYS = 30
TURNS = (1, 1, 1, 1, 2, 2, 2, 3, 3, 4)  # and one conversation in twenty has 6 to 12
T = TypeVar("T")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home, "CICLO_OLLAMA_URL": "http://127.0.0.1:9"}
        os.environ |= {"CICLO_LOG_LEVEL": "error"}
        assistant_id = _filled()
        queue_id = _refills(assistant_id)
        _previews(queue_id)
        _everything(assistant_id)


def _filled() -> str:
    from core import assistants
    from core.db import migrate

    migrate.upgrade()
    assistant_id = assistants.create("Large").id
    began = time.perf_counter()
    rows = _talks(assistant_id)
    while some := list(islice(rows, AT_ONCE)):
        _write(some)
    _print(f"{COUNT} conversations written", f"{time.perf_counter() - began:8.1f} s")
    return assistant_id


Rows = dict[str, list[dict[str, Any]]]


def _talks(assistant_id: str) -> Iterator[Rows]:
    """The rows of each conversation, by table."""
    from core import clock
    from core.db import new_id

    dice, said = random.Random(0), list(texts.chunks(2_000))
    now = clock.now() - timedelta(hours=1)
    for number in range(COUNT):
        at = now - timedelta(days=DAYS * (COUNT - number) / COUNT)
        talk = {"id": new_id(), "assistant_id": assistant_id, "title": f"Pergunta {number}"}
        rows: Rows = {"conversations": [talk | {"created_at": at, "updated_at": at}]}
        turns = dice.randint(6, 12) if dice.random() < 0.05 else dice.choice(TURNS)
        parent = None
        for _turn in range(turns):
            parent = _turn_rows(dice, said, rows, talk["id"], parent, at)
        if dice.random() < 0.05:
            rating = {"conversation_id": talk["id"], "stars": dice.randint(1, 5), "created_at": at}
            rows.setdefault("conversation_ratings", []).append(
                rating | {"id": new_id(), "solved": dice.random() < 0.7}
            )
        yield rows


def _turn_rows(
    dice: random.Random, said: list[str], rows: Rows, talk: str, parent: str | None, at: Any
) -> str:
    from core.db import new_id

    plain = {"conversation_id": talk, "created_at": at, "state": "done", "provider": "embedded"}
    plain |= {"groundedness": None, "total_seconds": None, "outcome": None, "routing_reason": ""}
    asked = plain | {"id": new_id(), "parent_id": parent, "role": "user"}
    asked["text"] = dice.choice(said)[: dice.randint(30, 200)]
    answer = plain | {"id": new_id(), "parent_id": asked["id"], "role": "assistant"}
    answer |= {"text": dice.choice(said), "groundedness": min(1.0, dice.gauss(0.8, 0.25))}
    answer |= {"total_seconds": dice.expovariate(1 / 8)}
    answer["outcome"] = "cut_off" if dice.random() < 0.01 else "answered"
    answer["routing_reason"] = "fallback:busy" if dice.random() < 0.02 else "champion"
    rows.setdefault("messages", []).extend((asked, answer))
    of_answer = {"message_id": answer["id"], "created_at": at}
    if dice.random() < 0.06:
        rating = of_answer | {"id": new_id(), "rating": "down" if dice.random() < 0.4 else "up"}
        rows.setdefault("feedback", []).append(rating)
    if dice.random() < 0.01:
        rows.setdefault("problem_flags", []).append(
            of_answer | {"id": new_id(), "problem": dice.choice(("wrong_fact", "tone", "other"))}
        )
    return str(answer["id"])


def _write(some: list[Rows]) -> None:
    from sqlalchemy import insert

    from core import db
    from core.db.tables import Base

    with db.writing() as session:
        names = ("conversations", "messages", "feedback", "problem_flags", "conversation_ratings")
        for name in names:
            if rows := [row for talk in some for row in talk.get(name, ())]:
                session.execute(insert(Base.metadata.tables[name]), rows)


def _refills(assistant_id: str) -> str:
    from core import annotation

    queue_id = annotation.create_queue(assistant_id, "Large").id
    with _Rater() as rater:
        (first,) = _timed("first refill", lambda: annotation.refill(queue_id))
    _print("  taken, of these drawn at random", f"{first.new}, {first.protected}")
    _print("  a rating meanwhile", rater.told())
    (second,) = _timed("second refill, whole", lambda: annotation.refill(queue_id))
    assert (second.new, second.seen) == (0, COUNT)
    _timed("the loop's turn", annotation.keep_filled)  # its first one reads everything
    _timed("the loop's next turn", annotation.keep_filled)
    return queue_id


def _previews(queue_id: str) -> None:
    from core import annotation
    from core.annotation import rules

    usual = rules.written(rules.usual())
    for _ in range(2):
        _timed("live counts of every rule", lambda: annotation.preview(queue_id, usual))
    words = {"name": "keyword", "words": ["prazo", "devolução"], "patterns": [r"R\$ ?\d+"]}
    _timed("  with words and patterns", lambda: annotation.preview(queue_id, [*usual[:6], words]))


def _everything(assistant_id: str) -> None:
    from core import annotation

    queue_id = annotation.create_queue(assistant_id, "All", random_share=1.0).id
    (filled,) = _timed("a refill that takes all", lambda: annotation.refill(queue_id))
    assert filled.new == COUNT


class _Rater:
    """Somebody who rates an answer every 20 ms and notes how long that took."""

    def __enter__(self) -> "_Rater":
        from sqlalchemy import select

        from core import db
        from core.db.tables import Message

        with db.session() as session:
            found = select(Message.id).where(Message.role == "assistant").limit(1)
            self._answer = session.scalars(found).one()
        self._over, self._took = threading.Event(), list[float]()
        self._thread = threading.Thread(target=self._rate)
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._over.set()
        self._thread.join()

    def _rate(self) -> None:
        from core import feedback

        while not self._over.wait(0.02):
            began = time.perf_counter()
            said = str(len(self._took))
            feedback.give(self._answer, "up", person_id=None, user_id="1", comment=said)
            self._took.append((time.perf_counter() - began) * 1000)

    def told(self) -> str:
        """Its median, its 95th percentile and its longest, in ms."""
        cuts = statistics.quantiles(self._took, n=20)
        return f"p50 {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms   max {max(self._took):6.1f} ms"


def _timed(what: str, act: Callable[[], T]) -> T:
    began, worked = time.perf_counter(), time.process_time()
    done = act()
    took, worked = time.perf_counter() - began, time.process_time() - worked
    _print(what, f"{took:8.2f} s   (at work {worked:.2f} s)")
    return done


def _print(what: str, figures: str) -> None:
    print(f"{what:<34} {figures}", flush=True)


if __name__ == "__main__":
    main()
