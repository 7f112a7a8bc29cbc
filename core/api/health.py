"""Three plain answers for whoever watches the process: /health, /ready, /metrics.

/health: it runs and reaches its database. /ready: it is also warm, so that answers are quick.
/metrics: the same and more as figures in Prometheus text (``contents``, ``answers_told``).
"""

import logging
from threading import Event
from typing import Any

from prometheus_client import Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from core import __version__, access, clock, db
from core.api import answers_told, contents, signing_in
from core.api.requests import figures
from core.db.tables import Assistant, Conversation, Document, Feedback, Message
from core.errors import NotAllowed

log = logging.getLogger("ciclo.health")
STARTED = clock.seconds()
warm = Event()  # set when the heavy modules are loaded
COUNTED = (answers_told, contents)  # importing them begins their figures
Gauge("ciclo_warm", "1 when the heavy modules are loaded.", registry=figures).set_function(
    lambda: float(warm.is_set())
)


class ForPrograms(Route):
    """A route that browsers pass by: there is a page of the same address for people."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Not where a page is asked for."""
        if "text/html" in Headers(scope=scope).get("accept", ""):
            return Match.NONE, {}
        return super().matches(scope)


def routes() -> list[Route]:
    """The routes of this module, for the server's root."""
    return [
        Route("/health", _health),
        Route("/ready", _ready),
        ForPrograms("/metrics", _metrics),
    ]


def stats() -> dict[str, Any]:
    """Counts of what there is, and how long this process has run (seconds)."""
    with db.session() as session:
        counts = {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in (
                ("assistants", Assistant),
                ("documents", Document),
                ("conversations", Conversation),
                ("messages", Message),
                ("feedback", Feedback),
            )
        }
    return {"uptime_seconds": round(clock.seconds() - STARTED, 1), **counts}


async def _health(request: Request) -> JSONResponse:
    return await _answer(request, "healthy", True)


async def _ready(request: Request) -> JSONResponse:
    return await _answer(request, "ready" if warm.is_set() else "starting", warm.is_set())


async def _answer(request: Request, status: str, good: bool) -> JSONResponse:
    body: dict[str, Any] = {
        "status": status,
        "timestamp": clock.now().isoformat(),
        "version": __version__,
    }
    try:
        counted = await run_in_threadpool(stats)
        if _may_know(request):
            body["stats"] = counted
    except SQLAlchemyError:
        log.exception("the database does not answer")
        body["status"], good = "unhealthy", False
    return JSONResponse(body, 200 if good else 503, {"cache-control": "no-store"})


def _may_know(request: Request) -> bool:
    """Strangers need not know how much there is, nor whoever finds only some of it."""
    if found := signing_in.caller(request.scope):
        access.act(found.person, found.origin)
        return access.sees_all()
    return not signing_in.on()


async def _metrics(request: Request) -> Response:
    if found := signing_in.caller(request.scope):
        access.act(found.person, found.origin)
        try:
            access.demand("metrics")
            access.demand_all()
        except NotAllowed as error:
            return signing_in.refused(request.scope, error)
    text = await run_in_threadpool(generate_latest, figures)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
