"""When do people ask: a dot for each hour of each weekday, the larger the more answers."""

from core import metrics
from core.i18n import N_, _, ngettext, number
from core.metrics import naming
from pages.ui import metrics_chart as chart
from pages.ui import metrics_plot as plot
from pages.ui.metrics_drawing import Drawing

QUESTION = N_("When do people ask?")
COUNTED = "answers"
LARGEST = 18  # pixels


def show(view: metrics.View) -> None:
    """The week by the reader's clock."""
    week = metrics.rhythm(view)
    if not any(map(sum, week)):
        chart.show("clock", _(QUESTION), view, None, lambda: _table(week), _("No answers."))
        return
    made = plot.drawn("clock", view, lambda: _week(week))
    chart.show("clock", _(QUESTION), view, made, lambda: _table(week), _busiest(week))


def _busiest(week: metrics.Week) -> str:
    most, day, hour = max(
        (n, -day, -hour) for day, row in enumerate(week) for hour, n in enumerate(row)
    )
    told = ngettext(
        "Most on {day} at {hour}: {n} answer.", "Most on {day} at {hour}: {n} answers.", most
    )
    return told.format(day=naming.weekday(-day), hour=naming.hour(-hour), n=number(most))


def _week(week: metrics.Week) -> Drawing:
    cells = [(day, hour, n) for day, row in enumerate(week) for hour, n in enumerate(row)]
    most = max(n for _day, _hour, n in cells)
    made = plot.figure(height=250)
    made.add(
        "scatter",
        x=[hour for _day, hour, _n in cells],
        y=[day for day, _hour, _n in cells],
        mode="markers",
        marker={
            "size": [max(3.0, LARGEST * (n / most) ** 0.5) for _day, _hour, n in cells],
            "color": [plot.colours()["accent" if n else "faint"] for _day, _hour, n in cells],
            "line": {"width": 0},
            "opacity": 1,
        },
        unselected={"marker": {"opacity": 1}},
        customdata=[
            plot.points(
                {"weekday": str(day), "hour": str(hour)},
                COUNTED,
                f"{naming.weekday(day)}, {naming.hour(hour)}",
                ngettext("{n} answer", "{n} answers", n).format(n=number(n)),
            )
            for day, hour, n in cells
        ],
        hovertemplate=plot.HOVER,
    )
    made.update_layout(
        xaxis=plot.AXIS
        | {
            "tickmode": "array",
            "tickvals": list(range(0, 24, 3)),
            "ticktext": [naming.hour(hour) for hour in range(0, 24, 3)],
            "range": [-0.7, 23.7],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis=plot.AXIS
        | {
            "tickmode": "array",
            "tickvals": list(range(7)),
            "ticktext": [naming.weekday(day, short=True) for day in range(7)],
            "range": [6.6, -0.6],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        },
    )
    return made


def _table(week: metrics.Week) -> chart.Table:
    cells = [(n, day, hour) for day, row in enumerate(week) for hour, n in enumerate(row) if n]
    rows = [
        chart.Row(
            [f"{naming.weekday(day)}, {naming.hour(hour)}", number(n)],
            [naming.weekday(day), hour, n],
            (COUNTED, {"weekday": str(day), "hour": str(hour)}),
        )
        for n, day, hour in sorted(cells, reverse=True)
    ]
    plain = [_("Weekday"), _("Hour"), _("Answers")]
    return chart.Table([_("When"), _("Answers")], rows, plain)
