"""The first five minutes: three ways in. Ask the sample, add documents of one's own, see the loop."""

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from core import assistants, demo, i18n
from core.i18n import _
from pages.ui import places, work

DEMO = "demo"
SAMPLE = "sample"


def show() -> None:
    """The three buttons; while one of them works, its progress."""
    work.failed()
    if work.going(SAMPLE):
        work.show(SAMPLE, _("Reading the sample’s documents"))
        return
    if work.going(DEMO):
        work.show(DEMO, _("Asking a month of questions"))
        return
    steps = (
        (_("Ask the sample"), _("A support desk with its documents, ready to be asked."), _sample),
        (
            _("Add my documents"),
            _("PDF, Word, Excel, Markdown and more; they stay on this machine."),
            own,
        ),
        (_("See the loop"), _("A month of sample conversations, with ratings."), loop),
    )
    with st.grid(3, min_column_width=200):
        for i, (name, told, act) in enumerate(steps):
            _step(i, name, told, act)


def sample_slug() -> str:
    """The support desk in the reader's language, else the first sample there is."""
    fitting = [s.slug for s in assistants.samples() if s.language == i18n.language()]
    known = fitting or [s.slug for s in assistants.samples()]
    return next((slug for slug in known if "sup" in slug), known[0])


def loop() -> None:
    """Replay the demo beside the pages."""
    work.begin(DEMO, lambda step: demo.load(partial(_told, step)))
    st.rerun()


def _step(i: int, name: str, told: str, act: Callable[[], None]) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(told)
        kind: Literal["primary", "secondary"] = "primary" if i == 0 else "secondary"
        if st.button(name, key=f"first.{i}", type=kind, width="stretch"):
            act()


def _sample() -> None:
    assistant = assistants.load_sample(sample_slug())
    places.go("chat", assistant=assistant.id)


def own() -> None:
    """Go where documents are added, to an assistant that is there for them."""
    if assistants.default() is None:
        assistants.create(_("My documents"), i18n.language())
    places.go("documents")


def _told(step: work.Step, done: int, total: int) -> None:
    step(done / total, f"{done}/{total}")
