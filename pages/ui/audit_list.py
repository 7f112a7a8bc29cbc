"""Lines of the audit log: newest first, a page of them at a time; a line opens what changed."""

from functools import partial
from typing import Any

import streamlit as st

from core import audit
from core.audit import words
from core.i18n import _, moment, ngettext, number
from pages.ui import audit_filters, files, ledger
from pages.ui.language import kept

PAGE = 50
MOST = 20_000  # lines in a file made here
LONGEST = 110


def show() -> None:
    """The choices, then the lines, then the ways to older ones and to a file."""
    audit_filters.show()
    said = audit_filters.FILTERS.asked()
    wanted = audit_filters.wanted(said)
    found = audit.events(wanted, before=audit_filters.before(), limit=PAGE + 1)
    if not found:
        st.markdown(_nothing(bool(said) or audit_filters.before() is not None))
        return
    rows = found[:PAGE]
    ledger.show(
        "audit.list",
        _("What was done, newest first"),
        _heads(),
        [_row(one) for one in rows],
        here="audit",
        pages=audit_filters.pages(rows[-1].number if len(found) > PAGE else None),
        paging=_("Pages of the list"),
    )
    _exports(wanted)


def who(one: audit.Event) -> str:
    """Whose deed it was."""
    return words.who(one.person, one.person_id, one.door)


def place(one: audit.Event) -> str:
    """Where somebody came from, in words."""
    return " · ".join(part for part in (words.door(one.door), one.address) if part)


def called(one: audit.Event) -> str:
    """What the object is called."""
    name = _short(one.title or one.object_id)
    return f"{words.kind(one.kind)} {name}".strip() if one.title.isdecimal() or not name else name


def _heads() -> list[dict[str, Any]]:
    return [
        ledger.head(_("When"), side="short"),
        ledger.head(_("Who")),
        ledger.head(_("What")),
        ledger.head(_("Of what"), wide=True),
    ]


def _row(one: audit.Event) -> dict[str, Any]:
    kind = words.kind(one.kind)
    of = f"{kind} · {one.assistant}" if one.assistant and one.kind != "assistant" else kind
    changed = words.summary(one.before, one.after)
    return ledger.row(
        ledger.cell(moment(one.at)),
        ledger.cell(who(one), note=place(one)),
        ledger.cell(words.action(one.action)),
        ledger.cell(
            called(one),
            go=ledger.link("audit", line=str(one.number)),
            flags=[of],
            note=_short(changed, 2 * LONGEST),
        ),
    )


def _short(text: str, most: int = LONGEST) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[:most].rstrip() + "…"


def _nothing(narrowed: bool) -> str:
    if narrowed:
        return _("Nothing in the log fits these choices.")
    return _(
        "Every change to people, assistants, documents, models and settings leaves a line here, and "
        "so does every look at personal data. Nothing has happened yet."
    )


def _exports(wanted: audit.Wanted) -> None:
    """What fits as a file, made when it is asked for."""
    n = audit.count(wanted, most=MOST + 1)
    if not files.fits(n, MOST, "ciclo audit export -o audit.csv"):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        told = ngettext("{n} line", "{n} lines", n).format(n=number(n))
        st.caption(told, width="content")
        for format, label, mime in (
            ("csv", _("Export as CSV"), "text/csv"),
            ("jsonl", _("Export as JSONL"), "application/jsonl"),
        ):
            st.download_button(
                label,
                kept(partial(_file, format, wanted)),
                file_name=f"audit.{format}",
                mime=mime,
                key=f"audit.export.{format}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )


def _file(format: str, wanted: audit.Wanted) -> bytes:
    return files.whole(audit.export(format, wanted))
