"""From the open port to its end: the tunings are in, and the end is clean."""

import os
import signal
import socket
from pathlib import Path

import httpx

from core.api import lifespan
from tests.conftest import serving


def test_connections_do_not_wait_for_acknowledgements() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        assert address in lifespan.tune_sockets()
        with socket.create_connection(address), listener.accept()[0] as connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        assert listener.getsockname() == address  # still open, and still the server's own


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
