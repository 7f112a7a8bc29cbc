"""Begin an evaluation: which questions, which versions, what is measured, and what it will take.

What it takes is told before it begins, with what that rests on.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import comparison, retrieval
from core.comparison import evaluations
from core.comparison.report import estimates
from core.db.tables import Assistant, EvaluationRun
from core.i18n import _
from pages.ui import (
    compare_hand_form,
    compare_hand_ways,
    compare_runs_measured,
    compare_runs_questions,
    models,
    notices,
    places,
    safe,
)
from pages.ui.compare_runs_questions import Chosen

KEY = "compare.runs.new"
WAYS = ("same_passages", "in_turn", "settings")


def show(assistant: Assistant, runs: Sequence[EvaluationRun]) -> None:
    """The form, folded away where there are runs already."""
    if not retrieval.documents(assistant.id, limit=1):
        st.info(_("This assistant has no documents yet, so it has nothing to answer from."))
        places.link(
            "documents", _("Add documents"), icon=":material/upload:", assistant=assistant.id
        )
        return
    with st.expander(
        _("New evaluation"),
        icon=":material/add:",
        key=f"{KEY}.box.{assistant.id}",
        expanded=not runs and not assistant.sample,
        on_change="rerun",
    ) as box:
        if box.open:
            _form(assistant)


def _form(assistant: Assistant) -> None:
    chosen = compare_runs_questions.choose(assistant)
    versions = _versions(assistant)
    compare_hand_ways.show(assistant, blind=False)
    measured = compare_runs_measured.choose(assistant)
    parallel = _parallel(assistant)
    _takes(assistant, chosen, versions, parallel, measured)
    st.button(
        _("Begin"),
        key=f"{KEY}.begin",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not chosen.asked,
        on_click=notices.acting(lambda: _begin(assistant, chosen, versions, parallel, measured)),
    )


def _versions(assistant: Assistant) -> tuple[str, str]:
    """Two versions, the usual pair to begin with."""
    pair = comparison.pair(assistant.id)
    known = compare_hand_form.versions(assistant, comparison.choices(assistant.id), pair)
    picked = []
    with st.container(horizontal=True, gap="small"):
        for side, usual in (("a", pair.a), ("b", pair.b)):
            key = f"{KEY}.{side}.{assistant.id}"
            if st.session_state.get(key) not in known:
                st.session_state[key] = usual.id
            picked.append(
                st.selectbox(
                    _("Version {letter}").format(letter=side.upper()),
                    list(known),
                    format_func=lambda one: known.get(one, ""),
                    key=key,
                )
            )
    return str(picked[0]), str(picked[1])


def _parallel(assistant: Assistant) -> int:
    return int(
        st.number_input(
            _("Answers at a time"),
            1,
            evaluations.MOST_PARALLEL,
            evaluations.PARALLEL,
            key=f"{KEY}.parallel.{assistant.id}",
            help=_("More is faster where the model's server can take it."),
            width=220,
        )
    )


def _takes(
    assistant: Assistant,
    chosen: Chosen,
    versions: tuple[str, str],
    parallel: int,
    measured: dict[str, Any],
) -> None:
    """Time and cost, and on what that rests."""
    if not chosen.asked:
        return
    new = [models.called(one) for one in versions if ":" in one]
    if new:
        said = _("How long it takes cannot be told: {model} has not answered here yet.")
        st.caption(safe.label(said.format(model=", ".join(new))))
        return
    n = len(chosen.asked) - len(comparison.doubles(chosen.asked))
    found = comparison.estimate(
        n, assistant=assistant.id, a=versions[0], b=versions[1], parallel=parallel
    )
    st.markdown(safe.label(estimates.takes(found)))
    st.caption(safe.label(" · ".join(estimates.rests(found))))
    if measured["judge"]:
        st.caption(_("What the judge model takes comes on top of it."))


def _begin(
    assistant: Assistant,
    chosen: Chosen,
    versions: tuple[str, str],
    parallel: int,
    measured: dict[str, Any],
) -> None:
    ways = compare_hand_ways.chosen(assistant)
    run = comparison.start(
        chosen.asked,
        assistant=assistant.id,
        a=versions[0],
        b=versions[1],
        source=chosen.source,
        is_sample=chosen.is_sample,
        parallel=parallel,
        **{name: ways[name] for name in WAYS},
        **measured,
    )
    st.query_params.from_dict({"assistant": assistant.id, "view": "runs", "run": run.id})
