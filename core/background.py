"""What runs beside the requests: reading, embedding, looking for Ollama, judging, counting, sweeping.

``start()`` gives each loop of ``LOOPS`` a thread of its own; ``stop()`` ends them after the turn
they are in. A turn that fails is logged and counted, and the next one comes all the same: no loop
dies. Every turn is safe to repeat and safe beside the same loop of another process, for what it
does is claimed in the database.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from threading import Event, Thread
from typing import Any

from core import clock

log = logging.getLogger("ciclo.background")
STOP_SECONDS = 5.0  # a document being read is waited for this long; its lease outlives us


@dataclass(frozen=True)
class Loop:
    """A verb called every ``seconds`` (or ONCE); "package:function", imported on first use."""

    name: str
    seconds: float
    verb: str

    def turn(self) -> Any:
        """Run the verb once."""
        package, function = self.verb.split(":")
        verb: Callable[[], Any] = getattr(import_module(package), function)
        return verb()


ONCE = float("inf")
LOOPS = (
    Loop("documents", 1, "core.retrieval:process_waiting"),
    Loop("embedder", 1, "core.retrieval:embed_waiting"),
    Loop("meaning", 1, "core.retrieval.meaning:nurse"),
    Loop("ollama", 60, "core.registry:follow_ollama"),
    Loop("pull", ONCE, "core.registry:pull_missing"),
    Loop("abandoned", 60, "core.chat:close_abandoned"),
    Loop("weights", 300, "core.retrieval:weigh_anew"),
    Loop("memory", 300, "core.chat:retire_outgrown"),
    Loop("purge", 3600, "core.retrieval:purge"),
    Loop("cache", 3600, "core.chat:sweep_cache"),
    Loop("traces", 3600, "core.chat:sweep"),
    Loop("review", 60, "core.annotation:keep_filled"),
    Loop("judge", 20, "core.annotation:keep_judged"),
    Loop("evaluation", 2, "core.comparison:keep_running"),
    Loop("judging", 3, "core.comparison:keep_judging"),
    Loop("metrics", 15, "core.metrics:keep_current"),
    Loop("topics", 120, "core.metrics:keep_grouped"),
    Loop("alerts", 20, "core.metrics.alerts.checking:check_due"),
    Loop("deliveries", 5, "core.metrics.alerts.delivering:send_waiting"),
    Loop("retention", 3600, "core.personal:keep_retention"),
    Loop("erasures", 300, "core.personal:keep_erasing"),
    Loop("keys", 3600, "core.feedback:sweep_keys"),
    Loop("sign-ins", 3600, "core.sign_in:sweep"),
    Loop("size", 3600, "core.db.growth:sample"),
    Loop("backup", 600, "core.backup:keep_backed_up"),
)

turns: Counter[str] = Counter()
failures: Counter[str] = Counter()
_stopping = Event()
_threads: list[Thread] = []


def start(loops: tuple[Loop, ...] = LOOPS) -> None:
    """Start every loop; its first turn comes at once."""
    stop()
    _stopping.clear()
    for loop in loops:
        thread = Thread(target=_run, args=(loop,), name=f"ciclo-{loop.name}", daemon=True)
        _threads.append(thread)
        thread.start()


def stop() -> None:
    """End every loop after its present turn; none is waited for longer than STOP_SECONDS in all."""
    _stopping.set()
    until = clock.seconds() + STOP_SECONDS
    for thread in _threads:
        thread.join(max(0.0, until - clock.seconds()))
    _threads.clear()


def _run(loop: Loop) -> None:
    while not _stopping.is_set():
        try:
            loop.turn()
        except Exception:
            failures[loop.name] += 1
            log.exception("a turn of a background loop failed", extra={"loop": loop.name})
        turns[loop.name] += 1
        _stopping.wait(None if loop.seconds == ONCE else loop.seconds)
