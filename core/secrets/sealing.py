"""Sealing and opening with the machine's own key, by age (X25519, ChaCha20-Poly1305; age-encryption.org).

The key is CICLO_SECRET_KEY (several with commas between them: the first seals, each opens), else the
file ``secret.key`` of CICLO_HOME, made at the first use for its owner alone. Always holds: a file
that others may read is not used, and a key that opens nothing is told with the way out.
"""

import os
import stat
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import settings
from core.errors import Unavailable
from core.i18n import _

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

FILE, NEXT = "secret.key", "secret.key.next"  # the second: while a key is being exchanged
OURS = 0o600


def seal(name: str, value: str) -> str:
    """``value`` sealed for its ``name`` alone: put into another name's place it opens as nothing."""
    return sealed_with(_keys(make=True)[0], name, value)


def sealed_with(key: "Identity", name: str, value: str) -> str:
    """The same with a given key."""
    import pyrage

    whole = f"{name}\n{value}".encode()
    return b64encode(pyrage.encrypt(whole, [key.to_public()])).decode()


def opened(name: str, sealed: str) -> str:
    """What was sealed under ``name``; Unavailable where no key at hand opens it."""
    import pyrage

    keys = _keys()
    try:
        whole = pyrage.decrypt(b64decode(sealed), keys).decode() if keys else ""
    except (pyrage.DecryptError, ValueError):
        whole = ""
    of, _line, value = whole.partition("\n")
    if of != name:
        raise _lost(name)
    return value


def next_key() -> "Identity | None":
    """The key to exchange the file's for, written beside it; None where the environment has it."""
    if _named():
        return None
    file = settings().home / NEXT
    if not file.exists():
        _write(file)
    return _read(file)


def settle() -> None:
    """From here on the next key is the key."""
    file = settings().home / NEXT
    if not _named() and file.exists():
        file.replace(settings().home / FILE)


def first() -> "Identity":
    """The key that seals."""
    return _keys(make=True)[0]


def key_lies() -> str:
    """Where the key is: "environment", else the path of its file."""
    return "environment" if _named() else str(settings().home / FILE)


def _keys(make: bool = False) -> "list[Identity]":
    if named := _named():
        return named
    file = settings().home / FILE
    if make and not file.exists():
        _write(file)
    return [_read(one) for one in (file, settings().home / NEXT) if one.exists()]


def _named() -> "list[Identity]":
    written = settings().secret_key.get_secret_value()
    return [_identity(one.strip(), "CICLO_SECRET_KEY") for one in written.split(",") if one.strip()]


def _read(file: Path) -> "Identity":
    mode = file.stat().st_mode
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise Unavailable(
            _("Others on this machine may read {file}, so it is not used.").format(file=file),
            hint=_("Make it yours alone: {command}").format(command=f"chmod 600 {file}"),
            code="key_readable",
        )
    return _identity(file.read_text(encoding="utf-8").strip(), str(file))


def _identity(written: str, where: str) -> "Identity":
    from pyrage import IdentityError, x25519

    try:
        return x25519.Identity.from_str(written)
    except IdentityError:
        raise Unavailable(
            _("{where} holds no key.").format(where=where),
            hint=_("`ciclo backup key` prints one; a key begins with AGE-SECRET-KEY-1."),
            code="key_invalid",
        ) from None


def _write(file: Path) -> None:
    """A new key, whole or not at all; of two who write at once the first one's stays."""
    from pyrage import x25519

    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"{x25519.Identity.generate()}\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()


def _lost(name: str) -> Unavailable:
    return Unavailable(
        _("{name} was sealed with another key than the one here.").format(name=name),
        hint=_("Bring back CICLO_SECRET_KEY or the file {file}, or enter {name} again.").format(
            file=settings().home / FILE, name=name
        ),
        code="key_lost",
    )
