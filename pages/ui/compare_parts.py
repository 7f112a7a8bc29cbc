"""The parts of the page of comparison, one at a time, and whose versions are compared."""

import streamlit as st

from core import access, assistants, comparison
from core.db.tables import Assistant
from core.i18n import N_, _
from pages.ui import (
    compare_hand,
    compare_ranking,
    compare_runs,
    compare_votes,
    errors,
    notices,
    safe,
    samples,
    tabs,
)

PARTS = {
    "": (N_("Side by side"), "compare"),
    "runs": (N_("Evaluation runs"), "metrics"),
    "votes": (N_("Blind votes"), "review"),
    "ranking": (N_("Ranking"), "metrics"),
}
SHOWN = {
    "": compare_hand.show,
    "runs": compare_runs.show,
    "votes": compare_votes.show,
    "ranking": compare_ranking.show,
}
CHOSEN = "comparison.assistant"


def assistant() -> Assistant | None:
    """Whose versions: those of the comparison or run that the address names, else the assistant named
    there, else the default one; and the choice, where there are several."""
    known = {one.id: one for one in assistants.all()}
    if not known:
        return None
    first = assistants.default()
    named = (_of_address(), st.query_params.get("assistant", ""), first.id if first else "")
    here = next((id_ for id_ in named if id_ in known), next(iter(known)))
    if len(known) > 1:
        key = f"{CHOSEN}.{here}"
        st.selectbox(
            _("Assistant"),
            list(known),
            index=list(known).index(here),
            format_func={id_: one.name for id_, one in known.items()}.__getitem__,
            key=key,
            label_visibility="collapsed",
            width=280,
            on_change=notices.acting(lambda: _turn_to(str(st.session_state[key]))),
        )
    else:
        st.markdown(safe.label(known[here].name), width="content")
    return known[here]


def choose(assistant: Assistant) -> str:
    """The part that is open, of those that whoever looks may use, and the way to the others."""
    open_ = [part for part, (_title, deed) in PARTS.items() if access.may(deed)]
    wanted = st.query_params.get("view", "")
    here = wanted if wanted in open_ else open_[0]
    if st.query_params.get("comparison") and "" not in open_:
        refused = access.refusal("compare", access.present())
        st.info(errors.sentence(refused), icon=":material/lock:")
    base = {"assistant": assistant.id}
    queries = {part: base | ({"view": part} if part else {}) for part in open_}
    titles = {part: _(PARTS[part][0]) for part in open_}
    tabs.show("comparison.view", _("View"), here, titles, queries)
    return here


def show(part: str, assistant: Assistant) -> None:
    """The part that is open, and only that one."""
    SHOWN[part](assistant)


def nobody() -> None:
    """Before there is an assistant."""
    st.markdown(
        _(
            "Two versions of an assistant answer the same question here, and you see whether the "
            "difference is real. There is no assistant yet."
        )
    )
    samples.lead()


def _of_address() -> str:
    """The assistant of what the address names."""
    return comparison.assistant_of(compare_hand.named(), st.query_params.get("run", ""))


def _turn_to(assistant_id: str) -> None:
    view = st.query_params.get("view", "")
    said = {"assistant": assistant_id} | ({"view": view} if view else {})
    st.query_params.from_dict(said)
