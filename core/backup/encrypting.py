"""The SQLite file made anew, encrypted or plain (SQLCipher), with the key of the settings.

Always holds: the new file lies beside the old one, whole and compared with it row by row, before it
takes its name; a kill at any moment leaves one of the two in place. A running server is in the way.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from core import audit, db
from core.access import allowed
from core.backup import restoring
from core.config import settings
from core.db import files, migrate
from core.errors import Conflict, InvalidInput, NotFound
from core.i18n import _

DRAFT = ".recoded"  # what a file being made ends with


@allowed("operate")
def encrypt() -> int:
    """Encrypt the database's file with CICLO_DATABASE_KEY; how many rows it has."""
    with _alone(plain=True) as file:
        rows = _recoded(file, before="", after=files.key())
        _tell("encrypt")
    return rows


@allowed("operate")
def decrypt() -> int:
    """Make the database's file plain again; how many rows it has. Then take the key away."""
    with _alone(plain=False) as file:
        _tell("decrypt")  # before it is done: with the key that is set, nobody opens a plain file
        return _recoded(file, before=files.key(), after="")


def _tell(action: str) -> None:
    """A line of the audit log, where the database is of this code (an older one may have no log)."""
    if migrate.current() == migrate.head():
        audit.did(action, "database")
    db.close()


@contextmanager
def _alone(*, plain: bool) -> Iterator[Path]:
    """The file, which nobody else has open until the end of the block."""
    if not files.key():
        raise InvalidInput(
            _("CICLO_DATABASE_KEY is not set."),
            hint=_("`ciclo database key` prints one; keep it where the database is not."),
            field="CICLO_DATABASE_KEY",
        )
    file = _file()
    if files.is_plain(file) is not plain:
        said = _("{file} is not encrypted.") if not plain else _("{file} is encrypted already.")
        raise Conflict(said.format(file=file))
    db.close()
    with restoring.alone():
        yield file


def _file() -> Path:
    url = make_url(settings().database)
    if url.get_backend_name() != "sqlite":
        raise InvalidInput(
            _("The database is on a server; only a file of SQLite is encrypted here."),
            hint=_("PostgreSQL's own disk can be encrypted."),
        )
    file = Path(url.database or "")
    if files.is_plain(file) is None:
        raise NotFound(_("There is no database at {file} yet.").format(file=file))
    return file


def _recoded(file: Path, *, before: str, after: str) -> int:
    draft = file.with_name(file.name + DRAFT)
    draft.unlink(missing_ok=True)
    with closing(_opened(file, before)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # no log of the old file may stay
        old.execute("PRAGMA journal_mode=DELETE")
        old.execute("ATTACH DATABASE ? AS made KEY ?", (str(draft), _raw(after)))
        old.execute("SELECT sqlcipher_export('made')")
        old.execute("DETACH DATABASE made")
        wanted = _contents(old)
    with closing(_opened(draft, after)) as new:
        state = new.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if state != "ok" or _contents(new) != wanted:
            raise Conflict(_("The new file is not what the old one is: {why}.").format(why=state))
    draft.chmod(0o600)
    restoring.sync(draft)
    draft.replace(file)
    restoring.sync(file.parent)
    return sum(wanted.values())


def _opened(file: Path, key: str) -> Any:
    opened = files.driver().connect(str(file), isolation_level=None)
    if key:
        opened.execute(f'PRAGMA key = "{_raw(key)}"')
    return opened


def _raw(key: str) -> str:
    return f"x'{key}'" if key else ""


def _contents(connection: Any) -> dict[str, int]:
    """Rows by table, and every index and trigger there is."""
    wanted = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    found = {}
    for kind, name in connection.execute(wanted).fetchall():
        count = f'SELECT count(*) FROM "{name}"' if kind == "table" else "SELECT 0"  # noqa: S608 - ours
        found[f"{kind} {name}"] = int(connection.execute(count).fetchone()[0])
    return found
