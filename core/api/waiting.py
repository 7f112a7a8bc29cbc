"""Waiting for answers without holding up the rest of the API, whole or as server-sent events.

Answers may take minutes, so they wait in threads of their own, apart from those that all other
routes share. A stream sends ``status``, ``reasoning`` and ``text`` events as they come, ``error``
where the answer failed, and last ``done`` with the whole answer; a client that leaves does not end
the answer.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi.responses import StreamingResponse

from core import chat
from core.api.schemas import Error
from core.api.schemas.answers import Answer
from core.errors import CicloError

Result = TypeVar("Result")
ANSWERS_AT_ONCE = 200  # threads that only wait; a model server answers far fewer at once
BEAT_SECONDS = 15.0  # proxies close a connection that is silent for longer than 30 to 60 s
_waiting = CapacityLimiter(ANSWERS_AT_ONCE)

STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `stream` as events `status`, `text`, `done`.",
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "event": {"enum": ["status", "reasoning", "text", "error", "done"]},
                        "data": {"type": "string", "contentMediaType": "application/json"},
                    },
                    "required": ["event", "data"],
                }
            }
        },
    }
}


async def waited(call: Callable[[], Result]) -> Result:
    """The result of a blocking ``call``."""
    return await to_thread.run_sync(call, limiter=_waiting)


async def whole(started: chat.Started) -> Answer:
    """The answer, once it is complete."""
    return Answer.of(await waited(lambda: final(started)))


def final(started: chat.Started) -> chat.Answer:
    """The answer that comes with its last event."""
    *_events, done = chat.follow(started.answer_id)
    answer: chat.Answer = done.data["answer"]
    return answer


def streamed(started: chat.Started) -> StreamingResponse:
    """The answer as it is written."""
    return StreamingResponse(
        _lines(started),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _lines(started: chat.Started) -> AsyncIterator[str]:
    ids = {"message_id": started.answer_id, "conversation_id": started.conversation_id}
    yield event("status", {"status": "started", **ids})
    told = await waited(lambda: followed(started))
    try:
        async for one in beating(told):
            yield one if isinstance(one, str) else rendered(one)
    except CicloError as error:
        yield event("error", Error.of(error).model_dump())


def followed(started: chat.Started) -> Iterator[chat.Event]:
    """The answer's events, without thoughts that its assistant hides."""
    events = chat.follow(started.answer_id)
    if chat.shows_thoughts(started.conversation_id):
        return events
    return (one for one in events if one.kind != "reasoning")


async def beating(events: Iterator[chat.Event]) -> AsyncIterator[chat.Event | str]:
    """The events, and a comment line whenever nothing has come for a while."""
    while True:
        coming = asyncio.ensure_future(waited(lambda: next(events, None)))
        while not (await asyncio.wait({coming}, timeout=BEAT_SECONDS))[0]:
            yield ": still writing\n\n"
        one = coming.result()
        if one is None:
            return
        yield one


def rendered(one: chat.Event) -> str:
    """An event of the chat stage as lines of the stream."""
    if one.kind == "done":
        answer = Answer.of(one.data["answer"])
        failed = event("error", answer.error.model_dump()) if answer.error else ""
        return failed + event("done", answer.model_dump(mode="json"))
    if one.kind == "status":
        return event("status", {"status": one.text, **plain(one.data)})
    return event(one.kind, {"text": one.text})


def event(name: str, data: dict[str, Any]) -> str:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """Those of an event's facts that JSON has."""
    return {k: v for k, v in data.items() if isinstance(v, str | int | float | bool | None)}
