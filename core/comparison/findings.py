"""What a verdict holds: per scorer the paired difference and what may be claimed of it, and how it was come by.

Pure data, all of it JSON by ``told``. Always holds: differences are b minus a; a claim speaks of b; what
is not tested has no claim.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

BETTER, WORSE, SAME, UNCLEAR = "better", "worse", "same", "unclear"
SEE, RULE_OUT = "see", "rule_out"  # what more examples would be needed for


@dataclass(frozen=True)
class MetricVerdict:
    """One scorer over the pairs in which both versions have a value.

    ``claim``: better | worse | same | unclear, of b; "" where the scorer is only told beside.
    ``value`` is the mean of b - a in the scorer's own unit with its interval (``low``, ``high``; None
    where none can be told); ``p`` and ``p_adjusted`` (Holm) are None where nothing was tested that
    way. ``better``, ``worse``, ``same`` count pairs by what is better for the reader, whatever the
    scorer's direction. ``ratio`` is b / a of speed, tokens and cost (``mean_a`` and ``mean_b`` of times
    and rates are geometric, as the ratio is). ``more`` examples would be
    needed ``more_to`` see, or rule out, the smallest difference that matters. ``only_a`` and
    ``only_b`` count questions for which just one version has a value. ``small``: it is sure, and
    less than what matters. ``looked``: by bounds that hold at every look.
    """

    scorer: str
    title: str
    unit: str
    direction: str
    kind: str
    quality: bool
    tested: bool
    claim: str
    n: int
    only_a: int = 0
    only_b: int = 0
    mean_a: float | None = None
    mean_b: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    effect: float | None = None
    better: int = 0
    worse: int = 0
    same: int = 0
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    more: int | None = None
    more_to: str = ""
    small: bool = False
    looked: bool = False

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Named:
    """A version as a sentence may call it."""

    id: str
    number: int
    model: str
    remembers: bool


@dataclass(frozen=True)
class Verdict:
    """What may be said of b against a.

    ``claim`` over all tested scorers: better, worse, mixed, same, unclear; or why there is none:
    nothing (not one answered), learned (all of them), failed (no pair without a failure), few,
    unmeasured (no scorer of quality had values), identical (the same words everywhere).
    ``n`` questions count; ``learned``, ``duplicates`` and ``unanswered`` ones do not. ``failed``
    counts those among the n in which a side gave no answer of its own. ``early``: the run has not
    ended as planned, so claims come from bounds that hold at every look. ``smallest`` is the
    difference that matters, as a share. ``tests`` scorers were corrected for; ``chosen`` says that
    somebody picked them.
    """

    run_id: str
    state: str
    claim: str
    metrics: list[MetricVerdict]
    versions: dict[str, Named]
    smallest: float
    total: int = 0
    done: int = 0
    n: int = 0
    learned: int = 0
    duplicates: int = 0
    unanswered: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    identical: int = 0
    early: bool = False
    chosen: bool = False
    tests: int = 0

    @property
    def complete(self) -> bool:
        """Whether the run ended as planned."""
        return not self.early

    @property
    def sentence(self) -> str:
        """The verdict in the reader's language."""
        from core.comparison.saying import sentence

        return sentence(self)

    @property
    def lines(self) -> list[str]:
        """What stands under the sentence."""
        from core.comparison.footing import lines

        return lines(self)

    def metric(self, scorer: str) -> MetricVerdict | None:
        """What was found of a scorer."""
        return next((one for one in self.metrics if one.scorer == scorer), None)

    def told(self) -> dict[str, Any]:
        """As JSON, with the sentence and the lines in the reader's language."""
        facts = {each.name: getattr(self, each.name) for each in fields(self)}
        return facts | {
            "complete": self.complete,
            "sentence": self.sentence,
            "lines": self.lines,
            "metrics": [one.told() for one in self.metrics],
            "versions": {side: asdict(one) for side, one in self.versions.items()},
        }


Columns = Mapping[str, tuple[Any, Any]]
