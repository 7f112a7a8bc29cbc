"""The formulas of what reviewers and judge models say of answers, and of how reviewers keep up.

In: a ``Part``: ``judged`` are the items whose verdict was complete in the time of the view, ``items``
all that fit it whenever that was, ``judgements`` each by itself. Out: ``Estimated``, None where there is
nothing to tell; or a mask over one of these. Always holds: an item counts once; what a model said is
told apart from what people said. Pure.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any

from core.metrics.collecting_reviews import OPINION
from core.metrics.formulas import Formula, Part, Which, known, share
from core.statistics import Coefficient, Estimated, agreeing, cohen, mean, quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.metrics.facts import Frame

GOOD_TONE = 0.6  # of the way from the foot of the scale to its top: 4 of 5 is, 3 of 5 is not
BASE = 8  # more than there are verdicts
MOST_DAYS = 1_000_000  # since 1970


def said(*verdicts: str) -> Which:
    """Which of the judged answers got one of these verdicts."""
    return lambda part: _is(part, part.judged, "verdict", *verdicts)


def share_of_judged(hit: Which) -> Formula:
    """Of all that were judged."""
    return lambda part: share(hit(part), len(part.judged))


def share_of_random(hit: Which) -> Formula:
    """Of those that were drawn by chance."""

    def formula(part: Part) -> Estimated | None:
        drawn = part.judged["protected"]
        return share(hit(part) & drawn, int(drawn.sum()))

    return formula


def random(hit: Which) -> Which:
    """Those of them that were drawn by chance."""
    return lambda part: hit(part) & part.judged["protected"]


def good_tone(part: Part) -> Estimated | None:
    """Of those whose tone was scored."""
    scored = known(part.judged["tone"])
    return share(scored >= GOOD_TONE, len(scored))


def bad_tone(part: Part) -> "NDArray[Any]":
    return part.judged["tone"] < GOOD_TONE


def quality(part: Part) -> Estimated | None:
    return mean(known(part.judged["quality"]))


faulty = said("corrected", "rejected")


def failed(kind: str) -> Which:
    """Those with a fault of this kind."""
    return lambda part: faulty(part) & _is(part, part.judged, "failure", kind)


def share_of_faulty(kind: str) -> Formula:
    """Of those that were rejected or corrected."""
    return lambda part: share(failed(kind)(part), int(faulty(part).sum()))


def opinions(part: Part) -> "NDArray[Any]":
    """Which judgements are a judge model's."""
    return _is(part, part.judgements, "kind", OPINION)


def judge_approved(part: Part) -> Estimated | None:
    """Of all that a judge model gave its opinion of."""
    told = part.judgements.rows(opinions(part))
    return share(_is(part, told, "verdict", "approved"), len(told))


def judge_refused(part: Part) -> "NDArray[Any]":
    return opinions(part) & ~_is(part, part.judgements, "verdict", "approved")


def judge_agreement(part: Part) -> Estimated | None:
    """Of the answers of which more than half of the reviewers said the same."""
    found = agreeing(_pairs(part))
    return Estimated(found.share, found.low, found.high, found.n) if found else None


def judge_kappa(part: Part) -> Estimated | None:
    found: Coefficient | None = cohen(_pairs(part))
    return Estimated(found.value, found.low, found.high, found.n) if found else None


def judge_differs(part: Part) -> "NDArray[Any]":
    told = part.judgements
    compared = opinions(part) & ~_is(part, told, "reviewed", "")
    return compared & (told["reviewed"] != told["verdict"])


def _pairs(part: Part) -> Counter[tuple[Any, ...]]:
    """{(the model's verdict, the reviewers'): answers}, as codes."""
    import numpy as np

    told = part.judgements
    compared = told.rows(opinions(part) & ~_is(part, told, "reviewed", ""))
    both = compared["verdict"].astype("int32") * BASE + compared["reviewed"]
    counts = np.bincount(both)
    return Counter({divmod(int(pair), BASE): int(counts[pair]) for pair in np.flatnonzero(counts)})


def reviewed(part: Part) -> "NDArray[Any]":
    """Which judgements are reviewers': neither a model's nor a lead's decision."""
    return _is(part, part.judgements, "kind", "review", "calibration")


def per_day(part: Part) -> Estimated | None:
    """The mean over the days (of the reader's calendar) on which a reviewer judged anything."""
    import numpy as np

    from core.metrics.parts import days

    told = part.judgements.rows(reviewed(part))
    each = told["by"].astype("int64") * MOST_DAYS + days(told["at"])
    return mean(np.unique(each, return_counts=True)[1])


def waited(q: float) -> Formula:
    """From when an answer was queued until somebody judged it first."""
    return lambda part: quantile(known(part.judged["first"] - part.judged["created"]), q)


def waiting(part: Part) -> "NDArray[Any]":
    """Which items were queued and judged by nobody at the end of the time."""
    first, until = part.items["first"], part.until or part.now
    return (part.items["created"] < until) & ~(first < until)


def still_waiting(part: Part) -> Estimated | None:
    """How many; its n are all that were ever queued until then."""
    n = int((part.items["created"] < (part.until or part.now)).sum())
    return Estimated(float(waiting(part).sum()), None, None, n) if n else None


def oldest(part: Part) -> Estimated | None:
    """How long the oldest of them has waited; None where none waits."""
    queued = part.items["created"][waiting(part)]
    if not len(queued):
        return None
    return Estimated((part.until or part.now) - float(queued.min()), None, None, len(queued))


def _is(part: Part, frame: "Frame", column: str, *words: str) -> "NDArray[Any]":
    import numpy as np

    kind = "verdict" if column == "reviewed" else column
    return np.isin(frame[column], [part.code(kind, word) for word in words])
