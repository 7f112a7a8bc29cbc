"""The parts of the page of metrics, one at a time; the address says which (``?view=``)."""

import streamlit as st

from core import access, clock, i18n, metrics
from core.i18n import N_, _
from pages.ui import (
    metrics_advice,
    metrics_alerts,
    metrics_filters,
    metrics_overview,
    metrics_settings,
    metrics_topics,
    tabs,
)
from pages.ui.language import kept

PARTS = {
    "": N_("Overview"),
    "topics": N_("Topics and questions"),
    "alerts": N_("Alerts"),
    "advice": N_("Should we fine-tune?"),
}


def choose() -> str:
    """The part that is open, and the way to the others with the same view."""
    here = st.query_params.get("view", "")
    here = here if here in PARTS else ""
    said = metrics_filters.aside() | metrics_filters.FILTERS.asked()
    said.pop("view", None)
    queries = {part: ({"view": part} if part else {}) | said for part in PARTS}
    titles = {part: _(title) for part, title in PARTS.items()}
    tabs.show("metrics.view", _("View"), here, titles, queries)
    return here


def tools() -> None:
    """What may be set, for whoever may."""
    if access.may("change"):
        metrics_settings.show()


def report(view: metrics.View) -> None:
    """The whole of it as one file to hand on, made when it is asked for."""
    today = clock.now().astimezone(i18n.zone()).date()
    st.download_button(
        _("Report"),
        kept(lambda: metrics.report(view).encode()),
        file_name=_("metrics-{day}.html").format(day=today),
        mime="text/html",
        key="metrics.report",
        icon=":material/description:",
        type="tertiary",
        help=_("All of it as one HTML file that needs no server: to read, send or print."),
        on_click="ignore",
    )


def show(part: str, view: metrics.View) -> None:
    """The part that is open, and only that one."""
    if part == "topics":
        metrics_topics.show(view)
    elif part == "alerts":
        metrics_alerts.page()
    elif part == "advice":
        metrics_advice.show(view)
    else:
        metrics_alerts.show()
        metrics_overview.show(view)
