"""How far reviewers agree, a lead's decisions, figures and exports: ``/annotation``."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from core import access, annotation
from core.api import paging
from core.api.errors import answers
from core.api.routes.annotation import CALL, ItemId, QueueId, after
from core.api.schemas import Id, Line, List, Page
from core.api.schemas.agreement import Agreement, Compared, Disagreement, Figures, Format, Similar
from core.api.schemas.annotation import Decision, Item, Judgement
from core.i18n import _

router = APIRouter(prefix="/annotation", tags=["annotation"])
MEDIA = {
    "jsonl": ("application/jsonl", "jsonl"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "label-studio-config": ("application/xml", "xml"),
}
PLAIN: dict[str, Any] = {"schema": {"type": "string"}}
KINDS = {
    "application/jsonl": PLAIN,
    "text/csv": PLAIN,
    "application/json": {"schema": {}},  # what the other tool wants
    "application/xml": PLAIN,
}


@router.get(
    "/queues/{queue_id}/agreement", summary="How far reviewers agree", responses=answers(404)
)
def agreement(queue_id: QueueId) -> Agreement:
    """Percent, kappa and alpha with intervals and words, for the verdict and each criterion."""
    told = Agreement.model_validate(annotation.agreement(queue_id))
    for one in told.on:
        one.title, one.why = _(one.title), _(one.why) if one.why else ""
        one.kappa_words, one.alpha_words = _(one.kappa_words), _(one.alpha_words)
    return told


@router.get("/queues/{queue_id}/disagreements", summary="Where they differ", responses=answers(404))
def disagreements(
    queue_id: QueueId,
    on: Annotated[Line, Query(max_length=500, description="Or a criterion.")] = "verdict",
    decided: Annotated[bool | None, Query(description="By a lead, or not yet.")] = None,
    limit: paging.Limit = paging.LIMIT,
    cursor: paging.Cursor = None,
) -> Page[Disagreement]:
    """Items that were judged differently, oldest first."""
    rows = annotation.disagreements(
        queue_id, on=on, decided=decided, after=after(cursor), limit=limit + 1
    )
    shown, following = paging.cut(rows, limit, lambda row: (str(row.item.number),))
    return Page[Disagreement](data=[Disagreement.of(row) for row in shown], next_cursor=following)


@router.get("/queues/{queue_id}/figures", summary="Figures of reviewers", responses=answers(404))
def figures(
    queue_id: QueueId,
    person: Annotated[Id | None, Query(description="A person's id; else who acts.")] = None,
    everybody: Annotated[bool, Query(description="Of all; takes the lead.")] = False,
) -> List[Figures]:
    """Items, time, and how often they judged as the lead, as most others, as known beforehand."""
    who = None if everybody else person or access.present().id
    rows = annotation.figures(queue_id, who)
    return List[Figures](data=[Figures.model_validate(row) for row in rows])


@router.get(
    "/queues/{queue_id}/export",
    summary="A queue as a file",
    response_class=StreamingResponse,
    responses={
        **answers(404),
        200: {"content": KINDS},
    },
)
def export(queue_id: QueueId, format: Format = "jsonl") -> StreamingResponse:
    """JSONL has a line per item, CSV one per judgement; Argilla and Label Studio import theirs,
    with the settings or configuration that fits."""
    media, ending = MEDIA.get(format, ("application/json", "json"))
    named = {"Content-Disposition": f'attachment; filename="{format}.{ending}"'}
    return StreamingResponse(annotation.export(queue_id, format), media_type=media, headers=named)


@router.post("/items/{item_id}/adjudicate", summary="Decide an item", responses=CALL)
def adjudicate(item_id: ItemId, body: Decision) -> Judgement:
    """What the lead judges becomes the gold answer; the latest decision holds."""
    made = annotation.adjudicate(item_id, body.judged(), access.present().id)
    return Judgement.model_validate(made)


@router.put("/items/{item_id}/known", summary="Make it a calibration item", responses=CALL)
def calibrate(item_id: ItemId, body: Decision) -> Item:
    """Say how an item that waits should be judged; reviewers are told after they have judged it."""
    made = annotation.calibrate(item_id, body.judged(), access.present().id)
    return Item.model_validate(made)


@router.delete(
    "/items/{item_id}/known", summary="No calibration item", status_code=204, responses=CALL
)
def forget_known(item_id: ItemId) -> Response:
    """It is an item like any other again."""
    annotation.calibrate(item_id, None, access.present().id)
    return Response(status_code=204)


@router.get(
    "/items/{item_id}/compared",
    summary="How a calibration item went",
    response_model=Compared,
    responses={**answers(404), 204: {"description": "It was none, or they have not judged it."}},
)
def compared(item_id: ItemId) -> Compared | Response:
    """The judgement of who acts beside the one known before."""
    found = annotation.compared(item_id, access.present().id)
    return Compared.model_validate(found) if found else Response(status_code=204)


@router.get("/items/{item_id}/similar", summary="Items like this one", responses=answers(404))
def similar(item_id: ItemId, k: Annotated[int, Query(ge=1, le=50)] = 5) -> List[Similar]:
    """Others of its queue, asked in like words or answered from the same documents."""
    rows = annotation.similar(item_id, k)
    return List[Similar](data=[Similar.model_validate(row) for row in rows])
