"""Assistants over the API."""

import pytest
from starlette.testclient import TestClient

ASSISTANTS = "/api/v1/assistants"


def test_the_first_assistant_is_empty_and_the_default(client: TestClient) -> None:
    made = client.post(ASSISTANTS, json={"name": "Loja", "language": "en"})
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["language"]) == ("Loja", "en")
    assert made.json()["is_default"] is True
    assert made.json()["model"] == "embedded:quotes"
    assert client.get(ASSISTANTS).json() == {"data": [made.json()]}


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "language": "en"},
        {"name": "  ", "language": "en"},
        {"name": "x" * 121, "language": "en"},
        {"name": "a\u0000b", "language": "en"},
        {"language": "en"},
    ],
)
def test_a_bad_name_is_named(client: TestClient, body: dict[str, str]) -> None:
    answer = client.post(ASSISTANTS, json=body)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("name: ")


def test_a_language_that_ciclo_does_not_speak_is_refused(client: TestClient) -> None:
    answer = client.post(ASSISTANTS, json={"name": "Boutique", "language": "fr"})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("language: ")


def test_a_taken_name_is_a_conflict(client: TestClient, desk: str) -> None:
    assert client.post(ASSISTANTS, json={"name": "Suporte"}).status_code == 409


def test_changes_keep_what_is_left_out(client: TestClient, desk: str) -> None:
    changed = client.patch(f"{ASSISTANTS}/Suporte", json={"rules": ["Seja breve."]}).json()
    assert changed["rules"] == ["Seja breve."]
    assert changed["name"] == "Suporte"


def test_a_model_is_chosen_and_the_choice_taken_back(client: TestClient, desk: str) -> None:
    url = f"{ASSISTANTS}/Suporte"
    chosen = client.patch(url, json={"model": "fake:script"}).json()
    assert (chosen["model"], chosen["follows_ollama"]) == ("fake:script", False)
    back = client.patch(url, json={"follows_ollama": True}).json()
    assert (back["model"], back["follows_ollama"]) == ("embedded:quotes", True)


def test_parameters_are_changed_one_by_one_and_null_forgets_one(
    client: TestClient, desk: str
) -> None:
    url = f"{ASSISTANTS}/Suporte"
    client.patch(url, json={"model": "fake:script", "parameters": {"reasoning": "high", "seed": 3}})
    client.patch(url, json={"parameters": {"seed": None, "temperature": 0.5}})
    from core import assistants, registry

    now = registry.route(assistants.chosen("Suporte").id).version.parameters
    assert now == {"reasoning": "high", "temperature": 0.5}
    refused = client.patch(url, json={"parameters": {"reasoning": "enormous"}})
    assert refused.status_code == 422
    assert "enormous" in refused.json()["message"]


def test_an_unknown_provider_is_bad_input(client: TestClient, desk: str) -> None:
    answer = client.patch(f"{ASSISTANTS}/Suporte", json={"model": "nobody:m"})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("model: ")


def test_an_assistant_is_removed_and_restored(client: TestClient, desk: str) -> None:
    assert client.delete(f"{ASSISTANTS}/Suporte").status_code == 204
    assert client.get(f"{ASSISTANTS}/Suporte").status_code == 404
    assert client.post(f"{ASSISTANTS}/{desk}/restore").json()["name"] == "Suporte"
    assert client.get(f"{ASSISTANTS}/Suporte").status_code == 200


def test_another_one_becomes_the_default(client: TestClient, desk: str) -> None:
    client.post(ASSISTANTS, json={"name": "Loja"})
    assert client.post(f"{ASSISTANTS}/Loja/default").json()["is_default"] is True
    assert client.get(f"{ASSISTANTS}/Suporte").json()["is_default"] is False


def test_what_is_exported_can_be_imported(client: TestClient, desk: str) -> None:
    packed = client.get(f"{ASSISTANTS}/Suporte/export")
    assert packed.headers["content-type"] == "application/zip"
    answer = client.post(
        f"{ASSISTANTS}/import", files={"file": ("a.zip", packed.content)}, data={"name": "Cópia"}
    )
    assert answer.status_code == 201
    listed = client.get("/api/v1/documents", params={"assistant": "Cópia"}).json()["data"]
    assert [row["name"] for row in listed] == ["horarios.md"]


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04broken"])
def test_what_is_no_zip_is_refused(client: TestClient, data: bytes) -> None:
    answer = client.post(f"{ASSISTANTS}/import", files={"file": ("a.zip", data)})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("file: ")


def test_a_challenger_is_set_shown_and_taken_away(client: TestClient, desk: str) -> None:
    url = f"{ASSISTANTS}/Suporte/challenger"
    assert client.get(url).json()["model"] is None
    told = client.put(url, json={"use": "fake:echo", "share": 0.2}).json()
    assert (told["model"], told["share"], told["warning"]) == ("fake:echo", 0.2, "")
    assert client.get(url).json() == told
    assert client.delete(url).status_code == 204
    assert client.get(url).json()["number"] is None
    assert client.put(url, json={"use": "99"}).status_code == 404
    assert client.put(url, json={"use": "fake:echo", "share": 2}).status_code == 422
