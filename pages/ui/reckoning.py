"""A calculation to play with: its results, and inputs that anybody may change for themselves.

One's own inputs stand in the address (a prefix and the input's name), so that they can be sent on;
what the address says that cannot be is told and left out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from core.errors import InvalidInput
from core.i18n import _, ngettext, number
from core.metrics.advice.inputs import Held
from core.metrics.advice.payback import Input, checked
from core.metrics.advice.words import Result
from pages.ui import notices, safe
from pages.ui.errors import sentence

WHOLE = ("number", "tokens")
COLUMNS = 3


class Reckoning(NamedTuple):
    """Where a calculation keeps what was changed: ``key`` in the session, ``prefix`` in the address;
    ``known`` are its inputs."""

    key: str
    prefix: str
    known: Mapping[str, Input]


def results(told: Sequence[Result]) -> None:
    """What comes of it, side by side."""
    with st.container(horizontal=True, gap="medium"):
        for one in told:
            st.metric(
                one.title,
                one.text,
                one.local or None,
                delta_color="off",
                delta_arrow="off",
                width="content",
            )


def inputs(of: Reckoning, told: Sequence[Held]) -> None:
    """Every input with its source, and the way back to what was measured."""
    n = sum(one.source == "own" for one in told)
    label = ngettext("{n} input of your own", "{n} inputs of your own", n).format(n=number(n))
    with st.expander(label if n else _("Change the inputs"), expanded=bool(n)):
        for start in range(0, len(told), COLUMNS):
            columns = st.columns(COLUMNS)
            for column, one in zip(columns, told[start:], strict=False):
                with column:
                    _input(of, one)
        if n:
            st.button(
                _("Back to what was measured"),
                key=f"{of.key}.back",
                icon=":material/undo:",
                on_click=notices.acting(lambda: _hold(of, {})),
            )


def own(of: Reckoning) -> dict[str, str | float]:
    """One's own inputs: those of the address, else those of this visit that a filter has dropped."""
    said = _said(of) or dict(st.session_state.get(f"{of.key}.own", {}))
    good: dict[str, str] = {}
    for name, value in said.items():
        try:
            checked({name: value}, of.known)
        except InvalidInput as error:
            st.warning(sentence(error), icon=":material/calculate:")
        else:
            good[name] = value
    _hold(of, good)
    return dict(good)


def _input(of: Reckoning, held: Held) -> None:
    one = held.input
    times = 100 if one.unit == "share" else 1
    shown, most = held.value * times, one.most * times
    whole = one.unit in WHOLE and shown == int(shown)
    kind: Callable[[float], Any] = int if whole else float
    key = f"{of.key}.{one.name}.{shown!r}.{held.default!r}"
    st.number_input(
        _label(one.unit).format(title=_(one.title)),
        kind(0),
        kind(most),
        kind(shown),
        step=kind(1),
        format="%d" if whole else "%g",
        key=key,
        help=_(one.meaning),
        on_change=notices.acting(lambda: _change(of, held, st.session_state[key] / times)),
    )
    st.caption(safe.label(held.said))


def _label(unit: str) -> str:
    """How an input is called with its unit."""
    if unit == "share":
        return _("{title}, %")
    if unit == "price":
        return _("{title}, US$ per million tokens")
    return _("{title}, US$") if unit == "dollars" else "{title}"


def _change(of: Reckoning, held: Held, value: float) -> None:
    said = _said(of)
    said.pop(held.input.name, None)
    if value != held.default:
        said[held.input.name] = f"{value:.10g}"
    _hold(of, said)


def _said(of: Reckoning) -> dict[str, str]:
    """What the address says of the calculation."""
    told = {name: st.query_params.get(of.prefix + name, "") for name in of.known}
    return {name: value for name, value in told.items() if value}


def _hold(of: Reckoning, said: dict[str, str]) -> None:
    """Keep these and no others, in the address and for this visit."""
    st.session_state[f"{of.key}.own"] = said
    for name in of.known:
        if name in said:
            st.query_params[of.prefix + name] = said[name]
        elif of.prefix + name in st.query_params:
            del st.query_params[of.prefix + name]
