"""The metrics at 100,000 conversations with 1,000,000 messages: how long a page's figures take.

Prints, on SQLite: making the traffic; the first reading of all facts; a start from the file on disk; a
page's figures cold and warm; a changed filter; after another answer came; what the process holds; how
far percentiles are from exact ones. Bars: cold p95 500 ms, warm 100 ms, a filter 300 ms.
``BENCH_TALKS`` makes it smaller; ``BENCH_DATABASE`` is the address of an empty PostgreSQL instead.
"""

import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

TALKS = int(os.environ.get("BENCH_TALKS", "100000"))
TIMES = 20


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        kept = os.environ.get("BENCH_HOME")
        os.environ["CICLO_HOME"] = kept or home
        os.environ["CICLO_DATABASE_URL"] = os.environ.get("BENCH_DATABASE", "")
        from bench import traffic
        from core.db import migrate

        migrate.upgrade()
        if not (kept and Path(kept, "made").exists()):
            _said(f"{TALKS:,} conversations made in", _once(lambda: traffic.make(TALKS)), "s")
            if kept:
                Path(kept, "made").touch()
        _measure()


def _measure() -> None:
    from core.metrics import keeping, snapshot

    before = _memory()
    _said("all facts read for the first time", _once(keeping.current), "s")
    _said("memory that took", _memory() - before, "MiB")
    _said("facts written to disk", _once(lambda: snapshot.save(keeping.current())), "s")
    print(f"  file {snapshot.place().stat().st_size / 2**20:.0f} MiB")
    keeping.forget()
    _said("a start from the file", _once(keeping.current), "s")
    from core import metrics

    for period in ("30d", "90d", "365d", "all"):
        view = metrics.View(period=period)
        _times(f"a page cold, {period}", partial(_page, view), _cold)
        _times(f"a page warm, {period}", partial(_page, view), lambda: None)
    view = metrics.View(period="90d")
    filters = iter([{"channel": c, "mode": m, "tier": t} for c in ("web", "api", "site", "whatsapp")
                    for m in ("", "short", "long") for t in ("free", "premium")])  # fmt: skip
    _times("another filter, 90d", lambda: _page(replace(view, **next(filters))), lambda: None)
    _times("after another answer, 90d", lambda: _page(view), _another)
    _exact()


def _page(view: Any) -> None:
    """What the first tab of the page shows."""
    from core import metrics

    shown = ("satisfaction", "time_p50", "cost_conversation", "errors", "no_information", "solved")
    metrics.overview(view)
    for name in (*shown, "time_p95"):
        metrics.series(name, view)
    metrics.breakdown("satisfaction", "assistant", view)
    metrics.breakdown("cost_answer", "model", view)
    metrics.marks(view)


def _cold() -> None:
    """Nothing is kept of what was computed."""
    from core.metrics import kept

    kept.forget()


def _another() -> None:
    """Somebody rates an answer that nobody of ours has rated."""
    from sqlalchemy import func, select

    from core import access, db, feedback
    from core.db.tables import Feedback, Message

    person = access.local_person().id
    with db.session() as session:
        done = session.scalar(
            select(func.count()).select_from(Feedback).where(Feedback.person_id == person)
        )
        wanted = select(Message.id).where(Message.role == "assistant").order_by(Message.id)
        one = session.scalars(wanted.limit(1).offset(7 * (done or 0))).one()
    feedback.give(one, "up", person_id=person)


def _exact() -> None:
    """Percentiles against those of the database's own rows."""
    import numpy as np
    from sqlalchemy import select

    from core import db, metrics
    from core.db.tables import Message

    with db.session() as session:
        wanted = select(Message.total_seconds).where(
            Message.role == "assistant", Message.cached.is_(False)
        )
        times = np.array(session.scalars(wanted).all(), dtype=float)
    for name, q in (("time_p50", 50), ("time_p95", 95), ("time_p99", 99)):
        told = metrics.figure(name, metrics.View(period="all")).value or 0.0
        off = abs(told / np.percentile(times, q) - 1)
        print(f"  {name}: {told:.3f} s, {off:.5%} from exact")


def _times(what: str, act: Callable[[], Any], before: Callable[[], Any]) -> None:
    times = []
    for _time in range(TIMES):
        before()
        times.append(_once(act) * 1000)
    cut = quantiles(times, n=20)
    print(f"{what:45} p50 {cut[9]:8.1f} ms   p95 {cut[18]:8.1f} ms")


def _once(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _said(what: str, value: float, unit: str) -> None:
    print(f"{what:45} {value:8.2f} {unit}", flush=True)


if __name__ == "__main__":
    main()
