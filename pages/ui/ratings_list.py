"""What people said, newest first, a page at a time; each row opens its conversation at the answer."""

from functools import partial
from typing import Any

import streamlit as st

from core import feedback
from core.i18n import _, moment, ngettext, number
from pages.ui import files, filters, ledger, ratings_filters
from pages.ui.language import kept

PAGE = 50
MOST_ROWS = 100_000  # in a file made here: of a kB each
LONGEST = 110  # characters of a question: two lines
WORDS = 400  # characters of a comment


def show(wanted: feedback.Wanted) -> None:
    """The rows, then the way to older ones."""
    found = feedback.listing(wanted, limit=PAGE + 1, after=filters.after())
    rows = found[:PAGE]
    if not rows:
        st.markdown(_("No feedback fits these choices."))
        return
    last = (rows[-1].created_at, rows[-1].id) if len(found) > PAGE else None
    ledger.show(
        "feedback.list",
        _("What people said, newest first"),
        _heads(),
        [_row(one) for one in rows],
        here="feedback",
        pages=ratings_filters.FILTERS.pages(last),
        paging=_("Pages of the list"),
    )


def exports(wanted: feedback.Wanted, rows: int) -> None:
    """What is shown as a file, made when it is asked for; ``rows`` are how many it holds."""
    if not files.fits(rows, MOST_ROWS, "ciclo feedback export -o feedback.csv"):
        return
    for format, label, mime in (
        ("csv", _("Export as CSV"), "text/csv"),
        ("jsonl", _("Export as JSONL"), "application/jsonl"),
    ):
        st.download_button(
            label,
            kept(partial(_file, format, wanted)),
            file_name=f"feedback.{format}",
            mime=mime,
            key=f"feedback.export.{format}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )


def _file(format: str, wanted: feedback.Wanted) -> bytes:
    return files.whole(feedback.export(format, wanted))


def _heads() -> list[dict[str, object]]:
    return [
        ledger.head(_("When"), side="short"),
        ledger.head(_("What was said")),
        ledger.head(_("Question"), wide=True),
        ledger.head(_("Version"), side="end", help=_("Which version of the assistant answered.")),
        ledger.head(_("Who"), help=_("A person, or the user's id in an outside channel.")),
    ]


def _row(one: feedback.Entry) -> dict[str, Any]:
    bad = one.rating == "down" or one.problem or one.solved is False or (one.stars or 5) < 3
    who = one.person if one.person != "local" else ""
    channel = _(ratings_filters.CHANNELS.get(one.channel, one.channel))
    return ledger.row(
        ledger.cell(moment(one.created_at)),
        ledger.cell(_said(one), mark="bad" if bad else "good", note=_short(one.text, WORDS)),
        ledger.cell(
            _short(one.question, LONGEST) or _("(the conversation)"),
            go=ledger.link("chat", conversation=one.conversation_id, answer=one.message_id or ""),
            flags=[_("sample data")] if one.sample else [],
            note=one.topic,
        ),
        ledger.cell(number(one.version) if one.version else ""),
        ledger.cell(" · ".join(part for part in (who or one.user_id, channel) if part)),
    )


def _said(one: feedback.Entry) -> str:
    """In words: "Não ajudou: desatualizada", "Problema: tom", "4 estrelas · resolvida"."""
    if one.kind == "conversation":
        stars = ngettext("{n} star", "{n} stars", one.stars or 0).format(n=number(one.stars or 0))
        solved = {True: _("solved"), False: _("not solved"), None: ""}[one.solved]
        parts = [stars if one.stars else "", solved]
        return " · ".join(part for part in parts if part) or feedback.said(one)
    why = ", ".join(feedback.title(name) for name in (*one.reasons, one.problem) if name)
    return f"{feedback.said(one)}: {why}" if why else feedback.said(one)


def _short(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[:most].rstrip() + "…"
