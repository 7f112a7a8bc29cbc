"""The answer cache: the same question to the same assistant is answered from the answer before.

In: what an answer depends on. Out: the id of an answer that was given to exactly that. A key holds
the assistant, the question and what was said before it (case, blanks and closing marks aside), the
version (model, parameters, prompt, mode), what the asker set, and the state of the documents; so
whatever changes, the old answer is never found. Kept are answers that stand: whole, grounded, by
the model that was meant to answer. One that somebody rated down, or that was deleted, is let go.
Many who ask the same at once wait for the one answer (``turn``).
"""

import asyncio
import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, select, true
from sqlalchemy.orm import aliased

from core import access, assistants, db, registry, retrieval
from core.chat.cache_stores import Memory, Redis, Rows, Store
from core.chat.types import Options
from core.config import settings
from core.db.tables import CachedAnswer, Conversation, Feedback, Message
from core.errors import Unavailable
from core.i18n import _

GROUNDED = 0.8  # share of supported sentences from which an answer may be given again
STANDING = ("answered", "related", "not_found")
_counted = {"hit": 0, "miss": 0}
_flights: dict[str, asyncio.Event] = {}


@dataclass(frozen=True)
class Cached:
    """What the cache holds and has spared. ``hits`` and ``misses`` since the start of the process;
    ``seconds`` and ``cost`` (US dollars) over all answers that are still there."""

    entries: int
    answers: int
    hits: int
    misses: int
    seconds: float
    cost: float

    @property
    def rate(self) -> float | None:
        """Share of the looks that found something; None before the first."""
        looks = self.hits + self.misses
        return self.hits / looks if looks else None


def spares(route: registry.Route) -> bool:
    """Whether an answer is worth keeping: the cache is on, and a model would have to be asked."""
    return settings().cache_seconds > 0 and not route.embedded


def key(
    question: str,
    history: Sequence[Mapping[str, str]],
    assistant_id: str,
    route: registry.Route,
    options: Options,
) -> str:
    """Stands for all that an answer depends on."""
    parts = [
        assistant_id,
        plain(question),
        [[one["role"], plain(one["text"])] for one in history],
        route.version.digest,
        options.parameters(),
        [options.mode, options.level],
        list(options.stop),
        retrieval.state(assistant_id),
    ]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(text: str) -> str:
    """A text as it is compared: without case, doubled blanks and closing marks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(" ?!.…")


def find(key: str) -> str | None:
    """The id of the answer kept under ``key``, if it still stands."""
    found = next(filter(None, (layer.get(key) for layer in _layers())), None)
    if found and not _stands(found):
        for layer in _layers():
            layer.drop(key)
        found = None
    _counted["hit" if found else "miss"] += 1
    return found


def keep(key: str, answer_id: str, assistant_id: str) -> bool:
    """Keep an answer that has ended; whether it is one that may be given again."""
    if not key or not _may_stand(answer_id):
        return False
    for layer in _layers():
        layer.put(key, answer_id, assistant_id, settings().cache_seconds)
    return True


class Turn:
    """One answer's place among those who ask the same at once: the first goes ahead, the others
    wait for its end, once, and then look for themselves. On the loop that writes answers only."""

    def __init__(self) -> None:
        self._key = ""

    async def take(self, key: str) -> None:
        """Go ahead, or wait for the one that does."""
        if (ahead := _flights.get(key)) is not None:
            await ahead.wait()
            return
        self._key = key
        _flights[key] = asyncio.Event()

    def end(self) -> None:
        """Let those who wait go on; harmless without a turn."""
        if self._key:
            _flights.pop(self._key).set()
            self._key = ""


@access.allowed("change")
def clear_cache(assistant_id: str | None = None) -> int:
    """Forget the kept answers of an assistant, or all; how many (in the layer that lasts)."""
    if assistant_id is None and not access.sees_all():
        return sum(clear_cache(one.id) for one in assistants.all())
    return [layer.clear(assistant_id) for layer in _layers()][-1]


@access.there
def cached(assistant_id: str | None = None) -> Cached:
    """What is kept and was spared, of one assistant or of all."""
    before = aliased(Message)
    spared = (
        select(
            func.count(),
            func.coalesce(func.sum(before.total_seconds - Message.total_seconds), 0.0),
            func.coalesce(func.sum(before.cost), 0.0),
        )
        .select_from(Message)
        .join(before, before.id == Message.cached_from)
    )
    entries = select(func.count()).select_from(CachedAnswer)
    if assistant_id or not access.sees_all():
        entries = entries.where(_of(CachedAnswer.assistant_id, assistant_id))
        mine = Conversation.id == Message.conversation_id
        spared = spared.join(Conversation, mine)
        spared = spared.where(_of(Conversation.assistant_id, assistant_id))
    with db.session() as session:
        answers, seconds, cost = session.execute(spared).one()
        kept = session.scalar(entries) or 0
    spared_seconds, spared_cost = max(float(seconds or 0), 0.0), float(cost or 0)
    told = looks() if access.sees_all() else (0, 0)  # they are counted over all assistants
    return Cached(kept, answers, *told, spared_seconds, spared_cost)


def _of(column: Any, assistant_id: str | None) -> ColumnElement[bool]:
    return access.seen(column) & (column == assistant_id if assistant_id else true())


def looks() -> tuple[int, int]:
    """How many in this process found one, and how many did not."""
    return _counted["hit"], _counted["miss"]


def sweep_cache() -> int:
    """Forget what has expired; how many."""
    return Rows().sweep()


def forget_layers() -> None:
    """Other settings, another home (a test): the layers are opened anew."""
    _layers.cache_clear()
    _counted.update(hit=0, miss=0)


@cache
def _layers() -> tuple[Store, ...]:
    """From the nearest to the one that lasts."""
    url = settings().redis_url
    if not url:
        return (Memory(), Rows())
    try:
        return (Memory(), Redis(url))
    except ImportError:
        raise Unavailable(
            _("CICLO_REDIS_URL is set, and the package redis is not installed."),
            hint=_("Install it: {command}").format(command="python3 dev.py add redis"),
        ) from None


def _stands(answer_id: str) -> bool:
    """Whether it is still there, in a conversation nobody removed, and nobody rated it down."""
    return bool(db.rows(_STANDING, answer=answer_id))


def _may_stand(answer_id: str) -> bool:
    for row in db.rows(_ENDED, answer=answer_id):
        grounded = row.groundedness is None or row.groundedness >= GROUNDED
        meant = not row.cached and not row.routing_reason.startswith("fallback")
        return row.outcome in STANDING and meant and grounded
    return False


_ENDED = select(
    Message.outcome, Message.routing_reason, Message.cached, Message.groundedness
).where(Message.id == bindparam("answer"))
_BLAMED = exists().where(
    Feedback.message_id == Message.id,
    Feedback.rating == "down",
    Feedback.withdrawn_at.is_(None),
)
_STANDING = (
    select(Message.id)
    .join(Conversation, Conversation.id == Message.conversation_id)
    .where(Message.id == bindparam("answer"), Conversation.removed_at.is_(None), ~_BLAMED)
)
