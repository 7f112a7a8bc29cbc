"""What fills a review queue: ``/annotation/queues/{id}/rules``, live counts, refill, estimate."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from core import annotation
from core.api.errors import answers
from core.api.schemas import Id, List
from core.api.schemas.selection import Estimate, GivenRules, Preview, Refilled, Rule, Rules

router = APIRouter(prefix="/annotation", tags=["annotation"])
QueueId = Annotated[Id, Path(description="The queue's id.")]
Days = Annotated[int, Query(ge=1, le=3650, description="How far back to look.")]


@router.get("/queues/{queue_id}/rules", summary="A queue's rules", responses=answers(404))
def rules(queue_id: QueueId) -> Rules:
    """Every rule, those that are off too."""
    return _shown(annotation.rules_of(queue_id))


@router.put(
    "/queues/{queue_id}/rules", summary="Change the rules", responses=answers(404, 413, 415)
)
def change(queue_id: QueueId, body: GivenRules) -> Rules:
    """A rule that is not named is off. What waits already stays as it is."""
    return _shown(annotation.change_rules(queue_id, [one.typed() for one in body.rules]))


@router.get(
    "/queues/{queue_id}/preview", summary="What its rules would take", responses=answers(404)
)
def preview(queue_id: QueueId, days: Days = 30) -> Preview:
    """The conversations of the last days that each rule takes, and all together."""
    return Preview.model_validate(annotation.preview(queue_id, days=days))


@router.post(
    "/queues/{queue_id}/preview",
    summary="What other rules would take",
    responses=answers(404, 413, 415),
)
def preview_of(queue_id: QueueId, body: GivenRules, days: Days = 30) -> Preview:
    """The same for rules that are not stored; nothing changes."""
    given = [one.typed() for one in body.rules]
    return Preview.model_validate(annotation.preview(queue_id, given, days))


@router.post("/queues/{queue_id}/refill", summary="Refill a queue", responses=answers(404))
def refill(queue_id: QueueId) -> Refilled:
    """Put in what its rules take now; twice does nothing. The background does it by itself."""
    (done,) = annotation.refill(queue_id)
    return Refilled.model_validate(done)


@router.post("/refill", summary="Refill every queue", responses=answers())
def refill_all() -> List[Refilled]:
    """The same for every queue."""
    return List[Refilled](data=[Refilled.model_validate(done) for done in annotation.refill()])


@router.get("/queues/{queue_id}/estimate", summary="Estimated quality", responses=answers(404))
def estimate(queue_id: QueueId) -> Estimate:
    """How many answers are good, told from the random share alone."""
    return Estimate.model_validate(annotation.estimate(queue_id))


def _shown(found: list[annotation.Rule]) -> Rules:
    return Rules(rules=[Rule.model_validate(rule) for rule in found])
