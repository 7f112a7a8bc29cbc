"""A connection of its own for every request, gone with its response, whenever that is let go.

In: requests of an asynchronous client of httpx. Out: their responses. Always holds: a request that is
cancelled at any moment leaves no connection behind, neither in a pool nor half made.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any
from urllib.request import getproxies

import httpx

_leaving: set[asyncio.Task[None]] = set()


class OwnPools(httpx.AsyncBaseTransport):
    """Opens a pool of connections for every request, and closes it with the response.

    A request that is cancelled while it connects goes on until it is connected, and is let go then:
    cancelled at once it would leave its connection behind (anyio 4.16, httpcore 1.0.9).
    """

    def __init__(self, **options: Any) -> None:
        self.options = options

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        pool, connected = httpx.AsyncHTTPTransport(**self.options), asyncio.Event()

        async def trace(step: str, _told: dict[str, Any]) -> None:
            if step == "http11.send_request_headers.started":
                connected.set()

        request.extensions["trace"] = trace
        asked = asyncio.create_task(pool.handle_async_request(request))
        try:
            response = await asyncio.shield(asked)
        except BaseException:
            _on_its_own(_let_go(asked, connected, pool))
            raise
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Owner(response.stream, pool)
        return response


async def _let_go(
    asked: asyncio.Task[httpx.Response], connected: asyncio.Event, pool: httpx.AsyncHTTPTransport
) -> None:
    waiting = asyncio.create_task(connected.wait())
    try:
        await asyncio.wait({asked, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:  # also where the loop ends, which has cancelled them: a second time would break it off
        waiting.cancel()
        if not asked.cancelling():
            asked.cancel()
        while not asked.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({asked})
        await pool.aclose()
    asked.cancelled() or asked.exception()  # looked at, so that nobody misses it


class _Owner(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, pool: httpx.AsyncBaseTransport) -> None:
        self.inner, self.pool = inner, pool

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self.inner:
            yield part

    async def aclose(self) -> None:
        await asyncio.shield(_on_its_own(self._close()))

    async def _close(self) -> None:
        try:
            await self.inner.aclose()
        finally:
            await self.pool.aclose()


def _on_its_own(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """``work`` as a task that is held until it is done: one that nobody holds may be forgotten."""
    task = asyncio.create_task(work)
    _leaving.add(task)
    task.add_done_callback(_leaving.discard)
    return task


def own_pools(options: dict[str, Any]) -> dict[str, Any]:
    """Such a transport, where no proxy of the environment is to be used."""
    if options["trust_env"] and getproxies():
        return {}
    return {"transport": OwnPools(verify=options["verify"], trust_env=options["trust_env"])}
