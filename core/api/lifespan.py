"""From the open port to its end: background work, and the two tunings that make reruns quick.

Streamlit collects garbage after every run and its sockets wait for acknowledgements (Nagle): with
the heavy modules loaded and frozen out of the collector's sight, and without that waiting, a rerun
takes 8 ms in place of 152 ms. The modules are loaded in a thread once the server answers, so
that the start stays quick; ``/ready`` tells when they are.
"""

import asyncio
import ctypes
import gc
import logging
import os
import socket
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from core import background, clock, logs
from core.api.health import warm
from core.i18n import _

log = logging.getLogger("ciclo.server")
# What the first question, upload or page would otherwise wait for. Measured in bench/server.py.
HEAVY = (
    "core.chat",
    "core.retrieval",
    "core.llm.embedded",
    "faiss",
    "tantivy",
    "Stemmer",
    "langchain_core.runnables",
    "ollama",
    "pypdf",
    "markdown_it",
    "babel.dates",
    "babel.messages.pofile",
)
KEEPERS = ("core.chat", "core.retrieval", "core.db")  # packages with something to close, in order
ANSWERING = 0.2  # seconds that /health gets before the imports compete for the interpreter


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Start what runs beside the requests; stop it and close the database at the end."""
    logs.adopt()
    addresses = tune_sockets()
    warming = asyncio.create_task(_warm_up())
    for host, port in addresses:
        sys.stdout.write(_("Ciclo is at {address}").format(address=f"http://{host}:{port}") + "\n")
    sys.stdout.flush()
    try:
        yield
    finally:
        warming.cancel()
        await asyncio.to_thread(_close)
        log.info("stopped")


async def _warm_up() -> None:
    await asyncio.sleep(ANSWERING)
    began = clock.seconds()
    background.start()
    try:
        await asyncio.to_thread(_load)
    except Exception:  # a broken installation; pages that do not need the module work all the same
        log.exception("a module cannot be loaded, so this server does not get ready")
        return
    logs.adopt()
    warm.set()
    log.info("warm", extra={"seconds": round(clock.seconds() - began, 1)})


def _load() -> None:
    for name in HEAVY:
        import_module(name)
    gc.collect()
    gc.freeze()
    _give_back_memory()


def _close() -> None:
    background.stop()
    for name in KEEPERS:
        if name in sys.modules:
            sys.modules[name].close()


def _give_back_memory() -> None:
    """Importing leaves holes in the heap; where the C library can, hand them back."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def tune_sockets() -> list[tuple[str, int]]:
    """Set TCP_NODELAY on every listening socket (connections inherit it); give their addresses."""
    found = []
    for number in _descriptors():
        with socket.socket(fileno=os.dup(number)) as listener:
            if listener.family not in (socket.AF_INET, socket.AF_INET6):
                continue
            if listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                found.append(listener.getsockname()[:2])
    return found


def _descriptors() -> list[int]:
    """The open descriptors that are sockets (the server keeps its own out of our reach)."""
    numbers = []
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                numbers.append(number)
        except OSError:
            continue
    return numbers
