"""Work that takes longer than a page run: a thread with its progress, found again after a reload.

One piece of work of a name at a time. The work itself must be safe to repeat, for a stopped
process leaves it half done. What it raised is shown by the page that looks at it next.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.errors import CicloError
from core.i18n import _
from pages.ui import errors
from pages.ui.language import kept, spoken

log = logging.getLogger("ciclo.pages")
LOOK_EVERY = 0.5
Step = Callable[[float, str], None]


@dataclass
class Work:
    """How far it is: ``share`` from 0 to 1 and a line of text."""

    share: float = 0.0
    text: str = ""
    done: bool = False
    error: CicloError | None = None

    def step(self, share: float, text: str = "") -> None:
        """Tell how far it is."""
        self.share, self.text = min(max(share, 0.0), 1.0), text


_works: dict[str, Work] = {}


def begin(name: str, act: Callable[[Step], object]) -> None:
    """Start ``act(step)`` beside the pages, unless work of that name is under way."""
    if name in _works and not _works[name].done:
        return
    _works[name] = work = Work()
    threading.Thread(target=kept(_run), args=(name, work, act), daemon=True).start()


def going(name: str) -> bool:
    """Whether there is work of that name to show."""
    return name in _works


def show(name: str, label: str) -> None:
    """Its progress, looked at again and again; at its end the page runs anew."""
    st.fragment(_shown, run_every=LOOK_EVERY)(name, label)


@spoken
def _shown(name: str, label: str) -> None:
    work = _works.get(name)
    if work is None or work.done:
        _works.pop(name, None)
        if work and work.error:
            st.session_state["frame.failed"] = work.error
        st.rerun()
    st.progress(work.share, text=f"{label} {work.text}".strip())


def failed() -> None:
    """Say why the last work ended early, once."""
    error = st.session_state.pop("frame.failed", None)
    if error is not None:
        errors.say(error)


def _run(name: str, work: Work, act: Callable[[Step], object]) -> None:
    try:
        act(work.step)
    except CicloError as error:
        work.error = error
    except Exception:
        log.exception("work failed", extra={"work": name})
        work.error = CicloError(_("This did not work; the log says why."))
    finally:
        work.done = True
