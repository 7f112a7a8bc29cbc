"""``/v1/chat/completions``: ask an assistant, whole or as a stream.

The client tells the whole conversation each time; ``chat.resume`` finds where it stands, so that
it stays one conversation here. A client that hangs up in the middle stops its answer.
"""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse, StreamingResponse

from core import access, assistants, chat, clock
from core.api.gateway import errors
from core.api.gateway.shapes import Completion, chunk, extension, finish, spent, whole
from core.api.gateway.shapes import annotations as cited
from core.api.schemas.answers import error_of
from core.api.waiting import beating, final, followed, waited
from core.errors import CicloError

router = APIRouter(prefix="/chat")


@router.post("/completions", summary="Ask an assistant")
async def complete(request: Request, asked: Annotated[Completion, Body()]) -> Any:
    """Answer the last message from the assistant's documents; the ones before it are its history."""
    started = await waited(lambda: _start(asked))
    base = str(request.base_url).removesuffix("v1/")
    if asked.stream:
        lines = _lines(started, asked, base)
        return StreamingResponse(lines, media_type="text/event-stream", headers=HEADERS)
    answer = await waited(lambda: final(started))
    if answer.message.outcome == "error":
        return JSONResponse(_failed(answer), 503, {errors.SHOULD_RETRY: "false"})
    return whole(answer, asked, base)


HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def _start(asked: Completion) -> chat.Started:
    """Find where the conversation stands, and ask there."""
    assistant = assistants.by_name_or_id(asked.model)
    return chat.resume(
        asked.told(),
        assistant_id=assistant.id,
        conversation_id=asked.fact("conversation_id"),
        options=asked.options(),
        person_id=access.present().id,
        **asked.asker(),
    )


async def _lines(started: chat.Started, asked: Completion, base: str) -> AsyncIterator[str]:
    created = int(clock.now().timestamp())
    yield _line(chunk(started, created, asked, {"role": "assistant", "content": ""}))
    ended = False
    try:
        async for one in beating(await waited(lambda: followed(started))):
            if isinstance(one, str):
                yield one
            elif one.kind == "done":
                ended = True
                for told in _end(started, created, asked, one.data["answer"], base):
                    yield _line(told)
            elif one.text == "waiting" and one.kind == "status":
                yield f": {one.data['place']} in line\n\n"
            elif delta := _delta(one):
                yield _line(chunk(started, created, asked, delta))
    except CicloError as error:
        ended = True
        yield _line(errors.of(error))
    finally:
        if not ended:
            _stop(started.answer_id)
    yield "data: [DONE]\n\n"


def _delta(event: chat.Event) -> dict[str, Any] | None:
    names = {"text": "content", "reasoning": "reasoning_content"}
    return {names[event.kind]: event.text} if event.kind in names else None


def _end(
    started: chat.Started, created: int, asked: Completion, answer: chat.Answer, base: str
) -> list[dict[str, Any]]:
    if answer.message.outcome == "error":
        return [_failed(answer)]
    delta = {"annotations": cited(answer, base)}
    facts = {"finish_reason": finish(answer), "ciclo": extension(answer, asked)}
    last = [chunk(started, created, asked, delta, **facts)]
    if asked.stream_options and asked.stream_options.include_usage:
        last.append(spent(started, created, asked, answer))
    return last


def _failed(answer: chat.Answer) -> dict[str, Any]:
    error = error_of(answer.message)
    said = f"{error.message} {error.hint}".strip() if error else ""
    code = error.code if error else "internal"
    return errors.body(said, "server_error", code)


def _stop(answer_id: str) -> None:
    try:
        chat.stop(answer_id)
    except CicloError:  # it has just ended, or another process writes it
        return


def _line(told: dict[str, Any]) -> str:
    return f"data: {json.dumps(told, ensure_ascii=False)}\n\n"
