"""The figures that matter most, side by side: value, its course, change, target; each opens what is behind it."""

from typing import Any
from urllib.parse import urlencode

from core import metrics
from core.i18n import N_, _, number
from core.metrics import saying
from pages.ui import components, metrics_behind, metrics_filters, notices

KEY = "metrics.figures"
STRIP = ("satisfaction", "time_p50", "cost_conversation", "errors", "no_information", "solved")
BESIDE = {  # a second figure in a card
    "time_p50": ("time_p95", N_("95 of 100 within {value}")),
    "solved": ("unknown", N_("Nobody knows: {value}")),
    "satisfaction": ("unbiased", N_("Reviewers, at random: {value} (n = {n})")),
}
SHORT = {"time_p50": N_("Answer time"), "no_information": N_("Not in documents")}  # of one line


def show(view: metrics.View) -> None:
    """A card a measure; pressing it opens the conversations behind it."""
    names = [*STRIP, *(name for name, _label in BESIDE.values())]
    told = {one.measure: one for one in metrics.overview(view, names)}
    components.figures(
        key=KEY,
        data={
            "label": _("Figures"),
            "cards": [_card(told[name], view, told) for name in STRIP],
        },
        on={"open": notices.acting(lambda: metrics_behind.open_(components.pressed(KEY, "open")))},
    )


def _card(
    one: metrics.Figure, view: metrics.View, told: dict[str, metrics.Figure]
) -> dict[str, Any]:
    query = metrics_filters.query(view, behind=one.measure)
    change = saying.change(one)
    return {
        "key": one.measure,
        "title": _(SHORT[one.measure]) if one.measure in SHORT else saying.title(one.measure),
        "path": f"?{urlencode(query)}",
        "value": saying.said(one),
        "spark": [point.figure.value for point in metrics.series(one.measure, view)],
        "change": {
            "text": change.text if change else "",
            "tone": change.tone if change else "",
            "word": change.word if change else _("nothing before"),
        },
        "target": {"text": target(one), "tone": _tone(one)},
        "notes": _notes(one, _beside(one.measure, told)),
        "thin": one.thin,
    }


def _beside(name: str, told: dict[str, metrics.Figure]) -> str:
    if name not in BESIDE:
        return ""
    other, text = BESIDE[name]
    one = told[other]
    return _(text).format(value=saying.said(one), n=number(one.n)) if one.n else ""


def target(one: metrics.Figure) -> str:
    """Whether the target is met, and what it is."""
    if one.target is None:
        return ""
    said = saying.verdict(one) or _("target")
    return f"{said}: {saying.target(one)}"


def _tone(one: metrics.Figure) -> str:
    if not saying.verdict(one):
        return ""
    return "good" if one.met else "bad"


def _notes(one: metrics.Figure, beside: str) -> list[str]:
    """A second figure; how many it is of and between which ends; that it is thin."""
    parts = [saying.counted(one), saying.interval(one)] if one.n else []
    few = _("too few to rely on") if one.n > 0 and one.thin else ""
    return [part for part in (" · ".join(part for part in parts if part), few, beside) if part]
