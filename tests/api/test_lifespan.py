"""From the open port to its end: the tunings are in, and the end is clean."""

import asyncio
import gc
import os
import signal
import socket
import sys
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from core.api import lifespan, warming
from tests.conftest import serving


def test_connections_do_not_wait_for_acknowledgements() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        assert address in lifespan.tune_sockets()
        with socket.create_connection(address), listener.accept()[0] as connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        assert listener.getsockname() == address  # still open, and still the server's own


@pytest.mark.slow
def test_the_end_of_the_server_is_clean_and_the_next_start_finds_all(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        body = {"name": "Ana", "language": "pt-BR"}
        made = httpx.post(f"{first.url}/api/v1/assistants", json=body)
        assert made.status_code == 201, made.text
        os.kill(first.pid, signal.SIGTERM)
    assert "stopped" in first.log.read_text()
    assert "Traceback" not in first.log.read_text()
    with serving(tmp_path) as second:
        assert "Ana" in httpx.get(f"{second.url}/api/v1/assistants").text


@pytest.mark.slow
def test_what_is_imported_later_is_set_aside_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "LOOK_EVERY", 0.01)

    async def settle() -> int:
        settling = asyncio.create_task(warming.settle())
        await asyncio.sleep(0.03)
        before = gc.get_freeze_count()
        for n in range(warming.MANY + 1):
            monkeypatch.setitem(sys.modules, f"made_up_{n}", ModuleType(f"made_up_{n}"))
        while gc.get_freeze_count() == before:
            await asyncio.sleep(0.01)
        settling.cancel()
        return gc.get_freeze_count() - before

    try:
        assert asyncio.run(settle()) > warming.MANY
    finally:
        gc.unfreeze()
