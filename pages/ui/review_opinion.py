"""A judge model's opinion as data for the review desk: named as the model's, with what it is worth.

Always holds: it is told apart from what was checked, and in the model's name; text of the model is
written as text.
"""

from typing import Any

import streamlit as st

from core import annotation
from core.annotation.suggesting import Suggestion
from core.db.tables import Opinion
from core.i18n import _, number
from pages.ui import models, review_words

RECORD = "annotation.judge_record"


def data(opinion: Opinion | None) -> dict[str, Any] | None:
    """None where there is no opinion."""
    if opinion is None:
        return None
    provider, _colon, name = opinion.model.partition(":")
    record = _record(opinion.queue_id, opinion.model)
    verdict, failure = opinion.verdict, opinion.failure_type
    return {
        "said": _("{model} suggests:").format(model=models.title(provider, name)),
        "text": review_words.suggested(Suggestion(verdict, failure)),
        "why": opinion.why,
        "fill": {"verdict": verdict, "failure_type": failure, "scores": dict(opinion.scores)},
        "confidence": _confidence(*record.get(verdict, (0, 0))),
    }


def _confidence(agreed: int, n: int) -> str:
    """What its verdict is worth, as it was measured."""
    if n >= review_words.KNOWN:
        said = _("Most reviewers judged so in {k} of the {n} cases before.")
    elif n:
        said = _("Most reviewers judged so in {k} of {n} cases: too few to say.")
    else:
        return _("What it is worth is not measured yet.")
    return said.format(k=number(agreed), n=number(n))


def _record(queue_id: str, model: str) -> dict[str, tuple[int, int]]:
    """How often reviewers judged as this model did, looked up once a visit."""
    known: dict[Any, Any] = st.session_state.setdefault(RECORD, {})
    if (queue_id, model) not in known:
        known[queue_id, model] = annotation.judge_record(queue_id)
    found: dict[str, tuple[int, int]] = known[queue_id, model]
    return found
