"""The SQLite file itself: how it is opened, plain or (CICLO_DATABASE_KEY) encrypted by SQLCipher.

Gives: the driver, connections to a file, and whether a file is plain. Always holds: a file and a key
that do not belong together are told in one sentence before anything is read or written.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

from core.config import settings
from core.errors import Unavailable
from core.i18n import _

PLAIN = b"SQLite format 3\0"  # how every unencrypted file begins (sqlite.org/fileformat2.html)


def driver() -> ModuleType:
    """The driver for files as the settings want them: Python's own, or SQLCipher's.

    Unavailable (not_installed) where a key is set and the extra is missing.
    """
    if not key():
        return sqlite3
    try:
        from sqlcipher3 import dbapi2  # type: ignore[import-untyped]
    except ImportError:
        raise Unavailable(
            _("CICLO_DATABASE_KEY is set, but SQLCipher is not installed."),
            hint=_("Install it: {command}").format(command="python3 dev.py add sqlcipher"),
            code="not_installed",
        ) from None
    return dbapi2


def key() -> str:
    """The key of the settings, 64 hexadecimal digits; "" where files are plain."""
    return settings().database_key.get_secret_value()


def connect(file: Path | str, *, read_only: bool = False, timeout: float = 5.0) -> Any:
    """A connection to a SQLite file, by the driver and with the key of the settings."""
    mode = "ro" if read_only else "rwc"
    address = f"{Path(file).absolute().as_uri()}?mode={mode}"
    opened = driver().connect(address, uri=True, timeout=timeout)
    unlock(opened)
    return opened


def unlock(connection: Any) -> None:
    """Give a new connection the key: before anything else is asked of it."""
    if key():
        connection.execute("PRAGMA cipher_log_level = NONE")  # on stderr, past our logs
        # 256 bits as they are: a passphrase would be stretched anew at every connection
        connection.execute(f"PRAGMA key = \"x'{key()}'\"")


def is_plain(file: Path) -> bool | None:
    """Whether the file is not encrypted; None where there is none, or nothing in it."""
    if not file.is_file() or not file.stat().st_size:
        return None
    with file.open("rb") as opened:
        return opened.read(len(PLAIN)) == PLAIN


def check(file: Path) -> None:
    """Unavailable (database_key) where the file is plain and a key is set, or the other way round, or
    the key is another one."""
    plain = is_plain(file)
    if plain is None or plain != bool(key()):
        if plain is False:
            _check_key(file)
        return
    if plain:
        raise Unavailable(
            _("{file} is not encrypted, and CICLO_DATABASE_KEY is set.").format(file=file),
            hint=_("Encrypt it with `ciclo database encrypt`, or take the key away."),
            code="database_key",
        )
    raise Unavailable(
        _("{file} is encrypted (or no database), and CICLO_DATABASE_KEY is not set.").format(
            file=file
        ),
        hint=_("Set the key that it was encrypted with."),
        code="database_key",
    )


def _check_key(file: Path) -> None:
    with closing(connect(file, read_only=True)) as opened:
        try:
            opened.execute("SELECT count(*) FROM sqlite_master")
        except driver().DatabaseError:
            raise Unavailable(
                _("CICLO_DATABASE_KEY does not open {file}.").format(file=file),
                hint=_("Set the key that it was encrypted with."),
                code="database_key",
            ) from None
