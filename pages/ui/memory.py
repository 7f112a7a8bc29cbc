"""The memory of approved questions on an assistant's page: its two uses, and every row of it.

Each row is a question with its answer, who approved it when, and how often it helped; it is retired
and brought back with one click. What people wrote is shown as text, never as Markdown.
"""

from functools import partial

import streamlit as st

from core import i18n, registry
from core.db.tables import Assistant
from core.i18n import _, ngettext, number
from core.retrieval import approved
from core.retrieval.approved import Approved
from pages.ui import notices, places, safe

PAGE = 20
LONGEST = 160  # characters of a question in a row's head


def section(one: Assistant) -> None:
    """The switches, and the rows once somebody wants to see them."""
    st.subheader(_("Memory of approved questions"), anchor=False)
    uses = registry.memory_uses(one.id)
    st.toggle(
        _("Lift approved passages in the search"),
        uses.lift,
        key=_key(one, "lift", uses.lift),
        help=_("For a question like one that reviewers approved, its passages come first."),
        on_change=notices.acting(_switch),
        args=(one.id, "lift", uses.lift),
    )
    st.toggle(
        _("Give approved answers at once"),
        uses.serve,
        key=_key(one, "serve", uses.serve),
        help=_(
            "The very same question gets the approved answer, marked with who approved it and "
            "when, as long as its documents have not changed. No model is asked."
        ),
        on_change=notices.acting(_switch),
        args=(one.id, "serve", uses.serve),
    )
    shown = st.expander(_("Approved questions"), key=_key(one, "rows"), on_change="rerun")
    if shown.open:
        with shown:
            _rows(one)


def _rows(one: Assistant) -> None:
    most = st.session_state.setdefault(_key(one, "most"), PAGE)
    found = approved.listed(one.id, limit=most + 1)
    if not found:
        st.caption(_("Nothing yet. What reviewers approve or correct is kept here."))
    for row in found[:most]:
        _row(row)
    if len(found) > most:
        st.button(_("Show more"), key=_key(one, "more"), on_click=_more, args=(_key(one, "most"),))


def _row(row: Approved) -> None:
    with st.container(border=True, key=f"memory.row.{row.id}"):
        short = row.question if len(row.question) <= LONGEST else row.question[:LONGEST] + "…"
        st.markdown(f"**{safe.label(short)}**")
        st.text(row.answer)
        st.caption(safe.label(_facts(row)))
        with st.container(horizontal=True, vertical_alignment="center"):
            if row.state == "in_use":
                _act(row, _("Retire"), ":material/archive:", _retire)
            else:
                _act(row, _("Bring back"), ":material/undo:", _restore)
            if row.state == "lifts":
                _act(row, _("Retire"), ":material/archive:", _retire)
            if row.message_id:
                places.link(
                    "traces",
                    _("The answer that was approved"),
                    key=f"memory.open.{row.id}",
                    answer=row.message_id,
                )


def _facts(row: Approved) -> str:
    who = _("approved by {name} on {day}") if row.by else _("approved on {day}")
    hits = ngettext("lifted {n} time", "lifted {n} times", row.hits)
    served = ngettext("served {n} time", "served {n} times", row.served)
    parts = [
        approved.state_in_words(row),
        who.format(name=row.by, day=i18n.day(row.at)),
        _("with a correction") if row.corrected else "",
        hits.format(n=number(row.hits)),
        served.format(n=number(row.served)),
    ]
    return " · ".join(part for part in parts if part)


def _act(row: Approved, label: str, icon: str, act: object) -> None:
    st.button(
        label,
        key=f"memory.{'retire' if act is _retire else 'restore'}.{row.id}",
        icon=icon,
        on_click=notices.acting(act),  # type: ignore[arg-type]
        args=(row.id,),
    )


def _retire(approved_id: str) -> None:
    approved.retire(approved_id)
    notices.leave(_("Retired."), undo=partial(approved.restore, approved_id))


def _restore(approved_id: str) -> None:
    approved.restore(approved_id)
    notices.leave(_("Brought back."), undo=partial(approved.retire, approved_id))


def _switch(assistant_id: str, name: str, before: bool) -> None:
    registry.use_memory(assistant_id, **{name: not before})
    notices.leave(_("Saved."), undo=partial(registry.use_memory, assistant_id, **{name: before}))


def _more(key: str) -> None:
    st.session_state[key] += PAGE


def _key(one: Assistant, name: str, value: bool | None = None) -> str:
    """A switch is drawn anew once it was changed elsewhere."""
    return f"memory.{name}.{one.id}" + ("" if value is None else f".{value}")
