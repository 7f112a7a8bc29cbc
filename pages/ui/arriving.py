"""Answers as they arrive, for pages that look in from time to time.

One thread follows each running answer (``chat.follow``) and folds its events into an ``Arrival``
that any number of page runs may read without waiting: a page that polls never blocks its script,
so the rest of it stays alive while an answer comes, and a reload finds the answer where it is.
"""

import logging
import threading
from dataclasses import dataclass, field
from typing import Any

from core import chat, clock
from core.errors import CicloError

log = logging.getLogger("ciclo.pages")
THREAD = "ciclo-arrival"


@dataclass
class Arrival:
    """What has come of an answer so far; ``stage`` is the last status and ``facts`` its data.

    ``breaks`` are those of the answer: where another model took over; ``instead`` is the model
    that was asked after another had failed.
    """

    text: str = ""
    reasoning: str = ""
    stage: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    breaks: list[dict[str, Any]] = field(default_factory=list)
    instead: str = ""
    begun: float = field(default_factory=clock.seconds)
    done: bool = False

    def take(self, event: chat.Event) -> None:
        """Fold one event in."""
        if event.kind == "text":
            self.text += event.text
        elif event.kind == "reasoning":
            self.reasoning += event.text
        elif event.kind == "status":
            self.stage, self.facts = event.text, event.data
            if event.text == "fallback":
                self.instead = event.data["model"]
            if event.text == "fallback" and event.data["at"]:
                self.breaks.append({**event.data, "after": event.data["model"]})


_arrivals: dict[str, Arrival] = {}
_guard = threading.Lock()


def arrival(answer_id: str) -> Arrival:
    """What has come of a running answer; begins to follow it on the first call."""
    with _guard:
        if answer_id not in _arrivals:
            _arrivals[answer_id] = Arrival()
            threading.Thread(target=_follow, args=(answer_id,), name=THREAD, daemon=True).start()
        return _arrivals[answer_id]


def _follow(answer_id: str) -> None:
    arriving = _arrivals[answer_id]
    try:
        for event in chat.follow(answer_id):
            arriving.take(event)
    except CicloError as error:  # removed meanwhile: the page that reads it again says so
        log.info("an answer is no longer there", extra={"answer_id": answer_id, "why": str(error)})
    finally:
        arriving.done = True
        with _guard:
            _arrivals.pop(answer_id, None)
