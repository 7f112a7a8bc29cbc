"""What does not work, and what to do: ``/diagnose``."""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from core import assistants, diagnosis
from core.api.errors import answers
from core.api.schemas.models import Finding, NewDiagnosis
from core.api.streaming import described, streamed

router = APIRouter(prefix="/diagnose", tags=["models"])


@router.post(
    "",
    summary="Diagnose",
    response_class=StreamingResponse,
    responses={**answers(404, 415), **described("finding", "error", "done")},
)
def diagnose(body: NewDiagnosis) -> StreamingResponse:
    """Check, live: a `finding` each, then `done` with how many are `good`, `note` and `bad`.

    What is asked meanwhile is in nobody's conversations and no figure; a paid model is paid for it.
    """
    if body.assistant:
        assistants.chosen(body.assistant)  # NotFound before the stream begins
    told: list[diagnosis.Finding] = []

    def shown(one: diagnosis.Finding) -> dict[str, Any]:
        told.append(one)
        return Finding.model_validate(one).model_dump(mode="json")

    return streamed("finding", _findings(body), shown, lambda: {"counts": diagnosis.counted(told)})


def _findings(body: NewDiagnosis) -> Iterator[diagnosis.Finding]:
    which = body.assistant
    size = {"requests": body.requests, "concurrency": body.concurrency}
    verbs: dict[str, Callable[[], Iterator[diagnosis.Finding]]] = {
        "connectivity": diagnosis.connectivity,
        "models": diagnosis.check,
        "answer": lambda: diagnosis.answer(which, body.question),
        "reasoning": lambda: diagnosis.reasoning(which),
        "analysis": lambda: diagnosis.analysis(which, body.level),
        "stress": lambda: diagnosis.stress(which, **size),
        "full": lambda: diagnosis.full(which, detailed=body.detailed),
    }
    return verbs[body.kind]()
