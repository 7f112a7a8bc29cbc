"""Rules, live counts, refill and estimate over the API and at the command line."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from core import annotation, assistants
from core.db.tables import Queue
from tests.annotation.talks import rated, talk
from tests.conftest import Run


@pytest.fixture
def queue(home: object) -> Queue:
    """A queue of an assistant of whose answers one was rated down."""
    one = assistants.create("Loja")
    _talk, (answer,) = talk(one.id)
    rated(answer)
    return annotation.create_queue(one.id, "Fila", random_share=0.0)


def test_rules_are_read_changed_and_counted(client: TestClient, queue: Queue) -> None:
    path = f"/api/v1/annotation/queues/{queue.id}"
    held = {rule["name"]: rule for rule in client.get(f"{path}/rules").json()["rules"]}
    assert (held["random"]["on"], held["negative_rating"]["weight"]) == (False, 4)
    given: dict[str, Any] = {"rules": [{"name": "negative_rating", "weight": 7}, {"name": "stars"}]}
    assert client.post(f"{path}/preview", json=given).json()["together"] == {"n": 1, "about": False}
    changed = client.put(f"{path}/rules", json=given).json()["rules"]
    assert [rule["name"] for rule in changed if rule["on"]] == ["negative_rating", "stars"]
    assert client.get(f"{path}/preview", params={"days": 7}).json()["alone"]["stars"]["n"] == 0


def test_a_refill_tells_what_came_in_and_twice_does_nothing(
    client: TestClient, queue: Queue
) -> None:
    path = f"/api/v1/annotation/queues/{queue.id}"
    assert client.post(f"{path}/refill").json()["new"] == 1
    assert client.post("/api/v1/annotation/refill").json()["data"][0]["new"] == 0
    found = client.get(f"{path}/estimate").json()
    assert (found["n"], found["approved"], found["thin"]) == (0, None, True)


@pytest.mark.parametrize(
    "rules",
    [
        [{"name": "mood"}],
        [{"name": "stars", "threshold": 9}],
        [{"name": "keyword", "patterns": ["("]}],
        [{"name": "keyword", "words": ["a\nb"]}],
        [{"name": "slow"}, {"name": "slow"}],
    ],
)
def test_rules_that_cannot_be_are_refused_and_change_nothing(
    client: TestClient, queue: Queue, rules: Any
) -> None:
    path = f"/api/v1/annotation/queues/{queue.id}/rules"
    before = client.get(path).json()
    assert client.put(path, json={"rules": rules}).status_code in (400, 422)
    assert client.get(path).json() == before


def test_the_command_fills_a_queue_by_its_name(ciclo: Run, queue: Queue) -> None:
    assert ciclo("annotation", "refill", "Fila").out == "Fila: 1 new item (0 drawn at random)\n"
    (again,) = ciclo("annotation", "refill", "--json").data["data"]
    assert (again["name"], again["new"]) == ("Fila", 0)
    assert "Nada" in ciclo("annotation", "refill", "Nada").err
