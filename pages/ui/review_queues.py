"""Which queue, and which part of its page; the way to the first queue, and to a further one."""

from typing import Any

import streamlit as st

from core import access, annotation, assistants
from core.db.tables import Queue
from core.errors import NotFound
from core.i18n import N_, _
from pages.ui import notices, places, safe, tabs
from pages.ui.language import spoken

CHOSEN = "annotation.queue"
VIEWS = {
    "": N_("Review"),
    "agreement": N_("Agreement"),
    "items": N_("Items"),
    "rules": N_("Rules"),
    "settings": N_("Settings"),
}


def choose() -> Queue | None:
    """The queue of the item in the address, else the one named there, else the first; and the
    choice, where there are several."""
    known = {one.id: one for one in annotation.queues()}
    if not known:
        return None
    of_item, wanted = _of_item(), st.query_params.get("queue", "")
    here = next(id_ for id_ in (of_item, wanted, next(iter(known))) if id_ in known)
    if of_item == here != wanted:
        st.query_params["queue"] = here
    if len(known) > 1:
        key = f"{CHOSEN}.{here}"
        st.selectbox(
            _("Queue"),
            list(known),
            index=list(known).index(here),
            format_func=lambda id_: _called(known[id_], known) if id_ in known else "",
            key=key,
            label_visibility="collapsed",
            width=280,
            on_change=notices.acting(lambda: _turn_to(str(st.session_state[key]))),
        )
    else:
        st.markdown(safe.label(known[here].name), width="content")
    return known[here]


def _of_item() -> str:
    """The queue of the item that the address names, whichever queue it names."""
    item_id = st.query_params.get("item", "")
    try:
        return annotation.item(item_id).queue_id if item_id else ""
    except NotFound:  # the desk says so
        return ""


def view(queue: Queue) -> str:
    """Which part is shown: "" the desk, "agreement", or for who leads any of VIEWS."""
    open_ = [name for name in VIEWS if access.may("lead") or name in ("", "agreement")]
    wanted = st.query_params.get("view", "")
    here = wanted if wanted in open_ else ""
    base = {"queue": queue.id}
    queries = {name: base | ({"view": name} if name else {}) for name in open_}
    titles = {name: _(VIEWS[name]) for name in open_}
    tabs.show("annotation.view", _("View"), here, titles, queries)
    return here


def nobody() -> None:
    """There is no queue yet."""
    st.markdown(
        _(
            "A review queue collects answers that people should look at, and hands each to one reviewer."
        )
    )
    if not access.may("lead"):
        st.markdown(_("There is none yet. Whoever leads the review makes the first one."))
    elif not assistants.all():
        st.markdown(_("It belongs to an assistant, and there is none yet."))
        places.link("assistants", _("To the assistants"), icon=":material/smart_toy:")
    else:
        new(first=True)


@spoken
def new(first: bool = False) -> None:
    """The form for a queue."""
    known = {one.id: one.name for one in assistants.all()}
    default = assistants.default()
    with st.form("annotation.new", border=not first, width=460):
        name = st.text_input(_("Name"), _("Review") if first else "", key="annotation.new.name")
        chosen = st.selectbox(
            _("Assistant"),
            list(known),
            index=list(known).index(default.id) if default else 0,
            format_func=lambda id_: known.get(id_, ""),
            key="annotation.new.assistant",
        )
        if st.form_submit_button(_("Make the queue"), type="primary", key="annotation.new.make"):
            notices.acting(lambda: _make(chosen, name))()
            st.rerun()


def _make(assistant_id: str, name: str) -> None:
    made = annotation.create_queue(assistant_id, name)
    done: Any = annotation.refill(made.id)
    n = sum(one.new for one in done)
    _turn_to(made.id)
    notices.leave(_("The queue “{name}” is made; {n} items came in.").format(name=made.name, n=n))


def _turn_to(queue_id: str) -> None:
    view = st.query_params.get("view", "")
    st.query_params.from_dict({"queue": queue_id} | ({"view": view} if view else {}))


def _called(queue: Queue, known: dict[str, Queue]) -> str:
    """Its name and its assistant's: that one first where others are called so too."""
    try:
        whose = assistants.get(queue.assistant_id).name
    except NotFound:  # removed since; what was judged stays
        return queue.name
    alike = [one for one in known.values() if one.name == queue.name]
    return f"{whose} · {queue.name}" if len(alike) > 1 else f"{queue.name} · {whose}"
