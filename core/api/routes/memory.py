"""The memory of approved questions: ``/memory``."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from core import assistants, registry
from core.api.acting import OF_A_ROLE
from core.api.errors import answers
from core.api.paging import LIMIT, Cursor, Limit, cut, only_id
from core.api.schemas import Id, Named, Page
from core.api.schemas.memory import NewUses, Remembered, State, Uses
from core.retrieval import approved

router = APIRouter(prefix="/memory", tags=["memory"], dependencies=OF_A_ROLE)
ApprovedId = Annotated[Id, Path(description="The approved answer's id.")]
Of = Annotated[Named | None, Query(description="An assistant, by id or by name; else the default.")]


@router.get("", summary="Approved questions", responses=answers(404))
def listing(
    assistant: Of = None,
    state: Annotated[State | None, Query(description="Only those in this state.")] = None,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Page[Remembered]:
    """What reviewers approved or corrected, newest first."""
    chosen = assistants.chosen(assistant)
    rows = approved.listed(chosen.id, state, after=only_id(cursor), limit=limit + 1)
    shown, following = cut(rows, limit, lambda one: [one.id])
    return Page[Remembered](data=[Remembered.of(one) for one in shown], next_cursor=following)


@router.get("/uses", summary="What the memory does", responses=answers(404))
def uses(assistant: Of = None) -> Uses:
    """Whether approved passages are lifted, and approved answers served."""
    return Uses.model_validate(registry.memory_uses(assistants.chosen(assistant).id))


@router.put("/uses", summary="Switch its uses", responses=answers(404, 413, 415))
def use(body: NewUses, assistant: Of = None) -> Uses:
    """A switch makes another version the champion; the one before stays."""
    chosen = assistants.chosen(assistant)
    registry.use_memory(chosen.id, body.lift, body.serve)
    return Uses.model_validate(registry.memory_uses(chosen.id))


@router.get("/{approved_id}", summary="One approved question", responses=answers(404))
def show(approved_id: ApprovedId) -> Remembered:
    """With its answer, and the passages it rests on."""
    return Remembered.of(approved.approved(approved_id))


@router.post("/{approved_id}/retire", summary="Take it out of use", responses=answers(404))
def retire(approved_id: ApprovedId) -> Remembered:
    """It neither lifts nor is served; doing it twice is harmless."""
    return Remembered.of(approved.retire(approved_id))


@router.post("/{approved_id}/restore", summary="Bring it back", responses=answers(404, 409))
def restore(approved_id: ApprovedId) -> Remembered:
    """Whatever took it out of use: it holds for the documents as they are now."""
    return Remembered.of(approved.restore(approved_id))
