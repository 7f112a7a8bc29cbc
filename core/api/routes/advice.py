"""Should we fine-tune? ``/metrics/advice``: what pays most now, and what another model would save."""

from typing import Annotated

from fastapi import APIRouter, Query

from core import assistants, metrics
from core.api.errors import answers
from core.api.schemas.advice import Advised, Asked
from core.metrics.advice.advising import advise

router = APIRouter(prefix="/metrics", tags=["metrics"])


@router.get("/advice", summary="Should we fine-tune?", responses=answers(404))
def advice(asked: Annotated[Asked, Query()]) -> Advised:
    """What pays most now (better documents, a better prompt, a smaller model, tuning the search,
    fine-tuning, or nothing), each with its reasons in figures and what is missing to say it firmly;
    and a calculation whose every input may be changed."""
    said = asked.viewed()
    if asked.assistant:
        said["assistant"] = assistants.chosen(asked.assistant).id
    return Advised.of(advise(metrics.view(said), asked.own()))
