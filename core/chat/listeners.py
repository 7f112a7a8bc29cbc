"""Whoever counts answers is told of each that has ended, in the process that wrote it.

In: listeners, once a process. Out: each is called with what was stored of the answer (columns of its
row) and with its trace. Always holds: the end is stored first; one whose end was not stored is told
of to nobody; a listener that fails is logged, and neither answer nor asker learns of it.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from core.tracing import Trace

log = logging.getLogger("ciclo.chat")
Listener = Callable[[Mapping[str, Any], Trace], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call ``listener`` at the end of each answer, on the thread that stored it: it must be quick."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(stored: Mapping[str, Any], trace: Trace) -> None:
    """An answer has ended as ``stored`` says; without anything stored nobody is told."""
    for listener in _listeners if stored else ():
        try:
            listener(stored, trace)
        except Exception:
            log.exception("the end of an answer was not counted")
