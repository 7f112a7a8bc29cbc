"""Answers that are kept to be given again: ``/cache``."""

from typing import Annotated

from fastapi import APIRouter, Query

from core import assistants, chat
from core.api.acting import OF_A_ROLE
from core.api.errors import answers
from core.api.schemas import Named
from core.api.schemas.cache import Cache, Cleared

router = APIRouter(prefix="/cache", tags=["cache"], dependencies=OF_A_ROLE)
Of = Annotated[Named | None, Query(description="An assistant, by id or by name; else all.")]


@router.get("", summary="The answer cache", responses=answers(404))
def told(assistant: Of = None) -> Cache:
    """How many answers are kept, how often one was given again, and what that spared."""
    return Cache.model_validate(chat.cached(_id(assistant)))


@router.delete("", summary="Forget kept answers", responses=answers(404))
def clear(assistant: Of = None) -> Cleared:
    """Forget the kept answers of an assistant, or all; the conversations stay."""
    return Cleared(cleared=chat.clear_cache(_id(assistant)))


def _id(assistant: str | None) -> str | None:
    return assistants.chosen(assistant).id if assistant else None
