"""Charts over time: are people happier, is it faster, what does it cost.

In: a view. Out: a chart each with its table. Always holds: a time without answers is a gap in the
line, and a thin one is hollow.
"""

from collections.abc import Sequence

from core import clock, i18n, metrics
from core.i18n import N_, _
from core.metrics import course, saying
from pages.ui import metrics_chart as chart
from pages.ui import metrics_plot as plot
from pages.ui import safe
from pages.ui.metrics_drawing import Drawing

PERCENTILES = {"time_p50": N_("half"), "time_p95": "95%", "time_p99": "99%"}


def happier(view: metrics.View) -> None:
    """Satisfaction with its interval and its target."""
    told = course.course("satisfaction", view)
    if not any(point.figure.n for point in told):
        chart.show("satisfaction", _("Are people happier?"), view, None, _none, _nobody_rated())
        return
    target = metrics.figure("satisfaction", view).target
    lines = {"satisfaction": told}
    made = plot.drawn(
        "satisfaction",
        view,
        lambda: _lines(view, lines, {"satisfaction": ""}, target, top=1.05),
    )
    _show("satisfaction", _("Are people happier?"), view, made, lines)


def faster(view: metrics.View) -> None:
    """Half of the answers, 95 and 99 of 100 within."""
    grain_ = course.grain(course.course("time_p50", view))
    told = {name: metrics.series(name, view, grain_) for name in PERCENTILES}
    if not any(point.figure.n for point in told["time_p50"]):
        note = _("No answer in this period was timed.")
        chart.show("times", _("Is it faster?"), view, None, _none, note)
        return
    labels = {name: _(text) for name, text in PERCENTILES.items()}
    target = _near(told["time_p99"], metrics.figure("time_p50", view).target)
    made = plot.drawn("times", view, lambda: _lines(view, told, labels, target))
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
    made = plot.drawn("cost", view, lambda: _bars(view, told, spent))
    note = _spent(view, sum(spent))
    chart.show("cost", question, view, made, lambda: _cost_table(view, told, spent), note)


def _cost_table(
    view: metrics.View, told: list[metrics.Point], spent: Sequence[float]
) -> chart.Table:
    return chart.Table(
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


def _spent(view: metrics.View, whole: float) -> str:
    talk, solved = (metrics.figure(name, view) for name in ("cost_conversation", "cost_solved"))
    told = _("{all} in all; {talk} per conversation.")
    if solved.n:
        told = _("{all} in all; {talk} per conversation; {solved} per solved one.")
    return safe.label(
        told.format(all=saying.price(whole), talk=saying.said(talk), solved=saying.said(solved))
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
    labels: dict[str, str],
    target: float | None,
    top: float = 0.0,
) -> Drawing:
    """A line a measure, the first one strong, each named at its end; 0 to ``top`` (0: what fits)."""
    first = next(iter(told))
    made, colours = plot.figure(), plot.colours()
    made.update_yaxes(**plot.scale(first))
    said = []
    for name, series in told.items():
        colour = colours["accent" if name == first else "ink"]
        if not labels[name]:  # a line alone has room for its interval
            _band(made, name, series)
        _line(made, view, name, series, colour)
        if end := _last(series):
            text = f"{labels[name]}: {saying.said(end)}" if labels[name] else saying.said(end)
            said.append((end.value or 0.0, text, colour))
    if target is not None:
        made.add_hline(target, **plot.dashed())
        said.append((target, plot.target(first, target), colours["note"]))
    values = [point.figure.value or 0.0 for series in told.values() for point in series]
    plot.ends(made, said, top or 1.08 * max([*values, target or 0.0]) or 1.0)
    _axis(made, view, told[first])
    return made


def _axis(made: Drawing, view: metrics.View, told: list[metrics.Point]) -> None:
    """From the first time to the end of the last, with what happened in it."""
    times = [course.local(point.at) for point in told]
    end = max(course.local(min(view.span().until, clock.now())), times[-1])
    side = (end - times[0]) / 50
    made.update_xaxes(**plot.days(course.grain(told), times))
    if len(times) > 1:
        made.update_xaxes(range=[times[0] - side, end + side])
    plot.marked(made, metrics.marks(view), [times[0], end])


def _last(series: list[metrics.Point]) -> metrics.Figure | None:
    return next((one.figure for one in reversed(series) if one.figure.value is not None), None)


def _line(
    made: Drawing, view: metrics.View, name: str, series: list[metrics.Point], colour: str
) -> None:
    thin = [point.figure.thin for point in series]
    ground = plot.colours()["ground"]
    made.add(
        "scatter",
        x=[course.local(point.at) for point in series],
        y=plot.shown(name, [point.figure.value for point in series]),
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


def _band(made: Drawing, name: str, series: list[metrics.Point]) -> None:
    """Between the ends of the interval; a gap where there is none."""
    for run in _runs(series):
        x = [course.local(point.at) for point in run]
        low = plot.shown(name, [point.figure.low for point in run])
        high = plot.shown(name, [point.figure.high for point in run])
        made.add(
            "scatter",
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


def _bars(view: metrics.View, told: list[metrics.Point], spent: Sequence[float]) -> Drawing:
    made, price = plot.figure(), saying.pricing()
    made.update_yaxes(**plot.scale("cost_answer"))
    made.add(
        "bar",
        x=[course.local(point.at) for point in told],
        y=plot.shown("cost_answer", spent),
        marker={"color": plot.colours()["accent"]},
        unselected={"marker": {"opacity": 1}},
        customdata=[
            plot.points(
                course.narrower(view, told, n),
                "cost_answer",
                course.when(view, told, n),
                price(spent[n]),
            )
            for n in range(len(told))
        ],
        hovertemplate=plot.HOVER,
    )
    times = [course.local(point.at) for point in told]
    made.update_xaxes(**plot.days(course.grain(told), times))
    plot.marked(made, metrics.marks(view), times)
    return made


def _show(
    name: str,
    question: str,
    view: metrics.View,
    made: Drawing,
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
