"""One line of the audit log: who, when, from where; each field that changed, before beside after."""

from typing import Any

import streamlit as st

from core import audit, i18n
from core.audit import words
from core.i18n import _
from core.retrieval.difference import between
from pages.ui import audit_list, components, ledger, places, safe, versions

LONG = 160  # characters: a longer text, or one of several lines, is shown below as a difference
PAGES = {  # kinds that have a page: its name, and what its address calls the object
    "assistant": ("assistants", "assistant"),
    "document": ("documents", "document"),
    "conversation": ("chat", "conversation"),
    "trace": ("traces", "answer"),
}
Change = tuple[str, str, str]  # the field's name, what it held before, what after


def show(number: int) -> None:
    """The page of one line; NotFound where there is none."""
    one = audit.event(number)
    places.here(_("All lines"), key="audit.back", icon=":material/arrow_back:")
    said = _("{who} {did}: {what}").format(
        who=audit_list.who(one), did=words.action(one.action), what=audit_list.called(one)
    )
    st.title(safe.label(said), anchor=False)
    _facts(one)
    changes = [
        (name, words.value(name, one.before.get(name)), words.value(name, one.after.get(name)))
        for name in {**one.before, **one.after}
    ]
    _changes(one, [each for each in changes if not _is_long(each)])
    for each in changes:
        if _is_long(each):
            _difference(one, *each)


def _is_long(change: Change) -> bool:
    return any(len(text) > LONG or "\n" in text for text in change[1:])


def _facts(one: audit.Event) -> None:
    told: list[tuple[str, str, dict[str, Any]]] = [
        (_("When"), i18n.moment(one.at), {}),
        (_("Who"), audit_list.who(one), {"links": _links(who=one.person_id or "-")}),
        (_("Where from"), audit_list.place(one), {"note": _token(one)}),
        (_("Of what"), words.kind(one.kind), {"note": one.object_id, "links": _about(one)}),
        (_("Assistant"), one.assistant, {}),
    ]
    rows = [ledger.row(ledger.cell(n), ledger.cell(text, **more)) for n, text, more in told if text]
    heads = [ledger.head(_("Fact")), ledger.head(_("Value"), wide=True)]
    ledger.show("audit.facts", _("What is known of it"), heads, rows, here="audit", bare=True)


def _links(**query: str) -> list[dict[str, Any]]:
    return [ledger.link("audit", _("all of theirs"), **query)]


def _about(one: audit.Event) -> list[dict[str, Any]]:
    found = []
    if one.object_id:
        found.append(ledger.link("audit", _("all about it"), kind=one.kind, object=one.object_id))
    if one.kind in PAGES and one.title and one.action != "delete":
        place, name = PAGES[one.kind]
        found.append(ledger.link(place, _("open it"), **{name: one.object_id}))
    return found


def _token(one: audit.Event) -> str:
    return _("with the API token {id}").format(id=one.token_id) if one.token_id else ""


def _changes(one: audit.Event, changes: list[Change]) -> None:
    if not changes:
        return
    st.subheader(_("What changed") if one.before and one.after else _("What it held"), anchor=False)
    heads, rows = [ledger.head(_("Field"))], []
    sides = [(1, one.before, _("Before")), (2, one.after, _("After"))]
    shown = [(at, title) for at, held, title in sides if held]
    heads += [ledger.head(title) for _at, title in shown]
    for change in changes:
        cells = (ledger.cell(change[at]) for at, _title in shown)
        rows.append(ledger.row(ledger.cell(words.field(change[0])), *cells))
    ledger.show("audit.changes", _("What changed"), heads, rows, here="audit")


def _difference(one: audit.Event, name: str, before: str, after: str) -> None:
    st.subheader(safe.label(words.field(name)), anchor=False)
    found = between(before, after)
    text = versions.html(found) if one.before and one.after else safe.plain(before or after)
    if found.cut:
        st.caption(_("only the first ones are shown"))
    label = words.field(name)
    components.reading(
        key=f"audit.{one.number}.{name}", data={"html": text, "label": label, "tall": False}
    )
