"""Answers in the making: one background event loop, one ``Run`` an answer, any number of followers.

A run belongs to no page and no request: a closed tab does not end it, and whoever knows the
answer's id can follow it from the start or from any event on. ``launch`` gives it a coroutine;
``cancel`` aborts that within a millisecond.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextvars import copy_context
from functools import cache
from typing import Any

from core.chat.types import Answer, Event

_live: dict[str, "Run"] = {}


class Run:
    """The events of one answer so far, and the task that makes them.

    ``sounds`` counts the words and thoughts among them; ``answer`` is there once it has ended, where
    it need not be read back.
    """

    def __init__(self, answer_id: str) -> None:
        self.answer_id = answer_id
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self.length = 0
        self.sounds = 0
        self.answer: Answer | None = None
        self._events: list[Event] = []
        self._ended = False
        self._over = threading.Event()
        self._changed = threading.Condition()
        self._task: asyncio.Task[None] | None = None
        self._begun = self._stopped = False

    @property
    def text(self) -> str:
        """What was said so far; ``length`` characters."""
        return "".join(self._text)

    @property
    def reasoning(self) -> str:
        """What was thought so far."""
        return "".join(self._reasoning)

    def begin(self) -> None:
        """The task's first step; raises CancelledError where the stop came before it."""
        self._begun = True
        if self._stopped:
            raise asyncio.CancelledError

    def emit(self, kind: str, text: str = "", **data: Any) -> None:
        """Tell the followers."""
        with self._changed:
            if kind == "text":
                self._text.append(text)
                self.length += len(text)
            elif kind == "reasoning":
                self._reasoning.append(text)
            self.sounds += kind != "status"
            self._events.append(Event(kind, text, data))
            self._changed.notify_all()

    def events(self, after: int = 0) -> Iterator[Event]:
        """The events from number ``after`` on, until the run has ended; waits for new ones."""
        while fresh := self._next(after):
            yield from fresh
            after += len(fresh)

    def _next(self, after: int) -> list[Event]:
        with self._changed:
            self._changed.wait_for(lambda: len(self._events) > after or self._ended)
            return self._events[after:]

    def wait(self, patience: float | None) -> bool:
        """Wait until the run has ended, at most ``patience`` seconds if given; whether it has."""
        return self._over.wait(patience)

    def end(self) -> None:
        """No more events; later followers read the database."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._over.set()
        _live.pop(self.answer_id, None)


def live(answer_id: str) -> Run | None:
    """The run of an answer that this process is writing now."""
    return _live.get(answer_id)


def launch(run: Run, work: Coroutine[Any, Any, None]) -> None:
    """Start ``work`` on the background loop, in a copy of the caller's context (language)."""
    _live[run.answer_id] = run
    context = copy_context()

    def begin() -> None:
        run._task = _loop().create_task(work, context=context)

    _loop().call_soon_threadsafe(begin)


def cancel(run: Run) -> None:
    """Abort the run's task, once; what it does with its part is the task's own business."""

    def abort() -> None:
        if run._begun and not run._stopped and run._task is not None:
            run._task.cancel()
        run._stopped = True

    _loop().call_soon_threadsafe(abort)


def running() -> int:
    """How many answers this process is writing."""
    return len(_live)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="ciclo-answers", daemon=True).start()
    return loop


def close(patience: float = 5.0) -> None:
    """End every answer this process is writing, keeping their parts (the process ends)."""
    for run in list(_live.values()):
        cancel(run)
        run.wait(patience)
