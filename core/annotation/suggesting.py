"""What may be suggested to a reviewer beforehand: checks of what is stored, and what follows from them.

In: an answer with its passages, the reasons it was selected for, the rubric; what a judge model said
of it, where a queue has one. Out: a ``Suggestion``. Pure. Always holds: each check states a fact
that is stored; where the facts point both ways no verdict is suggested; what a model said is in
``opinion`` alone, and changes nothing of what the checks lead to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core import privacy
from core.chat.types import Answer
from core.db.tables import Opinion

# Judged by the share of supported sentences alone: the five anchors of the default rubric.
GROUNDED = ((1.0, 5), (0.8, 4), (0.4, 3), (0.01, 2), (0.0, 1))
UNSUPPORTED = 0.5  # below this share nothing an answer says can be relied on
COMPLAINTS = ("flagged", "negative_rating", "stars", "not_solved")


@dataclass(frozen=True)
class Check:
    """Something that was looked at: whether it speaks for the answer, and the figures behind it."""

    name: str
    good: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggestion:
    """``verdict`` is "" where the checks do not lead to one; ``opinion`` is the judge model's."""

    verdict: str = ""
    failure_type: str = ""
    scores: Mapping[str, int] = field(default_factory=dict)
    checks: Sequence[Check] = ()
    opinion: Opinion | None = None


def suggest(
    answer: Answer,
    reasons: Sequence[Mapping[str, Any]],
    rubric: Sequence[Mapping[str, Any]],
    opinion: Opinion | None = None,
) -> Suggestion:
    """What the checks of an answer lead to, and beside it what a judge model said."""
    checks = [*_ending(answer), *_grounding(answer), *_safety(answer), *_complaints(reasons)]
    verdict, failure = _verdict(answer, {check.name: check for check in checks})
    return Suggestion(verdict, failure, _scores(answer, rubric), checks, opinion)


def _ending(answer: Answer) -> list[Check]:
    message = answer.message
    if message.outcome in ("cut_off", "error"):
        return [Check("broken_off", False)]
    if message.outcome in ("not_found", "related"):
        return [Check("not_found", False)]
    fallback = message.routing_reason.startswith("fallback")
    return [Check("fallback", False)] if fallback else []


def _grounding(answer: Answer) -> list[Check]:
    message = answer.message
    if message.outcome != "answered":
        return []
    n = len({mark.passage_id for mark in answer.citations})
    cited = Check("citations", n > 0, {"n": n})
    if message.quoted:
        return [Check("quoted", True), cited]
    if not message.sentences:
        return [cited]
    supported = sum(bool(sentence[2]) for sentence in message.sentences)
    facts = {"k": supported, "n": len(message.sentences)}
    return [Check("supported", supported == facts["n"], facts), cited]


def _safety(answer: Answer) -> list[Check]:
    found = privacy.find(answer.message.text)
    kinds = sorted({one.kind for one in found if one.kind not in privacy.BUSINESS})
    return [Check("personal_data", False, {"kinds": kinds})] if kinds else []


def _complaints(reasons: Sequence[Mapping[str, Any]]) -> list[Check]:
    return [Check("complaint", False)] if any(r.get("name") in COMPLAINTS for r in reasons) else []


def _verdict(answer: Answer, checks: Mapping[str, Check]) -> tuple[str, str]:
    if "personal_data" in checks:
        return "rejected", "safety"
    if "broken_off" in checks:
        return "rejected", "generation"
    if _share(answer) is not None and _share(answer) < UNSUPPORTED:  # type: ignore[operator]
        return "rejected", "generation"
    if answer.message.outcome == "answered" and all(check.good for check in checks.values()):
        return "approved", ""
    return "", ""


def _scores(answer: Answer, rubric: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    share = _share(answer)
    points = next(
        ([p["value"] for p in one["scale"]] for one in rubric if one["name"] == "grounded"), None
    )
    if share is None or points != [1, 2, 3, 4, 5]:
        return {}
    return {"grounded": next(score for least, score in GROUNDED if share >= least)}


def _share(answer: Answer) -> float | None:
    """The share (0 to 1) of supported sentences; a quoted answer is all of it."""
    message = answer.message
    if message.outcome != "answered":
        return None
    if message.quoted:
        return 1.0
    if not message.sentences:
        return None
    return sum(bool(one[2]) for one in message.sentences) / len(message.sentences)
