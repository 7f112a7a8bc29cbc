"""What can be done with a comparison: taken along as a file, removed, brought back."""

import json
from functools import partial

import streamlit as st

from core import comparison
from core.comparison import Compared, exporting
from core.comparison.report import one
from core.i18n import _
from pages.ui import notices, safe
from pages.ui.language import kept


def menu(found: Compared) -> None:
    """The files it can be taken along as, and its removal."""
    with st.popover(_("More"), icon=":material/more_horiz:", type="tertiary", key="compare.menu"):
        name = safe.file_name(found.row.question) or "comparison"
        _file(_("As one HTML file"), f"{name}.html", "text/html", partial(_html, found.row.id))
        _file(_("As Markdown"), f"{name}.md", "text/markdown", partial(_markdown, found.row.id))
        _file(_("As JSON"), f"{name}.json", "application/json", partial(_json, found.row.id))
        st.button(
            _("Remove this comparison"),
            key="compare.remove",
            icon=":material/delete:",
            type="tertiary",
            on_click=notices.acting(partial(_remove, found.row.id)),
        )


def _file(label: str, name: str, kind: str, made: partial[str]) -> None:
    st.download_button(
        label,
        data=kept(made),
        file_name=name,
        mime=kind,
        key=f"compare.export.{kind}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def _html(comparison_id: str) -> str:
    return one.html(comparison.comparison(comparison_id))


def _markdown(comparison_id: str) -> str:
    return exporting.markdown(comparison.comparison(comparison_id))


def _json(comparison_id: str) -> str:
    told = exporting.told(comparison.comparison(comparison_id))
    return json.dumps(told, ensure_ascii=False, indent=2)


def _remove(comparison_id: str) -> None:
    comparison.remove(comparison_id)
    st.query_params.pop("comparison", None)
    notices.leave(_("The comparison was removed."), undo=partial(_restore, comparison_id))


def _restore(comparison_id: str) -> None:
    comparison.restore(comparison_id)
    st.query_params["comparison"] = comparison_id
