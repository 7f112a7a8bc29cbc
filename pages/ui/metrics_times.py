"""Charts over time: are people happier, is it faster, what does it cost.

In: a view. Out: a chart each with its table. Always holds: a time without answers is a gap in the
line, and a thin one is hollow.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core import clock, i18n, metrics
from core.i18n import N_, _
from core.metrics import course, saying
from pages.ui import metrics_chart as chart
from pages.ui import metrics_plot as plot

PERCENTILES = {"time_p50": N_("half"), "time_p95": "95%", "time_p99": "99%"}


def happier(view: metrics.View) -> None:
    """Satisfaction with its interval and its target."""
    told = course.course("satisfaction", view)
    if not any(point.figure.n for point in told):
        chart.show("satisfaction", _("Are people happier?"), view, None, _none, _nobody_rated())
        return
    made = _lines(view, {"satisfaction": told}, band=True)
    plot.bound(made, "satisfaction", metrics.figure("satisfaction", view).target)
    made.update_yaxes(range=[0, 1.05])
    _show("satisfaction", _("Are people happier?"), view, made, {"satisfaction": told})


def faster(view: metrics.View) -> None:
    """Half of the answers, 95 and 99 of 100 within."""
    grain_ = course.grain(course.course("time_p50", view))
    told = {name: metrics.series(name, view, grain_) for name in PERCENTILES}
    if not any(point.figure.n for point in told["time_p50"]):
        note = _("No answer in this period was timed.")
        chart.show("times", _("Is it faster?"), view, None, _none, note)
        return
    made = _lines(view, told, labels={name: _(text) for name, text in PERCENTILES.items()})
    plot.bound(made, "time_p50", _near(told["time_p99"], metrics.figure("time_p50", view).target))
    _show("times", _("Is it faster?"), view, made, told)


def dearer(view: metrics.View) -> None:
    """What was spent, by time; what a conversation costs stands in words above it."""
    told = course.course("cost_answer", view)
    spent = [(point.figure.value or 0.0) * point.figure.n for point in told]
    question = _("What does it cost?")
    if not sum(spent):
        note = _(
            "Nothing: no answer in this period had a price. Prices are set with a model’s rules."
        )
        chart.show("cost", question, view, None, _none, note if told else _("No answers."))
        return
    made = _bars(view, told, spent)
    table = chart.Table(
        [_("When"), _("Spent"), _("Cost per answer"), "n"],
        [
            chart.Row(
                [
                    course.when(view, told, n),
                    saying.price(sum_),
                    saying.said(point.figure),
                    _n(point),
                ],
                [str(course.local(point.at)), sum_, point.figure.value, point.figure.n],
                ("cost_answer", course.narrower(view, told, n)),
            )
            for n, (point, sum_) in enumerate(zip(told, spent, strict=True))
        ],
        [_("When"), _("Spent (US$)"), _("Cost per answer (US$)"), "n"],
    )
    chart.show("cost", question, view, made, lambda: table, _spent(view, sum(spent)))


def _spent(view: metrics.View, whole: float) -> str:
    talk, solved = (metrics.figure(name, view) for name in ("cost_conversation", "cost_solved"))
    return (
        _("{all} in all; {talk} per conversation; {solved} per solved one.")
        .format(all=saying.price(whole), talk=saying.said(talk), solved=saying.said(solved))
        .replace("$", "\\$")
    )


def _near(told: list[metrics.Point], target: float | None) -> float | None:
    """A target far above all lines would press them flat: it is left out."""
    most = max((point.figure.value or 0.0 for point in told), default=0.0)
    return target if target is not None and target <= 2 * most else None


def _nobody_rated() -> str:
    return _("Nobody rated an answer in this period.")


def _none() -> chart.Table:
    return chart.Table([], [])


def _lines(
    view: metrics.View,
    told: dict[str, list[metrics.Point]],
    labels: dict[str, str] | None = None,
    band: bool = False,
) -> Any:
    """A line a measure, the first one strong; named at its end."""
    first = next(iter(told))
    made = plot.figure()
    made.update_yaxes(**plot.scale(first))
    colours = plot.colours()
    for strong, (name, series) in enumerate(told.items()):
        colour = colours["ink"] if strong else colours["accent"]
        if band:
            _band(made, name, series)
        _line(made, view, name, series, colour)
    times = [course.local(point.at) for point in told[first]]
    _named(made, told, labels or {})
    end = course.local(min(view.span().until, clock.now()))
    made.update_xaxes(**plot.days(course.grain(told[first])), **_room(times, end))
    made.update_layout(margin={"l": 4, "r": 84, "t": 26, "b": 4})
    plot.marked(made, metrics.marks(view), [times[0], max(end, times[-1])])
    return made


def _line(
    made: Any, view: metrics.View, name: str, series: list[metrics.Point], colour: str
) -> None:
    thin = [point.figure.thin for point in series]
    ground = plot.colours()["ground"]
    made.add_scatter(
        x=[course.local(point.at) for point in series],
        y=[plot.shown(name, point.figure.value) for point in series],
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker={
            "size": 7,
            "color": [ground if one else colour for one in thin],
            "line": {"color": colour, "width": 1.5},
        },
        unselected={"marker": {"opacity": 1}},
        customdata=[
            plot.points(
                course.narrower(view, series, n),
                name,
                course.when(view, series, n),
                plot.told(point.figure),
            )
            for n, point in enumerate(series)
        ],
        hovertemplate=plot.HOVER,
        name=saying.title(name),
    )


def _band(made: Any, name: str, series: list[metrics.Point]) -> None:
    """Between the ends of the interval; a gap where there is none."""
    for run in _runs(series):
        x = [course.local(point.at) for point in run]
        low = [plot.shown(name, point.figure.low) for point in run]
        high = [plot.shown(name, point.figure.high) for point in run]
        made.add_scatter(
            x=x + x[::-1],
            y=high + low[::-1],
            fill="toself",
            fillcolor=plot.colours()["band"],
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
        )


def _runs(series: list[metrics.Point]) -> list[list[metrics.Point]]:
    runs: list[list[metrics.Point]] = [[]]
    for point in series:
        if point.figure.low is None or point.figure.high is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _named(made: Any, told: dict[str, list[metrics.Point]], labels: dict[str, str]) -> None:
    """The last value at the end of each line; those that would lie on another are moved up."""
    ends = [(name, end) for name, series in told.items() if (end := _last(series))]
    most = max((one.figure.value or 0.0 for series in told.values() for one in series), default=0.0)
    below = -plot.HEIGHT
    colours = plot.colours()
    for name, end in sorted(ends, key=lambda one: one[1].figure.value or 0.0):
        at = round((plot.HEIGHT - 60) * (end.figure.value or 0.0) / (most or 1.0))
        below = max(at, below + 14)
        value, label = saying.said(end.figure), labels.get(name, "")
        made.add_annotation(
            x=course.local(end.at),
            y=plot.shown(name, end.figure.value),
            text=f"{label}: {value}" if label else value,
            xanchor="left",
            xshift=8,
            yshift=below - at,
            showarrow=False,
            font={"color": colours["ink" if name != next(iter(told)) else "accent"], "size": 11},
        )


def _last(series: list[metrics.Point]) -> metrics.Point | None:
    return next((point for point in reversed(series) if point.figure.value is not None), None)


def _room(times: Sequence[datetime], end: datetime) -> dict[str, Any]:
    """From the first to the end of the last, whatever else is drawn."""
    if len(times) < 2:
        return {}
    side = (times[-1] - times[0]) / 50
    return {"range": [times[0] - side, max(times[-1], end) + side]}


def _bars(view: metrics.View, told: list[metrics.Point], spent: Sequence[float]) -> Any:
    made = plot.figure()
    made.update_yaxes(**plot.scale("cost_answer"))
    made.add_bar(
        x=[course.local(point.at) for point in told],
        y=[plot.shown("cost_answer", one) for one in spent],
        marker={"color": plot.colours()["accent"]},
        unselected={"marker": {"opacity": 1}},
        customdata=[
            plot.points(
                course.narrower(view, told, n),
                "cost_answer",
                course.when(view, told, n),
                saying.price(spent[n]),
            )
            for n in range(len(told))
        ],
        hovertemplate=plot.HOVER,
    )
    made.update_xaxes(**plot.days(course.grain(told)))
    plot.marked(made, metrics.marks(view), [course.local(point.at) for point in told])
    return made


def _show(
    name: str,
    question: str,
    view: metrics.View,
    made: Any,
    told: dict[str, list[metrics.Point]],
) -> None:
    chart.show(name, question, view, made, lambda: _table(view, told))


def _table(view: metrics.View, told: dict[str, list[metrics.Point]]) -> chart.Table:
    """A row a time; of each measure its value, its interval, its n."""
    first = next(iter(told))
    rows = []
    for n, points in enumerate(zip(*told.values(), strict=True)):
        figures = [point.figure for point in points]
        shown = [course.when(view, told[first], n), *(saying.said(one) for one in figures)]
        plain: list[chart.Plain] = [str(course.local(points[0].at))]
        for one in figures:
            plain += [one.value, one.low, one.high]
        opens = (first, course.narrower(view, told[first], n))
        rows.append(
            chart.Row(
                [*shown, saying.interval(figures[0]), _n(points[0])], [*plain, figures[0].n], opens
            )
        )
    titles = [saying.title(name) for name in told]
    plain_titles = [_("When")]
    for title in titles:
        plain_titles += [
            title,
            _("{title}: low").format(title=title),
            _("{title}: high").format(title=title),
        ]
    return chart.Table([_("When"), *titles, _("95% interval"), "n"], rows, [*plain_titles, "n"])


def _n(point: metrics.Point) -> str:
    return i18n.number(point.figure.n)
