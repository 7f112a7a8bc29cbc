"""The rubric as it is edited: criteria with a title, whether they are needed, and a line per point.

In: the stored rubric and a key. Out: the rubric as it stands in the widgets, for the caller to store.
Always holds: a criterion keeps its name when its title changes, so scores given before still fit.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core import annotation
from core.i18n import _
from pages.ui import notices, review_words, safe

Criterion = dict[str, Any]
POINT = re.compile(r"\s*(-?\d+)\s*[:.)]\s*(.*)")


def edit(rubric: Sequence[Mapping[str, Any]], key: str) -> list[Criterion]:
    """The widgets, and what they say."""
    kept = f"{key}.rubric"
    if kept not in st.session_state:
        st.session_state[kept] = [dict(one) for one in rubric]
    criteria: list[Criterion] = st.session_state[kept]
    st.markdown(f"**{_('Criteria')}**")
    edited = [_criterion(one, criteria, f"{key}.{one['name']}") for one in criteria]
    with st.container(horizontal=True):
        st.button(
            _("Another criterion"),
            key=f"{key}.more",
            icon=":material/add:",
            type="tertiary",
            on_click=notices.acting(lambda: _more(criteria)),
        )
        st.button(
            _("Take the usual ones"),
            key=f"{key}.usual",
            type="tertiary",
            on_click=notices.acting(lambda: _usual(kept, key)),
        )
    return edited


def _criterion(one: Criterion, all_: list[Criterion], key: str) -> Criterion:
    title = review_words.ours(one, "title")
    with st.expander(safe.label(title)):
        said = st.text_input(_("Title"), title, key=f"{key}.title", max_chars=500)
        lines = st.text_area(
            _("What each point means: one line per point, from the lowest"),
            "\n".join(f"{p['value']}: {review_words.ours(p, 'anchor')}" for p in one["scale"]),
            key=f"{key}.scale",
            height=150,
        )
        needed = st.toggle(_("Needed to submit"), bool(one["required"]), key=f"{key}.required")
        st.button(
            _("Remove this criterion"),
            key=f"{key}.remove",
            icon=":material/delete:",
            type="tertiary",
            on_click=notices.acting(lambda: all_.remove(one)),
        )
    scale = _scale(lines, one["scale"])
    kept_title = one["title"] if said == title else said
    return {"name": one["name"], "title": kept_title, "required": needed, "scale": scale}


def _scale(lines: str, before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The points; an anchor that was not changed stays the sentence of the catalogue."""
    ours = {review_words.ours(point, "anchor"): point["anchor"] for point in before}
    points = []
    for n, line in enumerate((line for line in lines.splitlines() if line.strip()), 1):
        read = POINT.fullmatch(line)
        value, anchor = (int(read[1]), read[2].strip()) if read else (n, line.strip())
        points.append({"value": value, "anchor": ours.get(anchor, anchor)})
    return points


def _more(criteria: list[Criterion]) -> None:
    taken = {one["name"] for one in criteria}
    name = next(f"criterion_{n}" for n in range(1, 100) if f"criterion_{n}" not in taken)
    scale = [{"value": value, "anchor": ""} for value in range(1, 6)]
    title = _("New criterion")
    criteria.append({"name": name, "title": title, "required": False, "scale": scale})


def _usual(kept: str, key: str) -> None:
    for name in [name for name in st.session_state if str(name).startswith(f"{key}.")]:
        if name != f"{key}.text":
            del st.session_state[name]
    st.session_state[kept] = [dict(one) for one in annotation.DEFAULT_RUBRIC]
