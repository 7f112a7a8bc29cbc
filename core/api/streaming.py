"""Work that takes long as server-sent events: one event a step, ``error`` where it failed, ``done``.

In: an iterator that blocks between its steps, and how a step is written. Out: the response. A client
that leaves ends the work at its next step.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar, cast

from fastapi.responses import StreamingResponse

from core.api.schemas import Error
from core.api.waiting import beating, event
from core.errors import CicloError

Step = TypeVar("Step")
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def described(*names: str) -> dict[int | str, dict[str, Any]]:
    """How a stream of such events is documented."""
    schema = {
        "type": "object",
        "properties": {
            "event": {"enum": list(names)},
            "data": {"type": "string", "contentMediaType": "application/json"},
        },
        "required": ["event", "data"],
    }
    content = {"text/event-stream": {"schema": schema}}
    told = ", ".join(f"`{name}`" for name in names)
    return {200: {"description": f"Events {told}.", "content": content}}


def streamed(
    name: str,
    steps: Iterator[Step],
    shown: Callable[[Step], dict[str, Any]],
    ended: Callable[[], dict[str, Any]],
) -> StreamingResponse:
    """Each step as an event ``name``, then ``done`` with what ``ended`` gives."""

    async def lines() -> AsyncIterator[str]:
        try:
            async for one in beating(cast(Any, steps)):
                step: Any = one
                yield step if isinstance(step, str) else event(name, shown(step))
            yield event("done", ended())
        except CicloError as error:
            yield event("error", Error.of(error).model_dump())

    return StreamingResponse(lines(), media_type="text/event-stream", headers=HEADERS)
