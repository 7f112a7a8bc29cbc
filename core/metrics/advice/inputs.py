"""The inputs of the calculation: what was measured, else the plan's, unless somebody told their own.

In: ``Evidence`` and what somebody told. Out: a ``Held`` for each input: its value, its default, and
where each comes from, in words. Pure. Always holds: one's own value leaves the default to be seen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.i18n import _, ngettext, number, percent
from core.metrics.advice.conditions import EXAMPLES
from core.metrics.advice.evidence import Evidence, Measured
from core.metrics.advice.payback import INPUTS, LESS, Input, checked
from core.metrics.measures import THIN
from core.metrics.views import PERIODS

MEASURED, PLAN, OWN = "measured", "plan", "own"
CENTURY = 1200  # months
PRICED = {"other_price_in": "price_in", "other_price_out": "price_out"}


@dataclass(frozen=True)
class Held:
    """An input as it holds. ``source`` is measured, plan or own, ``said`` that in words; ``n`` is what
    a measured default rests on (0: it is the plan's)."""

    input: Input
    value: float
    default: float
    source: str
    said: str
    n: int


def held(e: Evidence, period: str, given: Mapping[str, str | float] | None = None) -> list[Held]:
    """Every input, in the order of INPUTS. Raises InvalidInput for one that cannot be."""
    own = checked(given or {})
    found: dict[str, Held] = {}
    for name, one in INPUTS.items():
        found[name] = _held(one, e, period, own, found)
    return list(found.values())


def values(inputs: list[Held]) -> dict[str, float]:
    """What to reckon with."""
    return {one.input.name: one.value for one in inputs}


def _held(
    one: Input, e: Evidence, period: str, own: Mapping[str, float], before: Mapping[str, Held]
) -> Held:
    default, n, said = _default(one, e, period, before)
    return hold(one, default, n, MEASURED if n else PLAN, said, own)


def hold(
    one: Input, default: float, n: int, source: str, said: str, own: Mapping[str, float]
) -> Held:
    """An input as it holds: somebody's own value, where it differs, hides the default, which is told."""
    value = own.get(one.name, default)
    if value != default:
        shown = percent(default) if one.unit == "share" else plain(default)
        otherwise = _("your own; otherwise {value}: {source}")
        source, said = OWN, otherwise.format(value=shown, source=said)
    return Held(one, value, default, source, said, n)


def _default(
    one: Input, e: Evidence, period: str, before: Mapping[str, Held]
) -> tuple[float, int, str]:
    if one.name in PRICED:
        today = before[PRICED[one.name]].value
        return round(today * (1 - LESS), 6), 0, _("default of the plan: today's less 60 %")
    told = _MEASURED[one.name](e) if one.name in _MEASURED else None
    if told is None or not told.n:
        return one.plan, 0, _("default of the plan")
    return rounded(one, told.value), told.n, _measured(one, period, told.n)


def _measured(one: Input, period: str, n: int) -> str:
    if one.name == "review_hours":
        said = _("measured: the time of a judgement, for the examples still lacking, n = {n}")
    else:
        said = _("measured: {period}, n = {n}")
    told = said.format(period=_period(period), n=number(n))
    return told if n >= THIN else _("{measured}: too few").format(measured=told)


def _period(period: str) -> str:
    return _(PERIODS[period]) if period in PERIODS else period


def _conversations(e: Evidence) -> Measured:
    return Measured(e.conversations_a_month, e.conversations)


def _review_hours(e: Evidence) -> Measured | None:
    """What the examples that lack would take at the pace of the judgements so far."""
    if e.review is None:
        return None
    lacking = max(0, EXAMPLES - e.examples)
    return Measured(lacking * e.review.value / 3600, e.review.n)


_MEASURED: dict[str, Callable[[Evidence], Measured | None]] = {
    "conversations": _conversations,
    "tokens_in": lambda e: e.tokens_in,
    "tokens_out": lambda e: e.tokens_out,
    "price_in": lambda e: e.price_in,
    "price_out": lambda e: e.price_out,
    "review_hours": _review_hours,
}
DIGITS = {"number": 0, "tokens": 0, "hours": 1, "price": 4, "dollars": 2, "share": 2}


def rounded(one: Input, value: float) -> float:
    """To as many digits as are shown (what one sees is what is reckoned with), within its bounds."""
    return min(round(value, DIGITS[one.unit]), one.most)


def plain(value: float) -> str:
    """A number as short as it can be, in the reader's writing."""
    digits = next((n for n in range(6) if round(value, n) == value), 6)
    return number(value, digits)


def months(value: float) -> str:
    """A length in months, in words."""
    if value > CENTURY:
        return _("more than a hundred years")
    n = 1 if value == 1 else 2
    return ngettext("{n} month", "{n} months", n).format(n=plain(round(value, 1)))
