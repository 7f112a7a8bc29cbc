"""How answers came about: ``/traces`` and ``/messages/{id}/trace``."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from core import assistants, chat
from core.api import paging
from core.api.errors import answers
from core.api.schemas import Id, Line, Moment, Named, Page
from core.api.schemas.answers import Outcome
from core.api.schemas.traces import Trace, TraceLine

router = APIRouter(tags=["traces"])


@router.get(
    "/messages/{message_id}/trace", summary="How an answer came about", responses=answers(404)
)
def one(message_id: Annotated[Id, Path(description="The answer's id.")]) -> Trace:
    """Every step of an answer: the choice of the model, the search, the prompt as it was sent, each
    attempt, what was checked and stored."""
    return Trace.of(chat.trace(message_id))


@router.get("/traces", summary="Answers by how they came about", responses=answers(404))
def listing(
    assistant: Annotated[Named | None, Query()] = None,
    outcome: Annotated[Outcome | None, Query()] = None,
    version: Annotated[Id | None, Query(description="Id of the version that answered.")] = None,
    provider: Annotated[Line | None, Query()] = None,
    model: Annotated[
        Line | None, Query(description="As its provider calls it.", examples=["llama3.2"])
    ] = None,
    reason: Annotated[
        Line | None,
        Query(description="A routing reason, or its first word.", examples=["fallback"]),
    ] = None,
    error_code: Annotated[Line | None, Query()] = None,
    slower_than: Annotated[float | None, Query(ge=0, le=1e9, description="Seconds.")] = None,
    since: Annotated[Moment | None, Query()] = None,
    until: Annotated[Moment | None, Query()] = None,
    sample: Annotated[bool | None, Query(description="Sample data alone, or none of it.")] = None,
    limit: paging.Limit = paging.LIMIT,
    cursor: paging.Cursor = None,
) -> Page[TraceLine]:
    """The answers that fit, newest first."""
    wanted = chat.Wanted(
        assistant_id=assistants.chosen(assistant).id if assistant else None,
        outcome=outcome,
        version_id=version,
        provider=provider,
        model_name=model,
        reason=reason,
        error_code=error_code,
        slower_than=slower_than,
        since=since,
        until=until,
        sample=sample,
    )
    rows = chat.traces(wanted, limit=limit + 1, after=paging.moment_and_id(cursor))
    shown, following = paging.cut(rows, limit, lambda row: (row.answer.created_at, row.answer.id))
    return Page[TraceLine](data=[TraceLine.of(row) for row in shown], next_cursor=following)
