"""One evaluation run: how far it is, the verdict, and what stands behind it.

While it runs, the progress looks again by itself; a reload finds it where it is.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core import access, comparison
from core.comparison.evaluations import OPEN
from core.comparison.findings import Verdict
from core.comparison.report import content, estimates
from core.db.tables import EvaluationRun
from core.i18n import _
from pages.ui import (
    compare_gate,
    compare_judge,
    compare_returns,
    compare_runs_files,
    compare_side,
    compare_verdict,
    compare_verdict_changes,
    compare_verdict_slices,
    notices,
    places,
    safe,
)
from pages.ui.language import spoken

LOOK_EVERY = 1.0  # seconds
SOON = 500  # questions up to which a verdict is made in the time between two looks


def show(run: EvaluationRun) -> None:
    """All of it."""
    places.here(
        _("All evaluations"),
        key="compare.runs.back",
        icon=":material/arrow_back:",
        assistant=run.assistant_id,
        view="runs",
    )
    _head(run, compare_side.names(comparison.choices(run.assistant_id)))
    if run.state in OPEN:
        st.fragment(_progress, run_every=LOOK_EVERY)(run.id)
        return
    if run.error:
        st.error(safe.label(run.error), icon=":material/error:")
    found = comparison.verdict(run.id)
    compare_verdict.show(found)
    _behind(run, found)


def _behind(run: EvaluationRun, found: Verdict) -> None:
    """What stands behind the sentence; what is folded is made when somebody opens it."""
    compare_gate.show(run)
    compare_verdict_changes.show(run)
    changed = compare_returns.changed()
    _folded(
        "slices",
        _("By topic, language and length"),
        ":material/segment:",
        lambda: compare_verdict_slices.show(run),
    )
    _folded(
        "judge",
        _("Judge model and people"),
        ":material/gavel:",
        lambda: compare_judge.show(run),
    )
    _folded(
        "returns",
        _("Return on investment"),
        ":material/savings:",
        lambda: compare_returns.show(run, found),
        changed,
    )


def _folded(
    key: str, title: str, icon: str, show_it: Callable[[], None], open_: bool = False
) -> None:
    with st.expander(
        title, icon=icon, key=f"compare.runs.box.{key}", on_change="rerun", expanded=open_
    ) as box:
        if box.open:
            show_it()


def _head(run: EvaluationRun, named: compare_side.Names) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{safe.label(run.name)}**", width="content")
        if run.state not in OPEN:
            st.badge(_(comparison.STATES[run.state]), color="gray")
        if run.is_sample:
            st.badge(_("sample data"), color="gray")
        st.space("stretch")
        _deeds(run)
    ids = (run.a_version_id, run.b_version_id)
    sides = [
        f"{letter}: {compare_side.called(named, id_)}"
        for letter, id_ in zip("AB", ids, strict=True)
    ]
    lines = (" · ".join(sides), " · ".join(content.basis(run)))
    st.caption("  \n".join(map(safe.label, lines)))


def _deeds(run: EvaluationRun) -> None:
    compare_runs_files.show(run)
    if not access.may("compare"):
        return
    if run.state in OPEN:
        _deed("cancel", _("Cancel"), ":material/stop:", lambda: comparison.cancel(run.id))
        return
    if run.state != "done":
        _deed("resume", _("Go on"), ":material/play_arrow:", lambda: comparison.resume(run.id))
    _deed("remove", _("Remove"), ":material/delete:", partial(_remove, run))


def _deed(name: str, label: str, icon: str, act: object) -> None:
    st.button(
        label,
        key=f"compare.runs.{name}",
        icon=icon,
        type="tertiary",
        on_click=notices.acting(act),  # type: ignore[arg-type]
    )


def _remove(run: EvaluationRun) -> None:
    comparison.remove_run(run.id)
    st.query_params.from_dict({"assistant": run.assistant_id, "view": "runs"})
    notices.leave(_("The evaluation was removed."))


@spoken
def _progress(run_id: str) -> None:
    """How far it is and what can be said so far; at the end the page runs anew."""
    now = comparison.progress(run_id)
    if now.state not in OPEN:
        st.rerun()
    st.progress(now.share, text=safe.label(estimates.progress(now)))
    if now.of <= SOON:
        st.markdown(safe.label(comparison.verdict(run_id).sentence))
    st.caption(_("It goes on when this page is closed."))
