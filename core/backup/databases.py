"""A database copied while it is used, and put back: SQLite by its own backup, PostgreSQL by pg_dump.

Always holds: the copy is the database as it was at one moment, however many write meanwhile.
"""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import text as sql
from sqlalchemy.engine import make_url

from core import db
from core.config import settings
from core.db import files
from core.errors import Unavailable
from core.i18n import _


def copy(target: Path) -> dict[str, int]:
    """Copy the database to ``target``; rows by table, of the copy."""
    if db.engine().dialect.name == "sqlite":
        _copy_sqlite(target)
        return rows(target)
    return _dump(target)


def rows(copied: Path) -> dict[str, int]:
    """Rows by table of a copied SQLite database; ValueError where it is damaged."""
    try:
        with closing(files.connect(copied, read_only=True)) as opened:
            (state,) = opened.execute("PRAGMA integrity_check(1)").fetchone()
            if state != "ok":
                raise ValueError(state)
            wanted = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            tables = [name for (name,) in opened.execute(wanted)]
            return {name: opened.execute(_count(name)).fetchone()[0] for name in tables}
    except files.driver().DatabaseError as error:
        raise ValueError(str(error)) from error


def digests(copied: Path) -> set[str]:
    """The names of the documents' files that a copied SQLite database needs."""
    wanted = """SELECT DISTINCT v.digest FROM document_versions v JOIN documents d
                ON d.id = v.document_id AND v.number >= d.version"""
    with closing(files.connect(copied, read_only=True)) as opened:
        return {digest for (digest,) in opened.execute(wanted)}


def fill(dumped: Path) -> None:
    """Put a PostgreSQL dump back in place of what is there, all or nothing."""
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(dumped))


def _copy_sqlite(target: Path) -> None:
    source = make_url(settings().database).database or ""
    with (
        closing(files.connect(source, timeout=db.BUSY_SECONDS)) as old,
        closing(files.connect(target)) as new,
    ):
        old.backup(new)  # in one go: in pieces it would begin anew at each write of others
        new.execute("PRAGMA journal_mode=DELETE")


def _dump(target: Path) -> dict[str, int]:
    with db.engine().connect() as connection:
        connection.execute(sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        snapshot = connection.scalar(sql("SELECT pg_export_snapshot()"))
        names = [name for (name,) in connection.execute(sql(_TABLES))]
        counted = {name: connection.scalar(sql(_count(name))) or 0 for name in names}
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
    return counted


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


def _count(name: str) -> str:
    return f'SELECT count(*) FROM "{name}"'  # noqa: S608 - the name of a table of ours


def _run(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise Unavailable(
            _("{program} is not installed, and PostgreSQL is saved with it.").format(
                program=program
            ),
            hint=_("Install the package postgresql-client."),
            code="not_installed",
        )
    url = make_url(settings().database).set(drivername="postgresql")
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}  # arguments are seen by all
    target = f"--dbname={url._replace(password=None).render_as_string()}"
    done = subprocess.run(
        [program, target, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | secret,
    )
    if done.returncode:
        why = next(iter(done.stderr.strip().splitlines()), program)
        raise Unavailable(_("{program} failed: {why}.").format(program=program, why=why))
