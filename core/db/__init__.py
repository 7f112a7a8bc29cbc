"""The database: one engine a process, ``session()`` to read, ``writing()`` to write.

SQLite in WAL mode by default: readers never wait, writers queue (BEGIN IMMEDIATE with a busy
timeout, so two processes never deadlock half-way). What a ``writing()`` block has committed
survives kill -9. Rows stay readable after the block; nothing is loaded lazily.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock, local
from typing import Any, TypeVar

from sqlalchemy import Engine, Executable, create_engine, event, make_url, text
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from core import clock
from core.config import settings
from core.db import files
from core.db import tables as tables
from core.db.tables import new_id as new_id
from core.errors import Unavailable
from core.i18n import _

log = logging.getLogger("ciclo.db")
Done = TypeVar("Done")
BUSY_SECONDS = 30
_turn, _making, _here = Lock(), Lock(), local()
RECORDING = "core.audit.recording"  # above the database: named here, imported at the first write


@cache
def engine() -> Engine:
    """The engine of this process, on the configured database."""
    with _making:  # threads that ask at once must get the same one
        return _made()


@cache
def _made() -> Engine:
    url = settings().database
    if not url.startswith("sqlite"):
        return _watched(create_engine(url, pool_pre_ping=True, hide_parameters=True))
    settings().home.mkdir(parents=True, exist_ok=True)
    files.check(Path(make_url(url).database or ""))
    arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    # an error would else say all that was to be stored, and the log with it
    made = create_engine(
        url, module=files.driver(), connect_args=arguments, hide_parameters=True
    )
    event.listen(made, "connect", _prepare_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return _watched(made)


class Writing(Session):
    """A session whose changes the audit log is told of."""


@cache
def _recorded() -> type[Writing]:
    recording = import_module(RECORDING)
    event.listen(Writing, "after_flush", recording.flushed)
    event.listen(Writing, "do_orm_execute", recording.executed)
    return Writing


@contextmanager
def session() -> Iterator[Session]:
    """A session for reading; nothing is committed."""
    with Session(engine(), expire_on_commit=False) as opened:
        yield opened


def rows(statement: Executable, **values: Any) -> Sequence[Any]:
    """What a statement built once gives with ``values``: for what every question asks, a third of
    the time of a session."""
    with engine().connect() as connection:
        return connection.execute(statement, values).all()


@contextmanager
def writing() -> Iterator[Session]:
    """A session that commits at the end of the block, or leaves nothing behind on an error.

    Unavailable where the disk is full, cannot be written, or the database is locked for too long.
    """
    try:
        with (
            _in_turn(),
            engine().connect().execution_options(ciclo_writes=True) as connection,
            _recorded()(connection, expire_on_commit=False) as opened,
            opened.begin(),
            _known(opened),
        ):
            yield opened
    except OperationalError as error:
        raise _failed(error.orig) from error


@contextmanager
def _known(opened: Session) -> Iterator[None]:
    before, _here.session = joined(), opened
    try:
        yield
    finally:
        _here.session = before


def joined() -> Session | None:
    """The session of the ``writing()`` block that this thread is in, else None."""
    found: Session | None = getattr(_here, "session", None)
    return found


def settled(act: Callable[[Session], Done], tries: int = 3) -> Done:
    """What ``act`` gives, in a transaction; again where somebody else stored the same in between, which
    a constraint tells: now ``act`` finds it there."""
    for _again in range(tries - 1):
        try:
            with writing() as session:
                return act(session)
        except IntegrityError:
            continue
    with writing() as session:
        return act(session)


@contextmanager
def _in_turn() -> Iterator[None]:
    """One thread of this process at a time, where the database takes one writer at a time.

    SQLite makes writers look again every 100 ms, whoever came first: of fifty, some never get it.
    """
    if engine().dialect.name != "sqlite":
        yield
        return
    if not _turn.acquire(timeout=BUSY_SECONDS):
        raise _failed("database is locked")
    try:
        yield
    finally:
        _turn.release()


def _failed(reason: object) -> Unavailable:
    return Unavailable(
        _("The database failed: {reason}.").format(reason=reason),
        hint=_("`ciclo doctor` checks the machine."),
        code="database_failed",
    )


def close() -> None:
    """Drop the engine and its connections (end of a process, or another home in a test)."""
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    _made.cache_clear()


def size() -> int:
    """The database's size in bytes (a file's with its write-ahead log); 0 where it cannot be told."""
    if engine().dialect.name == "postgresql":
        return _size_on_its_server()
    files = settings().home.glob("ciclo.db*")
    return sum(file.stat().st_size for file in files if file.is_file())


def _size_on_its_server() -> int:
    try:
        return int(rows(text("SELECT pg_database_size(current_database())"))[0][0])
    except SQLAlchemyError:
        return 0


def _prepare_sqlite(connection: Any, record: Any) -> None:
    files.unlock(connection)
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    """Said to the driver itself: every look at the database begins with one, and a statement of
    SQLAlchemy's costs far more than it does."""
    writes = connection.get_execution_options().get("ciclo_writes")
    statement, begun = "BEGIN IMMEDIATE" if writes else "BEGIN", clock.seconds()
    try:
        connection.connection.driver_connection.execute(statement)
    except files.driver().OperationalError as error:
        raise OperationalError(statement, None, error) from error
    _told_if_slow(statement, begun)


def _watched(made: Engine) -> Engine:
    event.listen(made, "before_cursor_execute", _started)
    event.listen(made, "after_cursor_execute", _finished)
    return made


def _started(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> None:
    context.ciclo_started = clock.seconds()


def _finished(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> None:
    _told_if_slow(statement, context.ciclo_started)


def _told_if_slow(statement: str, begun: float) -> None:
    took = (clock.seconds() - begun) * 1000
    if took >= settings().slow_query_ms:
        log.warning("slow query", extra={"milliseconds": round(took), "statement": statement})
