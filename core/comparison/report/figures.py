"""The metrics of a verdict as rows of texts, the same for the page, the reports and the command line.

In: a ``Verdict``. Out: ``Row``s in the reader's language. Pure. Always holds: a row says in words what
its picture shows; what was not tested is not called better or worse.
"""

from collections.abc import Iterable
from math import log
from typing import NamedTuple

from core.comparison import deciding, saying
from core.comparison.findings import BETTER, SAME, UNCLEAR, WORSE, MetricVerdict, Verdict
from core.comparison.measured import known
from core.comparison.slices import Slice, Slices
from core.i18n import N_, _, ngettext, number
from core.metrics import THIN
from core.metrics import saying as units
from core.metrics.saying import signed

CLAIMS = {
    BETTER: N_("B is better"),
    WORSE: N_("B is worse"),
    SAME: N_("the same"),
    UNCLEAR: N_("not enough evidence"),
    "": N_("not tested"),
}
TONES = {BETTER: "good", WORSE: "bad", SAME: "off", UNCLEAR: "note", "": "off"}
LEAST_P = 0.001
LEAST = 1e-9


class Whisker(NamedTuple):
    """An interval around a value on a scale from -1 to 1, whose middle is no difference; ``low`` and
    ``high`` are None where there is none."""

    value: float
    low: float | None
    high: float | None


class Row(NamedTuple):
    """A metric: what it is called and means, both values, b - a with its interval, the p value after
    correction, what is claimed of b, how many questions; ``note`` says what is missing or to mind."""

    scorer: str
    title: str
    meaning: str
    a: str
    b: str
    difference: str
    p: str
    claim: str
    tone: str
    n: int
    whisker: Whisker | None
    note: str
    tested: bool
    quality: bool


def rows(verdict: Verdict) -> list[Row]:
    """Every metric that has a pair: those that decide first, then the others, speed and cost last."""
    scales = _scales(verdict)
    order = sorted(verdict.metrics, key=lambda one: (not one.tested, not one.quality))
    return [_row(one, scales, verdict.smallest) for one in order]


def value(unit: str, told: float | None) -> str:
    """A value of a scorer in its unit; "–" where there is none."""
    if told is None:
        return units.NOTHING
    if unit == "share":
        return number(told * 100, 1) + "%"
    if unit == "seconds":
        return units.seconds(told)
    if unit == "dollars":
        return units.price(told)
    if unit == "per_second":
        return f"{number(told, 1)}/s"
    return number(told, 0 if unit == "tokens" and told >= 10 else 2)


def difference(one: MetricVerdict) -> str:
    """Of shares in points, of speed and cost in percent of a's: "−12% [−15%, −8%]"."""
    if one.ratio is None or one.quality:
        return saying.amount(one)
    told = _percent(one.ratio)
    if one.ratio_low is None or one.ratio_high is None:
        return told
    return f"{told} [{_percent(one.ratio_low)}, {_percent(one.ratio_high)}]"


def p_value(told: float | None) -> str:
    """ "0.012", "< 0.001"; "–" where nothing was tested that way."""
    if told is None:
        return units.NOTHING
    return f"< {number(LEAST_P, 3)}" if told < LEAST_P else number(told, 3)


def claim(one: MetricVerdict) -> str:
    """What is claimed of b, in words."""
    return _(CLAIMS[one.claim])


def sliced(one: Slice) -> str:
    """The same of a slice: "+6.2 points [2.1, 10.4]"."""
    told = _("{n} points").format(n=signed(one.value * 100, 1))
    if one.low is None or one.high is None:
        return told
    low, high = (signed(end * 100, 1).lstrip("+±") for end in (one.low, one.high))
    return told + " " + _("[{low}, {high}]").format(low=low, high=high)


def differing(found: Slices) -> tuple[list[Slice], str]:
    """The slices in which anything differs, and how many are left out for lack of it, in words."""
    shown = [one for one in found.found if one.value or one.claim != UNCLEAR]
    left = len(found.found) - len(shown)
    said = ngettext(
        "{n} slice without any difference is not shown.",
        "{n} slices without any difference are not shown.",
        left,
    )
    return shown, said.format(n=number(left)) if left else ""


def farthest(slices: Iterable[Slice]) -> float:
    """The farthest that any of them lies from no difference."""
    ends = (end for one in slices for end in (one.value, one.low, one.high) if end is not None)
    return max([*map(abs, ends), LEAST])


def whisker(one: Slice, far: float) -> Whisker:
    """A slice on a scale that ends ``far`` from no difference."""
    ends = (None if end is None else round(end / far, 3) for end in (one.value, one.low, one.high))
    return Whisker(*ends)  # type: ignore[arg-type]


def missing(one: MetricVerdict, smallest: float) -> str:
    """What is missing to say more, and what to mind; "" where nothing is."""
    said, least = [], deciding.fewest(smallest)
    if one.more:
        said.append(_("about {n} more questions needed").format(n=saying.about(one.more)))
    if one.claim == UNCLEAR and one.n < least and deciding.narrow(one, smallest):
        said.append(_("“the same” is said from {n} questions on").format(n=number(least)))
    if one.small:
        said.append(_("sure, but small"))
    if one.n < THIN:
        said.append(_("too few to rely on"))
    if one.only_a or one.only_b:
        lost = _("{n} questions have a value on one side alone")
        said.append(lost.format(n=number(one.only_a + one.only_b)))
    return "; ".join(said)


def _percent(ratio: float) -> str:
    return signed((ratio - 1) * 100) + "%"


def _row(one: MetricVerdict, scales: dict[tuple[str, bool], float], smallest: float) -> Row:
    scorer = known().get(one.scorer)
    return Row(
        one.scorer,
        _(one.title),
        _(scorer.meaning) if scorer else "",
        value(one.unit, one.mean_a),
        value(one.unit, one.mean_b),
        difference(one),
        p_value(one.p_adjusted),
        claim(one),
        TONES[one.claim],
        one.n,
        _whisker(one, scales),
        missing(one, smallest),
        one.tested,
        one.quality,
    )


def _ends(one: MetricVerdict) -> tuple[str, float, float | None, float | None] | None:
    """The scale, and the value with its ends on it; None where there is nothing to draw."""
    if one.quality:
        if one.value is None or one.unit != "share":
            return None
        return "points", one.value, one.low, one.high
    if not one.ratio:
        return None
    low, high = (log(end) if end and end > 0 else None for end in (one.ratio_low, one.ratio_high))
    return "times", log(one.ratio), low, high


def _scales(verdict: Verdict) -> dict[tuple[str, bool], float]:
    """The farthest that anything lies from no difference: of points and of times, tested or not. What
    has too few pairs to rely on reaches beyond it, so that the others can be told apart."""
    far: dict[tuple[str, bool], float] = {}
    drawn = [(one, ends) for one in verdict.metrics if (ends := _ends(one))]
    firm = {(ends[0], one.tested) for one, ends in drawn if one.n >= THIN}
    for one, ends in drawn:
        key = ends[0], one.tested
        if one.n >= THIN or key not in firm:
            known = [abs(end) for end in ends[1:] if end is not None]
            far[key] = max([far.get(key, LEAST), *known])
    return far


def _whisker(one: MetricVerdict, scales: dict[tuple[str, bool], float]) -> Whisker | None:
    ends = _ends(one)
    if ends is None:
        return None
    unit, middle, low, high = ends
    return Whisker(
        *(
            None if end is None else round(max(-1.0, min(1.0, end / scales[unit, one.tested])), 3)
            for end in (middle, low, high)
        )  # type: ignore[arg-type]
    )
