"""One comparison as a page to hand on: the question, both answers side by side with their sources and figures.

In: a ``Compared``. Out: HTML in the reader's language that asks nothing of any server. Always holds:
every text in it is escaped.
"""

from html import escape

from core import clock, i18n
from core.comparison.report import figures
from core.comparison.report.page import MORE
from core.comparison.scorers import SCORERS
from core.comparison.types import SIDES, Compared, Shown
from core.i18n import _, moment, number
from core.metrics.report.pieces import note, section, table
from core.metrics.report.style import PAGE, STYLE


def html(found: Compared) -> str:
    """The comparison as it stands."""
    columns = "".join(_side(found.side(side)) for side in SIDES)
    body = f"<div class=pair>{columns}</div>" + _figures(found) + _reference(found)
    return PAGE.format(
        language=i18n.language(),
        title=escape(_("Comparison")),
        style=STYLE + MORE,
        head=f"<p class=question>{escape(found.row.question)}</p>{note(moment(found.row.created_at))}",
        body=body,
        foot=note(_("Made on {moment}.").format(moment=moment(clock.now()))),
    )


def _side(side: Shown) -> str:
    head = f"{side.side.upper()}: {number(side.version.number)} · {side.name}"
    return f"<div><h3>{escape(head)}</h3>{_said(side)}</div>"


def _said(side: Shown) -> str:
    if side.answer is None:
        return note(_("No answer."))
    answer = side.answer
    names = {one.id: one.document_name for one in answer.passages}
    sources = [
        note(f"[{one.number}] {names.get(one.passage_id, '')}: “{one.quote}”")
        for one in answer.citations
    ]
    error = note(answer.message.error) if answer.message.error else ""
    return escape(answer.message.text) + error + "".join(sources)


def _figures(found: Compared) -> str:
    rows = []
    for name, scorer in SCORERS.items():
        values = [(found.row.scores.get(side) or {}).get(name) for side in SIDES]
        if any(value is not None for value in values):
            said = (figures.value(scorer.unit, value) for value in values)
            rows.append([_(scorer.title), *said])
    return section(_("Figures"), table([_("Metric"), "A", "B"], rows)) if rows else ""


def _reference(found: Compared) -> str:
    """What is known of the right answer."""
    told = found.row.reference
    known = [*(told.get("answers") or ()), *(told.get("quotes") or ())]
    return section(_("Known answer"), *map(note, known)) if known else ""
