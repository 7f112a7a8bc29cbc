"""Reviewers in many processes and threads against one queue, some of whom stall, repeat or are killed.

``play`` lets them judge until the queue is done, with kill -9 at random moments, and gives a
``Record`` of what they were told. ``Record.faults`` compares it with the database: a claim given
twice, an item with more judgements than it takes, a judgement that was acknowledged and is gone, a
superseded one that was taken. Run as a program it is one process of reviewers.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
IDLE = 0.05  # seconds until one looks again where nothing waits just now
GIVE_UP = 900  # seconds after which a run has failed


@dataclass
class Record:
    """What the reviewers wrote down, line by line as it happened; ``seconds`` the whole run took."""

    lines: list[dict[str, Any]]
    seconds: float
    kills: int
    times: list[float] = field(default_factory=list)

    def told(self, *kinds: str) -> list[dict[str, Any]]:
        """The lines of these kinds."""
        return [line for line in self.lines if line["kind"] in kinds]

    def counts(self) -> Counter[str]:
        """How many lines there are of each kind."""
        return Counter(line["kind"] for line in self.lines)

    def faults(self, queue_id: str, per_item: int) -> dict[str, int]:
        """How often the queue broke a promise, by promise; all zero where it kept them."""
        return _faults(self, queue_id, per_item)


def conversations(assistant_id: str, n: int) -> list[str]:
    """Conversations of one question and one answer, written straight into the tables; their ids."""
    from sqlalchemy import insert

    from core import clock, db
    from core.db.tables import Conversation, Message, new_id

    moment = clock.now()
    ids = [(new_id(), new_id(), new_id()) for _each in range(n)]
    at = {"created_at": moment}
    talks = [
        {"id": talk, "assistant_id": assistant_id, "leaf_id": answer, "updated_at": moment, **at}
        for talk, _question, answer in ids
    ]
    asked = [
        {"id": question, "conversation_id": talk, "role": "user", "text": f"Pergunta {n}?", **at}
        for n, (talk, question, _answer) in enumerate(ids)
    ]
    given = [
        {
            **{"id": answer, "conversation_id": talk, "parent_id": question, "role": "assistant"},
            **{"text": f"Resposta {n}.", "outcome": "answered", **at},
        }
        for n, (talk, question, answer) in enumerate(ids)
    ]
    with db.writing() as session:
        for table, rows in ((Conversation, talks), (Message, asked), (Message, given)):
            session.execute(insert(table), rows)
    return [talk for talk, _question, _answer in ids]


def play(
    queue_id: str, people: list[str], *, processes: int, kills: int, seed: int, folder: Path
) -> Record:
    """Let the people (ids) judge in so many processes until the queue is done."""
    from core import annotation

    dice, begun = random.Random(seed), time.monotonic()
    groups = [people[n::processes] for n in range(processes)]
    done = killed = 0
    with _running(queue_id, groups, folder, seed) as children:
        while annotation.progress(queue_id).waiting or annotation.progress(queue_id).held:
            if time.monotonic() - begun > GIVE_UP:
                raise TimeoutError(f"{annotation.progress(queue_id)}")
            time.sleep(dice.uniform(0.1, 0.6))
            done += 1
            if killed < kills:
                killed += children.kill(dice.randrange(processes))
            children.revive()
    lines = [json.loads(line) for file in folder.glob("*.jsonl") for line in _whole(file)]
    return Record(
        lines, time.monotonic() - begun, killed, [line.get("took", 0.0) for line in lines]
    )


def _whole(file: Path) -> list[str]:
    """Its lines, but for one that kill -9 cut off."""
    return [line for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]


class Children:
    """The processes of reviewers; one that was killed is started again."""

    def __init__(self, queue_id: str, groups: list[list[str]], folder: Path, seed: int) -> None:
        self.queue_id, self.groups, self.folder, self.seed = queue_id, groups, folder, seed
        self.starts = 0
        self.running = [self._start(n) for n in range(len(groups))]

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        self.starts += 1
        journal = self.folder / f"{number}-{self.starts}.jsonl"
        arguments = [self.queue_id, str(journal), str(self.seed * 1000 + self.starts)]
        command = [sys.executable, "-m", "bench.reviewers", *arguments, *self.groups[number]]
        return subprocess.Popen(command, cwd=ROOT)

    def kill(self, number: int) -> int:
        """kill -9 it, if it has begun to judge; how many were killed."""
        begun = any(file.stat().st_size for file in self.folder.glob(f"{number}-*.jsonl"))
        child = self.running[number]
        if not begun or child.poll() is not None:
            return 0
        child.send_signal(signal.SIGKILL)
        child.wait()
        return 1

    def revive(self) -> None:
        """Start again whoever was killed; anybody else who ended has failed."""
        for number, child in enumerate(self.running):
            code = child.poll()
            if code is not None and code > 0:
                raise RuntimeError(f"a process of reviewers ended with {code}")
            if code is not None and code < 0:
                self.running[number] = self._start(number)


@contextmanager
def _running(queue_id: str, groups: list[list[str]], folder: Path, seed: int) -> Iterator[Children]:
    children = Children(queue_id, groups, folder, seed)
    try:
        yield children
        for child in children.running:
            child.wait(60)
    finally:
        for child in children.running:
            child.kill()
            child.wait()


class Reviewer:
    """One reviewer at work: claims, and then mostly judges."""

    def __init__(self, queue_id: str, person_id: str, journal: int, seed: int) -> None:
        self.queue_id, self.person, self.journal = queue_id, person_id, journal
        self.dice = random.Random(f"{seed} {person_id}")

    def work(self) -> None:
        """Until the queue is done."""
        from core import annotation
        from core.errors import Unavailable

        while True:
            try:
                begun = time.perf_counter()
                claim = annotation.claim_next(self.queue_id, self.person)
                if claim is None:
                    told = annotation.progress(self.queue_id, self.person)
                    if not told.waiting and not told.held:
                        return
                    if told.passed_on:
                        annotation.reconsider(self.queue_id, self.person)
                    time.sleep(IDLE)
                    continue
                self.write("claimed", claim, took=time.perf_counter() - begun)
                self.handle(claim)
            except Unavailable:  # told to come back later: so we do
                self.write("busy", None)

    def handle(self, claim: Any) -> None:
        """Do one of the things that reviewers do with what they hold."""
        from core import annotation
        from core.errors import Conflict

        chance = self.dice.random()
        try:
            if chance < 0.03:
                annotation.release(claim.item.id, claim.claim_token, person_id=self.person)
                self.write("released", claim)
            elif chance < 0.06:
                annotation.skip(claim.item.id, claim.claim_token, "?", person_id=self.person)
                self.write("skipped", claim)
            elif chance < 0.09:
                annotation.heartbeat(
                    claim.item.id, claim.claim_token, {"note": "…"}, person_id=self.person
                )
                self.submit(claim)
            elif chance < 0.14:
                time.sleep(claim.queue.lease_seconds * self.dice.uniform(1.0, 1.5))
                self.submit(claim, late=True)
            elif chance < 0.17:
                self.submit(claim)
                self.undo()
            else:
                self.submit(claim)
        except Conflict as error:
            self.write("refused", claim, code=error.code)

    def submit(self, claim: Any, *, late: bool = False) -> None:
        """Judge, once or twice; write down what was acknowledged."""
        from core import annotation

        verdict = self.dice.choice(annotation.VERDICTS)
        text = "Outra resposta." if verdict == "corrected" else ""
        judged = annotation.Judged(verdict, correction=text)
        for again in range(1 + (self.dice.random() < 0.1)):
            stored = annotation.submit(
                claim.item.id, claim.claim_token, judged, person_id=self.person
            )
            kind = ("late" if late else "judged") if not again else "repeated"
            self.write(kind, claim, judgement=stored.id)

    def undo(self) -> None:
        """Take the last one back; which one that was is not told, so it is written down before."""
        from core import annotation

        self.write("undoing", None)
        back = annotation.undo(self.person, self.queue_id)
        self.write("undone", back)
        self.write("claimed", back, took=0.0)

    def write(self, kind: str, claim: Any, **facts: Any) -> None:
        """One line of the journal, in the file at once."""
        line = {"kind": kind, "person": self.person, "at": time.time(), **facts}
        if claim is not None:
            line |= {"item": claim.item.number, "seat": claim.seat_id, "token": claim.token}
        os.write(self.journal, (json.dumps(line) + "\n").encode())


def _faults(record: Record, queue_id: str, per_item: int) -> dict[str, int]:
    from sqlalchemy import select

    from core import db
    from core.db.tables import Item, Judgement, Seat

    with db.session() as session:
        of_queue = select(Item.number).where(Item.queue_id == queue_id)
        rows = session.scalars(select(Judgement).where(Judgement.item_number.in_(of_queue))).all()
        seats = {
            row.id: row for row in session.scalars(select(Seat).where(Seat.queue_id == queue_id))
        }
    holds = [row for row in rows if row.withdrawn_at is None]
    by_item = Counter(row.item_number for row in holds)
    by_person = Counter((row.item_number, row.person_id) for row in holds)
    stored = {row.id: row for row in rows}
    owners: dict[tuple[int, int], set[str]] = {}
    for line in record.told("claimed"):
        owners.setdefault((line["seat"], line["token"]), set()).add(line["person"])
    acknowledged = record.told("judged", "late", "repeated")
    undoing = {line["person"] for line in record.told("undoing")}
    superseded = [line for line in record.told("refused") if line["code"] == "superseded"]
    refused = {(line["seat"], line["token"]) for line in superseded}
    accepted = {(row.seat_id, row.token) for row in rows}
    return {
        "claims given to two": sum(len(people) > 1 for people in owners.values()),
        "items above N": sum(n > per_item for n in by_item.values()),
        "items below N": len({seat.item_number for seat in seats.values()}) * per_item - len(holds),
        "judged twice by one": sum(n > 1 for n in by_person.values()),
        "judgements lost": sum(line["judgement"] not in stored for line in acknowledged),
        "judgements undone by nobody": sum(
            row.withdrawn_at is not None and row.person_id not in undoing for row in rows
        ),
        "superseded yet taken": len(refused & accepted)
        + sum(row.token != seats[row.seat_id or 0].token for row in holds),
    }


def main_of_child(queue_id: str, journal: str, seed: str, *people: str) -> None:
    """One process: a thread for each of its reviewers."""
    file = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    failed: list[BaseException] = []

    def work(person: str) -> None:
        try:
            Reviewer(queue_id, person, file, int(seed)).work()
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.exit(bool(failed))


if __name__ == "__main__":
    main_of_child(*sys.argv[1:])
