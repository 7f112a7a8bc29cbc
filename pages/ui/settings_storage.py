"""Storage: how full the disk is, what takes the room, and how fast that grows."""

import streamlit as st

from core import diagnosis
from core.db import room
from core.diagnosis import disk
from core.i18n import _, number, seconds
from pages.ui import ledger, safe

DAY = 86_400
FAR = 3650  # days; beyond that nobody plans


def show() -> None:
    """The disk, and what of it is Ciclo's."""
    told = diagnosis.storage()
    _disk(told)
    heads = [ledger.head(_("What"), wide=True), ledger.head(_("Size"), side="end")]
    names = {"database": _("Database")} | {part: _(name) for part, name in disk.PARTS.items()}
    rows = [
        ledger.row(ledger.cell(names[part]), ledger.cell(size(n))) for part, n in told.parts.items()
    ]
    ledger.show("settings.storage", _("What takes the room"), heads, rows, here="settings")
    st.caption(_growth(told))


def _disk(told: diagnosis.Storage) -> None:
    """How full it is, as a bar and in words."""
    used = 1 - told.free / told.total if told.total else 0.0
    said = _("{free} of {total} are free on the disk of {path}").format(
        free=size(told.free), total=size(told.total), path=told.home
    )
    st.progress(min(max(used, 0.0), 1.0), text=safe.label(said))
    if told.state == "good":
        said = _("Under {low} there is a warning here, under {least} nothing new is taken in.")
        st.caption(said.format(low=size(room.LOW), least=size(room.LEAST)))


def _growth(told: diagnosis.Storage) -> str:
    if not told.days:
        return _("How fast the database grows is known from tomorrow on.")
    said = _("The database grew by {size} a day in the last {time}.").format(
        size=size(told.per_day), time=seconds(told.days * DAY)
    )
    left = (told.free - room.LEAST) / told.per_day if told.per_day > 0 else FAR
    if not 0 <= left < FAR:
        return said
    return f"{said} " + _("At this pace the disk is full in {time}.").format(
        time=seconds(left * DAY)
    )


def size(n: float) -> str:
    """Bytes as people read them."""
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if abs(n) >= unit:
            return f"{number(n / unit, 1)} {name}"
    return f"{number(n / 1e3)} kB"
