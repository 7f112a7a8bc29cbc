"""Should we fine-tune? What pays most now, each option with its reasons, and a calculation to play with.

One's own inputs stand in the address (``?calc_hosting=50``), so that they can be sent on; another
choice above the page does not lose them. What the address says that cannot be is told and left out.
"""

from typing import Any

import streamlit as st

from core import metrics
from core.i18n import _
from core.metrics.advice import words as advice_words
from core.metrics.advice.advising import Advice, Advising, advise
from core.metrics.advice.conditions import NO, OPEN, YES
from core.metrics.advice.payback import INPUTS
from pages.ui import ledger, reckoning
from pages.ui.reckoning import Reckoning

KEY = "metrics.advice"
OF = Reckoning(KEY, "calc_", INPUTS)
MARKS = {YES: "good", OPEN: "note", NO: "off"}


def show(view: metrics.View) -> None:
    """All of it, of this view."""
    told = advise(view, reckoning.own(OF))
    st.subheader(told.headline, anchor=False)
    _options(told)
    st.subheader(_("What another model would cost"), anchor=False)
    reckoning.results(advice_words.results(told))
    if remark := advice_words.remark(told):
        st.caption(remark)
    reckoning.inputs(OF, told.inputs)


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
