"""What every request passes first: the reader's language, and a bound on the body's size.

Pure ASGI, so that a stream passes untouched. Always holds: no body larger than its route may take
is ever read whole, whatever its headers claim; an application behind the gate has no pages and no
telemetry but our own.
"""

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import __version__, i18n
from core.api.errors import http_error
from core.config import settings

MIB = 1024 * 1024
JSON_MIB = 1
MESSAGES_MIB = 16  # a thousand messages said elsewhere, in one request
WHOLE_TALKS = ("/messages", "/chat/completions")  # take whole conversations
NO_TELEMETRY = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}


def gated(title: str, description: str = "") -> FastAPI:
    """An application behind the gate, with nothing in it yet."""
    app = FastAPI(
        title=title,
        version=__version__,
        description=description,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,  # type: ignore[arg-type]
    )
    app.add_middleware(BodyLimit)
    app.add_middleware(Language)  # outermost, so that every message is in the right language
    return app


class Language:
    """Messages in the language that the request asks for, else in the configured one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = Headers(scope=scope).get("accept-language") if scope["type"] == "http" else None
        with i18n.speaking(i18n.choose(wanted, settings().language)):
            await self.app(scope, receive, send)


class BodyLimit:
    """413 for a body that is larger than its route may take."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = limit_mib(scope) * MIB
        if _announced(scope) > most:
            await http_error(_too_large(most), scope)(scope, receive, send)
            return
        await self.app(scope, _counted(receive, most), send)


def limit_mib(scope: Scope) -> int:
    """How many MiB the body of this request may have."""
    kind = Headers(scope=scope).get("content-type", "")
    if kind.startswith("multipart/"):
        return settings().max_upload_mb + JSON_MIB
    return MESSAGES_MIB if scope["path"].endswith(WHOLE_TALKS) else JSON_MIB


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


def _counted(receive: Receive, most: int) -> Receive:
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise _too_large(most)
        return message

    return counting


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"{most // MIB} MiB")
