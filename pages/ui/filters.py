"""What a list is narrowed by: chosen above it, kept in the address, so that it can be sent on.

A ``Filters`` knows the names in the address and draws the choices: the usual ones in a row, the rest
behind a button that counts them. Always holds: the address is the truth; another choice there is
another element here.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import streamlit as st

from core.i18n import N_, _, number
from pages.ui import ledger, notices

DATA = {"real": N_("without sample data"), "sample": N_("sample data only")}
SAMPLE = {"real": False, "sample": True}
SIDE_BY_SIDE = 164  # pixels: two in a row at 390
WHOLE: Literal["stretch"] = "stretch"
BEGIN = datetime.fromtimestamp(0, UTC)
After = tuple[datetime, str]


@dataclass(frozen=True)
class Filters:
    """Of one ``page``: the names ``usual`` stand in the row, those in ``more`` behind the button."""

    page: str
    usual: tuple[str, ...]
    more: tuple[str, ...]

    def asked(self) -> dict[str, str]:
        """What the address asks for, without what is empty."""
        names = (*self.usual, *self.more)
        return {name: st.query_params[name] for name in names if st.query_params.get(name)}

    def go(self, **said: str) -> None:
        """Change the address; what is empty leaves it, and the list begins anew."""
        known = self.asked() | said
        st.query_params.from_dict({name: value for name, value in known.items() if value})

    @contextmanager
    def row(self) -> Iterator[None]:
        """The choices of the block in a row, and a way to none at its end."""
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            yield
            if self.asked():
                st.button(
                    _("Show all"),
                    key=f"{self.page}.all",
                    type="tertiary",
                    on_click=notices.acting(lambda: self.go(**dict.fromkeys(self.asked(), ""))),
                )

    @contextmanager
    def behind(self) -> Iterator[None]:
        """The choices of the block behind a button."""
        n = sum(name in self.more for name in self.asked())
        label = _("More filters ({n})").format(n=number(n)) if n else _("More filters")
        with st.popover(label, icon=":material/filter_list:", key=f"{self.page}.more"):
            yield

    def choice(
        self,
        name: str,
        label: str,
        titles: Mapping[str, str],
        width: int | Literal["stretch"] = SIDE_BY_SIDE,
        usual: str = "",
    ) -> None:
        """One of several; ``usual`` is what none is called."""
        chosen = st.query_params.get(name, "")
        known = {"": usual or _("all")} | dict(titles)
        options = [*known, chosen] if chosen not in known else list(known)
        key = f"{self.page}.{name}.{chosen}"
        st.selectbox(
            label,
            options,
            index=options.index(chosen),
            format_func=lambda one: known.get(one, one),
            key=key,
            width=width,
            on_change=self._turn(name, key),
        )

    def words(self, name: str, label: str, most: int) -> None:
        """Words that are typed, at most so many characters."""
        chosen = st.query_params.get(name, "")
        key = f"{self.page}.{name}.{chosen}"
        turn = self._turn(name, key)
        st.text_input(label, chosen, max_chars=most, key=key, on_change=turn)

    def pages(self, last: After | None) -> list[dict[str, Any]]:
        """Ways to the newest rows and to those after ``last``, where there are more than these."""
        said = self.asked()
        newest = [ledger.link(self.page, _("Newest"), **said)] if after() else []
        return newest + (
            [ledger.link(self.page, _("Older"), **said, before=_cursor(*last))] if last else []
        )

    def _turn(self, name: str, key: str) -> Callable[[], None]:
        return notices.acting(lambda: self.go(**{name: st.session_state[key]}))


def titled(named: Mapping[str, str]) -> dict[str, str]:
    """The titles in the reader's language."""
    return {name: _(title) for name, title in named.items()}


def after() -> After | None:
    """What the page begins after, from ``?before=microseconds.id``."""
    moment, _dot, id_ = st.query_params.get("before", "").partition(".")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 18 and id_):
        return None
    return BEGIN + timedelta(microseconds=int(moment)), id_


def _cursor(at: datetime, id_: str) -> str:
    return f"{(at - BEGIN) // timedelta(microseconds=1)}.{id_}"
