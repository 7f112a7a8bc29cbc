"""Agreement, decisions, figures and exports over the API."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from core import access, annotation, assistants
from core.db.tables import Queue
from tests.annotation.conftest import conversations
from tests.annotation.judging import judge

BASE = "/api/v1/annotation"
LEAD, BIA = {"X-Ciclo-Person": "Lia"}, {"X-Ciclo-Person": "Bia"}


@pytest.fixture
def queue(client: TestClient) -> Queue:
    """Three items, judged by two who differ on the first."""
    assistant = assistants.create("Suporte")
    made = annotation.create_queue(assistant.id, "Fila", reviewers_per_item=2)
    annotation.add(made.id, conversations(assistant.id, 3))
    judge(made, "Ana", ["approved", "rejected", "approved"], scores={"tone": 5})
    judge(made, "Bia", ["rejected", "rejected", "approved"], scores={"tone": 4})
    access.set_roles(access.person("Bia").id, ["reviewer"])
    return made


def got(client: TestClient, path: str, **more: Any) -> Any:
    answer = client.get(BASE + path, headers=LEAD, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.slow
def test_agreement_is_told_per_criterion(client: TestClient, queue: Queue) -> None:
    told = got(client, f"/queues/{queue.id}/agreement")
    verdict, *criteria = told["on"]
    assert (told["judgements"], told["reviewers"], len(criteria)) == (6, 2, 6)
    assert (verdict["name"], verdict["kappa_kind"], verdict["pairs"]) == ("verdict", "cohen", 3)
    assert verdict["percent"]["share"] == pytest.approx(2 / 3)
    assert verdict["kappa"]["n"] == 3
    assert verdict["kappa_words"] == "too few to say"


@pytest.mark.slow
def test_a_disagreement_is_decided(client: TestClient, queue: Queue) -> None:
    (found,) = got(client, f"/queues/{queue.id}/disagreements")["data"]
    assert [(one["person"], one["verdict"]) for one in found["judgements"]] == [
        ("Ana", "approved"),
        ("Bia", "rejected"),
    ]
    path = f"{BASE}/items/{found['item']['id']}/adjudicate"
    body = {"verdict": "corrected", "correction": "Em sete dias."}
    made = client.post(path, json=body, headers=LEAD)
    assert made.status_code == 200, made.text
    decided = got(client, f"/queues/{queue.id}/disagreements", params={"decided": True})["data"]
    assert decided[0]["gold"]["correction"] == "Em sete dias."
    assert client.post(path, json=body, headers=BIA).status_code == 403
    assert client.post(path, json={"verdict": "corrected"}, headers=LEAD).status_code == 422


@pytest.mark.slow
def test_disagreements_come_in_pages(client: TestClient, queue: Queue) -> None:
    path = f"/queues/{queue.id}/disagreements"
    first = got(client, path, params={"on": "tone", "limit": 2})
    rest = got(client, path, params={"on": "tone", "limit": 2, "cursor": first["next_cursor"]})
    assert [len(first["data"]), len(rest["data"]), rest["next_cursor"]] == [2, 1, None]
    wrong = client.get(f"{BASE}{path}", params={"on": "cor"}, headers=LEAD)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")


@pytest.mark.slow
def test_a_reviewer_gets_their_own_figures_and_a_lead_all(client: TestClient, queue: Queue) -> None:
    path = f"{BASE}/queues/{queue.id}/figures"
    (mine,) = client.get(path, headers=BIA).json()["data"]
    assert (mine["name"], mine["items"]) == ("Bia", 3)
    assert client.get(path, params={"everybody": True}, headers=BIA).status_code == 403
    assert len(got(client, f"/queues/{queue.id}/figures", params={"everybody": True})["data"]) == 2


@pytest.mark.slow
@pytest.mark.parametrize("format", annotation.FORMATS)
def test_every_format_is_a_file(client: TestClient, queue: Queue, format: str) -> None:
    answer = client.get(f"{BASE}/queues/{queue.id}/export", params={"format": format}, headers=LEAD)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.text.strip()
    if answer.headers["content-type"] == "application/json":
        json.loads(answer.text)


def test_an_unknown_queue_is_not_found_before_the_file_begins(client: TestClient) -> None:
    answer = client.get(f"{BASE}/queues/nenhuma/export", headers=LEAD)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.slow
def test_a_calibration_item_is_told_of_once_it_is_judged(client: TestClient, queue: Queue) -> None:
    annotation.add(queue.id, conversations(queue.assistant_id, 1))
    item = annotation.items(queue.id)[-1].id
    path = f"{BASE}/items/{item}"
    made = client.put(f"{path}/known", json={"verdict": "rejected"}, headers=LEAD)
    assert made.status_code == 200, made.text
    assert "known" not in made.json()
    assert client.get(f"{path}/compared", headers=BIA).status_code == 204
    judge(queue, "Bia", ["approved"])
    told = client.get(f"{path}/compared", headers=BIA).json()
    assert (told["verdict"], told["known"], told["agrees"]) == ("approved", "rejected", False)
    assert client.delete(f"{path}/known", headers=LEAD).status_code == 204


@pytest.mark.slow
def test_items_like_one_are_found(client: TestClient, queue: Queue) -> None:
    item = annotation.items(queue.id)[0].id
    found = got(client, f"/items/{item}/similar", params={"k": 1})["data"]
    assert found[0]["question"].startswith("Pergunta")
