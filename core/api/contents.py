"""What the database holds and the loops have done, for Prometheus: looked up when it asks.

Out: a collector in ``figures``. Always holds: looking takes a hundredth of the time at most: what took
long (with a million messages, half a second) is told from the last look for a hundred times as long.
Sizes are bytes, times seconds.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from prometheus_client import Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import ColumnElement, func, select

from core import access, background, chat, clock, db
from core.api.requests import figures
from core.chat import cache
from core.config import settings
from core.db.tables import Alert, ConversationRating, Document, Feedback, Flag, Item, Message, Queue

Found = TypeVar("Found")
Samples = Iterable[tuple[Sequence[str], float]]
QUICK = 0.1  # seconds: what is looked up in less is looked up each time
REST = 100
_looked: dict[tuple[str, str], tuple[float, Any]] = {}
LIVE_QUEUE = Item.queue_id.in_(select(Queue.id).where(Queue.removed_at.is_(None)))
HELD: tuple[tuple[str, str, Any, tuple[ColumnElement[bool], ...]], ...] = (
    ("ciclo_documents", "Documents by state.", Document.state, (Document.removed_at.is_(None),)),
    ("ciclo_answers_stored", "Answers in the database, by outcome.", Message.outcome, ()),
    ("ciclo_feedback", "Thumbs that hold.", Feedback.rating, (Feedback.withdrawn_at.is_(None),)),
    ("ciclo_problems", "Problems that hold.", Flag.problem, (Flag.withdrawn_at.is_(None),)),
    (
        "ciclo_conversation_stars",
        "Conversations by the stars they were given.",
        ConversationRating.stars,
        (ConversationRating.withdrawn_at.is_(None),),
    ),
    ("ciclo_review_items", "Items of the review queues, by state.", Item.state, (LIVE_QUEUE,)),
    ("ciclo_alerts", "Alerts by state.", Alert.state, ()),
)


class _Contents(Collector):
    def collect(self) -> Iterable[Metric]:
        yield gauge("ciclo_database_bytes", "Size of the database.", [((), db.size())])
        for name, words, column, holding in HELD:
            counts = seldom(name, partial(_counts, column, *holding))
            yield gauge(name, words, counts, column.key)
        yield from _loops()
        yield from _cached()

    def describe(self) -> Iterable[Metric]:
        return ()  # or registering would count at once


def gauge(name: str, words: str, samples: Samples, label: str = "") -> GaugeMetricFamily:
    """A figure that goes up and down."""
    made = GaugeMetricFamily(name, words, labels=[label] if label else [])
    for values, number in samples:
        made.add_metric(values, number)
    return made


def seldom(name: str, look: Callable[[], Found]) -> Found:
    """What ``look`` gives; where that took long, what it gave the last time, for a while."""
    key, began = (name, settings().database), clock.seconds()
    until, found = _looked.get(key, (0.0, None))
    if began < until:
        return found
    with access.on_leave():  # it is kept for all, so it is of all, whoever happened to ask
        given = look()
    if (took := clock.seconds() - began) > QUICK:
        _looked[key] = (began + REST * took, given)
    return given


def _counter(name: str, words: str, samples: Samples, label: str = "") -> CounterMetricFamily:
    made = CounterMetricFamily(name, words, labels=[label] if label else [])
    for values, number in samples:
        made.add_metric(values, number)
    return made


def _counts(column: Any, *holding: ColumnElement[bool]) -> list[tuple[tuple[str], float]]:
    query = select(column, func.count()).where(column.is_not(None), *holding).group_by(column)
    with db.session() as session:
        return [((str(value),), count) for value, count in session.execute(query)]


def _loops() -> Iterable[Metric]:
    for name, words, counted in (
        ("ciclo_background_turns", "Turns of each background loop.", background.turns),
        ("ciclo_background_failures", "Turns that failed.", background.failures),
    ):
        yield _counter(name, words, [((key,), n) for key, n in dict(counted).items()], "loop")


def _cached() -> Iterable[Metric]:
    """What the answer cache holds and has spared."""
    told = seldom("cached", chat.cached)
    hits, misses = cache.looks()
    for name, words, n in (
        ("ciclo_cache_hits", "Looks into the answer cache that found one.", hits),
        ("ciclo_cache_misses", "Looks into the answer cache that found none.", misses),
    ):
        yield _counter(name, words, [((), n)])
    for name, words, value in (
        ("ciclo_cache_entries", "Answers that can be given again.", told.entries),
        ("ciclo_cache_answers", "Answers that were given again.", told.answers),
        ("ciclo_cache_spared_seconds", "Waiting that was spared.", told.seconds),
        ("ciclo_cache_spared_dollars", "Cost that was spared, US dollars.", told.cost),
    ):
        yield gauge(name, words, [((), value)])


ProcessCollector(registry=figures)
figures.register(_Contents())
