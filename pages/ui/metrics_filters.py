"""Which conversations the metrics are of: chosen above them, kept in the address.

The address is a ``View`` in words; beside it stand ``view`` (the part of the page), ``by`` (what the dots
are of) and what a part keeps there. What it says that cannot be is named and left out.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from core import assistants, i18n, metrics
from core.errors import InvalidInput
from core.i18n import _, number
from core.metrics import naming
from core.metrics.views import USUAL
from pages.ui import notices, ratings_filters
from pages.ui.errors import sentence
from pages.ui.filters import DATA, WHOLE, Filters, titled

DRAWER = ("behind", "in")  # what the address opens over the page: it goes when a filter changes


@dataclass(frozen=True)
class ViewFilters(Filters):
    """Those of a page that has parts."""

    def go(self, **said: str) -> None:
        """Change the address; the part of the page stays."""
        known = aside() | self.asked() | said
        st.query_params.from_dict({name: value for name, value in known.items() if value})

    @contextmanager
    def opened(self) -> Iterator[bool]:
        """The choices behind the button, which are looked up once somebody opens it."""
        n = sum(name in self.more for name in self.asked())
        label = _("More filters ({n})").format(n=number(n)) if n else _("More filters")
        with st.popover(
            label, icon=":material/filter_list:", key=f"{self.page}.more", on_change="rerun"
        ) as box:
            yield bool(box.open)


FILTERS = ViewFilters(
    "metrics",
    usual=("period", "assistant", "version", "data"),
    more=(
        *("channel", "mode", "tier", "language", "topic", "document", "outcome"),
        *("weekday", "hour"),
    ),
)


def aside() -> dict[str, str]:
    """What the address says beside the view: the part of the page, and what that part keeps there."""
    known = (*FILTERS.usual, *FILTERS.more, *DRAWER)
    return {name: value for name, value in st.query_params.to_dict().items() if name not in known}


def view() -> metrics.View:
    """What the address asks for; what of it cannot be is told and left out."""
    said = FILTERS.asked()
    for _again in range(len(said) + 1):
        try:
            return metrics.view(said)
        except InvalidInput as error:
            st.warning(sentence(error), icon=":material/filter_list_off:")
            if error.field not in said:
                break
            del said[error.field]
    return metrics.View()


def query(view: metrics.View, **more: str) -> dict[str, str]:
    """A view as the address says it, on the part of the page that is open."""
    return {name: value for name, value in (aside() | view.said() | more).items() if value}


def show(view: metrics.View) -> None:
    """The choices."""
    choice = FILTERS.choice
    usual = metrics.PERIODS[USUAL]
    with FILTERS.row():
        periods = {name: _(title) for name, title in metrics.PERIODS.items() if name != USUAL}
        if ".." in view.period:
            periods[view.period] = period(view.period)
        choice("period", _("Period"), periods, usual=_(usual))
        known = {one.id: one.name for one in assistants.all()}
        choice("assistant", _("Assistant"), known)
        choice("version", _("Version"), ratings_filters.versions(view.assistant, known))
        choice("data", _("Sample data"), titled(DATA))
        with FILTERS.opened() as open_:
            if open_:
                _more(view)


def period(told: str) -> str:
    """A period in words: "last 7 days", "20/11/2026", "01/11/2026 to 20/11/2026"."""
    if ".." not in told:
        return _(metrics.PERIODS.get(told, told))
    first, last = (i18n.day(date.fromisoformat(day)) for day in told.split(".."))
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def _more(view: metrics.View) -> None:
    bare = metrics.View(period=view.period, assistant=view.assistant, data=view.data)
    for name in FILTERS.more:
        keys = [row.key for row in metrics.breakdown("answers", name, bare) if row.key]
        if name in ("weekday", "hour"):
            keys.sort(key=int)
        chosen = getattr(view, name)
        titles = naming.names(name, keys[:100] + [chosen] * bool(chosen))
        FILTERS.choice(name, _(naming.TITLES[name]), titles, WHOLE)
    _between(view)


def _between(view: metrics.View) -> None:
    first, _dots, last = view.period.partition("..")
    days: list[Any] = [date.fromisoformat(day) for day in (first, last)] if last else []
    key = f"metrics.between.{view.period}"

    def turn() -> None:
        chosen: Any = st.session_state[key]
        if len(chosen) != 1:  # a second day ends the choice, one alone waits for the other
            FILTERS.go(period="..".join(str(day) for day in chosen))

    st.date_input(
        _("From, to"),
        days,
        key=key,
        format="DD/MM/YYYY" if i18n.language() == "pt-BR" else "YYYY-MM-DD",
        on_change=notices.acting(turn),
    )


def said(view: metrics.View) -> Mapping[str, str]:
    """What the view is narrowed to, in words: "Assistant" to "Loja"."""
    told = {name: value for name, value in view.said().items() if name in naming.TITLES}
    return {
        _(naming.TITLES[name]): naming.names(name, [value])[value] for name, value in told.items()
    }
