"""A judge model's reply, read: a verdict that can be suggested, or why there is none.

In: whatever a model has said, and the rubric. Out: a ``Reply``; ``Unusable`` with a code and the
reason in words. Always holds: a verdict is one of ours, a score lies on its criterion's scale, a
text can be stored and shown; whatever comes, nothing else is raised. Pure.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.annotation.types import FAILURE_TYPES, VERDICTS
from core.chat import fences

LONGEST_REPLY = 20_000  # characters; an object of twenty criteria takes a tenth
LONGEST_WHY = 400
SHOWN = 120  # characters of what cannot be used


@dataclass(frozen=True)
class Reply:
    """What the model said of an answer."""

    verdict: str
    failure_type: str = ""
    scores: Mapping[str, int] = field(default_factory=dict)
    why: str = ""


class Unusable(Exception):
    """A reply from which nothing can be suggested; ``code``: no_json | wrong_values."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def read(said: str, rubric: Sequence[Mapping[str, Any]]) -> Reply:
    """The reply in ``said``; words around the object are passed over."""
    told = json_object(said)
    verdict = told.get("verdict")
    if verdict not in VERDICTS:
        raise wrong("verdict", verdict)
    failure = told.get("failure_type") or ""
    if verdict == "approved":
        failure = ""
    elif failure and failure not in FAILURE_TYPES:
        raise wrong("failure_type", failure)
    why = told.get("why")
    return Reply(
        verdict=str(verdict),
        failure_type=str(failure),
        scores=scores_on(told.get("scores"), rubric),
        why=plain(why, LONGEST_WHY) if isinstance(why, str) else "",
    )


def plain(text: str, longest: int) -> str:
    """One line that can be stored and shown: nothing invisible, no longer than that."""
    return fences.cut(" ".join(fences.tokens_broken(text).split()), longest)


def json_object(said: str) -> Mapping[str, Any]:
    """The object in a reply, words around it passed over; Unusable (no_json) where there is none."""
    first, last = said.find("{"), said.rfind("}")
    try:
        told = json.loads(said[first : last + 1][:LONGEST_REPLY])
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Unusable("no_json", plain(said[:LONGEST_REPLY], SHOWN))
    return told


def scores_on(given: Any, rubric: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The scores that were given (None is none); Unusable where one is not on its scale."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise wrong("scores", given)
    scales = {
        fences.tokens_broken(one["name"]): (one["name"], [p["value"] for p in one["scale"]])
        for one in rubric
    }
    scores = {}
    for named, value in given.items():
        if value is None:
            continue
        name, points = scales.get(named, ("", []))
        point = None if isinstance(value, bool) else next((p for p in points if p == value), None)
        if point is None:
            raise wrong(f"scores.{named}", value)
        scores[name] = point
    return scores


def wrong(name: str, value: Any) -> Unusable:
    """The error for a value that is not to choose from."""
    told = type(value).__name__ if isinstance(value, list | dict) else repr(value)
    return Unusable("wrong_values", plain(f"{name}: {told}"[:LONGEST_REPLY], SHOWN))
