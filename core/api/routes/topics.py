"""Topics named by people, and grouped anew: ``/metrics/topics``."""

from typing import Annotated

from fastapi import APIRouter, Path

from core import assistants, metrics
from core.api.errors import answers
from core.api.schemas import Id
from core.api.schemas.topics import NewName, Regroup, Regrouped, Renamed

router = APIRouter(prefix="/metrics/topics", tags=["metrics"])
Which = Annotated[Id, Path(description="The topic's id.")]


@router.patch("/{topic}", summary="Name a topic", responses=answers(404, 413, 415))
def rename(topic: Which, body: NewName) -> Renamed:
    """The name stays whatever is asked later; an empty one gives the topic its own back."""
    found = metrics.rename_topic(topic, body.label)
    return Renamed(id=topic, label=found.label if found else body.label)


@router.post("/regroup", summary="Group questions anew", responses=answers(404, 409, 413, 415))
def regroup(body: Regroup) -> Regrouped:
    """An assistant's questions; the background does so by itself as new ones come."""
    found = metrics.regroup(assistants.chosen(body.assistant).id)
    return Regrouped.model_validate(found)
