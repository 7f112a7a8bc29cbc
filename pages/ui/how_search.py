"""How search works: who makes the vectors, what that can and cannot do, and what another would add.

It serves every assistant alike. Nothing is asked of any server before the section is opened. A new
embedder is made ready in the background while the one before serves, with progress and a way back.
"""

import streamlit as st

from core import registry, retrieval
from core.db.tables import Assistant
from core.i18n import _, ngettext, number, percent
from core.retrieval import Coming, EmbedderStatus, Proposal
from pages.ui import outcomes, safe, shelf_rows, work
from pages.ui.errors import told
from pages.ui.language import spoken

LOOK_EVERY = 1.0
ASKING = "embedder"
SHOWN = 6  # proposals; the command line lists all


def show(assistant: Assistant) -> None:
    """The section, closed until somebody wants to know."""
    section = st.expander(_("How search works"), key="documents.how", on_change="rerun")
    if not section.open:
        return
    with section:
        work.failed()
        status = retrieval.embedder()
        st.markdown(_serving(status))
        st.caption(_weight(assistant))
        if status.error:
            st.warning(safe.label(status.error), icon=":material/cloud_off:")
        if work.going(ASKING):
            work.show(ASKING, _("Asking the embedder for a first vector"))
        elif status.coming:
            st.fragment(_progress, run_every=LOOK_EVERY)()
        else:
            _proposals()


def _serving(status: EmbedderStatus) -> str:
    """Who serves, and what that means for those who ask."""
    name, n = safe.label(status.embedder.key), number(status.embedder.dimension)
    dimensions = ngettext("{n} dimension", "{n} dimensions", status.embedder.dimension)
    head = f"**{name}** · {dimensions.format(n=n)}"
    if status.embedder.is_embedded:
        can = _(
            "Lexical search (by words): it finds words, their forms and typing errors, with or "
            "without accents. It does not know that two different words mean the same."
        )
    else:
        can = _(
            "Search by words and by meaning: also other words for the same thing are found. "
            "While the embedder does not answer, search goes on by words alone and says so."
        )
        share = status.done / status.total if status.total else 1.0
        if share < 1:
            can += " " + _("{share} of the passages have their vector.").format(
                share=percent(share)
            )
    return f"{head}\n\n{can}"


def _weight(assistant: Assistant) -> str:
    """How much words weigh against vectors, and where that comes from."""
    weight = retrieval.weight(assistant.id, registry.route(assistant.id).version.retrieval)
    said = _("Words weigh {share} of a score, the vectors the rest.")
    pairs = ngettext("{n} approved pair", "{n} approved pairs", weight.pairs)
    where = {
        "settings": _("This assistant’s settings say so."),
        "measured": _("This was measured on {pairs}."),
        "default": _("This is the default; it is measured once there are enough approved pairs."),
    }[weight.source]
    return " ".join((said, where)).format(
        share=percent(weight.lexical), pairs=pairs.format(n=number(weight.pairs))
    )


@spoken
def _progress() -> None:
    """How far the embedder to come is; at its end the page runs anew."""
    with told():
        coming = retrieval.embedder().coming
        if coming is None:
            st.rerun()
            return
        name = safe.label(coming.embedder.key)
        if coming.state == "failed":
            said = _("{name} could not be made ready. The one before goes on serving.")
            st.error(said.format(name=name), icon=":material/error:")
        else:
            share = coming.done / coming.total if coming.total else 1.0
            st.progress(share, text=_preparing(coming))
        if coming.error:
            st.caption(safe.label(coming.error))
        st.button(
            _("Cancel"),
            key="documents.embedder.cancel",
            on_click=outcomes.acting(retrieval.cancel_embedder),
        )


def _preparing(coming: Coming) -> str:
    done = ngettext("{done} of {n} passage", "{done} of {n} passages", coming.total)
    parts = [
        _("{name} is being made ready").format(name=safe.label(coming.embedder.key)),
        done.format(done=number(coming.done), n=number(coming.total)),
        shelf_rows.time_left(coming.seconds_left),
    ]
    return " · ".join(part for part in parts if part)


def _proposals() -> None:
    st.header(_("Others that could serve"), anchor=False)
    found = [one for one in retrieval.propose_embedders() if one.state != "serving"]
    if any(one.state == "not_reachable" for one in found):
        hint = next(one.hint for one in found if one.state == "not_reachable")
        st.info(safe.label(hint), icon=":material/cloud_off:")
    for one in found[:SHOWN]:
        _proposal(one)


def _proposal(one: Proposal) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        hint = one.hint if one.state not in ("ready", "not_reachable") else ""
        said = " ".join(part for part in (one.why, hint) if part)
        st.markdown(f"**{safe.label(one.spec)}** — {safe.label(said)}", width="stretch")
        if one.state == "ready":
            st.button(
                _("Use it"),
                key=f"documents.embedder.{one.spec}",
                on_click=outcomes.acting(_use),
                args=(one.spec,),
            )


def _use(spec: str) -> None:
    def act(step: work.Step) -> None:
        step(0.1, safe.label(spec))
        retrieval.use_embedder(spec)

    work.begin(ASKING, act)
