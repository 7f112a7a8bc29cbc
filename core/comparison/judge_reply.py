"""A judge's reply on a comparison, read: scores of one answer, or which of two is better.

In: whatever a model has said. Out: the values of a ``JudgeOpinion``; ``Unusable`` with a code. Always
holds: every score lies on its criterion's scale, a choice is one of ours. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.annotation.opinion_reply import LONGEST_WHY, json_object, plain, scores_on, wrong
from core.comparison.types import Side

Rubric = Sequence[Mapping[str, Any]]


def scores(said: str, rubric: Rubric) -> dict[str, Any]:
    """{"scores", "score" (their mean, 0 to 1), "why"}; a reply without any score is of no use."""
    told = json_object(said)
    given = scores_on(told.get("scores"), rubric)
    if not given:
        raise wrong("scores", told.get("scores"))
    return {"scores": given, "score": scaled(given, rubric), "why": _why(told)}


def choice(said: str, first: Side) -> dict[str, Any]:
    """{"choice": a | b | tie, "why"}, where ``first`` is the side that was shown first."""
    told = json_object(said)
    second = "b" if first == "a" else "a"
    chosen = {"first": first, "second": second, "tie": "tie"}
    word = told.get("choice")
    if not isinstance(word, str) or word not in chosen:
        raise wrong("choice", word)
    return {"choice": chosen[word], "why": _why(told)}


def scaled(given: Mapping[str, float], rubric: Rubric) -> float:
    """The mean of the scores, each from 0 (the lowest point of its scale) to 1 (the highest)."""
    shares = []
    for one in rubric:
        if one["name"] in given:
            points = [point["value"] for point in one["scale"]]
            low, high = min(points), max(points)
            shares.append((given[one["name"]] - low) / (high - low))
    return sum(shares) / len(shares)


def _why(told: Mapping[str, Any]) -> str:
    why = told.get("why")
    return plain(why, LONGEST_WHY) if isinstance(why, str) else ""
