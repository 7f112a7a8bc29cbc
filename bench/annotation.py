"""The review queue: how fast a claim is at 100,000 items, and whether races break a promise.

For SQLite and for PostgreSQL: milliseconds of a claim (p50, p95) with all that a reviewer sees, on
a fresh queue and where it is worst (a reviewer who has judged the first 10,000 items of a queue for
two; 1,000 seats in others' hands); claims per second of eight reviewers at once; the same by the
naive way (look for an open seat, then write the name into it) and how often that gives one seat to
two; and fifty reviewers in ten processes against 2,000 items for two, with kill -9, stalls and
late submits. ``BENCH_ITEMS`` makes the queues smaller.
"""

import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import reviewers

ITEMS = int(os.environ.get("BENCH_ITEMS", "100000"))
JUDGED, HELD, CLAIMS, AT_ONCE = min(10_000, ITEMS // 4), min(1000, ITEMS // 4), 200, 8
PEOPLE, PROCESSES, RACE, KILLS = 50, 10, min(2000, ITEMS), 25
EACH = 25  # claims of each reviewer where several claim at once


def main() -> None:
    """Measure and print, on both databases."""
    from tests.postgres import serving

    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    _measure("SQLite", "")
    with serving() as server:
        server.run("CREATE DATABASE bench")
        _measure("PostgreSQL", server.address("bench"))


def _measure(name: str, address: str) -> None:
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home, "CICLO_DATABASE_URL": address}
        from core import assistants, db
        from core.config import settings
        from core.db import migrate

        db.close()
        settings.cache_clear()
        migrate.upgrade()
        print(f"\n{name}")
        try:
            assistant = assistants.create("Loja")
            _claims(assistant.id)
            _at_once(assistant.id)
            _race(assistant.id, Path(home))
        finally:
            db.close()
            settings.cache_clear()


def _queue(assistant_id: str, name: str, n: int, *, seats: int = 2, lease: int = 600) -> Any:
    """A queue of its own with so many items."""
    from core import annotation, db
    from core.annotation import Selected
    from core.annotation.focus import focus

    row = annotation.create_queue(assistant_id, name, reviewers_per_item=seats, lease_seconds=lease)
    talks = reviewers.conversations(assistant_id, n)
    with db.writing() as session:
        answers = focus(session, talks)
        why = [{"name": "manual", "weight": 1.0}]
        annotation.put(session, row, [Selected(t, answers[t], 1.0, why) for t in talks])
    return row


def _claims(assistant_id: str) -> None:
    from core import access

    begun = time.perf_counter()
    queue = _queue(assistant_id, "Grande", ITEMS)
    _print(f"a queue of {ITEMS:,} items for two made in", f"{time.perf_counter() - begun:8.1f} s")
    _analyze()
    ana, bia = access.person("Ana").id, access.person("Bia").id
    _timed("claim", queue.id, ana)
    _sit(queue.id, "judged", [bia] * JUDGED)
    _timed(f"by who has judged {JUDGED:,}", queue.id, bia)
    others = [access.person(f"Outra {n}").id for n in range(HELD)]
    _sit(queue.id, "held", others)
    _timed(f"with {HELD:,} seats in others' hands", queue.id, access.person("Caio").id)
    _progress(queue.id, ana)


def _analyze() -> None:
    """What a server does by itself after a while: PostgreSQL counts what its tables hold."""
    from core import db

    with db.engine().connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _timed(title: str, queue_id: str, person_id: str) -> None:
    from core import annotation

    times, spent = [], []
    for _each in range(CLAIMS):
        begun, cpu = time.perf_counter(), time.thread_time()
        claim = annotation.claim_next(queue_id, person_id)
        times.append((time.perf_counter() - begun) * 1000)
        spent.append((time.thread_time() - cpu) * 1000)
        assert claim
        annotation.submit(claim.item.id, claim.claim_token, annotation.Judged("approved"))
    _print(f"  {title}", f"{_figures(times)}   CPU of ours {_figures(spent)}")


def _sit(queue_id: str, state: str, people: list[str]) -> None:
    """Put people into the first seats that are open, one item each."""
    from datetime import timedelta

    from sqlalchemy import bindparam, func, select, update

    from core import clock, db
    from core.db.tables import Seat

    until = clock.now() + timedelta(minutes=9) if state == "held" else None
    open_seats = select(Seat.item_number).where(Seat.queue_id == queue_id, Seat.state == "open")
    with db.writing() as session:
        numbers = session.scalars(
            open_seats.group_by(Seat.item_number)
            .order_by(Seat.item_number)
            .having(func.count() == 2)  # nobody has sat there yet
            .limit(len(people))
        ).all()
        place = 1 if state == "held" else 0
        write = update(Seat.__table__).where(  # type: ignore[arg-type]
            Seat.item_number == bindparam("number"), Seat.place == place
        )
        values: dict[str, Any] = {
            "state": state,
            "person_id": bindparam("who"),
            "expires_at": until,
        }
        rows = [{"number": n, "who": who} for n, who in zip(numbers, people, strict=True)]
        session.connection().execute(write.values(**values), rows)


def _progress(queue_id: str, person_id: str) -> None:
    from core import annotation

    times = []
    for _each in range(20):
        begun = time.perf_counter()
        annotation.progress(queue_id, person_id)
        times.append((time.perf_counter() - begun) * 1000)
    _print("  progress", _figures(times))


def _at_once(assistant_id: str) -> None:
    """Eight reviewers claim at once, our way and the naive one, each on a queue of its own."""
    from core import access, annotation

    people = [access.person(f"Pessoa {n}").id for n in range(PEOPLE)][:AT_ONCE]

    def ours(queue_id: str, person_id: str) -> Any:
        claim = annotation.claim_next(queue_id, person_id)
        assert claim
        annotation.not_for_me(claim.item.id, claim.claim_token)
        return claim.seat_id, claim.token

    for title, claim in (("ours", ours), ("naive: select, then update", _naive)):
        queue = _queue(assistant_id, title, AT_ONCE * EACH * 2, seats=1)
        taken, seconds = _together(queue.id, people, claim)
        twice = sum(n > 1 for n in Counter(taken).values())
        rate = f"{len(taken) / seconds:8.0f} claims/s   {twice} seats given to two"
        _print(f"  {AT_ONCE} at once, {title}", rate)


def _together(
    queue_id: str, people: list[str], claim: Callable[[str, str], Any]
) -> tuple[list[Any], float]:
    taken: list[Any] = []
    start = threading.Barrier(len(people) + 1)

    def work(person_id: str) -> None:
        start.wait()
        for _each in range(EACH):
            taken.append(claim(queue_id, person_id))

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    return taken, time.perf_counter() - begun


def _naive(queue_id: str, person_id: str) -> Any:
    """What most queues do: read the first open seat, then write into it; judged at once here."""
    from sqlalchemy import select, update

    from core import clock, db
    from core.db.tables import Seat

    with db.session() as session:
        first = select(Seat.id).where(Seat.queue_id == queue_id, Seat.state == "open")
        seat = session.scalar(first.order_by(Seat.rank, Seat.item_number, Seat.place).limit(1))
    with db.writing() as session:
        values = {"state": "judged", "person_id": person_id, "claimed_at": clock.now()}
        session.execute(update(Seat).where(Seat.id == seat).values(**values))
    return seat


def _race(assistant_id: str, home: Path) -> None:
    from core import access

    queue = _queue(assistant_id, "Corrida", RACE, lease=3)
    people = [access.person(f"Pessoa {n}").id for n in range(PEOPLE)]
    journals = home / "journals"
    journals.mkdir()
    record = reviewers.play(
        queue.id, people, processes=PROCESSES, kills=KILLS, seed=1, folder=journals
    )
    counts = record.counts()
    title = f"  {PEOPLE} reviewers in {PROCESSES} processes, {RACE:,} items for two"
    rate = f"{counts['claimed'] / record.seconds:.0f} claims/s"
    _print(title, f"{record.seconds:8.1f} s   {rate}   {record.kills} times kill -9")
    told = ("claimed", "judged", "late", "refused", "released", "skipped", "undone", "busy")
    _print("  what they did", ", ".join(f"{counts[name]} {name}" for name in told))
    for promise, broken in record.faults(queue.id, 2).items():
        _print(f"    {promise}", f"{broken:8}")


def _figures(times: list[float]) -> str:
    ordered = sorted(times)
    p50, p95 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    return f"p50 {p50:6.1f} ms   p95 {p95:6.1f} ms"


def _print(title: str, figure: str) -> None:
    print(f"{title:<58} {figure}", flush=True)


if __name__ == "__main__":
    main()
