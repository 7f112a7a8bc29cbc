"""Diagnoses run from the page: one at a time, in a thread, its findings shown as they come.

A run is found again after a reload and by every open page. Who stops it is shown at once what was
found; the check under way ends by itself, and nothing it finds is added. In: a generator of
findings. Always holds: what it raised is a finding too.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from core import clock
from core.diagnosis import Finding
from core.errors import CicloError
from core.i18n import _
from pages.ui.language import kept

log = logging.getLogger("ciclo.pages")
Diagnosis = Callable[[], Iterator[Finding]]


@dataclass
class Checking:
    """A run: ``name`` of the diagnosis, whom it is about, and how far it is."""

    name: str
    about: str
    begun: float = field(default_factory=clock.seconds)
    found: list[Finding] = field(default_factory=list)
    state: str = "running"  # running | ended | stopped
    seconds: float = 0.0

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.state == "running"

    def end(self, state: str) -> None:
        """It is over; the first end counts."""
        if self.running:
            self.state, self.seconds = state, clock.seconds() - self.begun


_last: list[Checking] = []
_begins = threading.Lock()


def last() -> Checking | None:
    """The run that is under way, else the last one."""
    return _last[-1] if _last else None


def begin(name: str, about: str, diagnosis: Diagnosis) -> None:
    """Start it, unless one is under way."""
    with _begins:
        before = last()
        if before and before.running:
            return
        _last[:] = [Checking(name, about)]
    threading.Thread(target=kept(_run), args=(_last[0], diagnosis), daemon=True).start()


def stop() -> None:
    """Look for no more."""
    if run := last():
        run.end("stopped")


def forget() -> None:
    """Show none any more."""
    stop()
    _last.clear()


def _run(run: Checking, diagnosis: Diagnosis) -> None:
    try:
        for one in diagnosis():
            if not run.running:
                return
            run.found.append(one)
    except CicloError as error:
        run.found.append(Finding(run.name, "bad", error.message, error.hint, run.about))
    except Exception:
        log.exception("a diagnosis failed", extra={"diagnosis": run.name})
        why = _("This did not work; the log says why.")
        run.found.append(Finding(run.name, "bad", why, "", run.about))
    finally:
        run.end("ended")
