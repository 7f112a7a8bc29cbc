"""Feedback in figures: how much of what, by day in a chart, and by what it has in common in a table."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import streamlit as st

from core import assistants, clock, feedback, i18n
from core.i18n import N_, _, ngettext, number, percent
from pages.ui import charts, ledger, ratings_filters

FEW = 10  # below this a share says little: the count stands alone
MOST_ROWS = 12
MOST_BARS = 92  # days: more are drawn by week
BY = {
    "reason": N_("Reason or problem"),
    "topic": N_("Section most cited"),
    "assistant": N_("Assistant"),
    "version": N_("Version"),
    "day": N_("Day"),
}


def figures(whole: feedback.Tally) -> None:
    """Thumbs, problems, stars and "solved?", each with how many it is out of."""
    thumbs = ngettext("of {n} rating", "of {n} ratings", whole.rated)
    stars = ngettext("of {n} conversation", "of {n} conversations", whole.starred)
    answers = ngettext("of {n} answer", "of {n} answers", whole.solved_n)
    mean = whole.stars / whole.starred if whole.starred else 0
    with st.container(horizontal=True, gap="large"):
        _figure(_("This helped"), _share(whole.up, whole.rated), thumbs, whole.rated)
        down = number(whole.down) if whole.rated else "–"
        _figure(_("This did not help"), down, thumbs, whole.rated)
        _figure(_("Problems reported"), number(whole.problems), "", 0)
        shown = f"{number(mean, 1)} ★" if whole.starred else "–"
        _figure(_("Stars, on average"), shown, stars, whole.starred)
        _figure(_("Solved"), _share(whole.solved, whole.solved_n), answers, whole.solved_n)


def _figure(name: str, value: str, out_of: str, n: int) -> None:
    with st.container(width=150, gap=None):
        st.metric(name, value, help=_explained(n) if n else None)
        if n:
            parts = [out_of.format(n=number(n)), _("too few to compare") if n < FEW else ""]
            st.caption(" · ".join(part for part in parts if part))


def _explained(n: int) -> str:
    return _("A share of what people said, not of all answers. n = {n}.").format(n=number(n))


def _share(k: int, n: int) -> str:
    """A share, where there are enough to tell one."""
    if n == 0:
        return "–"
    return percent(k / n) if n >= FEW else number(k)


def chart(tallies: list[feedback.Tally], said: Mapping[str, str]) -> None:
    """Thumbs up above the line, thumbs down and problems below it; days without any stand empty."""
    rows = _filled(tallies, said)
    if len(rows) < 2:
        return
    days = [day for day, _tally in rows]
    parts = (
        (_("This helped"), "good", "up", False),
        (_("This did not help"), "bad", "down", True),
        (_("Problem"), "note", "problems", True),
    )
    bars = [
        charts.Bars(name, colour, [getattr(tally, figure) for _day, tally in rows], down)
        for name, colour, figure, down in parts
    ]
    weeks = days[1] - days[0] > timedelta(days=1)
    axis = _("per week") if weeks else _("per day")
    charts.by_day(days, bars, key="feedback.chart", axis=axis)


def _filled(
    tallies: list[feedback.Tally], said: Mapping[str, str]
) -> list[tuple[date, feedback.Tally]]:
    """Every day (of a long time every week) from the first that is shown to the last."""
    known = {date.fromisoformat(one.key): one for one in tallies}
    first, last = ratings_filters.days(said)
    first = first or min(known, default=None)
    last = last or clock.now().astimezone(i18n.zone()).date()
    if first is None or first > last:
        return []
    step = 1 if (last - first).days < MOST_BARS else 7
    sums: dict[date, feedback.Tally] = {}
    for n in range((last - first).days + 1):
        at = first + timedelta(days=n - n % step)
        sums[at] = sums.get(at, feedback.Tally()) + known.get(
            first + timedelta(days=n), feedback.Tally()
        )
    return list(sums.items())


def parts(wanted: feedback.Wanted, days: list[feedback.Tally], said: Mapping[str, str]) -> None:
    """The same by what it has in common; every row narrows the page to itself."""
    by = st.segmented_control(
        _("Counted by"),
        list(BY),
        default="reason",
        format_func=lambda name: _(BY[name]),
        key="feedback.by",
        required=True,
    )
    counted = days[::-1] if by == "day" else feedback.counts(by, wanted)
    if by == "topic":
        st.caption(
            _(
                "The section that an answer cites most stands for its topic; nothing else is guessed."
            )
        )
    if counted:
        heads, rows = _table(counted[:MOST_ROWS], by, said)
        ledger.show("feedback.parts", _(BY[by]), heads, rows, here="feedback")
    if len(counted) > MOST_ROWS:
        more = ngettext(
            "{n} more row is not shown.", "{n} more rows are not shown.", len(counted) - MOST_ROWS
        )
        st.caption(more.format(n=number(len(counted) - MOST_ROWS)))


def _names(by: str, said: Mapping[str, str]) -> dict[str, str]:
    known = {one.id: one.name for one in assistants.all()}
    if by == "version":
        return ratings_filters.versions(said.get("assistant"), known)
    return known if by == "assistant" else {}


def _table(
    rows: list[feedback.Tally], by: str, said: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Heads and rows; a column that nothing stands in is left out."""
    heads = {
        "up": ledger.head(_("Helped"), side="end"),
        "down": ledger.head(_("Did not"), side="end"),
        "share": ledger.head(
            _("Share that helped"), side="end", help=_("Of the thumbs; from 10 on.")
        ),
        "problems": ledger.head(_("Problems"), side="end"),
        "stars": ledger.head(_("Stars"), side="end"),
        "solved": ledger.head(_("Solved"), side="end"),
    }
    if by == "reason":  # a reason belongs to one of the thumbs
        del heads["share"]
    told = [_told(one) for one in rows]
    shown = [name for name in heads if any(one[name] for one in told)]
    names = _names(by, said)
    lines = [
        ledger.row(
            ledger.cell(_named(one.key, by, names), go=_narrower(one.key, by, said)),
            *(ledger.cell(facts[name]) for name in shown),
        )
        for one, facts in zip(rows, told, strict=True)
    ]
    return [ledger.head(_(BY[by]), wide=True), *(heads[name] for name in shown)], lines


def _told(one: feedback.Tally) -> dict[str, str]:
    stars = f"{number(one.stars / one.starred, 1)} ({number(one.starred)})" if one.starred else ""
    return {
        "up": number(one.up) if one.up else "",
        "down": number(one.down) if one.down else "",
        "share": percent(one.up / one.rated) if one.rated >= FEW else "",
        "problems": number(one.problems) if one.problems else "",
        "stars": stars,
        "solved": f"{number(one.solved)}/{number(one.solved_n)}" if one.solved_n else "",
    }


def _named(key: str, by: str, names: Mapping[str, str]) -> str:
    if by == "day":
        return i18n.day(date.fromisoformat(key))
    if by == "reason":
        return feedback.title(key) if key else _("no reason given")
    if by == "topic":
        return key or _("no section cited")
    return names.get(key, key) or _("said elsewhere")


def _narrower(key: str, by: str, said: Mapping[str, str]) -> dict[str, Any] | None:
    """The page narrowed to this row; a row that no filter can name leads nowhere."""
    if by == "day":
        rest = {name: value for name, value in said.items() if name != "days"}
        return ledger.link("feedback", **rest | {"from": key, "to": key})
    if by == "topic":
        key = key or ratings_filters.NOTHING
    return ledger.link("feedback", **dict(said) | {by: key}) if key else None
