"""The versions of a document: since when each was there, and what differs between two, line by line.

Added and removed lines are told by a sign and a word as well as by colour. What is shown is built
from escaped text alone.
"""

from collections.abc import Iterator
from html import escape

import streamlit as st

from core import retrieval
from core.db.tables import Document, DocumentVersion
from core.i18n import _, moment, ngettext, number
from core.retrieval import Difference
from pages.ui import components, places, shelf_rows
from pages.ui.errors import told

SIGNS = {"+": "+", "-": "\u2212", " ": ""}


def show(document: Document) -> None:
    """Every version, then what changed between two of them."""
    known = retrieval.versions(document.id)
    for one in known:
        _version(document, one)
    read = [one.number for one in known if one.state == "ready"]
    if len(read) < 2:
        st.caption(_("Add a file of the same name to see here what it changes."))
        return
    st.header(_("What changed"), anchor=False)
    with st.container(horizontal=True):
        new = _choice(_("To version"), read[:-1], f"documents.to.{document.id}")
        older = [n for n in read if n < new]
        old = _choice(_("From version"), older, f"documents.from.{document.id}.{new}")
    with told():
        _difference(document, retrieval.diff(document.id, old, new))


def html(found: Difference) -> str:
    """The lines as a table: their numbers before and after, their sign, their text."""
    return f'<table class="diff"><tbody>{"".join(_rows(found))}</tbody></table>'


def _version(document: Document, one: DocumentVersion) -> None:
    parts = [_("Version {n}").format(n=number(one.number)), _serving(document, one)]
    parts += [moment(one.created_at), shelf_rows.size(one.size)]
    if one.chunks:
        many = ngettext("{n} passage", "{n} passages", one.chunks)
        parts.append(many.format(n=number(one.chunks)))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(" · ".join(filter(None, parts)), width="content")
        if one.state == "ready" and one.number != document.version:
            places.here(
                _("Read it"),
                key=f"documents.version.{one.number}",
                document=document.id,
                version=str(one.number),
            )


def _serving(document: Document, one: DocumentVersion) -> str:
    if one.number == document.version:
        return _("answers now")
    return "" if one.state == "ready" else _(shelf_rows.STATES[one.state])


def _choice(label: str, numbers: list[int], key: str) -> int:
    return st.selectbox(label, numbers, format_func=number, key=key, width=160)


def _difference(document: Document, found: Difference) -> None:
    added = ngettext("{n} line added", "{n} lines added", found.added)
    removed = ngettext("{n} line removed", "{n} lines removed", found.removed)
    said = [added.format(n=number(found.added)), removed.format(n=number(found.removed))]
    if found.cut:
        said.append(_("only the first ones are shown"))
    st.caption(" · ".join(said))
    if not found.lines:
        st.info(_("The text is the same in both."))
        return
    key = f"documents.diff.{document.id}.{found.a}.{found.b}"
    components.reading(
        key=key, data={"html": html(found), "label": _("What changed"), "tall": True}
    )


def _rows(found: Difference) -> Iterator[str]:
    before = None
    words = {"+": _("added"), "-": _("removed")}
    for line in found.lines:
        at = (line.a or 0, line.b or 0)
        if before and not _follows(before, at):
            yield '<tr class="gap"><td colspan="4">⋯</td></tr>'
        before = (line.a or (before[0] if before else 0), line.b or (before[1] if before else 0))
        kind = {"+": "added", "-": "removed"}.get(line.mark, "same")
        word = words.get(line.mark, "")
        yield (
            f'<tr class="{kind}"><td class="no">{line.a or ""}</td><td class="no">{line.b or ""}</td>'
            f'<td class="sign"><span aria-hidden="true">{SIGNS[line.mark]}</span>'
            f'<span class="unseen">{escape(word)}</span></td><td>{escape(line.text)}</td></tr>'
        )


def _follows(before: tuple[int, int], at: tuple[int, int]) -> bool:
    """Whether no unchanged line is left out between the two."""
    return all(not new or new == old + 1 for old, new in zip(before, at, strict=True))
