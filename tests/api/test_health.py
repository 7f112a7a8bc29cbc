"""What whoever watches the process is told."""

import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import __version__
from core.api import health
from core.config import settings
from tests.conftest import Server


def test_health_is_json_with_version_time_and_figures(server: Server) -> None:
    answer = httpx.get(f"{server.url}/health")
    body = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert (body["status"], body["version"]) == ("healthy", __version__)
    assert body["timestamp"].endswith("+00:00")
    assert {"uptime_seconds", "documents", "conversations"} <= body["stats"].keys()


def test_ready_once_the_heavy_modules_are_loaded(server: Server) -> None:
    assert httpx.get(f"{server.url}/ready").json()["status"] == "ready"


def test_metrics_are_prometheus_text_with_few_places(server: Server) -> None:
    httpx.get(f"{server.url}/health")
    for n in range(3):
        httpx.get(f"{server.url}/api/v1/documents/{n}")
        httpx.get(f"{server.url}/page-{n}")
    text = httpx.get(f"{server.url}/metrics").text
    places = set(re.findall(r'ciclo_requests_total\{.*?place="(.*?)"', text))
    assert "/health" in places
    assert not [place for place in places if re.search(r"\d$", place)]
    assert re.search(r"^ciclo_database_bytes [1-9]", text, re.M)
    assert re.search(r"^ciclo_warm 1.0$", text, re.M)
    assert re.search(r'^ciclo_background_turns_total\{loop="documents"\} [1-9]', text, re.M)


def test_without_its_database_the_server_says_that_it_is_unhealthy(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_DATABASE_URL", f"sqlite:///{home}/nowhere/ciclo.db")
    settings.cache_clear()
    with TestClient(Starlette(routes=health.routes())) as client:
        answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "unhealthy")
