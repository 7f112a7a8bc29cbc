"""Should we fine-tune, over the API: what pays most, and a calculation whose inputs may be changed."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from core import assistants
from core.metrics import keeping, kept
from core.metrics.advice.payback import INPUTS
from tests.annotation import talks

AT = "/api/v1/metrics/advice"


@pytest.fixture(autouse=True)
def _no_facts() -> Iterator[None]:
    keeping.forget()
    kept.forget()
    yield
    keeping.forget()
    kept.forget()


def test_an_empty_database_is_told_as_such(client: TestClient) -> None:
    told = client.get(AT).json()
    assert "Nothing can be said yet" in told["headline"]
    assert len(told["options"]) == 6
    assert {one["name"] for one in told["inputs"]} == set(INPUTS)
    assert {one["source"] for one in told["inputs"]} == {"plan"}
    assert told["payback"]["saving"] == pytest.approx(13.8)


def test_every_input_may_be_changed_and_says_so(client: TestClient) -> None:
    asked = {name: one.most / 2 for name, one in INPUTS.items()}
    told = client.get(AT, params=asked).json()
    assert {one["name"]: one["value"] for one in told["inputs"]} == asked
    assert {one["source"] for one in told["inputs"]} == {"own"}


def test_sentences_follow_the_readers_language(client: TestClient) -> None:
    told = client.get(AT, headers={"accept-language": "pt-BR"}).json()
    assert "Ainda não dá para dizer nada" in told["headline"]
    assert told["inputs"][0]["said"] == "padrão do plano"


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"share": 1.5}, 422),
        ({"training": -1}, 422),
        ({"hosting": "nan"}, 422),
        ({"volume": 3}, 422),
        ({"period": "ontem"}, 422),
        ({"data": "other"}, 422),
        ({"hour": "25"}, 422),
        ({"assistant": "Nobody"}, 404),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(
    client: TestClient, params: dict[str, Any], status: int
) -> None:
    told = client.get(AT, params=params)
    assert told.status_code == status
    (name,) = params
    assert name in told.text or str(params[name]) in told.text


def test_an_assistants_name_narrows_it(client: TestClient) -> None:
    made = assistants.create("Loja")
    assistants.create("Outra")
    talks.talk(made.id, {"outcome": "not_found"})
    count = [
        client.get(AT, params={"assistant": name}).json()["evidence"]["conversations"]
        for name in ("Loja", "Outra")
    ]
    assert count == [1, 0]
