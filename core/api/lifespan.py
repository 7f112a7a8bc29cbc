"""From the open port to its end: background work, and the two tunings that make reruns quick.

Streamlit collects garbage after every run and its sockets wait for acknowledgements (Nagle): with
the heavy modules loaded and frozen (``warming``), and without that waiting, a rerun takes 8 ms in
place of 152 ms. The modules are loaded in a thread once the server answers, so that the start
stays quick; ``/ready`` tells when they are.
"""

import asyncio
import logging
import os
import socket
import stat
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from core import background, clock, logs, sign_in
from core.api import warming
from core.api.health import warm
from core.i18n import _

log = logging.getLogger("ciclo.server")
KEEPERS = ("core.chat", "core.retrieval", "core.db")  # packages with something to close, in order
ANSWERING = 0.2  # seconds that /health gets before the imports compete for the interpreter


def lifespan(*modules: str) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """The lifespan of a server whose pages need ``modules`` besides ours."""
    return lambda app: _running(modules)


@asynccontextmanager
async def _running(modules: tuple[str, ...]) -> AsyncIterator[None]:
    """Start what runs beside the requests; stop it and close the database at the end."""
    logs.adopt()
    addresses = tune_sockets()
    warming_up = asyncio.create_task(_warm_up(modules))
    for host, port in addresses:
        sys.stdout.write(_("Ciclo is at {address}").format(address=f"http://{host}:{port}") + "\n")
    if link := await asyncio.to_thread(sign_in.first_admin_link):
        sys.stdout.write(
            _("Nobody can sign in yet. The first admin begins here: {link}").format(link=link)
            + "\n"
        )
    sys.stdout.flush()
    try:
        yield
    finally:
        warming_up.cancel()
        await asyncio.to_thread(_close)
        log.info("stopped")


async def _warm_up(modules: tuple[str, ...]) -> None:
    await asyncio.sleep(ANSWERING)
    began = clock.seconds()
    background.start()
    try:
        await asyncio.to_thread(warming.load, modules)
    except Exception:  # a broken installation; pages that do not need the module work all the same
        log.exception("a module cannot be loaded, so this server does not get ready")
        return
    logs.adopt()
    warm.set()
    log.info("warm", extra={"seconds": round(clock.seconds() - began, 1)})
    await warming.settle()


def _close() -> None:
    background.stop()
    for name in KEEPERS:
        if name in sys.modules:
            sys.modules[name].close()


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
