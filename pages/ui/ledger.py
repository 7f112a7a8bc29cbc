"""Rows of facts for the ``ledger`` element: a table where there is room, a card a row where not.

In: heads and cells made with ``head`` and ``cell``. Out: plain data; every text in it is written as
text. A link names a page and what its address says; ``show`` follows it without loading all anew.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.ui import components, notices, places

Cell = dict[str, Any]


def head(title: str, *, side: str = "", wide: bool = False, help: str = "") -> dict[str, Any]:
    """A column; ``side`` "end" for figures, "short" for what does not break."""
    return {"title": title, "side": side, "wide": wide, "help": help}


def cell(text: str = "", **more: Any) -> Cell:
    """``note`` stands under the text, ``mark`` (good, note, bad, off, busy) before it, ``flags`` after
    it; ``go`` makes it a link, ``links`` are further ones, ``help`` is told on hover; ``plot`` draws
    {"value", "low", "high"} (from -1 to 1; None: no ends) instead of the text."""
    return {"text": text, **{name: value for name, value in more.items() if value}}


def row(*cells: Cell, tone: str = "") -> dict[str, Any]:
    """Cells in the order of the heads."""
    return {"cells": list(cells), "tone": tone}


def link(place: str, text: str = "", /, **query: str) -> dict[str, Any]:
    """Where a cell leads; ``query`` may have a "text" of its own."""
    said = {name: value for name, value in query.items() if value}
    path = f"/{place}?{urlencode(said)}" if said else f"/{place}"
    return {"place": place, "query": said, "path": path, "text": text}


def show(
    key: str,
    label: str,
    heads: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
    **more: Any,
) -> None:
    """Draw it, and go where a link of it that was pressed leads.

    ``here`` is the page it stands on; ``pages`` are links below it, named by ``paging``; ``bare``
    has no heads; ``figures`` gives its columns to them, and names the table where it has no heads.
    """
    here = more.pop("here", "")
    data = {"label": label, "heads": list(heads), "rows": list(rows), **more}

    def turn() -> None:
        go = components.pressed(key, "open")
        if go["place"] == here:
            st.query_params.from_dict(go["query"])

    pressed = components.ledger(key=key, data=data, on={"open": notices.acting(turn)}).open
    if pressed and pressed["place"] != here and pressed["place"] in places.PLACES:
        places.go(pressed["place"], **pressed["query"])
