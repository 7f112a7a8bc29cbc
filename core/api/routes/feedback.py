"""What askers say of answers and conversations: ``/feedback``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from fastapi.responses import StreamingResponse

from core import access, assistants, feedback
from core.api import paging
from core.api.errors import answers
from core.api.schemas import Id, Line, List, Moment, Named, OutsideId, Page, Text
from core.api.schemas.feedback import (
    By,
    Channel,
    Feedback,
    FeedbackLine,
    FeedbackSummary,
    FeedbackTally,
    FlagCame,
    Format,
    NewFeedback,
    Problem,
    Rated,
    User,
)
from core.db import tables
from core.feedback.kinds import check_channel, check_problem

router = APIRouter(prefix="/feedback", tags=["feedback"])
MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="1 to 200 characters: sent again, it gets the same answer and does nothing.",
        json_schema_extra={"example": "5f0c9a52-7d0e-4a53-9d8b-3f1d1e6b2c11"},
    ),
]
Whose = Annotated[User | None, Query()]
MessageId = Annotated[Id, Path(description="The answer's id.")]


def wanted(
    assistant: Annotated[Named | None, Query()] = None,
    version: Annotated[Id | None, Query(description="Id of the version that answered.")] = None,
    rating: Annotated[Rated | None, Query()] = None,
    reason: Annotated[Line | None, Query(description="A reason, or a problem.")] = None,
    topic: Annotated[
        Text | None,
        Query(max_length=2000, description="A section as lists give it; empty: cites nothing."),
    ] = None,
    channel: Annotated[Channel | None, Query()] = None,
    text: Annotated[
        Text, Query(max_length=200, description="Words of the comment or the question.")
    ] = "",
    since: Annotated[Moment | None, Query()] = None,
    until: Annotated[Moment | None, Query()] = None,
    sample: Annotated[bool | None, Query(description="Sample data alone, or none of it.")] = None,
) -> feedback.Wanted:
    """What narrows a list, counts or an export."""
    if channel is not None:
        check_channel(channel)
    return feedback.Wanted(
        assistant_id=assistants.chosen(assistant).id if assistant else None,
        version_id=version,
        rating=rating,
        reason=reason,
        topic=topic,
        channel=channel,
        text=text,
        since=since,
        until=until,
        sample=sample,
    )


Which = Annotated[feedback.Wanted, Depends(wanted)]


@router.post(
    "",
    summary="Say what an answer or a conversation was like",
    responses=answers(404, 409, 413, 415),
)
def give(body: NewFeedback, response: Response, key: Key = None) -> Feedback:
    """Thumb or emoji, reasons and comment; problems; stars and whether it was solved. All of it is
    stored, or nothing; said twice it holds once. Gives what the asker says now."""
    told, again = feedback.say(body.said(), person_id=access.present().id, key=key)
    if again:
        response.headers["Idempotent-Replayed"] = "true"
    return Feedback.model_validate(told)


@router.get("", summary="What people said, newest first", responses=answers(404))
def listing(
    which: Which, limit: paging.Limit = paging.LIMIT, cursor: paging.Cursor = None
) -> Page[FeedbackLine]:
    """Ratings, problems and stars that hold, each with the answer it is about."""
    rows = feedback.listing(which, limit=limit + 1, after=paging.moment_and_id(cursor))
    shown, following = paging.cut(rows, limit, lambda row: (row.created_at, row.id))
    data = [FeedbackLine.model_validate(row) for row in shown]
    return Page[FeedbackLine](data=data, next_cursor=following)


@router.get("/summary", summary="Ratings counted", responses=answers(404))
def summary(assistant: Annotated[Named | None, Query()] = None) -> FeedbackSummary:
    """How many answers are rated up and down, of one assistant or of all."""
    chosen = assistants.chosen(assistant).id if assistant else None
    return FeedbackSummary.model_validate(feedback.summary(assistant_id=chosen))


@router.get("/counts", summary="Feedback counted", responses=answers(404))
def counts(which: Which, by: By = "day") -> List[FeedbackTally]:
    """By day (UTC), assistant, version, reason, or topic: the section that an answer cites most."""
    rows = feedback.counts(by, which)
    return List[FeedbackTally](data=[FeedbackTally.model_validate(row) for row in rows])


@router.get(
    "/export",
    summary="Feedback as a file",
    response_class=StreamingResponse,
    responses={
        **answers(404),
        200: {
            "content": {
                name: {"schema": {"type": "string"}} for name in ("text/csv", "application/jsonl")
            }
        },
    },
)
def export(which: Which, format: Format = "csv") -> StreamingResponse:
    """What fits, newest first: CSV for a spreadsheet in the language asked for, JSONL for programs."""
    named = {"Content-Disposition": f'attachment; filename="feedback.{format}"'}
    return StreamingResponse(
        feedback.export(format, which), media_type=MEDIA[format], headers=named
    )


@router.get("/{message_id}", summary="What one asker says", responses=answers(404))
def one(message_id: MessageId, user: Whose = None) -> Feedback:
    """What whoever acts (or an outside `user`) says now of an answer and its conversation."""
    who = access.present().id
    told = feedback.told(message_id, person_id=who, user_id=user or "")
    return Feedback.model_validate(told)


@router.get("/{message_id}/flags", summary="What came of reported problems", responses=answers())
def flags(message_id: MessageId, user: Whose = None) -> List[FlagCame]:
    """The asker's problems with an answer: open, judged by a reviewer, or corrected in a version."""
    rows = feedback.flags(message_id, person_id=access.present().id, user_id=user or "")
    return List[FlagCame](data=[_came(row) for row in rows])


@router.delete("/{message_id}", summary="Take a rating back", status_code=204, responses=answers())
def withdraw(message_id: MessageId, user: Whose = None) -> Response:
    """Take the active rating of an answer back; nothing happens where there is none."""
    feedback.withdraw(message_id, person_id=access.present().id, user_id=user or "")
    return Response(status_code=204)


@router.delete(
    "/{message_id}/flags/{problem}",
    summary="Take a problem back",
    status_code=204,
    responses=answers(),
)
def unflag(message_id: MessageId, problem: Problem, user: Whose = None) -> Response:
    """Take a reported problem back; nothing happens where there is none."""
    check_problem(problem, text=problem)
    feedback.unflag(message_id, problem, person_id=access.present().id, user_id=user or "")
    return Response(status_code=204)


@router.delete(
    "/conversations/{conversation}",
    summary="Take stars back",
    status_code=204,
    responses=answers(404),
)
def withdraw_conversation(
    conversation: Annotated[OutsideId, Path(description="Its id or external_id.")],
    user: Whose = None,
) -> Response:
    """Take stars, "solved?" and comment of a conversation back."""
    who = access.present().id
    feedback.withdraw_conversation(conversation, person_id=who, user_id=user or "")
    return Response(status_code=204)


def _came(row: tables.Flag) -> FlagCame:
    came = feedback.what_came_of(row)
    told = {name: getattr(row, name) for name in ("problem", "text", "created_at")}
    return FlagCame(**told, state=came.state, version=came.version)  # type: ignore[arg-type]
