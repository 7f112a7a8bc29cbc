"""What an answer is judged by: criteria with a scale, each point of which says what it means.

In: a rubric as it is stored, scores as a reviewer gave them. Out: the rubric or the scores,
checked. Titles and anchors of ``DEFAULT_RUBRIC`` are sentences of the catalogue: who shows a
rubric passes them through ``_()``; those that people wrote come out of it unchanged.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import InvalidInput
from core.i18n import N_, _

MOST_CRITERIA = 20
MOST_POINTS = 10
LONGEST = 500
FURTHEST = 1000  # no point of a scale lies beyond it, on either side
NO_NAME = re.compile(r'["\\\x00-\x1f\ud800-\udfff]')  # scores are looked up by it, in SQL too
SHOWN = 80  # characters of what was given, in an error


def _criterion(name: str, title: str, *anchors: str) -> dict[str, Any]:
    """A criterion that nobody has to score, with an anchor for each point from 1 on."""
    scale = [{"value": value, "anchor": anchor} for value, anchor in enumerate(anchors, 1)]
    return {"name": name, "title": title, "required": False, "scale": scale}


DEFAULT_RUBRIC: list[dict[str, Any]] = [
    _criterion(
        "correct",
        N_("Correct"),
        N_("What it says is wrong."),
        N_("The main point is wrong."),
        N_("The main point is right, a detail is wrong."),
        N_("All of it is right, a word could mislead."),
        N_("Every statement is right."),
    ),
    _criterion(
        "complete",
        N_("Complete"),
        N_("The question is not answered."),
        N_("Most of what was asked is missing."),
        N_("The main point is there, something that matters is missing."),
        N_("Only a small thing is missing."),
        N_("All that was asked is answered."),
    ),
    _criterion(
        "grounded",
        N_("Supported by the documents"),
        N_("The documents say otherwise."),
        N_("Hardly anything is found in the documents."),
        N_("About half is found in the documents."),
        N_("All but a small thing is found in the documents."),
        N_("Every statement is found in the documents."),
    ),
    _criterion(
        "tone",
        N_("Tone"),
        N_("Rude, or out of place."),
        N_("Cold, or far too familiar."),
        N_("Neutral, no more than that."),
        N_("Friendly and fitting."),
        N_("Just what our best colleague would have said."),
    ),
    _criterion(
        "clarity",
        N_("Clarity"),
        N_("It cannot be understood."),
        N_("One has to read it several times."),
        N_("Understandable, but long or muddled."),
        N_("Clear, with a word too many."),
        N_("Clear at the first reading."),
    ),
    _criterion(
        "in_scope",
        N_("Within its task"),
        N_("It answers what it must not answer."),
        N_("Much of it is none of its business."),
        N_("Some of it goes beyond its task."),
        N_("It strays for a word or two."),
        N_("It keeps to its task, or says that this is not part of it."),
    ),
]


def checked_rubric(rubric: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rubric with nothing but what belongs to it; InvalidInput names what cannot be taken."""
    if len(rubric) > MOST_CRITERIA:
        raise _wrong(
            _("A rubric has at most {most} criteria, not {n}.").format(
                most=MOST_CRITERIA, n=len(rubric)
            )
        )
    taken = [_checked_criterion(one) for one in rubric]
    names = [one["name"] for one in taken]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise _wrong(_("There are two criteria called “{name}”.").format(name=twice[0]))
    return taken


def _checked_criterion(given: Mapping[str, Any]) -> dict[str, Any]:
    name, title = (str(given.get(key) or "").strip() for key in ("name", "title"))
    if not name or len(name) > LONGEST or len(title) > LONGEST:
        raise _wrong(
            _("A criterion has a name of 1 to {most} characters, and a title no longer.").format(
                most=LONGEST
            )
        )
    if NO_NAME.search(name):
        raise _wrong(_("A criterion's name holds no quotes, backslashes or line breaks."))
    scale = _checked_scale(name, given.get("scale") or [])
    required = bool(given.get("required"))
    return {"name": name, "title": title or name, "required": required, "scale": scale}


def _checked_scale(name: str, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    values = [point.get("value") for point in given]
    whole = all(type(value) is int and abs(value) <= FURTHEST for value in values)
    if not 2 <= len(values) <= MOST_POINTS or not whole or len(set(values)) < len(values):
        raise _wrong(
            _(
                "The scale of “{name}” needs 2 to {most} different whole numbers from -{far} to {far}."
            ).format(name=name, most=MOST_POINTS, far=FURTHEST)
        )
    return [
        {"value": point["value"], "anchor": str(point.get("anchor") or "").strip()[:LONGEST]}
        for point in given
    ]


def checked_scores(
    rubric: Sequence[Mapping[str, Any]], scores: Mapping[str, Any]
) -> dict[str, int]:
    """The scores as they fit the rubric; InvalidInput where one does not, or a required one lacks."""
    points = {one["name"]: [point["value"] for point in one["scale"]] for one in rubric}
    for name, value in scores.items():
        if name not in points:
            raise _wrong(_("The rubric has no criterion “{name}”.").format(name=name), "scores")
        if type(value) is not int or value not in points[name]:  # true and 3.0 are no scores
            raise _wrong(
                _("“{value}” is not on the scale of “{name}” ({points}).").format(
                    value=str(value)[:SHOWN], name=name, points=", ".join(map(str, points[name]))
                ),
                "scores",
            )
    for one in rubric:
        if one["required"] and one["name"] not in scores:
            title = one["title"]
            raise _wrong(_("“{name}” needs a score.").format(name=_(title)), "scores")
    return dict(scores)


def _wrong(sentence: str, field: str = "rubric") -> InvalidInput:
    return InvalidInput(sentence, field=field)
