"""On a fresh machine: one button that compares the engine without and with what reviewers approved.

It asks the sample's own questions and paraphrases of them, so that there is a true verdict in seconds.
"""

from collections.abc import Sequence

import streamlit as st

from core import comparison
from core.comparison import pairing
from core.db.tables import Assistant, EvaluationRun, Version
from core.i18n import _
from pages.ui import notices


def show(assistant: Assistant, runs: Sequence[EvaluationRun]) -> None:
    """The button, for a sample's assistant; it leads as long as that run was not made."""
    if not assistant.sample:
        return
    with st.container(border=not runs):
        st.button(
            _("Compare the engine without and with what reviewers approved"),
            key="compare.runs.sample",
            icon=":material/play_arrow:",
            type="secondary" if any(one.is_sample for one in runs) else "primary",
            help=_("No model is needed: it takes seconds on this machine."),
            on_click=notices.acting(lambda: _begin(assistant)),
        )
        if not runs:
            st.caption(
                _(
                    "The sample's questions and paraphrases of them go to both versions; what a "
                    "version learned from does not count."
                )
            )


def _versions(assistant: Assistant) -> tuple[Version, Version]:
    """The champion without and with its memory, also where a challenger is the usual one to compare."""
    pair = comparison.pair(assistant.id)
    if pair.why == pairing.REMEMBERED:
        return pair.a, pair.b
    return pairing.without_memory(pair.a), pair.a


def _begin(assistant: Assistant) -> None:
    a, b = _versions(assistant)
    run = comparison.start(
        comparison.of_sample(assistant),
        assistant=assistant.id,
        a=a.id,
        b=b.id,
        source=_("the sample's questions and paraphrases"),
        is_sample=True,
    )
    st.query_params.from_dict({"assistant": assistant.id, "view": "runs", "run": run.id})
