"""Documents over the API: taken at once, read in the background, found by search."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

DOCUMENTS = "/api/v1/documents"
NOTE = ("file", ("nota.md", b"# Nota\n\nO canal de incidentes se chama #plantao-suporte.\n"))


def test_a_document_is_accepted_then_ready_then_found(client: TestClient, desk: str) -> None:
    from core import retrieval

    answer = client.post(DOCUMENTS, files=[NOTE], data={"assistant": "Suporte"})
    assert answer.status_code == 202
    (document,) = answer.json()["data"]
    url = f"{DOCUMENTS}/{document['id']}"
    assert client.get(url).json()["state"] == "queued"
    retrieval.process_waiting()
    assert client.get(url).json()["state"] == "ready"
    found = client.post("/api/v1/search", json={"query": "canal de incidentes"}).json()["data"]
    assert found[0]["document_id"] == document["id"]


def test_several_files_go_in_one_request(client: TestClient, desk: str) -> None:
    other = ("file", ("outra.txt", "Os backups são feitos às 3h.".encode()))
    added = client.post(DOCUMENTS, files=[NOTE, other]).json()
    assert [row["name"] for row in added["data"]] == ["nota.md", "outra.txt"]


def test_a_refused_file_is_told_beside_those_that_were_taken(client: TestClient, desk: str) -> None:
    program = ("file", ("setup.exe", b"MZ\x00\x01"))
    answer = client.post(DOCUMENTS, files=[NOTE, program])
    assert answer.status_code == 202
    (refused,) = answer.json()["refused"]
    assert (refused["name"], refused["error"]["code"]) == ("setup.exe", "unsupported_type")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("setup.exe", b"MZ\x00\x01", "unsupported_type"),
        ("leer.md", b"", "empty_file"),
        ("x" * 400 + ".md", b"text", "bad_name"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    client: TestClient, desk: str, name: str, data: bytes, code: str
) -> None:
    answer = client.post(DOCUMENTS, files=[("file", (name, data))])
    assert answer.status_code == 422
    assert answer.json()["code"] == code


def test_a_damaged_file_fails_with_the_reason(client: TestClient, desk: str) -> None:
    from core import retrieval

    broken = ("file", ("broken.pdf", b"%PDF-1.7\nthis is no PDF"))
    (document,) = client.post(DOCUMENTS, files=[broken]).json()["data"]
    retrieval.process_waiting()
    failed = client.get(f"{DOCUMENTS}/{document['id']}").json()
    assert failed["state"] == "failed"
    assert failed["error"]["code"] == "damaged"
    assert failed["error"]["message"]


def test_the_same_file_twice_is_one_document(client: TestClient, desk: str) -> None:
    first, second = (client.post(DOCUMENTS, files=[NOTE]).json() for _i in range(2))
    assert first["data"][0]["id"] == second["data"][0]["id"]


def test_without_a_file_the_answer_names_the_field(client: TestClient, desk: str) -> None:
    answer = client.post(DOCUMENTS, data={"assistant": "Suporte"})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("file: ")


def test_an_unknown_assistant_is_not_found(client: TestClient, desk: str) -> None:
    answer = client.post(DOCUMENTS, files=[NOTE], data={"assistant": "Nobody"})
    assert answer.status_code == 404


def test_a_removed_document_leaves_search_and_comes_back(client: TestClient, desk: str) -> None:
    (row,) = client.get(DOCUMENTS).json()["data"]
    url = f"{DOCUMENTS}/{row['id']}"
    question = {"query": "reembolso"}
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404
    assert client.get(f"{url}/text").status_code == 404
    assert client.post("/api/v1/search", json=question).json()["data"] == []
    assert client.post(f"{url}/restore").status_code == 200
    assert client.post("/api/v1/search", json=question).json()["data"] != []


def test_the_list_comes_in_pages(client: TestClient, desk: str) -> None:
    for i in range(4):
        client.post(DOCUMENTS, files=[("file", (f"n{i}.txt", f"nota {i}".encode()))])
    first = client.get(DOCUMENTS, params={"limit": 3, "assistant": desk}).json()
    rest = client.get(DOCUMENTS, params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert len({row["id"] for row in first["data"] + rest["data"]}) == 5
    assert rest["next_cursor"] is None


def test_an_upload_larger_than_the_limit_is_refused_unread(
    client: TestClient, desk: str, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    from core.config import settings

    monkeypatch.setenv("CICLO_MAX_UPLOAD_MB", "1")
    settings.cache_clear()
    answer = client.post(DOCUMENTS, files=[("file", ("big.txt", b"x" * (3 << 20)))])
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"
