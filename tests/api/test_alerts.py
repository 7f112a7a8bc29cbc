"""``/alerts`` and ``/alert-rules``: made, tried, checked, dealt with, by those who may."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from core import access, annotation, assistants
from core.metrics.alerts import checking as alert_checking
from tests.metrics.alerting import answers

HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:y)"
RULE = {"measure": "errors", "bound": 0.1, "margin": 0.02, "hours": 1, "minimum": 10}


@pytest.fixture
def opened(client: TestClient) -> str:
    """The id of an open alert over half of twenty answers."""
    shop = assistants.create("Loja")
    assert client.post("/api/v1/alert-rules", json=RULE | {"name": HOSTILE}).status_code == 201
    answers(shop.id, 10, 10)
    alert_checking.check_due()
    (one,) = client.get("/api/v1/alerts").json()["data"]
    return str(one["id"])


def as_(client: TestClient, role: str, verb: str, path: str, **sent: Any) -> int:
    """The status that somebody of this role gets."""
    access.local_person()
    access.set_roles(access.person(role).id, [role])
    headers = {"X-Ciclo-Person": role}
    return client.request(verb, f"/api/v1{path}", headers=headers, **sent).status_code


def test_a_rule_is_made_changed_silenced_and_removed(client: TestClient) -> None:
    made = client.post("/api/v1/alert-rules", json=RULE).json()
    assert (made["name"], made["condition"]) == ("Errors", "Errors above 10.0%")
    path = f"/api/v1/alert-rules/{made['id']}"
    changed = client.patch(path, json={"bound": 0.2, "silent_hours": 8, "name": HOSTILE}).json()
    assert (changed["bound"], changed["name"]) == (0.2, HOSTILE)
    assert changed["silent_until"] > made["created_at"]
    assert client.patch(path, json={"silent_hours": 0}).json()["silent_until"] is None
    assert [one["id"] for one in client.get("/api/v1/alert-rules").json()["data"]] == [made["id"]]
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"measure": "luck"},
        {"bound": "0.1"},
        {"bound": 1e12},
        {"hours": 0},
        {"minimum": 2.5},
        {"channels": ["pigeon"]},
        {"filters": {"period": "7d"}},
        {"filters": {"data": "maybe"}},
        {"name": "a\u202eb"},
        {"silent_hours": -1},
        {"every": 5},
        {"kind": "change", "measure": "waiting"},
    ],
)
def test_a_rule_that_cannot_be_is_refused(client: TestClient, wrong: dict[str, Any]) -> None:
    answer = client.post("/api/v1/alert-rules", json=RULE | wrong)
    assert answer.status_code == 422, answer.text
    assert answer.json()["message"]


def test_what_a_rule_measures_stays(client: TestClient) -> None:
    made = client.post("/api/v1/alert-rules", json=RULE).json()
    path = f"/api/v1/alert-rules/{made['id']}"
    assert client.patch(path, json={"measure": "tone"}).status_code == 422


def test_what_is_suggested_can_be_posted_as_it_is(client: TestClient) -> None:
    found = client.get("/api/v1/alert-rules/suggestions").json()["data"]
    assert found
    one = found[0]
    made = client.post("/api/v1/alert-rules", json=one["rule"])
    assert made.status_code == 201, made.text
    assert made.json()["condition"] == one["condition"]
    left = client.get("/api/v1/alert-rules/suggestions").json()["data"]
    assert one["key"] not in [each["key"] for each in left]


def test_channels_are_told_without_where_they_lead(client: TestClient) -> None:
    assert client.get("/api/v1/alert-rules/channels").json()["data"] == [
        {"name": "webhook", "title": "webhook", "configured": False},
        {"name": "mail", "title": "e-mail", "configured": False},
    ]


@pytest.mark.slow
def test_an_alert_is_listed_taken_on_and_resolved(client: TestClient, opened: str) -> None:
    one = client.get(f"/api/v1/alerts/{opened}").json()
    assert (one["state"], one["value"], one["n"]) == ("open", 0.5, 20)
    assert one["words"] == "Errors: 50.0% (n 20), last 1 hour; the bound is 10.0%."
    assert one["name"] == HOSTILE
    assert len(one["conversations"]) == 10
    taken = client.post(f"/api/v1/alerts/{opened}/acknowledge", headers={"X-Ciclo-Person": "Ana"})
    assert (taken.json()["state"], taken.json()["acknowledged_by"]) == ("acknowledged", "Ana")
    done = client.post(f"/api/v1/alerts/{opened}/resolve").json()
    assert (done["state"], done["resolved_by"]) == ("resolved", "Whoever sits here")
    assert client.post(f"/api/v1/alerts/{opened}/acknowledge").status_code == 409
    for state, n in (("live", 0), ("resolved", 1)):
        listed = client.get("/api/v1/alerts", params={"state": state}).json()
        assert (len(listed["data"]), listed["next_cursor"]) == (n, None)


@pytest.mark.slow
def test_its_conversations_are_queued_for_review(client: TestClient, opened: str) -> None:
    path = f"/api/v1/alerts/{opened}/queue"
    assert client.post(path, json={}).status_code == 404
    queue = annotation.create_queue(assistants.chosen("Loja").id, "Fila")
    assert client.post(path, json={}).json()["data"] == [
        {"queue_id": queue.id, "queue": "Fila", "new": 10, "known": 0, "removed": 0}
    ]
    again = client.post(path, json={"queue_id": queue.id}).json()["data"]
    assert (again[0]["new"], again[0]["known"]) == (0, 10)


@pytest.mark.slow
def test_a_rule_is_tried_without_a_trace(client: TestClient, opened: str) -> None:
    found = client.post("/api/v1/alert-rules/try", json=RULE | {"bound": 0.6}).json()
    assert (found["state"], found["value"], found["n"]) == ("within", 0.5, 20)
    assert found["words"] == "Nothing to tell: 50.0% (n 20)."
    (rule,) = client.get("/api/v1/alert-rules").json()["data"]
    assert client.post(f"/api/v1/alert-rules/{rule['id']}/try").json()["state"] == "beyond"


@pytest.mark.slow
def test_who_sees_figures_sees_alerts_and_who_changes_changes_them(
    client: TestClient, opened: str
) -> None:
    (rule,) = client.get("/api/v1/alert-rules").json()["data"]
    annotation.create_queue(assistants.chosen("Loja").id, "Fila")
    seen = [
        ("GET", "/alerts"),
        ("GET", f"/alerts/{opened}"),
        ("GET", "/alert-rules"),
        ("GET", f"/alert-rules/{rule['id']}"),
        ("GET", "/alert-rules/suggestions"),
        ("POST", f"/alert-rules/{rule['id']}/try"),
    ]
    done: list[tuple[str, str, Any]] = [
        ("POST", f"/alerts/{opened}/acknowledge", None),
        ("POST", f"/alerts/{opened}/queue", {}),
        ("POST", f"/alerts/{opened}/resolve", None),
        ("POST", "/alert-rules", RULE),
        ("PATCH", f"/alert-rules/{rule['id']}", {"bound": 0.2}),
        ("DELETE", f"/alert-rules/{rule['id']}", None),
    ]
    for verb, path in seen:
        assert as_(client, "viewer", verb, path) == 200, path
    for verb, path, sent in done:
        for role in ("viewer", "reviewer"):
            assert as_(client, role, verb, path, json=sent) == 403, (role, path)
        assert as_(client, "analyst", verb, path, json=sent) in (200, 201, 204), path
    access.set_roles(access.person("viewer").id, ["viewer"])
    told = client.get(f"/api/v1/alerts/{opened}", headers={"X-Ciclo-Person": "viewer"}).json()
    assert told["conversations"] == []


def test_what_is_not_there_is_told(client: TestClient) -> None:
    assert client.get("/api/v1/alerts/nada").status_code == 404
    assert client.post("/api/v1/alerts/nada/resolve").status_code == 404
    assert client.get("/api/v1/alerts", params={"state": "maybe"}).status_code == 422
    assert client.get("/api/v1/alerts", params={"cursor": "%%%"}).status_code == 422
    assert client.get("/api/v1/alert-rules/nada").status_code == 404
