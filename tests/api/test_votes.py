"""Blind votes and the ranking over the API."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from core import access
from tests.comparison.voting import House, cast, compared, house, reviewer

BASE = "/api/v1"


@pytest.fixture
def shop(client: TestClient) -> House:
    return house()


def asked(client: TestClient, **query: Any) -> dict[str, Any]:
    told: dict[str, Any] = client.get(f"{BASE}/votes/next", params=query).json()
    return told


def test_a_ballot_is_voted_on_and_only_then_tells_whose_the_answers_were(
    client: TestClient, shop: House
) -> None:
    compared(shop)
    told = client.get(f"{BASE}/votes/next", params={"assistant": "Loja"})
    assert not any(version.id in told.text for version in shop.versions)
    ballot = told.json()["ballot"]
    body = {
        "comparison_id": ballot["comparison_id"],
        "choice": "left",
        "left": ballot["left"]["answer_id"],
        "reasons": ["clear"],
        "seconds": 4.5,
    }
    voted = client.post(f"{BASE}/votes", json=body)
    assert voted.status_code == 201
    names = {voted.json()[side]["version_id"] for side in ("left", "right")}
    assert names == {version.id for version in shop.versions}
    after = asked(client)
    assert (after["ballot"], after["stream"]["voted"]) == (None, 1)
    ranking = client.get(f"{BASE}/ranking").json()
    assert (ranking["n"], ranking["enough"], ranking["missing"]) == (1, False, 49)
    assert ranking["places"][0]["version_id"] == voted.json()["left"]["version_id"]
    assert client.delete(f"{BASE}/votes/{voted.json()['id']}").status_code == 204
    assert asked(client)["ballot"]["comparison_id"] == ballot["comparison_id"]


def test_what_was_passed_is_left_out_of_this_call(client: TestClient, shop: House) -> None:
    row = compared(shop)
    assert asked(client, passed=row.id)["ballot"] is None


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"choice": "a"}, 422, "invalid"),
        ({"left": "another"}, 422, "invalid"),
        ({"reasons": ["wrong"]}, 422, "invalid"),
        ({"seconds": -1}, 422, "invalid"),
        ({"comparison_id": "nowhere"}, 404, "not_found"),
    ],
)
def test_what_is_no_vote_is_refused(
    client: TestClient, shop: House, change: dict[str, Any], status: int, code: str
) -> None:
    row = compared(shop)
    body = {"comparison_id": row.id, "choice": "left", "left": row.a_answer_id}
    told = client.post(f"{BASE}/votes", json=body | change)
    assert (told.status_code, told.json()["code"]) == (status, code)


def test_two_equal_answers_cannot_be_voted_on(client: TestClient, shop: House) -> None:
    row = compared(shop, ("Igual.", "Igual."))
    body = {"comparison_id": row.id, "choice": "left", "left": row.a_answer_id}
    told = client.post(f"{BASE}/votes", json=body)
    assert (told.status_code, told.json()["code"]) == (409, "no_vote")


def test_a_viewer_sees_the_ranking_and_may_not_vote(client: TestClient, shop: House) -> None:

    access.set_roles(access.person("Vi").id, ["viewer"])
    acting = {"X-Ciclo-Person": "Vi"}
    assert client.get(f"{BASE}/ranking", headers=acting).status_code == 200
    assert client.get(f"{BASE}/votes/next", headers=acting).status_code == 403


def test_nobody_takes_back_anothers_vote(client: TestClient, shop: House) -> None:

    mine = cast(compared(shop), reviewer("Ana"), "a").vote
    reviewer("Bia")
    told = client.delete(f"{BASE}/votes/{mine.id}", headers={"X-Ciclo-Person": "Bia"})
    assert told.status_code == 404


def test_topics_are_ranked_by_themselves(client: TestClient, shop: House) -> None:

    cast(compared(shop, topic="Trocas"), reviewer("Ana"), "b")
    (only,) = client.get(f"{BASE}/ranking/topics").json()["data"]
    assert (only["topic"], only["n"]) == ("Trocas", 1)
    assert client.get(f"{BASE}/ranking", params={"topic": "Nada"}).json()["n"] == 0
