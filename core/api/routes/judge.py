"""A queue's judge model: ``/annotation/queues/{id}/judge``, and what it said of an item."""

from fastapi import APIRouter

from core import annotation
from core.api.errors import answers
from core.api.routes.annotation import ItemId, QueueId
from core.api.schemas import List
from core.api.schemas.judge import Asked, Asking, JudgeFigures, Opinion
from core.i18n import _

router = APIRouter(prefix="/annotation", tags=["annotation"])


@router.post(
    "/queues/{queue_id}/judge", summary="Ask the judge now", responses=answers(404, 409, 413, 415)
)
def ask(queue_id: QueueId, body: Asking) -> Asked:
    """About the next waiting items that have no opinion. The background does it by itself."""
    return Asked.model_validate(annotation.ask_judge(queue_id, body.most))


@router.get("/queues/{queue_id}/judge", summary="How good its judge is", responses=answers(404))
def figures(queue_id: QueueId) -> JudgeFigures:
    """How often its verdict was that of most reviewers of an item, by the same guidelines."""
    told = JudgeFigures.model_validate(annotation.judge_figures(queue_id))
    told.kappa_words = _(told.kappa_words)
    return told


@router.get(
    "/items/{item_id}/opinions", summary="What judges said of an item", responses=answers(404)
)
def opinions(item_id: ItemId) -> List[Opinion]:
    """Newest first, and also each time there came nothing that could be used."""
    rows = annotation.opinions(item_id)
    return List[Opinion](data=[Opinion.model_validate(row) for row in rows])
