"""Where answers to repeated questions are found: key -> the id of the answer given before.

Three layers with one shape: ``Memory`` (this process), ``Rows`` (the database), ``Redis`` (several
servers). In: a key, an assistant, seconds to live. Out: ids. Always holds: a layer that fails is
the same as one that knows nothing; an answer never waits for a lost Redis longer than PATIENCE.
"""

import logging
from collections import OrderedDict
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import delete, func, select

from core import clock, db
from core.db.tables import CachedAnswer

if TYPE_CHECKING:
    import redis

log = logging.getLogger("ciclo.cache")
MOST = 2_000  # keys in memory, some 300 bytes each
PATIENCE = 0.2  # seconds for Redis, which answers in one millisecond or is not there
PAUSE = 30.0  # seconds without Redis after it has failed


class Store(Protocol):
    """What a layer can do."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, answer_id: str, assistant_id: str, seconds: float) -> None: ...

    def drop(self, key: str) -> None: ...

    def clear(self, assistant_id: str | None) -> int: ...


class Memory:
    """The most recently used keys of this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, str, float]] = OrderedDict()
        self._guard = Lock()

    def get(self, key: str) -> str | None:
        """The answer's id, if it has not expired."""
        with self._guard:
            found = self._kept.get(key)
            if found is None or found[2] <= clock.seconds():
                self._kept.pop(key, None)
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: str, answer_id: str, assistant_id: str, seconds: float) -> None:
        """Remember it for ``seconds``."""
        with self._guard:
            self._kept[key] = (answer_id, assistant_id, clock.seconds() + seconds)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def drop(self, key: str) -> None:
        """Forget one."""
        with self._guard:
            self._kept.pop(key, None)

    def clear(self, assistant_id: str | None) -> int:
        """Forget those of an assistant (or all)."""
        with self._guard:
            gone = [k for k, v in self._kept.items() if assistant_id in (None, v[1])]
            for key in gone:
                del self._kept[key]
            return len(gone)


class Rows:
    """The table ``cached_answers``: survives a restart, goes with the answers it names."""

    def get(self, key: str) -> str | None:
        """The answer's id, if it has not expired."""
        living = select(CachedAnswer.message_id).where(
            CachedAnswer.key == key, CachedAnswer.expires_at > clock.now()
        )
        with db.session() as session:
            return session.scalar(living)

    def put(self, key: str, answer_id: str, assistant_id: str, seconds: float) -> None:
        """Write it down, in place of what the key had."""
        row = CachedAnswer(
            key=key,
            message_id=answer_id,
            assistant_id=assistant_id,
            expires_at=clock.now() + timedelta(seconds=seconds),
        )
        with db.writing() as session:
            session.merge(row)

    def drop(self, key: str) -> None:
        """Forget one."""
        with db.writing() as session:
            session.execute(delete(CachedAnswer).where(CachedAnswer.key == key))

    def clear(self, assistant_id: str | None) -> int:
        """Forget those of an assistant (or all)."""
        which = delete(CachedAnswer)
        if assistant_id is not None:
            which = which.where(CachedAnswer.assistant_id == assistant_id)
        with db.writing() as session:
            return int(session.execute(which).rowcount)  # type: ignore[attr-defined]

    def sweep(self) -> int:
        """Forget what has expired; how many those were."""
        with db.session() as session:
            lapsed = CachedAnswer.expires_at <= clock.now()
            if not session.scalar(select(func.count()).select_from(CachedAnswer).where(lapsed)):
                return 0
        with db.writing() as session:
            gone = session.execute(delete(CachedAnswer).where(lapsed))
            return int(gone.rowcount)  # type: ignore[attr-defined]


class Redis:
    """A Redis server, shared by every server that names it in CICLO_REDIS_URL."""

    def __init__(self, url: str) -> None:
        self._server = _opened(url)
        self._away_until = 0.0

    def get(self, key: str) -> str | None:
        """The answer's id; Redis itself lets it expire."""
        found = self._try(lambda server: server.hget(_name(key), "id"))
        return found.decode() if isinstance(found, bytes) else None

    def put(self, key: str, answer_id: str, assistant_id: str, seconds: float) -> None:
        """Write it down, to expire by itself."""

        def write(server: "redis.Redis") -> None:
            with server.pipeline() as both:
                both.hset(_name(key), mapping={"id": answer_id, "assistant": assistant_id})
                both.pexpire(_name(key), max(1, round(seconds * 1000)))
                both.execute()

        self._try(write)

    def drop(self, key: str) -> None:
        """Forget one."""
        self._try(lambda server: server.delete(_name(key)))

    def clear(self, assistant_id: str | None) -> int:
        """Forget those of an assistant (or all)."""

        def clear(server: "redis.Redis") -> int:
            names = list(server.scan_iter(_name("*"), count=1000))
            gone = [n for n in names if assistant_id in (None, _text(server.hget(n, "assistant")))]
            return server.delete(*gone) if gone else 0

        return int(self._try(clear) or 0)

    def _try(self, ask: Any) -> Any:
        """Ask the server; None where it fails, and for a while after."""
        import redis

        if clock.seconds() < self._away_until:
            return None
        try:
            return ask(self._server)
        except redis.RedisError as error:
            self._away_until = clock.seconds() + PAUSE
            log.warning("Redis does not answer; the cache goes on without it: %s", type(error))
            return None


def _opened(url: str) -> "redis.Redis":
    import redis

    patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    return redis.Redis.from_url(url, **patience)


def _name(key: str) -> str:
    return f"ciclo:answer:{key}"


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
