"""Answers by how they came about: newest first, a page of them at a time, a row each."""

import streamlit as st

from core import chat
from core.i18n import _, moment, number
from pages.ui import filters, ledger, places, trace_filters
from pages.ui import trace_words as words

PAGE = 50
LONGEST = 110  # characters of a question: two lines


def show() -> None:
    """The choices, then the rows, then the way to older ones."""
    trace_filters.show()
    said = trace_filters.FILTERS.asked()
    after = filters.after()
    found = chat.traces(trace_filters.wanted(said), limit=PAGE + 1, after=after)
    rows = found[:PAGE]
    if not rows:
        _empty(bool(said) or after is not None)
        return
    end = rows[-1].answer
    last = (end.created_at, end.id) if len(found) > PAGE else None
    ledger.show(
        "traces.list",
        _("Answers, newest first"),
        _heads(),
        [_row(one) for one in rows],
        here="traces",
        pages=trace_filters.FILTERS.pages(last),
        paging=_("Pages of the list"),
    )


def _heads() -> list[dict[str, object]]:
    return [
        ledger.head(_("When"), side="short"),
        ledger.head(_("Question"), wide=True),
        ledger.head(_("Outcome"), side="short"),
        ledger.head(_("Who answered")),
        ledger.head(_("Took"), side="end", help=_("From the question to the end of the answer.")),
        ledger.head(_("Calls"), side="end", help=_("How often a model was called.")),
    ]


def _row(one: chat.Traced) -> dict[str, object]:
    answer = one.answer
    outcome = answer.outcome or ""
    took = answer.total_seconds
    return ledger.row(
        ledger.cell(moment(answer.created_at)),
        ledger.cell(
            _short(one.question),
            go=ledger.link("traces", answer=answer.id),
            flags=_flags(one),
            note=answer.error,
        ),
        ledger.cell(words.outcome(outcome), mark=words.MARKS.get(outcome, "bad")),
        ledger.cell(words.who(answer.provider, answer.model_name)),
        ledger.cell("" if took is None else words.duration(took)),
        ledger.cell(number(answer.attempts) if answer.attempts else ""),
    )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[:LONGEST].rstrip() + "…"


def _flags(one: chat.Traced) -> list[str]:
    reason = one.answer.routing_reason
    flags = {
        _("cached answer"): one.answer.cached,
        _("fallback model"): reason.startswith("fallback"),
        _("sample data"): one.sample,
    }
    return [name for name, holds in flags.items() if holds]


def _empty(narrowed: bool) -> None:
    if narrowed:
        st.markdown(_("No answer fits these choices."))
        return
    st.markdown(
        _(
            "Every answer leaves its steps here: which model was chosen and why, what was searched, "
            "the prompt as it was sent, and how long each step took. Nothing has been asked yet."
        )
    )
    places.link("chat", _("Ask a question"), icon=":material/forum:")
