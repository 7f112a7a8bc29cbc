"""The diagnoses as buttons, and what the last one found: each finding with how it stands and what to do."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from core import assistants, clock, diagnosis, i18n
from core.i18n import N_, _, ngettext, number
from pages.ui import checks, ledger, notices
from pages.ui import trace_words as words
from pages.ui.language import spoken

LOOK_EVERY = 0.5
KEY = "models.check"
REQUESTS, AT_ONCE = 20, 4


@dataclass(frozen=True)
class Job:
    """A diagnosis: its name, the button, what it does, whether it is asked of one assistant."""

    name: str
    button: str
    does: str
    of_one: bool = True


JOBS = (
    Job(
        "full",
        N_("Check everything"),
        N_("Connections, models and a trial question, one after the other."),
        of_one=False,
    ),
    Job(
        "connectivity",
        N_("Check connections"),
        N_("Database, index, Ollama, named servers and providers: do they answer?"),
        of_one=False,
    ),
    Job(
        "models",
        N_("Try the models"),
        N_("Every model that an assistant names gives a short answer."),
        of_one=False,
    ),
    Job(
        "answer",
        N_("Ask a trial question"),
        N_("One question through everything; nothing of it is kept."),
    ),
    Job(
        "reasoning",
        N_("Test its reasoning"),
        N_("Three small problems for the model; do its thoughts come apart?"),
    ),
    Job(
        "analysis",
        N_("Test an analysis"),
        N_("A question in one of its modes, at the chosen level."),
    ),
    Job(
        "stress",
        N_("Put it under load"),
        N_("Many questions at once; nothing of them is kept."),
    ),
)


def show() -> None:
    """Choices, buttons, and the findings."""
    st.subheader(_("Does everything work?"), anchor=False)
    run = checks.last()
    busy = run is not None and run.running
    _choices()
    with st.container(horizontal=True, gap="small"):
        for job in JOBS:
            st.button(
                _(job.button),
                key=f"{KEY}.{job.name}",
                help=_(job.does),
                type="primary" if job is JOBS[0] else "secondary",
                disabled=busy or (job.of_one and assistants.default() is None),
                on_click=notices.acting(partial(_begin, job)),
            )
    if run:
        st.fragment(_findings, run_every=LOOK_EVERY if busy else None)(busy)


def _choices() -> None:
    known = {one.id: one.name for one in assistants.all()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if len(known) > 1:
            st.selectbox(
                _("Assistant"),
                list(known),
                format_func=lambda id_: known.get(id_, ""),
                key=f"{KEY}.assistant",
                width=240,
            )
        with st.popover(_("Options"), icon=":material/tune:", key=f"{KEY}.options"):
            st.selectbox(
                _("Level of the analysis"),
                diagnosis.LEVELS,
                format_func=lambda name: words.said(LEVELS, str(name)),
                key=f"{KEY}.level",
                persist_state="session",
            )
            questions = _("Questions under load")
            st.number_input(questions, 1, 500, REQUESTS, key=f"{KEY}.requests")
            st.number_input(_("At a time"), 1, 50, AT_ONCE, key=f"{KEY}.at_once")


LEVELS = {"basic": N_("basic"), "intermediate": N_("intermediate"), "advanced": N_("advanced")}


def _begin(job: Job) -> None:
    picked = st.session_state.get(f"{KEY}.assistant")
    default = assistants.default()
    one = assistants.get(picked) if picked else default
    of = one.id if one else None
    level = st.session_state.get(f"{KEY}.level", diagnosis.LEVELS[0])
    requests = int(st.session_state.get(f"{KEY}.requests", REQUESTS))
    at_once = int(st.session_state.get(f"{KEY}.at_once", AT_ONCE))
    ways: dict[str, checks.Diagnosis] = {
        "full": partial(diagnosis.full, of),
        "connectivity": diagnosis.connectivity,
        "models": diagnosis.check,
        "answer": partial(diagnosis.answer, of),
        "reasoning": partial(diagnosis.reasoning, of),
        "analysis": partial(diagnosis.analysis, of, level),
        "stress": lambda: diagnosis.stress(of, requests=requests, concurrency=at_once),
    }
    checks.begin(job.name, one.name if one and job.of_one else "", ways[job.name])


@spoken
def _findings(busy: bool) -> None:
    run = checks.last()
    if run is None or run.running != busy:
        st.rerun()
    title = next(_(job.button) for job in JOBS if job.name == run.name)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_status(run, title), width="content")
        if run.running:
            st.button(_("Stop"), key=f"{KEY}.stop", icon=":material/stop:", on_click=checks.stop)
        else:
            st.button(_("Close"), key=f"{KEY}.close", type="tertiary", on_click=checks.forget)
    found = list(run.found)
    rows = [_row(one) for one in found if one.name != diagnosis.PROGRESS]
    if run.running:
        far = found[-1].found if found and found[-1].name == diagnosis.PROGRESS else ""
        waiting = ledger.cell(_("looking…"), mark="busy")
        rows.append(ledger.row(waiting, ledger.cell(far), ledger.cell()))
    heads = [
        ledger.head(_("Check"), side="short"),
        ledger.head(_("What was found"), wide=True),
        ledger.head(_("Took"), side="end"),
    ]
    ledger.show(f"{KEY}.found", _("What was found"), heads, rows, here="models")


def _status(run: checks.Checking, title: str) -> str:
    counts = diagnosis.counted(list(run.found))
    good, note, bad = (counts[state] for state in ("good", "note", "bad"))
    parts = {
        ngettext("{n} check passed", "{n} checks passed", good): good,
        ngettext("{n} to note", "{n} to note", note): note,
        ngettext("{n} failed", "{n} failed", bad): bad,
    }
    told = [said.format(n=number(n)) for said, n in parts.items() if n]
    took = clock.seconds() - run.begun if run.running else run.seconds
    ended = {
        "running": _("{time} so far").format(time=i18n.seconds(took)),
        "stopped": _("stopped after {time}").format(time=i18n.seconds(took)),
        "ended": i18n.seconds(took),
    }
    return " · ".join([f"**{title}**", ended[run.state], *told])


def _row(one: diagnosis.Finding) -> dict[str, object]:
    took = "" if one.seconds is None else words.duration(one.seconds)
    state = {"good": _("good"), "note": _("to note"), "bad": _("failed")}[one.state]
    note = "\n".join(part for part in (one.subject, one.advice) if part)
    return ledger.row(
        ledger.cell(one.title, mark=one.state, help=state),
        ledger.cell(one.found, note=note),
        ledger.cell(took),
        tone=one.state,
    )
