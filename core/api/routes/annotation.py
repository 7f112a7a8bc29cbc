"""The review queue: ``/annotation``. Who reviews is who acts (the header ``X-Ciclo-Person``)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from core import access, annotation, assistants
from core.api import paging
from core.api.errors import answers
from core.api.schemas import Id, List, Named, Page
from core.api.schemas.annotation import (
    Added,
    Beat,
    Claim,
    Expiry,
    Guideline,
    Held,
    Item,
    Judgement,
    NewClaim,
    NewGuideline,
    NewItems,
    NewQueue,
    Postponed,
    Progress,
    Queue,
    QueueChange,
    Reasoned,
    Reconsidered,
    Submitted,
)

router = APIRouter(prefix="/annotation", tags=["annotation"])
QueueId = Annotated[Id, Path(description="The queue's id.")]
ItemId = Annotated[Id, Path(description="The item's id.")]
CALL = answers(404, 409, 413, 415)  # about a claim


@router.get("/queues", summary="Review queues", responses=answers(404))
def queues(assistant: Annotated[Named | None, Query()] = None) -> List[Queue]:
    """The queues of an assistant, or all, oldest first."""
    chosen = assistants.chosen(assistant).id if assistant else None
    return List[Queue](data=[Queue.model_validate(row) for row in annotation.queues(chosen)])


@router.post(
    "/queues", summary="Begin a queue", status_code=201, responses=answers(404, 409, 413, 415)
)
def create(body: NewQueue) -> Queue:
    """A queue with the default rubric."""
    return Queue.model_validate(annotation.create_queue(**body.model_dump()))


@router.get("/queues/{queue_id}", summary="A queue", responses=answers(404))
def one(queue_id: QueueId) -> Queue:
    """The queue."""
    return Queue.model_validate(annotation.queue(queue_id))


@router.patch("/queues/{queue_id}", summary="Change a queue", responses=CALL)
def change(queue_id: QueueId, body: QueueChange) -> Queue:
    """Another number of reviewers counts for every item that still waits."""
    facts = body.model_dump(exclude_none=True)
    return Queue.model_validate(annotation.change_queue(queue_id, **facts))


@router.delete(
    "/queues/{queue_id}", summary="Remove a queue", status_code=204, responses=answers(404)
)
def remove_queue(queue_id: QueueId) -> Response:
    """Take it away; `restore` brings it back with all that was judged."""
    annotation.remove_queue(queue_id)
    return Response(status_code=204)


@router.post("/queues/{queue_id}/restore", summary="Undo a removal", responses=answers(404, 409))
def restore(queue_id: QueueId) -> Queue:
    """Bring a removed queue back."""
    return Queue.model_validate(annotation.restore_queue(queue_id))


@router.get("/queues/{queue_id}/guideline", summary="Its guidelines", responses=answers(404))
def guideline(queue_id: QueueId) -> Guideline:
    """What reviewers go by now: a text and a rubric."""
    return Guideline.model_validate(annotation.guideline(queue_id))


@router.put(
    "/queues/{queue_id}/guideline", summary="Write guidelines", responses=answers(404, 413, 415)
)
def write_guideline(queue_id: QueueId, body: NewGuideline) -> Guideline:
    """The next version; the ones before stay with what was judged by them."""
    person = access.present().id
    rubric = None if body.rubric is None else [one.model_dump() for one in body.rubric]
    made = annotation.write_guideline(queue_id, body.text, rubric, person)
    return Guideline.model_validate(made)


@router.post(
    "/queues/{queue_id}/items", summary="Add conversations", responses=answers(404, 413, 415)
)
def add(queue_id: QueueId, body: NewItems) -> Added:
    """Let conversations be reviewed; one that is in the queue already is not added twice."""
    person = access.present().id
    added = annotation.add(queue_id, body.conversation_ids, person_id=person)
    return Added.model_validate(added)


@router.get("/queues/{queue_id}/items", summary="Its items", responses=answers(404))
def items(
    queue_id: QueueId,
    state: Literal["pending", "done", "removed", "unavailable"] | None = None,
    limit: paging.Limit = paging.LIMIT,
    cursor: paging.Cursor = None,
) -> Page[Item]:
    """The items in the order they came."""
    rows = annotation.items(queue_id, state=state, after=after(cursor), limit=limit + 1)
    shown, following = paging.cut(rows, limit, lambda row: (str(row.number),))
    return Page[Item](data=[Item.model_validate(row) for row in shown], next_cursor=following)


@router.get("/queues/{queue_id}/progress", summary="How far it is", responses=answers(404))
def progress(queue_id: QueueId) -> Progress:
    """Counts of items and judgements, and how long the rest takes."""
    return Progress.model_validate(annotation.progress(queue_id, access.present().id))


@router.post("/queues/{queue_id}/undo", summary="Undo the last judgement", responses=CALL)
def undo(queue_id: QueueId) -> Claim:
    """Take back the last judgement of who acts, within the lease; the item is theirs again."""
    return Claim.of(annotation.undo(access.present().id, queue_id))


@router.post(
    "/queues/{queue_id}/reconsider", summary="Get passed-on items again", responses=answers(404)
)
def reconsider(queue_id: QueueId) -> Reconsidered:
    """What who acts has skipped or put off comes to them again."""
    return Reconsidered(back=annotation.reconsider(queue_id, access.present().id))


@router.post(
    "/claims",
    summary="Claim the next item",
    response_model=Claim,
    responses={**answers(404, 413, 415), 204: {"description": "Nothing waits for them."}},
)
def claim_next(body: NewClaim) -> Claim | Response:
    """The item that who acts holds already, else the next one that waits for them."""
    found = annotation.claim_next(body.queue_id, access.present().id)
    return Claim.of(found) if found else Response(status_code=204)


@router.get("/items/{item_id}", summary="An item", responses=answers(404))
def item(item_id: ItemId) -> Item:
    """The item, whatever its state."""
    return Item.model_validate(annotation.item(item_id))


@router.delete("/items/{item_id}", summary="Take an item out", status_code=204, responses=CALL)
def remove(item_id: ItemId) -> Response:
    """Out of its queue for good; what was judged of it stays."""
    annotation.remove(item_id, access.present().id)
    return Response(status_code=204)


@router.post("/items/{item_id}/claim", summary="Claim this item", responses=answers(404, 409))
def claim(item_id: ItemId) -> Claim:
    """This very item; what who acts held in its queue goes back."""
    return Claim.of(annotation.claim(item_id, access.present().id))


@router.post("/items/{item_id}/heartbeat", summary="Hold on to a claim", responses=CALL)
def heartbeat(item_id: ItemId, body: Beat) -> Expiry:
    """Another lease; send one at a third of it. A lapsed claim that nobody took is renewed."""
    return Expiry(expires_at=annotation.heartbeat(item_id, body.claim_token, body.draft))


@router.post("/items/{item_id}/submit", summary="Judge an item", responses=CALL)
def submit(item_id: ItemId, body: Submitted) -> Judgement:
    """Store a judgement. The same one again is stored once; 409 once somebody else has the item."""
    return Judgement.model_validate(annotation.submit(item_id, body.claim_token, body.judged()))


@router.post("/items/{item_id}/skip", summary="Skip an item", status_code=204, responses=CALL)
def skip(item_id: ItemId, body: Reasoned) -> Response:
    """Leave it to the others."""
    annotation.skip(item_id, body.claim_token, body.reason)
    return Response(status_code=204)


@router.post(
    "/items/{item_id}/not-for-me",
    summary="Never get an item again",
    status_code=204,
    responses=CALL,
)
def not_for_me(item_id: ItemId, body: Reasoned) -> Response:
    """It stays with the others, whatever is reconsidered."""
    annotation.not_for_me(item_id, body.claim_token, body.reason)
    return Response(status_code=204)


@router.post(
    "/items/{item_id}/postpone", summary="Put an item off", status_code=204, responses=CALL
)
def postpone(item_id: ItemId, body: Postponed) -> Response:
    """Give it back and get it again after so many minutes, if nobody was faster."""
    annotation.postpone(item_id, body.claim_token, body.minutes)
    return Response(status_code=204)


@router.post(
    "/items/{item_id}/release", summary="Give an item back", status_code=204, responses=CALL
)
def release(item_id: ItemId, body: Held) -> Response:
    """It waits for anybody again."""
    annotation.release(item_id, body.claim_token)
    return Response(status_code=204)


def after(cursor: str | None) -> int:
    """The number of the item that a page begins after."""
    number = paging.only_id(cursor) or "0"
    if not number.isdigit() or len(number) > 18:
        raise paging.not_ours()
    return int(number)
