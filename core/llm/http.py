"""How every client of ours talks to a model's server: with limits to what it may send, and to whom.

In: an address and how long it may be silent. Out: options for a client of httpx (or of httpx2,
which has the same interface). Always holds: no redirect is followed, this machine is reached past
any proxy, nothing is unpacked, and a response has an end: a limit in bytes and one in seconds.
"""

import importlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from functools import cache
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from core import reach
from core.config import is_loopback
from core.errors import CicloError

CONNECT_SECONDS = 2.0  # on this machine and in its network
FAR_CONNECT_SECONDS = 10.0  # over the internet, with names to resolve and TLS
LONGEST_SECONDS = 1800.0  # of one response, whatever comes
_opened: ContextVar[list[Any] | None] = ContextVar("opened", default=None)
MOST_BYTES = 64 * 2**20  # of one response; an answer of 10,000 tokens takes 2 MB as a stream


def client_options(url: str, *, silence: float, kit: str = "httpx") -> dict[str, Any]:
    """``silence`` seconds at most between two bytes; ``kit`` is the module the client is from."""
    http = importlib.import_module(kit)
    parts = urlsplit(url)
    here = is_loopback(parts.hostname or "")
    connect = CONNECT_SECONDS if parts.scheme == "http" else FAR_CONNECT_SECONDS
    return {
        "timeout": http.Timeout(silence, connect=connect),
        "follow_redirects": False,  # a server may not send our prompts elsewhere
        "trust_env": not here,  # no proxy to reach this machine
        "verify": parts.scheme == "https",  # http needs no certificates: saves 30 ms a client
        # nothing stays open behind an answer, whichever event loop asked for it
        "limits": http.Limits(max_keepalive_connections=0),
    }


def hooks(
    *, kit: str = "httpx", raising: bool = False, entered: bool = False
) -> dict[str, list[Any]]:
    """Event hooks of a plain client: they bound each response, and look at it before it is read.

    ``entered``: somebody entered the address in the app, so it leads only where that may.
    ``raising``: a refusal is raised here as HTTPStatusError, headers and all; for a client library
    that would throw the headers away.
    """
    http = importlib.import_module(kit)

    def look(response: Any) -> None:
        response.stream = _bounded(kit)[0](response.stream)
        _as_expected(http, response)
        if raising and not response.is_success:
            response.read()
            _refused(http, response)

    def ask(request: Any) -> None:
        _unpacked(request)
        if entered:
            with _told_as(http, request):
                reach.pin(request)

    return {"request": [ask], "response": [look]}


def async_hooks(
    *, kit: str = "httpx", raising: bool = False, entered: bool = False
) -> dict[str, list[Any]]:
    """The same for an asynchronous client."""
    http = importlib.import_module(kit)

    async def look(response: Any) -> None:
        if (opened := _opened.get()) is not None:
            opened.append(response)
        response.stream = _bounded(kit)[1](response.stream)
        _as_expected(http, response)
        if raising and not response.is_success:
            await response.aread()
            _refused(http, response)

    async def ask(request: Any) -> None:
        _unpacked(request)
        if entered:
            with _told_as(http, request):
                await reach.pin_async(request)

    return {"request": [ask], "response": [look]}


@contextmanager
def opening(responses: list[Any]) -> Iterator[None]:
    """Within the block, what a client of ours is answered is noted in ``responses``."""
    token = _opened.set(responses)
    try:
        yield
    finally:
        _opened.reset(token)


@asynccontextmanager
async def letting_go() -> AsyncIterator[list[Any]]:
    """At the end of the block, close the responses that are in its list and still open.

    The libraries leave a stream that was stopped to the garbage collector, and as long as its
    connection is open the server goes on writing for nobody.
    """
    responses: list[Any] = []
    try:
        yield responses
    finally:
        for response in responses:
            await response.aclose()


@contextmanager
def _told_as(http: Any, request: Any) -> Iterator[None]:
    """An address that must not be called is a server that cannot be reached."""
    try:
        yield
    except CicloError as error:
        raise http.ConnectError(f"{error.message} {error.hint}", request=request) from None


def _unpacked(request: Any) -> None:
    request.headers["accept-encoding"] = "identity"


def _as_expected(http: Any, response: Any) -> None:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise http.DecodingError("packed, though nobody asked for it", request=response.request)
    if response.is_success and "text/html" in response.headers.get("content-type", ""):
        raise http.DecodingError("a web page", request=response.request)


def _refused(http: Any, response: Any) -> None:
    raise http.HTTPStatusError("refused", request=response.request, response=response)


class _Limit:
    """Counts what has come, and stops it."""

    def __init__(self, http: Any) -> None:
        self.http, self.left, self.until = http, MOST_BYTES, monotonic() + LONGEST_SECONDS

    def passed(self, part: bytes) -> bytes:
        self.left -= len(part)
        if self.left < 0:
            raise self.http.DecodingError(f"more than {MOST_BYTES // 2**20} MB")
        if monotonic() > self.until:
            raise self.http.ReadTimeout(f"longer than {LONGEST_SECONDS:.0f} s")
        return part


@cache
def _bounded(kit: str) -> tuple[type, type]:
    """A stream for each kind of client that ends where its limit does."""
    http = importlib.import_module(kit)

    class Bounded(http.SyncByteStream):  # type: ignore[misc, name-defined]
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __iter__(self) -> Iterator[bytes]:
            limit = _Limit(http)
            for part in self.inner:
                yield limit.passed(part)

        def close(self) -> None:
            self.inner.close()

    class AsyncBounded(http.AsyncByteStream):  # type: ignore[misc, name-defined]
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        async def __aiter__(self) -> AsyncIterator[bytes]:
            limit = _Limit(http)
            async for part in self.inner:
                yield limit.passed(part)

        async def aclose(self) -> None:
            await self.inner.aclose()

    return Bounded, AsyncBounded
