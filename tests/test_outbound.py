"""Nothing leaves the machine that its owner has not configured."""

import json
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.conftest import serving

LISTENER = """
import os, sys

def note(event, values):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        address = values[1] if event == "socket.connect" else values[0]
        with open(os.environ["CALLS"], "a") as calls:
            calls.write(__import__("json").dumps([event, address], default=str) + chr(10))

sys.addaudithook(note)
"""


def is_local(address: object) -> bool:
    """Whether a call goes to this machine: a path, a loopback address, its own name."""
    name = address[0] if isinstance(address, list) else address
    if name in ("localhost", "", None) or str(name).startswith("/"):
        return True
    try:
        return ip_address(str(name)).is_loopback
    except ValueError:
        return False


@pytest.mark.slow
@pytest.mark.browser
def test_a_start_a_page_and_a_foreign_visitor_cause_no_call(
    tmp_path: Path, browser: Browser
) -> None:
    (tmp_path / "sitecustomize.py").write_text(LISTENER)
    calls = tmp_path / "calls"
    with serving(tmp_path, PYTHONPATH=str(tmp_path), CALLS=str(calls)) as own:
        context = browser.new_context()
        opened = context.new_page()
        for place in ("/", "/chat"):
            opened.goto(own.url + place)
            opened.get_by_test_id("stApp").wait_for()
            opened.get_by_role("heading").first.wait_for()
        context.close()
        foreign = {"origin": "http://evil.example"}
        assert httpx.get(own.url, headers=foreign).status_code == 403
        with pytest.raises(InvalidStatus):
            connect(own.url.replace("http", "ws") + "/_stcore/stream", additional_headers=foreign)
    made = [json.loads(line) for line in calls.read_text().splitlines()]
    assert made  # Ollama was looked for, so the listener listens
    assert [call for call in made if not is_local(call[1])] == []
