"""What outside systems report of conversations: ``/conversations/{conversation}/outcome``."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import StringConstraints

from core.api.errors import answers
from core.api.routes.feedback import Key
from core.api.schemas import List, OutsideId, Text
from core.api.schemas.outcomes import Name, NewOutcome, Outcome
from core.metrics import outcomes

router = APIRouter(prefix="/conversations/{conversation}/outcome", tags=["metrics"])
Which = Annotated[OutsideId, Path(description="Its id or external_id.")]
Channel = Annotated[
    Text,
    StringConstraints(max_length=20),
    Query(description="Where its external_id is on several channels."),
]


@router.post("", summary="Report an outcome", responses=answers(404, 409, 413, 415))
def report(conversation: Which, body: NewOutcome, response: Response, key: Key = None) -> Outcome:
    """That it converted, was solved elsewhere, was escalated. One of a name: a repeated report
    replaces the one before."""
    told, again = outcomes.report_once(conversation, **body.model_dump(), key=key)
    if again:
        response.headers["Idempotent-Replayed"] = "true"
    return Outcome.model_validate(told)


@router.get("", summary="Reported outcomes", responses=answers(404))
def listing(conversation: Which, channel: Channel = "") -> List[Outcome]:
    """What was reported of a conversation, the first thing first; at most 20."""
    rows = outcomes.outcomes(conversation, channel)
    return List[Outcome](data=[Outcome.model_validate(row) for row in rows])


@router.delete("/{name}", summary="Take an outcome back", status_code=204, responses=answers(404))
def withdraw(conversation: Which, name: Annotated[Name, Path()], channel: Channel = "") -> Response:
    """Take what was reported under this name back; nothing happens where there is none."""
    outcomes.withdraw(conversation, name, channel)
    return Response(status_code=204)
