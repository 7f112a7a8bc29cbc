"""What the router has done so far: ``/stats``."""

from collections import Counter

from fastapi import APIRouter
from sqlalchemy import func, select

from core import access, clock, db, loop, metrics, retrieval
from core.api import health
from core.api.acting import OF_FIGURES
from core.api.schemas.knowledge import RouterStats, Stats
from core.api.schemas.metrics import Figure
from core.db.tables import Message, Version
from core.metrics import words

FIGURES = ("satisfaction", "time_p50", "time_p95", "cost_answer", "errors", "no_information")
router = APIRouter(prefix="/stats", tags=["stats"], dependencies=OF_FIGURES)


@router.get("", summary="Figures")
def stats() -> Stats:
    """How many answers were routed where and why, what there is, and the uptime."""
    now = loop.snapshot()
    return Stats(
        router_stats=routed(),
        uptime_seconds=round(clock.seconds() - health.STARTED, 1),
        documents=now.documents,
        documents_waiting=now.documents_waiting,
        documents_seconds_left=retrieval.queue().seconds_left,
        conversations=now.conversations,
        figures=_figures() if access.may("metrics") else [],
    )


def _figures() -> list[Figure]:
    told = metrics.overview(metrics.View(), FIGURES)
    return [Figure(**words.plain(one)) for one in told]


def routed() -> RouterStats:
    """Our own answers counted by reason and by model; what other bots said is none of them."""
    query = (
        select(Message.routing_reason, Message.provider, Message.model_name, func.count())
        .where(Message.version_id.is_not(None))
        .group_by(Message.routing_reason, Message.provider, Message.model_name)
    )
    if not access.sees_all():
        theirs = select(Version.id).where(access.seen(Version.assistant_id))
        query = query.where(Message.version_id.in_(theirs))
    reasons: Counter[str] = Counter()
    models: Counter[str] = Counter()
    with db.session() as session:
        for reason, provider, name, n in session.execute(query):
            reasons[reason] += n
            models[f"{provider}:{name}"] += n
    return RouterStats(total=reasons.total(), by_reason=dict(reasons), by_model=dict(models))
