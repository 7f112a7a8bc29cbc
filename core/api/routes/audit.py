"""The audit log: ``/audit``. It is read and exported; nothing writes, changes or deletes by it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import StreamingResponse

from core import access, assistants, audit
from core.api import paging
from core.api.errors import answers
from core.api.schemas import Moment, Named, Page
from core.api.schemas.audit import Action, AuditLine, Door, Format, Kind, ObjectId, Who

router = APIRouter(prefix="/audit", tags=["audit"])
MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
NOBODY = "-"


def wanted(
    person: Annotated[Who | None, Query()] = None,
    kind: Annotated[Kind | None, Query()] = None,
    action: Annotated[Action | None, Query()] = None,
    object_id: Annotated[ObjectId | None, Query(alias="object")] = None,
    assistant: Annotated[Named | None, Query()] = None,
    door: Annotated[Door | None, Query(description="`-` is the background.")] = None,
    since: Annotated[Moment | None, Query()] = None,
    until: Annotated[Moment | None, Query()] = None,
) -> audit.Wanted:
    """What narrows a list or an export."""
    access.demand("operate")  # before names are looked up
    return audit.Wanted(
        person_id=_person_id(person),
        kind=kind,
        action=action,
        object_id=object_id,
        assistant_id=assistants.chosen(assistant).id if assistant else None,
        door="" if door == NOBODY else door,
        since=since,
        until=until,
    )


Which = Annotated[audit.Wanted, Depends(wanted)]


@router.get("", summary="Who did what, newest first", responses=answers(404))
def listing(
    which: Which, limit: paging.Limit = paging.LIMIT, cursor: paging.Cursor = None
) -> Page[AuditLine]:
    """Changes, looks at personal data that is not masked, sign-ins, exports."""
    rows = audit.events(which, before=_number(cursor), limit=limit + 1)
    shown, following = paging.cut(rows, limit, lambda row: (str(row.number),))
    return Page[AuditLine](
        data=[AuditLine.model_validate(row) for row in shown], next_cursor=following
    )


@router.get(
    "/export",
    summary="The audit log as a file",
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
    """What fits, newest first: CSV for a spreadsheet in the language asked for, JSONL for programs.
    That it was exported becomes a line of the log."""
    named = {"Content-Disposition": f'attachment; filename="audit.{format}"'}
    return StreamingResponse(audit.export(format, which), media_type=MEDIA[format], headers=named)


@router.get("/{number}", summary="One line", responses=answers(404))
def one(number: Annotated[int, Path(ge=1, le=2**31 - 2)]) -> AuditLine:
    """The line of this number."""
    return AuditLine.model_validate(audit.event(number))


def _person_id(given: str | None) -> str | None:
    if given is None or given == NOBODY:
        return None if given is None else ""
    return access.find(given).id


def _number(cursor: str | None) -> int | None:
    text = paging.only_id(cursor)
    if text is None:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise paging.not_ours()
    return int(text)
