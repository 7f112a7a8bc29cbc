"""The metrics of a view as one page to hand on: a single HTML file that asks nothing of any server.

In: a view. Out: HTML in the reader's language, light and dark, for screen and paper. Always holds: every
text in it is escaped, the page's own policy forbids scripts and requests, sample data is called so, and
questions stand in it only where whoever asks may read them.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from html import escape

from core import access, clock, i18n
from core.i18n import N_, _, moment, ngettext, number
from core.metrics import naming, saying, targets
from core.metrics.baseline import against
from core.metrics.course import course, days, grain, when
from core.metrics.documents import cited, silent
from core.metrics.figures import Figure, Point, breakdown, figure, overview, series
from core.metrics.figures import measure as measure_of
from core.metrics.report import svg
from core.metrics.report.pieces import note, section, table
from core.metrics.report.style import PAGE, STYLE
from core.metrics.topics.figures import topics
from core.metrics.unanswered import unanswered
from core.metrics.views import PERIODS, View

STRIP = (
    *("satisfaction", "time_p50", "cost_conversation", "errors", "no_information", "solved"),
    "answers",
)
PERCENTILES = {"time_p50": N_("half"), "time_p95": "95%", "time_p99": "99%"}
MOST_ROWS = 12
FEWEST_POINTS = 2


@access.allowed("metrics")
def report(view: View) -> str:
    """The whole report as HTML."""
    told = {one.measure: one for one in overview(view)}
    sections = [
        _strip([told[name] for name in STRIP]),
        _baseline(view),
        _happier(view, told["satisfaction"]),
        _faster(view),
        _where(view, told["satisfaction"]),
        _cost(view),
        _documents(view),
        _topics(view),
        _unanswered(view),
        _all(list(told.values())),
    ]
    return PAGE.format(
        language=i18n.language(),
        title=escape(_("Metrics: {period}").format(period=period(view))),
        style=STYLE,
        head=_head(view, told["answers"]),
        body="\n".join(sections),
        foot=_foot(),
    )


def period(view: View) -> str:
    """The period with its days: "last 30 days (23/10/2026 to 21/11/2026)"."""
    if ".." in view.period:
        first, last = (i18n.day(date.fromisoformat(day)) for day in view.period.split(".."))
        return _("{first} to {last}").format(first=first, last=last)
    called = _(PERIODS.get(view.period, view.period))
    if view.period == "all":
        return called
    span = view.span()
    first, last = i18n.day(span.since), i18n.day(min(span.until, clock.now()))
    days = _("{first} to {last}").format(first=first, last=last)
    return f"{called} ({days})"


def _head(view: View, answers: Figure) -> str:
    parts = []
    for name, value in view.said().items():
        if name in naming.TITLES:
            called = naming.names(name, [value])[value]
            parts.append(f"{_(naming.TITLES[name])}: {called}")
    if view.data == "real":
        parts.append(_("without sample data"))
    lines = [f"<p>{escape(' · '.join(parts))}</p>"] if parts else []
    made = _("Made on {moment} from {n} answers.")
    lines.append(
        f"<p class=quiet>{escape(made.format(moment=moment(clock.now()), n=number(answers.n)))}</p>"
    )
    if view.data == "sample" or (not view.data and _samples(view)):
        told = _("This report holds sample data: made up, to show what it looks like.")
        lines.append(f"<p class=sample>{escape(told)}</p>")
    return "".join(lines)


def _samples(view: View) -> bool:
    return figure("answers", view.narrowed(data="sample")).n > 0


def _foot() -> str:
    told = _(
        "Intervals are those within which the true value lies 95 times of 100. Under {n} the figures are "
        "too few to rely on, and marked so."
    )
    return f"<p class=quiet>{escape(told.format(n=30))}</p>"


def _strip(told: Sequence[Figure]) -> str:
    return f"<ul class=strip>{''.join(_card(one) for one in told)}</ul>"


def _card(one: Figure) -> str:
    change, verdict = saying.change(one), saying.verdict(one)
    lines = [
        f"<span class=title>{escape(saying.title(one.measure))}</span>",
        f"<strong>{escape(saying.said(one))}</strong>",
    ]
    if change:
        text = f"{change.text} {change.word}".strip()
        lines.append(f'<span class="{change.tone or "quiet"}">{escape(text)}</span>')
    if one.target is not None:
        sign = {"": "", "good": "✓ ", "bad": "✗ "}[tone := _tone(one)]
        called = _("target")
        told = f"{sign}{verdict or called}: {saying.target(one)}"
        lines.append(f'<span class="{tone or "quiet"}">{escape(told)}</span>')
    counted = " · ".join(part for part in (saying.counted(one), saying.interval(one)) if part)
    few = _("too few to rely on") if one.n and one.thin else ""
    for text in (counted if one.n else _("nothing yet"), few):
        lines.append(f"<span class=quiet>{escape(text)}</span>" if text else "")
    return f"<li>{''.join(lines)}</li>"


def _tone(one: Figure) -> str:
    return ("good" if one.met else "bad") if saying.verdict(one) else ""


def _happier(view: View, now: Figure) -> str:
    title, told = _("Are people happier?"), course("satisfaction", view)
    if not now.n:
        return section(title, note(_("Nobody rated an answer in this period.")))
    line = svg.Line(
        "",
        [point.figure.value for point in told],
        [point.figure.low for point in told],
        [point.figure.high for point in told],
    )
    drawn = _drawn(
        told, lambda: svg.lines(title, _days(view, told), [line], saying.share, now.target, 1.0)
    )
    return section(title, drawn, _over_time(view, {"satisfaction": told}))


def _drawn(told: Sequence[Point], draw: Callable[[], str]) -> str:
    """A line of one point says nothing that the table does not."""
    return draw() if len(told) >= FEWEST_POINTS else ""


def _faster(view: View) -> str:
    title = _("Is it faster?")
    first = course("time_p50", view)
    if not any(point.figure.n for point in first):
        return section(title, note(_("No answer in this period was timed.")))
    told = {name: series(name, view, grain(first)) for name in PERCENTILES}
    lines = [
        svg.Line(_(PERCENTILES[name]), [point.figure.value for point in points])
        for name, points in told.items()
    ]
    drawn = _drawn(
        first, lambda: svg.lines(title, _days(view, told["time_p50"]), lines, saying.seconds)
    )
    return section(title, drawn, _over_time(view, told))


def _times(view: View, told: list[Point]) -> list[str]:
    return [when(view, told, n) for n in range(len(told))]


def _days(view: View, told: list[Point]) -> list[str]:
    """Of a week or a month its first day, which is what there is room for."""
    if grain(told) == "hour":
        return _times(view, told)
    return [i18n.day(days(view, told, n)[0]) for n in range(len(told))]


def _over_time(view: View, told: dict[str, list[Point]]) -> str:
    """The numbers behind a chart, folded away on the screen."""
    first = next(iter(told.values()))
    rows = [
        [
            when_,
            *(saying.said(points[n].figure) for points in told.values()),
            number(first[n].figure.n),
        ]
        for n, when_ in enumerate(_times(view, first))
    ]
    shown = table([_("When"), *(saying.title(name) for name in told), "n"], rows)
    return f"<details><summary>{escape(_('As a table'))}</summary>{shown}</details>"


def _where(view: View, now: Figure) -> str:
    title = _("Where are people unhappy?")
    pieces = []
    for by in ("assistant", "mode", "topic", "document", "channel"):
        rows = [row for row in breakdown("satisfaction", by, view) if row.figure.n and row.key]
        rows = rows[:MOST_ROWS]
        if len(rows) < FEWEST_POINTS:
            continue
        names = naming.names(by, [row.key for row in rows])
        dots = [
            svg.Dot(
                names[row.key],
                row.figure.value or 0.0,
                row.figure.low or 0.0,
                row.figure.high or 0.0,
                f"{saying.said(row.figure)} (n = {number(row.figure.n)})",
                row.figure.thin,
            )
            for row in sorted(rows, key=lambda row: row.figure.value or 0.0)
        ]
        called = _(naming.TITLES[by])
        drawn = svg.dots(f"{title} {called}", dots, saying.share, now.target)
        pieces.append(f"<h3>{escape(called)}</h3>{drawn}")
    return section(title, *(pieces or [note(_("Nobody rated an answer in this period."))]))


def _cost(view: View) -> str:
    title, told = _("What does it cost?"), course("cost_answer", view)
    spent = [(point.figure.value or 0.0) * point.figure.n for point in told]
    if not sum(spent):
        return section(title, note(_("No answer in this period had a price.")))
    talk, solved = (figure(name, view) for name in ("cost_conversation", "cost_solved"))
    words = _("{all} in all; {talk} per conversation.")
    if solved.n:
        words = _("{all} in all; {talk} per conversation; {solved} per solved one.")
    said = words.format(
        all=saying.price(sum(spent)), talk=saying.said(talk), solved=saying.said(solved)
    )
    return section(title, note(said), svg.bars(title, _days(view, told), spent, saying.price))


def _baseline(view: View) -> str:
    held = against(view)
    if not held:
        return ""
    version = targets.held().baseline
    title = _("Against {version}").format(version=naming.names("version", [version])[version])
    heads = ["", _("Baseline"), _("Now"), _("Difference"), _("Meant"), ""]
    rows = []
    for one in held:
        found, meant = saying.against(one), saying.signed(one.target * 100) + "%"
        sides = (saying.said(one.then), saying.said(one.now))
        rows.append([saying.title(one.measure), *sides, found.text, meant, found.word])
    return section(title, table(heads, rows))


def _documents(view: View) -> str:
    title = _("Which documents answer, and which never do?")
    used, unused = cited(view), silent(view)
    names = naming.names("document", [one.document_id for one in used])
    rows = [
        [names[one.document_id], number(one.answers), _said(one.satisfaction)]
        for one in used[:MOST_ROWS]
    ]
    heads = [_("Document"), _("Answers"), saying.title("satisfaction")]
    told = ngettext(
        "{n} document that no answer cites", "{n} documents that no answer cites", len(unused)
    )
    listed = ", ".join(one.name for one in unused[:50]) + ("…" if len(unused) > 50 else "")
    quiet = f"{told.format(n=number(len(unused)))}: {listed}" if unused else ""
    return section(title, table(heads, rows) if rows else "", note(quiet) if quiet else "")


def _said(one: Figure) -> str:
    return f"{saying.said(one)} (n = {number(one.n)})" if one.n else saying.NOTHING


def _topics(view: View) -> str:
    rows = [
        [
            one.label + (f" ({_('new')})" if one.new else ""),
            number(one.n),
            saying.share(one.share),
            _said(one.satisfaction),
        ]
        for one in topics(view)[:MOST_ROWS]
    ]
    if not rows:
        return ""
    heads = [_("Topic"), _("Answers"), _("Share"), saying.title("satisfaction")]
    return section(_("What do people ask about?"), table(heads, rows))


def _unanswered(view: View) -> str:
    """Words of people: only for whoever may read them."""
    if not access.may("read"):
        return ""
    rows = [
        [" ".join(one.text.split())[:200], number(one.n), number(one.people)]
        for one in unanswered(view, MOST_ROWS)
    ]
    if not rows:
        return ""
    heads = [_("Question"), _("Times"), _("People")]
    return section(_("What could not be answered?"), table(heads, rows))


def _all(told: Iterable[Figure]) -> str:
    heads = [
        _("Figure"),
        _("Value"),
        _("95% interval"),
        "n",
        _("Before"),
        _("Target"),
        _("Meaning"),
    ]
    rows = [
        [
            saying.title(one.measure),
            saying.said(one) + (f" ({_('too few to rely on')})" if one.thin else ""),
            saying.interval(one),
            number(one.n),
            saying.value(one.measure, one.before),
            saying.target(one),
            _(measure_of(one.measure).meaning),
        ]
        for one in told
        if one.n
    ]
    return section(_("All figures"), table(heads, rows))
