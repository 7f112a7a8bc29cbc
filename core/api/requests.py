"""Every request gets an id, a line in the log where it matters, and a place in the figures.

The id is the client's own ``X-Request-ID`` where that is a plain word, else a fresh one; it stands
on every log line of the request and goes back with the answer.
"""

import logging
import re
from uuid import uuid4

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import clock, logs

log = logging.getLogger("ciclo.requests")
PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,64}")
ID = "x-request-id"
SECRET_PATH = re.compile(r"^(/link/).*", re.DOTALL)  # whoever reads the log could use the link

disable_created_metrics()  # type: ignore[no-untyped-call]
figures = CollectorRegistry()
answered = Counter(
    "ciclo_requests", "Requests answered.", ("method", "place", "status"), registry=figures
)
seconds = Histogram(
    "ciclo_request_seconds", "Time to the end of the answer.", ("place",), registry=figures
)


class Requests:
    """Names, times, counts and logs each HTTP request; websockets only get their id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; an exception counts as 500 and goes on its way."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        name, status, began = _name(scope), 500, clock.seconds()
        logs.unbind()
        logs.bind(request=name)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).setdefault(ID, name)
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            if scope["type"] == "http":
                _note(scope, status, clock.seconds() - began)


def _name(scope: Scope) -> str:
    given = Headers(scope=scope).get(ID, "")
    return given if PLAIN.fullmatch(given) else uuid4().hex


def _note(scope: Scope, status: int, took: float) -> None:
    place = _place(scope)
    answered.labels(scope["method"], place, str(status)).inc()
    seconds.labels(place).observe(took)
    if status == 500 or place.startswith(("/api", "/v1")):
        log.log(
            logging.ERROR if status >= 500 else logging.INFO,
            "request",
            extra={
                "method": scope["method"],
                "path": SECRET_PATH.sub(r"\1...", scope["path"]),
                "status": status,
                "milliseconds": round(took * 1000),
            },
        )


def _place(scope: Scope) -> str:
    """The route's pattern, so that the figures stay few: "/api/v1/query/{message_id}", "page"."""
    pattern = getattr(scope.get("route"), "path", None)
    for door in ("/api", "/v1"):
        if scope["path"].startswith(f"{door}/") or scope["path"] == door:
            return f"{door}{pattern}" if pattern else door
    return pattern if pattern and pattern != "/" else "page"
