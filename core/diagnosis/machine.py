"""What ``ciclo doctor`` looks at: the machine, the database, the index, Ollama, the port."""

import shutil
import socket
import sys
from collections.abc import Callable
from typing import Any

from core.config import settings
from core.db import room
from core.diagnosis.finding import Finding, State
from core.errors import CicloError
from core.i18n import _, number

OLDEST_PYTHON = (3, 11)
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
    state: State = room.state(free)
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
    host, number_, address = _place()
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
    told = _asked(address, "/health")
    return "version" in told and "stats" in told


def running(path: str) -> dict[str, Any]:
    """What the Ciclo that runs here answers at ``path``; {} where none does."""
    _host, _number, address = _place()
    return _asked(address, path) if _is_ciclo(address) else {}


def _place() -> tuple[str, int, str]:
    """Host, port and address where Ciclo listens, or would."""
    host, number_ = settings().host.strip("[]"), settings().port
    return host, number_, f"[{host}]:{number_}" if ":" in host else f"{host}:{number_}"


def _asked(address: str, path: str) -> dict[str, Any]:
    """The JSON object at an address of this machine; {} where there is none in time."""
    import http.client
    import json

    connection = http.client.HTTPConnection(address, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        told = json.loads(connection.getresponse().read(1_000_000))
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    finally:
        connection.close()
    return told if isinstance(told, dict) else {}


ALL: tuple[Callable[[], Finding], ...] = (python, database, index, disk, ollama, port)
