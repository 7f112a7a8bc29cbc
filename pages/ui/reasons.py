"""Why an item waits, and how good the answers are, in the reader's words.

In: the reasons frozen in an item, an estimate. Out: plain text ("1 star, wrong fact, “price”
mentioned"), not yet escaped. A calibration item reads like one that was drawn.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from core import feedback
from core.annotation import Estimate
from core.i18n import _, ngettext, number, percent, seconds

Reason = Mapping[str, Any]


def in_words(reasons: Iterable[Reason]) -> str:
    """All the reasons of an item, the heaviest first as they were frozen."""
    return ", ".join(reason_in_words(one) for one in reasons)


def reason_in_words(reason: Reason) -> str:
    """One reason; a name that is not known stays as it is."""
    told = _WORDS.get(str(reason.get("name")))
    return told(reason) if told else str(reason.get("name", ""))


def weight_in_words(reason: Reason) -> str:
    """What it adds to the item's priority."""
    return _("adds {weight} to the priority").format(
        weight=number(float(reason.get("weight", 0)), 1)
    )


def quality(estimate: Estimate) -> str:
    """What the random share tells of the answers, with its interval, or why it does not yet."""
    if not estimate.approved or not estimate.usable:
        return _("None of the {n} conversations drawn at random is judged yet.").format(
            n=number(estimate.drawn)
        )
    said = _(
        "{share} approved as it stood ({low} to {high}), {usable} with corrections; {n} judged."
    )
    told = said.format(
        share=percent(estimate.approved.share),
        low=percent(estimate.approved.low),
        high=percent(estimate.approved.high),
        usable=percent(estimate.usable.share),
        n=number(estimate.n),
    )
    return " ".join([told, _("Too few to rely on.")]) if estimate.thin else told


def _flagged(reason: Reason) -> str:
    problems = reason.get("problems") or [reason.get("problem", "")]
    return ", ".join(feedback.title(str(one)).lower() for one in problems)


def _stars(reason: Reason) -> str:
    n = int(reason.get("stars", 0))
    return ngettext("{n} star", "{n} stars", n).format(n=n)


def _keyword(reason: Reason) -> str:
    if "word" in reason:
        return _("“{word}” mentioned").format(word=reason["word"])
    return _("fits the pattern “{pattern}”").format(pattern=reason.get("pattern", ""))


def _grounded(reason: Reason) -> str:
    share = percent(float(reason.get("groundedness", 0)))
    return _("only {share} supported").format(share=share)


def _long(reason: Reason) -> str:
    n = int(reason.get("messages", 0))
    return ngettext("{n} message", "{n} messages", n).format(n=number(n))


def _slow(reason: Reason) -> str:
    return _("took {time}").format(time=seconds(float(reason.get("seconds", 0))))


_WORDS: dict[str, Callable[[Reason], str]] = {
    "random": lambda reason: _("drawn at random"),
    "calibration": lambda reason: _("drawn at random"),
    "manual": lambda reason: _("chosen by a person"),
    "flagged": _flagged,
    "negative_rating": lambda reason: _("did not help"),
    "stars": _stars,
    "not_solved": lambda reason: _("not solved"),
    "disagreement": lambda reason: _("ratings disagree"),
    "keyword": _keyword,
    "low_groundedness": _grounded,
    "cut_off": lambda reason: _("cut off"),
    "fallback": lambda reason: _("a fallback model answered"),
    "long": _long,
    "slow": _slow,
}
