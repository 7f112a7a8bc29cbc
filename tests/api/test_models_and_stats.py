"""What can answer, and what has been answered."""

from typing import Any

from starlette.testclient import TestClient

from core import access


def test_models_are_a_bare_list(client: TestClient) -> None:
    models = client.get("/api/v1/models").json()
    assert {"provider", "name", "status", "description"} == set(models[0])
    assert (models[0]["provider"], models[0]["name"], models[0]["status"]) == (
        "embedded",
        "quotes",
        "ready",
    )


def test_stats_count_answers_by_reason_and_model(client: TestClient, asked: dict[str, Any]) -> None:
    stats = client.get("/api/v1/stats").json()
    assert stats["router_stats"] == {
        "total": 1,
        "by_reason": {"champion": 1},
        "by_model": {"embedded:quotes": 1},
    }
    assert stats["uptime_seconds"] >= 0


def test_what_another_bot_said_is_none_of_the_routers_answers(
    client: TestClient, desk: str
) -> None:
    talk = client.post("/api/v1/conversations", json={}).json()["id"]
    said = {"role": "assistant", "text": "Olá!", "model": "other-bot"}
    client.post(f"/api/v1/conversations/{talk}/messages", json=said)
    assert client.get("/api/v1/stats").json()["router_stats"]["total"] == 0


def test_stats_tell_figures_to_those_who_may_see_them(
    client: TestClient, asked: dict[str, Any]
) -> None:
    figures = client.get("/api/v1/stats").json()["figures"]
    assert {one["measure"]: one["n"] for one in figures}["time_p50"] == 1
    access.set_roles(access.person("Ana").id, [])
    refused = client.get("/api/v1/stats", headers={"X-Ciclo-Person": "Ana"})
    assert refused.status_code == 403
