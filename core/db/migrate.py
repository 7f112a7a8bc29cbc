"""Bring the database to the tables this code knows: ``upgrade()``, run at every start.

Migrations lie in ``migrations/versions`` and are numbered 0001, 0002, ... All pending ones run in
one transaction under the database's write lock, so that of two processes starting at once one
migrates and the other finds nothing to do, and a failure leaves the database as it was. Before a
database with content is changed, a SQLite file is copied to ``<home>/backups``. There is no way
down: the way back is that copy.
"""

import logging
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect
from sqlalchemy import text as sql

from core import clock
from core.config import settings
from core.db import append_only, changes, engine, files
from core.errors import Conflict
from core.i18n import _

log = logging.getLogger("ciclo.db")
FOLDER = Path(__file__).parent / "migrations"
LOCK = 2_436_118  # names our advisory lock on servers that have them


def revisions() -> list[str]:
    """The numbers of all migrations, oldest first."""
    return sorted(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def head() -> str:
    """The number of the newest migration."""
    return revisions()[-1]


def current() -> str:
    """The number of the migration the database is at; "" when it is blank."""
    with engine().connect() as connection:
        return _current(connection)


def upgrade(target: str = "") -> str:
    """Run the pending migrations up to ``target`` (the newest); give the number reached.

    Raises Conflict when the database was made by a newer Ciclo than this one.
    """
    target = target or head()
    if current() == target:
        return target
    with engine().connect().execution_options(ciclo_writes=True) as connection:
        _foreign_keys(connection, "OFF")  # rebuilding a table must not cascade into the others
        try:
            with connection.begin():
                _run(connection, target)
        finally:
            _foreign_keys(connection, "ON")
    return target


def new(words: str) -> Path:
    """Write the next migration: what the tables in code have and those of the database lack."""
    from alembic import command

    number = f"{len(revisions()) + 1:04d}"
    with engine().connect() as connection:
        script = command.revision(_config(connection), words, autogenerate=True, rev_id=number)
    return Path(script.path)  # type: ignore[union-attr]


def _run(connection: Connection, target: str) -> None:
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(sql(f"SELECT pg_advisory_xact_lock({LOCK})"))
    before = _current(connection)  # again, now that nobody else can change it
    if before > target:
        raise Conflict(
            _("The database is at migration {before}; this Ciclo knows none after {last}.").format(
                before=before, last=target
            ),
            hint=_("Start the newer Ciclo, or put back a copy from {folder}.").format(
                folder=settings().home / "backups"
            ),
            code="database_newer",
        )
    if before and before != target:
        _backup(connection, before)
    changes.rest(connection)
    append_only.rest(connection)
    command.upgrade(_config(connection), target)
    if target == head():
        changes.watch(connection)
        append_only.guard(connection)
    _check_references(connection)
    log.info("database migrated", extra={"from": before or "blank", "to": target})


def _current(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found: str | None = connection.scalar(sql("SELECT version_num FROM alembic_version"))
    return found or ""


def _backup(connection: Connection, revision: str) -> None:
    """Copy the file while we hold the write lock: exactly what the migration will change."""
    source = connection.engine.url.database
    if connection.dialect.name != "sqlite" or not source or source == ":memory:":
        log.warning("this database is not copied before a migration; its own backup must be kept")
        return
    target = settings().home / "backups" / f"ciclo-{revision}-{clock.now():%Y%m%dT%H%M%SZ}.db"
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(files.connect(source)) as old, closing(files.connect(target)) as copy:
        old.backup(copy)
    log.info("database copied before the migration", extra={"copy": str(target)})


def _foreign_keys(connection: Connection, state: str) -> None:
    if connection.dialect.name == "sqlite":  # has no effect inside a transaction, so beside it
        connection.connection.cursor().execute(f"PRAGMA foreign_keys={state}")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(sql("PRAGMA foreign_key_check")).fetchall()
    if broken:
        message = _("The migration would leave {n} rows that point at nothing.")
        raise Conflict(message.format(n=len(broken)), code="broken_references")


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
