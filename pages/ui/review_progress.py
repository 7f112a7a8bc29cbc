"""One line over the desk: what this person did today, how the queue stands, how long it will take."""

from typing import Any

import streamlit as st

from core import annotation, clock
from core.i18n import _, ngettext, number
from pages.ui import person

KEY = "annotation.progress"
SHARE = 10  # counting takes at most a tenth of the time, however large the queue is


def before(line: Any, queue_id: str) -> None:
    """What it said last, or as much room as it will take: nothing below shall jump."""
    known = st.session_state.get(KEY)
    if known and known["of"] == (queue_id, person.present().id):
        line.caption(" · ".join(_parts(known["now"])))
    else:
        line.caption("\u00a0")


def show(line: Any, queue_id: str) -> None:
    """Fill the line."""
    me = person.present()
    known = st.session_state.get(KEY)
    began = clock.seconds()
    if not known or known["of"] != (queue_id, me.id) or began > known["until"]:
        now = annotation.progress(queue_id, me.id)
        took = clock.seconds() - began
        known = {"of": (queue_id, me.id), "now": now, "until": clock.seconds() + took * SHARE}
        st.session_state[KEY] = known
    line.caption(" · ".join(_parts(known["now"])))


def _parts(now: annotation.Progress) -> list[str]:
    mine = ngettext("{n} by you today", "{n} by you today", now.mine_today)
    waiting = ngettext("{n} waits", "{n} wait", now.waiting)
    parts = [mine.format(n=number(now.mine_today)), waiting.format(n=number(now.waiting))]
    if now.held > 1:
        held = ngettext("{n} in hand", "{n} in hand", now.held)
        parts.append(held.format(n=number(now.held)))
    done = ngettext("{n} done", "{n} done", now.done)
    return [*parts, done.format(n=number(now.done)), *([_left(now)] if now.waiting else [])]


def _left(now: annotation.Progress) -> str:
    """The time the rest takes, where enough was measured to say so."""
    if now.proposed_lease is None or now.seconds_left is None:
        return _("time left: too few judged to tell")
    minutes = max(1, round(now.seconds_left / 60))
    if minutes < 90:
        said = ngettext(
            "about {n} minute left for one person", "about {n} minutes left for one person", minutes
        )
        return said.format(n=number(minutes))
    hours = round(minutes / 60)
    said = ngettext(
        "about {n} hour left for one person", "about {n} hours left for one person", hours
    )
    return said.format(n=number(hours))
