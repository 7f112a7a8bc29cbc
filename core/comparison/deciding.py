"""What may be claimed of differences: arrays in, ``MetricVerdict``s out. Pure; no database, no clock.

In: per scorer the values of both versions question by question (NaN: none), and whether the run has
ended as planned. Out: differences with intervals and claims. Always holds: under no difference a
claim of better or worse comes with a chance of ``ALPHA`` at most over all tested scorers, and of
``EARLY`` more however often somebody looks before the end.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil, log
from typing import TYPE_CHECKING, Any

from core import statistics
from core.comparison import ratios
from core.comparison.findings import (
    BETTER,
    RULE_OUT,
    SAME,
    SEE,
    UNCLEAR,
    WORSE,
    Columns,
    MetricVerdict,
)
from core.comparison.scorers.kinds import Scorer
from core.statistics.means import telling
from core.statistics.resampling import sign_flips

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

ALPHA = 0.05  # at the end of a run
EARLY = 0.01  # spent on looking before it: both together stay within 0.06
MANY = 1_000  # pairs from which on an interval needs no drawing
FEW = 10  # pairs below which nothing is claimed
SMALLEST = 0.03  # three points: what most teams would act upon


@dataclass(frozen=True)
class Pairs:
    """A scorer's values where both versions have one."""

    scorer: Scorer
    a: "Array"
    b: "Array"
    only_a: int
    only_b: int

    @property
    def apart(self) -> "Array":
        """b - a, pair by pair."""
        return self.b - self.a

    @property
    def binary(self) -> bool:
        """Whether each value is a pass or a fail."""
        import numpy as np

        passes = self.scorer.kind == "pass"
        return passes and bool(np.isin(self.a, (0, 1)).all() and np.isin(self.b, (0, 1)).all())

    @property
    def sign(self) -> int:
        """1 where more is better, else -1."""
        return 1 if self.scorer.better == "up" else -1


def decide(
    columns: Columns,
    scorers: Iterable[Scorer],
    *,
    smallest: float = SMALLEST,
    early: bool = False,
    family: Iterable[str],
    growing: Iterable[str] = (),
) -> list[MetricVerdict]:
    """A verdict for each scorer that has a pair, in their order.

    ``smallest``: the difference of shares that matters. ``early``: by bounds that hold at every look;
    of ``growing`` scorers, to which people or judges still add, always so. ``family``: names of the
    scorers that are tested. Tests are corrected for those that could have claimed anything: one in
    which no pair differs cannot (R. E. Tarone, Biometrics 46 (1990), 515-522), unless one looks
    early, where that may change.
    """
    known = [one for one in scorers if one.name in columns]
    every = [one for one in (paired(each, *columns[each.name]) for each in known) if len(one.a)]
    wanted = set(family)
    looked = {one.name for one in known} if early else set(growing)
    tested = {one.scorer.name for one in every if _counts(one, wanted, looked)}
    tests, spent = max(1, len(tested)), EARLY if early else ALPHA
    levels = {name: spent / (tests if name in tested else 1) for name in looked}
    found = [_found(one, levels.get(one.scorer.name)) for one in every]
    adjusted = _adjusted(found, tested)
    return [
        _claimed(one, pairs, smallest, Standard(tests, levels.get(one.scorer), adjusted))
        if one.scorer in wanted or not one.quality
        else one
        for one, pairs in zip(found, every, strict=True)
    ]


@dataclass(frozen=True)
class Standard:
    """What a claim is held against: how many ``tests`` there are, the ``level`` of bounds that hold at
    every look (None: the number of pairs was fixed), the p values by Holm."""

    tests: int
    level: float | None
    adjusted: dict[str, float]


def overall(metrics: Iterable[MetricVerdict]) -> str:
    """What all tested scorers say together."""
    claims = {one.claim for one in metrics if one.tested}
    if {BETTER, WORSE} <= claims:
        return "mixed"
    for claim in (BETTER, WORSE):
        if claim in claims:
            return claim
    return SAME if claims == {SAME} else UNCLEAR


def paired(scorer: Scorer, a: "Array", b: "Array") -> Pairs:
    """The values of the questions for which both versions have one."""
    import numpy as np

    has_a, has_b = np.isfinite(a), np.isfinite(b)
    both = has_a & has_b
    return Pairs(scorer, a[both], b[both], int((has_a & ~has_b).sum()), int((has_b & ~has_a).sum()))


def _counts(pairs: Pairs, wanted: set[str], looked: set[str]) -> bool:
    """Whether the scorer is tested, and could claim anything."""
    name = pairs.scorer.name
    could = name in looked or bool((pairs.a != pairs.b).any())
    return name in wanted and pairs.scorer.quality and could


def _found(pairs: Pairs, level: float | None) -> MetricVerdict:
    """The figures of a scorer, without a claim."""
    if not pairs.scorer.quality:
        return ratios.found(_bare(pairs), pairs.a, pairs.b, level)
    return estimated(pairs) if level is None else _looked(pairs, level)


def _bare(pairs: Pairs) -> MetricVerdict:
    scorer, apart = pairs.scorer, pairs.apart * pairs.sign
    return MetricVerdict(
        scorer=scorer.name,
        title=scorer.title,
        unit=scorer.unit,
        direction=scorer.better,
        kind=scorer.kind,
        quality=scorer.quality,
        tested=False,
        claim="",
        n=len(apart),
        only_a=pairs.only_a,
        only_b=pairs.only_b,
        mean_a=float(pairs.a.mean()),
        mean_b=float(pairs.b.mean()),
        value=float(pairs.apart.mean()),
        better=int((apart > 0).sum()),
        worse=int((apart < 0).sum()),
        same=int((apart == 0).sum()),
    )


def estimated(pairs: Pairs) -> MetricVerdict:
    """The figures by the tests for a number of pairs that was fixed beforehand, without a claim."""
    if not pairs.binary and len(pairs.a) > MANY and _tells(pairs.apart):
        return _of_many(pairs)
    told = statistics.difference(pairs.a, pairs.b, binary=pairs.binary)
    assert told
    low, high = (told.low, told.high) if told.sd else _ends_of_none(pairs, told)
    return replace(_bare(pairs), low=low, high=high, p=told.p, effect=told.effect)


def _tells(apart: "Array") -> bool:
    """Whether the differences are not mostly the same, with a few that decide."""
    return bool((apart != apart[0]).any()) and telling(apart) > MANY / 2


def _of_many(pairs: Pairs) -> MetricVerdict:
    """The same without drawing: of so many pairs the interval is the same, in a hundredth of the time."""
    apart = pairs.apart
    low, high, p = statistics.abc(apart)
    effect = float(apart.mean() / apart.std(ddof=1))
    return replace(_bare(pairs), low=low, high=high, p=max(p, sign_flips(apart)), effect=effect)


def _ends_of_none(pairs: Pairs, told: statistics.Difference) -> tuple[float | None, float | None]:
    """Where no pair differs from the next, drawing tells no interval. Pass or fail has Newcombe's; of
    shares of which none differs, so many may differ (wholly, at worst) that none was among n with a
    chance of 2.5 % (C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), 404-413)."""
    if pairs.binary:
        return told.low, told.high
    if told.value or pairs.scorer.unit != "share" or told.n < 2:
        return None, None
    unseen = float(1 - (ALPHA / 2) ** (1 / told.n))
    return -unseen, unseen


def _looked(pairs: Pairs, level: float) -> MetricVerdict:
    """By bounds that hold at every look."""
    bare = _bare(pairs)
    low, high = bounded(pairs.scorer.unit, statistics.sequence(pairs.apart, level))
    p = statistics.sign_p(bare.better, bare.worse) if pairs.binary else None
    return replace(bare, low=low, high=high, p=p, looked=True)


def bounded(
    unit: str, ends: tuple[float | None, float | None] | None
) -> tuple[float | None, float | None]:
    """The ends of an interval: shares lie no farther apart than all and nothing."""
    low, high = ends or (None, None)
    if unit != "share" or low is None or high is None:
        return low, high
    return max(-1.0, low), min(1.0, high)


def _adjusted(found: list[MetricVerdict], tested: set[str]) -> dict[str, float]:
    """Holm's p values. Those that have bounds of their own share the level: each takes its part of it
    (Bonferroni), and stands among the others as one that is never claimed."""
    tests = [one for one in found if one.scorer in tested]
    ps = statistics.holm([1.0 if one.looked or one.p is None else one.p for one in tests])
    return {one.scorer: p for one, p in zip(tests, ps, strict=True) if not one.looked}


def _claimed(
    one: MetricVerdict, pairs: Pairs, smallest: float, standard: Standard
) -> MetricVerdict:
    """With what may be said of it, and what is missing where nothing may."""
    if not one.quality:
        return replace(one, claim=ratios.claim(one) if one.n >= FEW else UNCLEAR)
    p = standard.adjusted.get(one.scorer)
    sure = p is not None and p <= ALPHA if standard.level is None else _sure(one, standard.level)
    claim = _claim(one, pairs.sign, sure, smallest)
    more, to = (None, "") if claim != UNCLEAR else missing(one, pairs, standard.tests, smallest)
    small = claim in (BETTER, WORSE) and _within(one, smallest)
    return replace(one, tested=True, claim=claim, p_adjusted=p, more=more, more_to=to, small=small)


def _claim(one: MetricVerdict, sign: int, sure: bool, smallest: float) -> str:
    if one.n < FEW:
        return UNCLEAR
    beyond = one.low is not None and one.high is not None and not one.low <= 0 <= one.high
    alike = one.better + one.worse > 0 and one.low is None  # all pairs differ by the same
    if sure and one.value and (beyond or alike):
        return BETTER if one.value * sign > 0 else WORSE
    return SAME if _within(one, smallest) else UNCLEAR


def _sure(one: MetricVerdict, level: float) -> bool:
    """Pass or fail by the coin's own test; means by their bounds, which are at that level already."""
    return one.low is not None if one.p is None else one.p <= level


def _within(one: MetricVerdict, smallest: float) -> bool:
    """Whether a difference that matters is ruled out: the interval lies within it, and losses so rare
    that none was seen could not make one."""
    return one.n >= fewest(smallest) and narrow(one, smallest)


def narrow(one: MetricVerdict, smallest: float) -> bool:
    """Whether the interval of a share's difference lies within what matters, whatever n is."""
    if one.unit != "share" or one.low is None or one.high is None:
        return False
    return -smallest < one.low and one.high < smallest


def fewest(smallest: float) -> int:
    """Pairs of which one at least would have shown what happens in a share of ``smallest``, with 97.5 %
    (the rule of three, for one end of an interval)."""
    return ceil(-log(ALPHA / 2) / smallest)


def missing(
    one: MetricVerdict, pairs: Pairs, tests: int, smallest: float
) -> tuple[int | None, str]:
    """How many more examples, and what for: to see the smallest difference that matters (80 % of the
    time, at the corrected level), else to rule it out; None where the unit knows none."""
    if one.unit != "share":
        return None, ""
    needed = max(_needed(one, pairs, smallest, tests), fewest(smallest))
    if needed > one.n:
        return needed - one.n, SEE
    if one.value is None or one.low is None or one.high is None or abs(one.value) >= smallest:
        return max(1, one.n // 5), SEE
    wide = (one.high - one.low) / 2 / (smallest - abs(one.value))
    return max(1, ceil(one.n * (wide**2 - 1))), RULE_OUT


def _needed(one: MetricVerdict, pairs: Pairs, smallest: float, tests: int) -> int:
    if one.n < 2 or not one.better + one.worse:
        return 0
    if pairs.binary:
        apart = max(smallest, (one.better + one.worse) / one.n)
        return statistics.needed_pairs(apart, smallest, alpha=ALPHA / tests)
    sd = float(pairs.apart.std(ddof=1))
    return statistics.needed(sd, smallest, alpha=ALPHA / tests)
