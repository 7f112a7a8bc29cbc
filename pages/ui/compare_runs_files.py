"""A run's report as files to hand on, each made when somebody asks for it."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.comparison.report import card, page
from core.db.tables import EvaluationRun
from core.i18n import _
from pages.ui import safe
from pages.ui.language import kept


def show(run: EvaluationRun) -> None:
    """Both files."""
    with st.popover(
        _("Report"), icon=":material/description:", key="compare.runs.report", type="tertiary"
    ):
        name = safe.file_name(run.name) or "evaluation"
        _file(_("As one HTML file"), f"{name}.html", "text/html", partial(page.html, run.id))
        _file(
            _("For a model card (Markdown)"),
            f"{name}.md",
            "text/markdown",
            partial(card.markdown, run.id),
        )


def _file(label: str, name: str, kind: str, made: Callable[[], str]) -> None:
    st.download_button(
        label,
        kept(lambda: made().encode()),
        file_name=name,
        mime=kind,
        key=f"compare.runs.file.{kind}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
