"""Should we fine-tune? What pays most now, each option with its reasons, and a calculation to play with.

One's own inputs stand in the address (``?calc_hosting=50``), so that they can be sent on; another
choice above the page does not lose them. What the address says that cannot be is told and left out.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core import metrics
from core.errors import InvalidInput
from core.i18n import _, ngettext, number
from core.metrics.advice import words as advice_words
from core.metrics.advice.advising import Advice, Advising, advise
from core.metrics.advice.conditions import NO, OPEN, YES
from core.metrics.advice.inputs import Held
from core.metrics.advice.payback import INPUTS, checked
from pages.ui import ledger, notices
from pages.ui.errors import sentence

PREFIX = "calc_"
KEY = "metrics.advice"
MARKS = {YES: "good", OPEN: "note", NO: "off"}
WHOLE = ("number", "tokens")
COLUMNS = 3


def show(view: metrics.View) -> None:
    """All of it, of this view."""
    told = advise(view, _own())
    st.subheader(told.headline, anchor=False)
    _options(told)
    st.subheader(_("What another model would cost"), anchor=False)
    _results(told)
    _inputs(told.inputs)


def _options(told: Advising) -> None:
    heads = [
        ledger.head(_("What could be done")),
        ledger.head(_("Why"), wide=True),
        ledger.head(_("What it would bring")),
        ledger.head(_("Missing to say it firmly")),
    ]
    ledger.show(KEY, _("What pays most now"), heads, [_row(one) for one in told.options])
    if basis := advice_words.basis(told):
        st.caption(basis)


def _row(one: Advice) -> dict[str, Any]:
    standing = _(advice_words.STANDINGS[one.standing])
    return ledger.row(
        ledger.cell(one.title, note=standing, mark=MARKS[one.standing]),
        ledger.cell(" ".join(one.reasons)),
        ledger.cell(one.brings),
        ledger.cell("; ".join(one.lacking)),
    )


def _results(told: Advising) -> None:
    with st.container(horizontal=True, gap="medium"):
        for one in advice_words.results(told):
            st.metric(
                one.title,
                one.text,
                one.local or None,
                delta_color="off",
                delta_arrow="off",
                width="content",
            )
    if remark := advice_words.remark(told):
        st.caption(remark)


def _inputs(inputs: list[Held]) -> None:
    n = sum(one.source == "own" for one in inputs)
    label = ngettext("{n} input of your own", "{n} inputs of your own", n).format(n=number(n))
    with st.expander(label if n else _("Change the inputs"), expanded=bool(n)):
        for start in range(0, len(inputs), COLUMNS):
            columns = st.columns(COLUMNS)
            for column, one in zip(columns, inputs[start:], strict=False):
                with column:
                    _input(one)
        if n:
            st.button(
                _("Back to what was measured"),
                key=f"{KEY}.back",
                icon=":material/undo:",
                on_click=notices.acting(lambda: _hold({})),
            )


def _input(held: Held) -> None:
    one = held.input
    times = 100 if one.unit == "share" else 1
    shown, most = held.value * times, one.most * times
    whole = one.unit in WHOLE and shown == int(shown)
    kind: Callable[[float], Any] = int if whole else float
    key = f"{KEY}.{one.name}.{shown!r}.{held.default!r}"
    st.number_input(
        _label(one.unit).format(title=_(one.title)),
        kind(0),
        kind(most),
        kind(shown),
        step=kind(1),
        format="%d" if whole else "%g",
        key=key,
        help=_(one.meaning),
        on_change=notices.acting(lambda: _change(held, st.session_state[key] / times)),
    )
    st.caption(held.said)


def _label(unit: str) -> str:
    """How an input is called with its unit."""
    if unit == "share":
        return _("{title}, %")
    if unit == "price":
        return _("{title}, US$ per million tokens")
    return _("{title}, US$") if unit == "dollars" else "{title}"


def _change(held: Held, value: float) -> None:
    own = _said()
    own.pop(held.input.name, None)
    if value != held.default:
        own[held.input.name] = f"{value:.10g}"
    _hold(own)


def _said() -> dict[str, str]:
    """What the address says of the calculation."""
    told = {name: st.query_params.get(PREFIX + name, "") for name in INPUTS}
    return {name: value for name, value in told.items() if value}


def _hold(own: dict[str, str]) -> None:
    """Keep these and no others, in the address and for this visit."""
    st.session_state[f"{KEY}.own"] = own
    for name in INPUTS:
        if name in own:
            st.query_params[PREFIX + name] = own[name]
        elif PREFIX + name in st.query_params:
            del st.query_params[PREFIX + name]


def _own() -> dict[str, str | float]:
    """One's own inputs: those of the address, else those of this visit that a filter has dropped."""
    said = _said() or dict(st.session_state.get(f"{KEY}.own", {}))
    good: dict[str, str] = {}
    for name, value in said.items():
        try:
            checked({name: value})
        except InvalidInput as error:
            st.warning(sentence(error), icon=":material/calculate:")
        else:
            good[name] = value
    _hold(good)
    return dict(good)
