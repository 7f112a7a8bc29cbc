"""What was compared before by hand, newest first; each opens where the present one stands."""

import streamlit as st

from core import comparison
from core.comparison import Compared, Line
from core.db.tables import Assistant
from core.i18n import _, moment
from pages.ui import compare_side, ledger

PAGE = 20
PLACE = "comparison"


def show(assistant: Assistant, found: Compared | None) -> None:
    """The list; what this page shows, where nothing was compared yet."""
    before = st.query_params.get("before", "")
    rows = comparison.lines(assistant.id, source="hand", limit=PAGE + 1, before=before)
    if not rows and not before:
        if found is None:
            st.caption(
                _(
                    "Both answers will stand here side by side, with what each took and cost. Every "
                    "comparison is kept and has its own address."
                )
            )
        return
    st.header(_("Compared before"), anchor=False)
    heads = [
        ledger.head(_("Question"), wide=True),
        ledger.head("A"),
        ledger.head("B"),
        ledger.head(_("Outcome")),
        ledger.head(_("When"), side="short"),
    ]
    lines = [_row(one, assistant, found) for one in rows[:PAGE]]
    label = _("Earlier comparisons")
    ledger.show("compare.earlier", label, heads, lines, here=PLACE, paging=_("Pages"),
                pages=_pages(assistant, rows, before))  # fmt: skip


def _row(line: Line, assistant: Assistant, found: Compared | None) -> dict[str, object]:
    here = found is not None and found.row.id == line.row.id
    go = ledger.link(PLACE, assistant=assistant.id, comparison=line.row.id)
    flags = [_("shown above")] if here else []
    return ledger.row(
        ledger.cell(line.row.question, go=go, flags=flags),
        *(_version(line.side(side)) for side in comparison.SIDES),
        _outcome(line),
        ledger.cell(moment(line.row.created_at)),
    )


def _version(one: comparison.Ended) -> ledger.Cell:
    choice = comparison.Choice(one.version, one.model, ())
    return ledger.cell(compare_side.title(choice), note=" · ".join(compare_side.badges(choice)))


def _outcome(line: Line) -> ledger.Cell:
    failed = [side.upper() for side in comparison.SIDES if line.side(side).failed]
    if failed:
        said = _("{letter} gave no answer").format(letter=", ".join(failed))
        return ledger.cell(said, mark="bad")
    if line.votes:
        return ledger.cell(_voted(line.votes), mark="good")
    if not (line.a.outcome and line.b.outcome):
        return ledger.cell(_("under way") if not line.row.done_at else _("stopped"), mark="off")
    found = [side.upper() for side in comparison.SIDES if line.side(side).outcome == "answered"]
    if len(found) == 2:
        return ledger.cell(_("both answered"), mark="good")
    only = _("only {letter} found it").format(letter="".join(found))
    return ledger.cell(only if found else _("neither found it"), mark="off")


def _voted(votes: tuple[str, ...]) -> str:
    said = {
        "a": _("A was better"),
        "b": _("B was better"),
        "tie": _("equally good"),
        "bad": _("both bad"),
    }
    return " · ".join(said[choice] for choice in dict.fromkeys(votes))


def _pages(assistant: Assistant, rows: list[Line], before: str) -> list[dict[str, object]]:
    first = ledger.link(PLACE, _("Newest"), assistant=assistant.id)
    pages = [first] if before else []
    if len(rows) > PAGE:
        last = rows[PAGE - 1].row.id
        pages.append(ledger.link(PLACE, _("Older"), assistant=assistant.id, before=last))
    return pages
