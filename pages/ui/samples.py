"""The sample data: marked wherever it is shown, and gone in one step."""

import streamlit as st

from core import access, assistants, demo, loop
from core.i18n import LANGUAGES, _, ngettext, number
from pages.ui import first_steps, notices, places, safe, work


def offer(now: loop.Snapshot) -> None:
    """Below the loop: fill it with sample conversations, or take all sample data away."""
    work.failed()
    if work.going(first_steps.DEMO):
        work.show(first_steps.DEMO, _("Asking a month of questions"))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if now.sample == 0 and access.may("change"):
            st.button(
                _("Load the sample data"),
                key="samples.load",
                icon=":material/add:",
                help=_("A month of sample conversations, with ratings."),
                on_click=notices.acting(first_steps.loop),
            )
        removal()


def lead() -> None:
    """Where a page is empty, for whoever may load the sample data: the way to where it is loaded."""
    if access.may("change"):
        places.link("overview", _("Load the sample data"), icon=":material/add:")


def load_one() -> None:
    """A button for each sample that is not loaded."""
    loaded = {one.sample for one in assistants.all()}
    left = [sample for sample in assistants.samples() if sample.slug not in loaded]
    if not left:
        return
    st.subheader(_("Samples"), anchor=False)
    for sample in left:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            documents = ngettext("{n} document", "{n} documents", sample.documents)
            told = f"{LANGUAGES[sample.language]} · {documents.format(n=number(sample.documents))}"
            st.markdown(f"**{safe.label(sample.name)}** — {told}", width="stretch")
            st.button(
                _("Load"),
                key=f"samples.load.{sample.slug}",
                on_click=notices.acting(assistants.load_sample),
                args=(sample.slug,),
            )


def present() -> bool:
    """Whether anything shown may be sample data."""
    return any(one.sample for one in assistants.all())


def removal() -> None:
    """The button that takes all sample data away, where there is any."""
    if present() and access.may("change"):
        with st.popover(
            _("Remove the sample data"), type="tertiary", icon=":material/delete_sweep:"
        ):
            st.markdown(_("Sample assistants, their documents and conversations. Yours stay."))
            st.button(
                _("Remove all of it"),
                key="samples.remove",
                type="primary",
                on_click=notices.acting(_remove),
            )


def _remove() -> None:
    demo.remove()
    notices.leave(_("The sample data was removed."))
