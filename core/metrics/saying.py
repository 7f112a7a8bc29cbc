"""Figures in the reader's words: value, interval, change and target as a page or a report writes them.

In: a ``Figure``, or a value and its measure's name. Out: texts. Always holds: a change is called better
or worse only where it is beyond the interval and neither side of it is thin.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.i18n import _, money, ngettext, number
from core.metrics import targets
from core.metrics.baseline import Held
from core.metrics.figures import Figure, measure
from core.metrics.measures import DOLLARS, PER_SECOND, SECONDS, SHARE, STARS, THIN

NOTHING = "–"
SMALL_MONEY = 0.1  # below this, and in whole cents, every price would look alike


@dataclass(frozen=True)
class Change:
    """``text`` is the difference with its sign; ``tone`` good, bad or ""; ``word`` what it means."""

    text: str
    tone: str
    word: str


def title(name: str) -> str:
    """What a measure is called."""
    return _(measure(name).title)


def value(name: str, told: float | None) -> str:
    """A value of a measure in its unit; "–" where there is none."""
    if told is None:
        return NOTHING
    unit = measure(name).unit
    if unit == SHARE:
        return share(told)
    if unit == SECONDS:
        return seconds(told)
    if unit == DOLLARS:
        return price(told)
    if unit == STARS:
        return f"{number(told, 1)} ★"
    if unit == PER_SECOND:
        return f"{number(told, 1)}/s"
    return number(told, 0 if float(told).is_integer() else 1)


def share(told: float) -> str:
    """As a percentage; a digit more where whole ones would hide the difference to none or all."""
    near = 0 < told < 0.1 or 0.95 < told < 1
    return number(told * 100, 1 if near else 0) + "%"


def seconds(told: float) -> str:
    """As short as it is precise: "38 ms", "1,3 s", "2 min 5 s"."""
    if told < 1:
        return f"{number(told * 1000)} ms" if told else "0 s"
    if told < 60:
        return f"{number(told, 1 if told < 10 else 0)} s"
    minutes, rest = divmod(round(told), 60)
    hours, left = divmod(minutes, 60)
    return f"{number(hours)} h {left} min" if hours else f"{minutes} min {rest} s"


def price(dollars: float) -> str:
    """In the reader's currency at the rate that is set, else in dollars."""
    return pricing()(dollars)


def pricing() -> Callable[[float], str]:
    """``price`` for many amounts: what is set is read once."""
    held = targets.held()
    rate, currency = (held.rate, held.currency) if held.rate else (1.0, "USD")

    def said(dollars: float) -> str:
        amount = dollars * rate
        return money(amount, currency, 4 if 0 < abs(amount) < SMALL_MONEY else 2)

    return said


def said(figure: Figure) -> str:
    """A figure's value."""
    return value(figure.measure, figure.value)


def interval(figure: Figure) -> str:
    """ "68% to 79%"; "" where none can be told."""
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return ""
    low, high = (value(figure.measure, end) for end in (figure.low, figure.high))
    return _("{low} to {high}").format(low=low, high=high)


def counted(figure: Figure) -> str:
    """How many it is of."""
    if measure(figure.measure).of == "conversations":
        told = ngettext("{n} conversation", "{n} conversations", figure.n)
    else:
        told = "n = {n}"
    return told.format(n=number(figure.n))


def change(figure: Figure) -> Change | None:
    """Against the time before; None where there is nothing to compare with."""
    now, before = figure.value, figure.before
    if now is None or before is None:
        return None
    text = difference(figure.measure, now, before)
    if figure.thin or figure.before_n < THIN:
        return Change(text, "", _("too few to compare"))
    if figure.low is not None and figure.high is not None and figure.low <= before <= figure.high:
        return Change(text, "", _("no clear change"))
    better = measure(figure.measure).better
    if not better or now == before:
        return Change(text, "", "")
    good = (now > before) == (better == "up")
    return Change(text, "good" if good else "bad", _("better") if good else _("worse"))


def difference(name: str, now: float, before: float) -> str:
    """Of shares in points, of all else in percent of what was."""
    if measure(name).unit == SHARE:
        points = (now - before) * 100
        return _("{n} points").format(n=signed(points, 1))
    if not before:
        return signed(0) + "%" if not now else _("from {value}").format(value=value(name, before))
    return signed((now - before) / before * 100) + "%"


def signed(told: float, digits: int = 0) -> str:
    """With its sign: "+3", "−0,5", "±0"."""
    shown = number(abs(told), digits)
    if shown == number(0, digits):
        return f"±{number(0)}"
    return ("+" if told > 0 else "−") + shown


def target(figure: Figure) -> str:
    """ "at least 85%"; "" without one."""
    if figure.target is None:
        return ""
    wanted = value(figure.measure, figure.target)
    if measure(figure.measure).better == "up":
        return _("at least {value}").format(value=wanted)
    return _("at most {value}").format(value=wanted)


def verdict(figure: Figure) -> str:
    """Whether the target is met, in words; "" where it cannot be told."""
    if figure.met is None or figure.thin:
        return ""
    return _("target met") if figure.met else _("target missed")


def against(held: Held) -> Change:
    """What has become of a figure since the baseline, and whether that is what was meant."""
    if held.change is None:
        return Change(NOTHING, "", _("nothing to compare"))
    text = signed(held.change * 100) + "%"
    if held.thin:
        return Change(text, "", _("too few to compare"))
    met = bool(held.met)
    return Change(text, "good" if met else "bad", _("on target") if met else _("off target"))
