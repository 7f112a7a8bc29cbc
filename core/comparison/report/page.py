"""A run as one page to hand on: a single HTML file that asks nothing of any server.

In: a run's id. Out: HTML in the reader's language, light and dark, for screen and paper. Always holds:
every text in it is escaped, and the page's own policy forbids scripts and requests.
"""

from html import escape

from core import clock, i18n
from core.access import allowed
from core.comparison import returns as returning
from core.comparison.report import content as contents
from core.comparison.report import figures, parts, picture
from core.comparison.report.content import Content
from core.comparison.types import SIDES
from core.i18n import _, moment, number
from core.metrics.advice import words as advice_words
from core.metrics.report.pieces import Html, note, section, table
from core.metrics.report.style import PAGE, STYLE

MORE = """
.verdict { margin: 1.5rem 0 .5rem; font-size: 1.35rem; font-weight: 600; line-height: 1.35; }
td:first-child { min-width: 9rem; }
svg.whisker { display: inline-block; width: 7.5rem; min-width: 7.5rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1rem; margin: .25rem 0 1.25rem; }
.pair div { padding: .6rem .8rem; border: 1px solid var(--rim); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .9rem; }
.pair h3, .question { margin: 0 0 .25rem; } .question { font-weight: 500; }
"""


@allowed("metrics")
def html(run_id: str) -> str:
    """The whole report; NotFound where there is no such run."""
    return of(contents.content(run_id))


def of(told: Content) -> str:
    """The same of what was read already."""
    sections = [
        _verdict(told),
        _metrics(told),
        *parts.sections(told),
        _returns(told),
        _limits(told),
    ]
    return PAGE.format(
        language=i18n.language(),
        title=escape(contents.title(told)),
        style=STYLE + MORE,
        head=_head(told),
        body="\n".join(one for one in sections if one),
        foot=note(_("Made on {moment}.").format(moment=moment(clock.now()))),
    )


def _head(told: Content) -> str:
    lines = [
        f"<p>{escape(told.assistant)}</p>",
        *(f"<p>{escape(contents.side(told, side))}</p>" for side in SIDES),
        note(" · ".join(contents.basis(told.run))),
    ]
    if sample := contents.sample(told):
        lines.append(f"<p class=sample>{escape(sample)}</p>")
    return "".join(lines)


def _verdict(told: Content) -> str:
    lines = "".join(note(one) for one in told.verdict.lines)
    return f"<section><p class=verdict>{escape(told.verdict.sentence)}</p>{lines}</section>"


def _metrics(told: Content) -> str:
    if not told.rows:
        return ""
    heads = [_("Metric"), "A", "B", _("B against A"), "", _("p, corrected"), "n", _("Claim")]
    rows = [_row(one) for one in told.rows]
    meaning = _(
        "In square brackets the 95% interval: the true difference lies within it 95 times of 100."
    )
    if told.verdict.early:
        meaning = _("In square brackets the bounds that hold however often one looks (99%).")
    return section(_("Metrics"), table(heads, rows), note(meaning), _meanings(told))


def _row(one: figures.Row) -> list[str]:
    drawn = Html(picture.svg(one.whisker)) if one.whisker else ""
    claim = f"{one.claim}; {one.note}" if one.note else one.claim
    return [one.title, one.a, one.b, one.difference, drawn, one.p, number(one.n), claim]


def _meanings(told: Content) -> str:
    rows = [[one.title, one.meaning] for one in told.rows if one.meaning]
    shown = table([_("Metric"), _("Meaning")], rows)
    called = escape(_("What they mean"))
    return f"<details><summary>{called}</summary>{shown}</details>"


def _returns(told: Content) -> str:
    found = told.returns
    told_of = returning.results(found)
    local = any(one.local for one in told_of)  # else no currency is set
    rows = [[one.title, one.text, *([one.local] if local else [])] for one in told_of]
    heads = ["", _("US dollars"), *([_("In your currency")] if local else [])]
    inputs = [[_(one.input.title), advice_words.value(one), one.said] for one in found.inputs]
    return section(
        _("Return on investment"),
        table(heads, rows),
        *(note(one) for one in found.remarks),
        "<h3>" + escape(_("What it rests on")) + "</h3>",
        table([_("Input"), _("Value"), _("Source")], inputs),
    )


def _limits(told: Content) -> str:
    items = "".join(f"<li>{escape(one)}</li>" for one in contents.limits(told))
    return section(_("Limits"), f"<ul>{items}</ul>")
