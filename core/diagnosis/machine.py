"""What ``ciclo doctor`` looks at: the machine, the database, the index, Ollama, the port."""

import shutil
import socket
import sys
from collections.abc import Callable

from core.config import settings
from core.diagnosis.finding import Finding, State
from core.errors import CicloError
from core.i18n import _, number

OLDEST_PYTHON = (3, 11)
LOW_DISK = 2_000_000_000  # bytes; a model alone takes as much
EMPTY_DISK = 200_000_000
PATIENCE = 2.0  # seconds for a port of this machine to answer


def python() -> Finding:
    """The interpreter is new enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Finding("python", "good", version)
    return Finding("python", "bad", version, _("Install Python 3.11 or newer."))


def database() -> Finding:
    """The database answers, and its tables are those this code knows."""
    from sqlalchemy.exc import SQLAlchemyError

    from core.db import migrate

    try:
        at, newest = migrate.current(), migrate.head()
    except (SQLAlchemyError, OSError) as error:
        first = str(error).splitlines()[0]
        return Finding("database", "bad", first, _("Check CICLO_HOME and CICLO_DATABASE_URL."))
    if at == newest:
        return Finding("database", "good", at)
    if at > newest:
        advice = _("A newer Ciclo made this database: use that one, or another CICLO_HOME.")
        return Finding("database", "bad", at, advice)
    return Finding("database", "note", at or "-", _("Run `ciclo migrate`."))


def index() -> Finding:
    """The index opens (where it is missing or damaged it is rebuilt), and its embedder answers."""
    from sqlalchemy.exc import SQLAlchemyError

    from core import retrieval

    try:
        chunks, meaning = retrieval.chunk_count(), ""
        if chunks:
            meaning = retrieval.search("ciclo", assistant_id="", k=1).meaning
    except (CicloError, SQLAlchemyError, OSError, ValueError) as error:  # tantivy's are ValueErrors
        advice = _("Stop Ciclo and delete {path}; it is rebuilt.").format(
            path=settings().home / "index"
        )
        return Finding("index", "bad", str(error).splitlines()[0], advice)
    found = _("{n} passages").format(n=chunks)
    return Finding("index", "note" if meaning else "good", found, meaning)


def disk() -> Finding:
    """The home can be written, and has room."""
    home = settings().home
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        advice = _("Make {path} writable, or set CICLO_HOME.").format(path=home)
        return Finding("disk", "bad", error.strerror or str(error), advice)
    free = shutil.disk_usage(home).free
    state: State = "bad" if free < EMPTY_DISK else "note" if free < LOW_DISK else "good"
    advice = "" if state == "good" else _("Make room on the disk of {path}.").format(path=home)
    return Finding("disk", state, _("{gb} GB free").format(gb=number(free / 1e9, 1)), advice)


def ollama() -> Finding:
    """Ollama answers, or nothing is asked of it."""
    from sqlalchemy.exc import SQLAlchemyError

    from core import registry

    server = settings().ollama
    try:
        models = [one for one in registry.listing() if one.provider == "ollama"]
    except (
        CicloError,
        SQLAlchemyError,
        OSError,
    ) as error:  # it reads the database, which may be unwell
        return Finding("ollama", "note", str(error).splitlines()[0])
    ready = [one.name for one in models if one.status == "ready"]
    if ready:
        return Finding("ollama", "good", f"{server}: {', '.join(ready)}")
    advice = _(
        "Ciclo works without it and quotes your documents. For written answers start Ollama "
        "(or set CICLO_OLLAMA_URL) and pull a model: ollama pull llama3.2"
    )
    return Finding("ollama", "note", _("no chat model at {server}").format(server=server), advice)


def port() -> Finding:
    """The port is free, or Ciclo is what listens there."""
    host, number_ = settings().host.strip("[]"), settings().port
    address = f"[{host}]:{number_}" if ":" in host else f"{host}:{number_}"
    if not _taken(host, number_):
        return Finding("port", "good", _("{address} is free").format(address=address))
    if _is_ciclo(address):
        return Finding("port", "good", _("Ciclo is running at {address}").format(address=address))
    advice = _("Choose another one: CICLO_PORT=8601.")
    return Finding(
        "port", "bad", _("another program is at {address}").format(address=address), advice
    )


def _taken(host: str, number_: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.settimeout(PATIENCE)
        return probe.connect_ex((host, number_)) == 0


def _is_ciclo(address: str) -> bool:
    import http.client
    import json

    connection = http.client.HTTPConnection(address, timeout=PATIENCE)
    try:
        connection.request("GET", "/health")
        told = json.loads(connection.getresponse().read(10_000))
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return isinstance(told, dict) and "version" in told and "stats" in told


ALL: tuple[Callable[[], Finding], ...] = (python, database, index, disk, ollama, port)
