"""Ratings of answers: ``/feedback``."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from core import access, assistants, feedback
from core.api.errors import answers
from core.api.schemas import Id, Named
from core.api.schemas.conversations import Feedback, FeedbackSummary, NewFeedback

router = APIRouter(prefix="/feedback", tags=["feedback"])


@router.post("", summary="Rate an answer", responses=answers(404, 413, 415))
def give(body: NewFeedback) -> Feedback:
    """Thumb up or down, with reasons and a comment; another rating replaces the one before."""
    row = feedback.give(
        body.message_id,
        body.rating,
        person_id=access.present().id,
        reasons=body.reasons,
        comment=body.comment,
        channel=body.channel,
    )
    return Feedback.model_validate(row)


@router.get("/summary", summary="Ratings counted", responses=answers(404))
def summary(assistant: Annotated[Named | None, Query()] = None) -> FeedbackSummary:
    """How many answers are rated up and down, of one assistant or of all."""
    chosen = assistants.chosen(assistant).id if assistant else None
    return FeedbackSummary.model_validate(feedback.summary(assistant_id=chosen))


@router.delete("/{message_id}", summary="Take a rating back", status_code=204, responses=answers())
def withdraw(message_id: Annotated[Id, Path()]) -> Response:
    """Take the active rating of an answer back; nothing happens where there is none."""
    feedback.withdraw(message_id, person_id=access.present().id)
    return Response(status_code=204)
