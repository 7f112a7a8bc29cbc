"""Return on investment of a run: what going from A to B would cost and save, with inputs to change."""

import streamlit as st

from core.comparison import returns as returning
from core.comparison.findings import Verdict
from core.comparison.returns_inputs import INPUTS
from core.db.tables import EvaluationRun
from pages.ui import reckoning, safe
from pages.ui.reckoning import Reckoning

OF = Reckoning("compare.returns", "roi_", INPUTS)


def show(run: EvaluationRun, found: Verdict) -> None:
    """The results, what to bear in mind, the inputs with their sources."""
    told = returning.returns(run, returning.gain(found), reckoning.own(OF))
    reckoning.results(returning.results(told))
    for remark in told.remarks:
        st.caption(safe.label(remark))
    reckoning.inputs(OF, told.inputs)


def changed() -> bool:
    """Whether the address has inputs of somebody's own."""
    return any(f"{OF.prefix}{name}" in st.query_params for name in OF.known)
