"""Ask, and read answers back: ``/query``."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Response

from core import access, chat
from core.api.errors import answers
from core.api.schemas import Id
from core.api.schemas.answers import Answer, NewQuestion
from core.api.waiting import STREAM, streamed, waited, whole

router = APIRouter(prefix="/query", tags=["query"])
MessageId = Annotated[Id, Path(description="The `message_id` of an answer.")]


@router.post(
    "",
    summary="Ask a question",
    response_model=Answer,
    responses={**answers(404, 413, 415, 429), **STREAM},
)
async def ask(question: Annotated[NewQuestion, Body()]) -> Any:
    """Answer from the assistant's documents, with citations.

    With `stream` the answer arrives as server-sent events: `status` (what is being done; the first
    carries the ids, `waiting` the `place` in line before a busy model), `text` (the next piece), `error` where it failed, `done` (the whole answer).
    """
    started = await waited(lambda: start(question))
    return streamed(started) if question.stream else await whole(started)


def start(question: NewQuestion) -> chat.Started:
    """Save the question and begin to answer it."""
    return chat.start(
        question.question,
        assistant=question.assistant,
        conversation_id=question.conversation_id,
        options=question.options(),
        person_id=access.present().id,
        user_id=question.user_id,
        user_tier=question.user_tier,
        channel="api",
    )


@router.get("/{message_id}", summary="An answer", responses=answers(404))
def answer(message_id: MessageId) -> Answer:
    """The answer with this id; `outcome` is null while it is being written."""
    return Answer.of(chat.answer(message_id))


@router.post(
    "/{message_id}/stop", summary="Stop an answer", status_code=204, responses=answers(404, 409)
)
def stop(message_id: MessageId) -> Response:
    """End an answer that is being written; the part that came is kept."""
    chat.stop(message_id)
    return Response(status_code=204)
