"""Who belongs to an assistant: ``/assistants/{assistant}/members``."""

from typing import Annotated

from fastapi import APIRouter, Path

from core import access, assistants
from core.api.errors import answers
from core.api.schemas import Named
from core.api.schemas.members import Members, NewMembers

router = APIRouter(prefix="/assistants", tags=["assistants"])
Which = Annotated[Named, Path()]


@router.get("/{assistant}/members", summary="Who belongs to it", responses=answers(404))
def show(assistant: Which) -> Members:
    """Its members, and whether it is for them only."""
    return Members.of(access.members(assistants.by_name_or_id(assistant).id))


@router.put(
    "/{assistant}/members", summary="Change who belongs to it", responses=answers(404, 413, 415)
)
def change(assistant: Which, body: NewMembers) -> Members:
    """Let in exactly these people, and say whether nobody else finds it."""
    access.demand("people")  # before a name is looked for
    row = assistants.by_name_or_id(assistant)
    if body.people is not None:
        access.set_members(row.id, [access.find(one).id for one in body.people])
    if body.only is not None:
        access.set_members_only(row.id, body.only)
    return Members.of(access.members(row.id))
