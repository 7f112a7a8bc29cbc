"""Every hostile file through the real server: each gets its sentence, and all else goes on.

`make test` sends one file for each sentence, `make prove` all of them.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Server, serving
from tests.reading.hostile import HOSTILE, SENTENCES, Make

ALL = os.environ.get("CICLO_PROVE") == "1"
FIRST = {code: (name, make, code) for name, make, code in reversed(HOSTILE)}
FILES = list(HOSTILE) if ALL else list(FIRST.values())
QUICK, PATIENT = 2, 30  # seconds that reading may take: for what spins, and for all others
BUSY = 20  # seconds more for all else that a busy machine does meanwhile
ROOM = 400 << 20  # bytes that the server itself may grow by: an upload is held once or twice


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one document that can be found."""
    with open_shop(tmp_path_factory.mktemp("patient"), PATIENT) as running:
        yield running


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same, where reading may take no more than a moment."""
    with open_shop(tmp_path_factory.mktemp("hasty"), QUICK) as running:
        yield running


@contextmanager
def open_shop(folder: Path, seconds: int) -> Iterator[Server]:
    limits = {"CICLO_READ_SECONDS": str(seconds), "CICLO_READ_MEMORY_MB": "768"}
    with serving(folder, **limits) as running:
        made = httpx.post(f"{running.url}/api/v1/assistants", json={"name": "Loja"})
        assert made.status_code == 201
        row = sent(running, "bom.md", b"O frete custa R$ 10.").json()["data"][0]
        until = time.monotonic() + BUSY
        while state_of(running, row["id"])["state"] != "ready" and time.monotonic() < until:
            time.sleep(0.1)
        yield running


def sent(server: Server, name: str, data: bytes) -> httpx.Response:
    url, header = f"{server.url}/api/v1/documents", {"accept-language": "pt-BR"}
    return httpx.post(url, files={"file": (name, data)}, headers=header, timeout=60)


def found(server: Server) -> list[str]:
    answer = httpx.post(f"{server.url}/api/v1/search", json={"query": "frete"}, timeout=10)
    assert answer.status_code == 200
    return [hit["document"] for hit in answer.json()["data"]]


def end_of(server: Server, document_id: str) -> dict[str, Any]:
    """The document when it is read; the search goes on finding the good one meanwhile."""
    until = time.monotonic() + PATIENT + BUSY
    while time.monotonic() < until:
        row = state_of(server, document_id)
        if row["state"] not in ("queued", "reading"):
            return row
        assert found(server) == ["bom.md"]
        time.sleep(0.2)
    raise AssertionError(f"{row['name']} is still {row['state']}")


def state_of(server: Server, document_id: str) -> dict[str, Any]:
    row: dict[str, Any] = httpx.get(f"{server.url}/api/v1/documents/{document_id}").json()
    return row


def memory(server: Server) -> int:
    """The most bytes of memory that the server has held."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) << 10


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize(("name", "make", "code"), FILES, ids=[name for name, *_ in FILES])
def test_a_hostile_upload_gets_its_sentence_and_changes_nothing(
    request: pytest.FixtureRequest, name: str, make: Make, code: str
) -> None:
    shop: Server = request.getfixturevalue("hasty" if code == "too_slow" else "shop")
    before, answer = memory(shop), sent(shop, name, make())
    sentence = SENTENCES[code][1].format(name=name)
    if answer.status_code == 202:
        row = end_of(shop, answer.json()["data"][0]["id"])
        assert row["state"] == "failed"
        assert (row["error"]["code"], row["error"]["message"]) == (code, sentence)
        assert httpx.delete(f"{shop.url}/api/v1/documents/{row['id']}").is_success
    else:
        assert answer.status_code in (413, 422)
        assert answer.json()["code"] == code
        assert answer.status_code == 413 or sentence in answer.json()["message"]
    assert found(shop) == ["bom.md"]
    assert memory(shop) - before < ROOM
    assert httpx.get(f"{shop.url}/health", timeout=10).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/cron.d/a.md", "etc/cron.d/a.md"),
        ("..\\..\\NUL.md", "NUL.md"),
        ("nota\u202efdp.md", "notafdp.md"),
        ("a\x1b[2Jb.md", "a[2Jb.md"),
        ("x" * 400 + ".md", None),
    ],
)
def test_a_hostile_name_leads_nowhere(shop: Server, given: str, kept: str | None) -> None:
    answer = sent(shop, given, b"Os backups acontecem de noite.")
    if kept is None:
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_name")
        return
    (row,) = answer.json()["data"]
    assert row["name"] == kept
    while state_of(shop, row["id"])["state"] != "ready":  # the test's own limit ends it
        time.sleep(0.1)
    files = {path.name for path in (shop.home / "documents").iterdir()}
    assert all(len(name.lstrip(".")) in (32, 64) for name in files)
    assert httpx.delete(f"{shop.url}/api/v1/documents/{row['id']}").is_success
