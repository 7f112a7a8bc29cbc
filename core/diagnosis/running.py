"""Checks one after another, each with an end: one that hangs or breaks is a failed finding.

In: checks with a name and a limit in seconds. Out: their findings as they come. Always holds: the
next finding, or the one that says that none came, is there within the check's limit; nothing is
raised but what ends the process. Where nobody listens any more, ``given_up`` tells the work so.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic

from core.diagnosis.finding import Finding, failed
from core.errors import CicloError
from core.i18n import _, seconds

log = logging.getLogger("ciclo.diagnosis")
LIMIT = 30.0  # seconds for a check that asks no model
GOODBYE = 3.0  # seconds in which work that was given up may tidy
_left: ContextVar[Event | None] = ContextVar("left", default=None)


@dataclass(frozen=True)
class Check:
    """A check: ``work`` gives a finding or several, and may take ``limit`` seconds in all."""

    name: str
    work: Callable[[], Finding | Iterable[Finding]]
    limit: float = LIMIT
    subject: str = ""


def run(checks: Iterable[Check], group: str = "") -> Iterator[Finding]:
    """The findings of all checks, in order, as they come."""
    for check in checks:
        for found in _bounded(check):
            yield replace(found, group=found.group or group)


def given_up() -> bool:
    """Whether whoever asked for the present work has gone."""
    left = _left.get()
    return left is not None and left.is_set()


def _bounded(check: Check) -> Iterator[Finding]:
    told: SimpleQueue[Finding | None] = SimpleQueue()
    left, context = Event(), copy_context()  # the reader's language goes with it
    thread = Thread(target=lambda: context.run(_work, check, told, left), daemon=True)
    thread.start()
    until = monotonic() + check.limit
    try:
        while (one := told.get(timeout=max(0.0, until - monotonic()))) is not None:
            yield one
    except Empty:
        yield Finding(
            check.name,
            "bad",
            _("It had not ended after {time}.").format(time=seconds(check.limit)),
            _("Something is slow or does not answer at all; the log may say what."),
            check.subject,
            check.limit,
        )
    except BaseException:  # Ctrl+C, a page that was left
        left.set()
        thread.join(GOODBYE)
        raise
    finally:
        left.set()


def _work(check: Check, told: "SimpleQueue[Finding | None]", left: Event) -> None:
    _left.set(left)
    try:
        for one in _several(check.work()):
            told.put(one)
            if left.is_set():  # nobody listens any more
                return
    except CicloError as error:
        told.put(failed(check.name, error, check.subject))
    except Exception as error:  # a diagnosis tells of what is broken, it does not break with it
        log.exception("a check failed", extra={"check": check.name})
        reason = _("Ciclo failed at this: {kind}: {reason}").format(
            kind=type(error).__name__, reason=str(error).partition("\n")[0]
        )
        advice = _("CICLO_LOG_LEVEL=debug shows where.")
        told.put(Finding(check.name, "bad", reason, advice, check.subject))
    finally:
        told.put(None)


def _several(found: Finding | Iterable[Finding]) -> Iterable[Finding]:
    return [found] if isinstance(found, Finding) else found
