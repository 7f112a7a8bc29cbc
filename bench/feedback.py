"""What people said, 100,000 times (COUNT): listing, counting, exporting, and the time it takes.

Prints medians and worst of some runs. Each answer has one rating, every tenth a problem flag; every
twentieth conversation stars. Answers cite one or two sections of 200.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

COUNT = int(os.environ.get("COUNT", "100000"))
TURNS = 5  # answers of a conversation
SECTIONS = 200
RUNS = 5


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home, "CICLO_OLLAMA_URL": "http://127.0.0.1:9"}
        os.environ |= {"CICLO_LOG_LEVEL": "error"}
        fill(COUNT)
        _measure()


def fill(count: int) -> tuple[str, str]:
    """(assistant, version) of ``count`` rated answers, in the database of the present home."""
    from sqlalchemy import insert

    from core import access, assistants, db, registry
    from core.db import migrate, tables

    migrate.upgrade()
    assistant = assistants.create("Large")
    version = registry.route(assistant.id).version.id
    people = [access.person(f"Person {n}").id for n in range(20)]
    rows: dict[Any, list[dict[str, Any]]] = {
        table: []
        for table in (
            *(tables.Conversation, tables.Message, tables.Passage, tables.Citation),
            *(tables.Feedback, tables.Flag, tables.ConversationRating),
        )
    }
    chance = random.Random(4)
    for n in range(count):
        _turn(rows, n, assistant.id, version, chance, people)
    with db.writing() as session:
        for table, values in rows.items():
            session.execute(insert(table), values)
    return assistant.id, version


def _turn(
    rows: dict[Any, list[dict[str, Any]]],
    n: int,
    assistant: str,
    version: str,
    chance: random.Random,
    people: list[str],
) -> None:
    from core import clock, feedback
    from core.db import tables

    at = clock.now() - timedelta(minutes=n / COUNT * 90 * 24 * 60)
    talk, question, answer = f"c{n // TURNS}", f"q{n}", f"a{n}"
    if n % TURNS == 0:
        rows[tables.Conversation].append(
            {"id": talk, "assistant_id": assistant, "leaf_id": answer, "created_at": at}
        )
        if n % (20 * TURNS) == 0:
            rows[tables.ConversationRating].append(
                {"conversation_id": talk, "person_id": people[0], "created_at": at}
                | {"stars": chance.randint(1, 5), "solved": chance.random() < 0.7}
            )
    told = {"conversation_id": talk, "created_at": at}
    rows[tables.Message].append(
        told
        | {"id": question, "role": "user", "text": f"Pergunta {n} sobre a entrega?"}
        | {"parent_id": None, "version_id": None, "outcome": None}
    )
    rows[tables.Message].append(
        told
        | {"id": answer, "role": "assistant", "text": "A resposta, com o que se sabe. " * 8}
        | {"parent_id": question, "version_id": version, "outcome": "answered"}
    )
    for rank in range(1 + n % 2):
        section, passage = chance.randrange(SECTIONS), f"p{n}-{rank}"
        rows[tables.Passage].append(
            {"id": passage, "message_id": answer, "rank": rank, "start": 0, "end": 9, "score": 1.0}
            | {"document_name": f"{section // 10}.md", "heading": f"Seção {section}"}
            | {"text": "O que o documento diz."}
        )
        rows[tables.Citation].append(
            {"message_id": answer, "passage_id": passage, "number": rank + 1, "quote": "diz"}
            | {"answer_start": rank, "answer_end": rank + 3, "start": 0, "end": 3}
        )
    up = chance.random() < 0.8
    reasons = feedback.UP_REASONS if up else feedback.DOWN_REASONS
    said = {"message_id": answer, "person_id": chance.choice(people), "created_at": at}
    rows[tables.Feedback].append(
        said
        | {"rating": "up" if up else "down", "reasons": chance.sample(reasons, 2)}
        | {"comment": "Não era isso que eu perguntei." if n % 7 == 0 else ""}
    )
    if n % 10 == 0:
        rows[tables.Flag].append(said | {"problem": chance.choice(feedback.PROBLEMS), "text": "?"})


def _measure() -> None:
    from core import clock, feedback
    from core.feedback import Wanted

    month = Wanted(since=clock.now() - timedelta(days=30))
    rare = Wanted(topic="7.md › Seção 77")
    _timed("first page", lambda: feedback.listing(limit=51))
    deep = feedback.listing(limit=2_000)[-1]
    _timed("a page further on", lambda: feedback.listing(after=(deep.created_at, deep.id)))
    _timed(
        "page by rating and reason", lambda: feedback.listing(Wanted(rating="down", reason="tone"))
    )
    _timed("page by a word", lambda: feedback.listing(Wanted(text="pergunta 99999")))
    _timed("page by a topic", lambda: feedback.listing(rare))
    for by in feedback.BY:
        _timed(f"counted by {by}, 30 days", partial(feedback.counts, by, month))
        _timed(f"counted by {by}, all", partial(feedback.counts, by))
    for format in ("csv", "jsonl"):
        _timed(f"export as {format}", partial(_exported, format), 1)


def _exported(format: str) -> int:
    from core import feedback

    return sum(map(len, feedback.export(format)))


def _timed(what: str, act: Callable[[], Any], runs: int = RUNS) -> None:
    took = []
    for _again in range(runs):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    print(f"{what:<34} p50 {statistics.median(took):8.1f} ms    max {max(took):8.1f} ms")


if __name__ == "__main__":
    main()
