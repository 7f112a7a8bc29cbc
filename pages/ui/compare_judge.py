"""A run's judge model: named on an answered run, watched, stopped; what its word is worth beside people's.

Nobody is called before a model is chosen here and the choice is confirmed; what is sent, where, and
about how long it takes stands above the button.
"""

import streamlit as st

from core import access, comparison
from core.comparison import Judging, judge_saying
from core.db.tables import EvaluationRun
from core.errors import InvalidInput
from core.i18n import _, number
from core.llm import EMBEDDED
from pages.ui import errors, models, notices, places, queue_judge, safe
from pages.ui.language import spoken

KEY = "compare.judge"
LOOK_EVERY = 1.0  # seconds


def show(run: EvaluationRun) -> None:
    """What was said of an answered run and what it is worth; then the choice of a judge, for those who
    may. While it is asked: how far it is."""
    told = comparison.judging(run.id)
    if told.state == "wanted":
        st.fragment(_progress, run_every=LOOK_EVERY)(run.id)
        return
    _lines(told)
    if told.wins and told.missing and access.may("review"):
        places.here(_("Vote on them"), key=f"{KEY}.votes", assistant=run.assistant_id, view="votes")
    if access.may("compare"):
        _choose(run, told)


def sent(name: str) -> str:
    """What goes to the model, and where."""
    along = _("The rubric and what is known of the right answers go along.")
    return f"{queue_judge.sent(name)} {along}"


def _lines(told: Judging) -> None:
    for line in judge_saying.lines(told):
        st.markdown(safe.label(line))
    if not told.model:
        st.caption(
            _(
                "A model can say which answer is better, in both orders of showing, and score both by "
                "the rubric. How far people agree with it is shown beside it."
            )
        )


@spoken
def _progress(run_id: str) -> None:
    """How far it is; at the end the page runs anew."""
    told = comparison.judging(run_id)
    if told.state != "wanted":
        st.rerun()
    n, of = told.opinions, max(1, told.calls)
    text = _("{n} of {of} opinions").format(n=number(n), of=number(told.calls))
    st.progress(min(1.0, n / of), text=text)
    _lines(told)
    st.caption(_("It goes on when this page is closed."))
    if access.may("compare"):
        st.button(
            _("Stop the judge"),
            key=f"{KEY}.stop",
            icon=":material/stop:",
            on_click=notices.acting(comparison.stop_judge),
            args=(run_id,),
        )


def _choose(run: EvaluationRun, told: Judging) -> None:
    names = [name for name in models.ready() if name != EMBEDDED]
    names = list(dict.fromkeys([*filter(None, [told.model]), *names]))
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        name = st.selectbox(
            _("Judge model"),
            names,
            index=None if not told.model else 0,
            format_func=queue_judge.title,
            key=f"{KEY}.model.{run.id}",
            accept_new_options=True,
            placeholder=_("none"),
            help=_("One that is not in the list: provider:model."),
            width=320,
        )
        times = int(
            st.number_input(
                _("Repetitions"), 1, 10, told.repetitions, key=f"{KEY}.times.{run.id}", width=140
            )
        )
    if name:
        _offer(run.id, str(name).strip(), times)


def _offer(run_id: str, name: str, times: int) -> None:
    """What would be sent where, what it takes, and the way to begin."""
    try:
        expected = comparison.estimate_judge(run_id, name, times)
    except InvalidInput as error:
        st.error(errors.sentence(error))
        return
    if not expected.calls:
        st.caption(_("It has said all that it was to be asked."))
        return
    st.markdown(sent(name))
    st.caption(safe.label(judge_saying.estimate(expected)))
    st.button(
        _("Let it judge"),
        key=f"{KEY}.begin",
        type="primary",
        on_click=notices.acting(comparison.begin_judge),
        args=(run_id, name, times),
    )
