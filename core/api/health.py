"""Three plain answers for whoever watches the process: /health, /ready, /metrics.

/health: it runs and reaches its database. /ready: it is also warm, so that answers are quick.
/metrics: the same and more as figures in Prometheus text.
"""

import logging
from collections.abc import Iterable
from threading import Event
from typing import Any

from prometheus_client import ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core import __version__, background, chat, clock, db
from core.api.requests import figures
from core.db.tables import Assistant, Conversation, Document, Feedback, Message

log = logging.getLogger("ciclo.health")
STARTED = clock.seconds()
warm = Event()  # set when the heavy modules are loaded


def routes() -> list[Route]:
    """The routes of this module, for the server's root."""
    return [
        Route("/health", _health),
        Route("/ready", _ready),
        Route("/metrics", _metrics),
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
    return await _answer("healthy", True)


async def _ready(request: Request) -> JSONResponse:
    return await _answer("ready" if warm.is_set() else "starting", warm.is_set())


async def _answer(status: str, good: bool) -> JSONResponse:
    body: dict[str, Any] = {
        "status": status,
        "timestamp": clock.now().isoformat(),
        "version": __version__,
    }
    try:
        body["stats"] = await run_in_threadpool(stats)
    except SQLAlchemyError:
        log.exception("the database does not answer")
        body["status"], good = "unhealthy", False
    return JSONResponse(body, 200 if good else 503, {"cache-control": "no-store"})


async def _metrics(request: Request) -> Response:
    text = await run_in_threadpool(generate_latest, figures)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


class _Contents(Collector):
    """What the database holds, counted when asked for."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield _gauge("ciclo_database_bytes", "Size of the database.", [((), db.size())])
        yield _gauge("ciclo_warm", "1 when the heavy modules are loaded.", [((), warm.is_set())])
        for name, words, column in (
            ("ciclo_documents", "Documents by state.", Document.state),
            ("ciclo_answers", "Answers by outcome.", Message.outcome),
            ("ciclo_feedback", "Active ratings.", Feedback.rating),
        ):
            yield _gauge(name, words, _counts(column), column.key)
        for name, words, counted in (
            ("ciclo_background_turns", "Turns of each background loop.", background.turns),
            ("ciclo_background_failures", "Turns that failed.", background.failures),
        ):
            yield _gauge(name, words, [((key,), n) for key, n in counted.items()], "loop")
        yield from _cached()

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()  # or registering would count at once


def _cached() -> Iterable[GaugeMetricFamily]:
    """What the answer cache holds and has spared."""
    told = chat.cached()
    for name, words, value in (
        ("ciclo_cache_entries", "Answers that can be given again.", told.entries),
        ("ciclo_cache_answers", "Answers that were given again.", told.answers),
        ("ciclo_cache_hits", "Looks that found one, in this process.", told.hits),
        ("ciclo_cache_misses", "Looks that found none, in this process.", told.misses),
        ("ciclo_cache_hit_rate", "Share of the looks that found one.", told.rate or 0.0),
        ("ciclo_cache_spared_seconds", "Waiting that was spared.", told.seconds),
        ("ciclo_cache_spared_dollars", "Cost that was spared.", told.cost),
    ):
        yield _gauge(name, words, [((), value)])


def _counts(column: Any) -> list[tuple[tuple[str, ...], float]]:
    query = select(column, func.count()).where(column.is_not(None)).group_by(column)
    if column is Feedback.rating:
        query = query.where(Feedback.withdrawn_at.is_(None))
    with db.session() as session:
        return [((value,), count) for value, count in session.execute(query)]


def _gauge(
    name: str, words: str, samples: Iterable[tuple[tuple[str, ...], float]], label: str = ""
) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, words, labels=[label] if label else [])
    for values, number in samples:
        gauge.add_metric(values, number)
    return gauge


ProcessCollector(registry=figures)
figures.register(_Contents())
