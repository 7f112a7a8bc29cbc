"""Documents over the API: taken at once, read in the background, found by search."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

DOCUMENTS = "/api/v1/documents"
NOTE = ("file", ("nota.md", b"# Nota\n\nO canal de incidentes se chama #plantao-suporte.\n"))


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


def changed(client: TestClient, name: str, *texts: str) -> str:
    """The id of a document that has had these texts, one after the other, all read."""
    from core import retrieval

    for text in texts:
        (row,) = client.post(DOCUMENTS, files=[("file", (name, text.encode()))]).json()["data"]
        retrieval.process_waiting()
    return str(row["id"])


def test_a_changed_file_is_a_version_with_a_difference(client: TestClient, desk: str) -> None:
    url = f"{DOCUMENTS}/{changed(client, 'a.txt', 'O plano custa R$ 90.', 'O plano custa R$ 95.')}"
    document = client.get(url).json()
    assert (document["version"], document["newest"], document["state"]) == (2, 2, "ready")
    versions = client.get(f"{url}/versions").json()["data"]
    assert [row["number"] for row in versions] == [2, 1]
    found = client.get(f"{url}/diff").json()
    assert [(line["mark"], line["text"]) for line in found["lines"]] == [
        ("-", "O plano custa R$ 90."),
        ("+", "O plano custa R$ 95."),
    ]
    turned = client.get(f"{url}/diff", params={"a": 2, "b": 1}).json()
    assert (turned["a"], turned["b"]) == (2, 1)
    assert client.get(f"{url}/text", params={"version": 1}).json()["text"] == "O plano custa R$ 90."


@pytest.mark.parametrize("way", ["diff?a=7", "diff?a=1&b=7", "text?version=7"])
def test_a_version_that_is_not_there_is_not_found(client: TestClient, desk: str, way: str) -> None:
    (row,) = client.get(DOCUMENTS).json()["data"]
    answer = client.get(f"{DOCUMENTS}/{row['id']}/{way}")
    assert answer.status_code == 404
    assert "7" in answer.json()["message"]


def test_dates_decide_what_a_search_at_a_day_sees(client: TestClient, desk: str) -> None:
    (row,) = client.get(DOCUMENTS).json()["data"]
    url, search = f"{DOCUMENTS}/{row['id']}", {"query": "reembolso"}
    until = client.patch(url, json={"valid_to": "2026-03-31"}).json()
    assert (until["valid_from"], until["valid_to"]) == (None, "2026-03-31")
    found = client.post("/api/v1/search", json={**search, "at": "2026-03-31"}).json()["data"]
    assert [(hit["document_id"], hit["version"]) for hit in found][:1] == [(row["id"], 1)]
    assert client.post("/api/v1/search", json={**search, "at": "2026-04-01"}).json()["data"] == []
    assert client.post("/api/v1/search", json=search).json()["data"] == []
    opened = client.patch(url, json={"valid_to": None}).json()
    assert opened["valid_to"] is None
    assert client.post("/api/v1/search", json=search).json()["data"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "valid_to"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"valid_from": 20260201}, "valid_from"),
        ({"masks": ["name"]}, "masks.0"),
        ({"state": "ready"}, "state"),
    ],
)
def test_a_change_that_cannot_be_names_its_field_and_changes_nothing(
    client: TestClient, desk: str, body: dict[str, object], field: str
) -> None:
    (row,) = client.get(DOCUMENTS).json()["data"]
    answer = client.patch(f"{DOCUMENTS}/{row['id']}", json=body)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(f"{field}: ")
    assert client.get(f"{DOCUMENTS}/{row['id']}").json() == row


def test_personal_data_is_told_and_hidden_as_chosen(client: TestClient, desk: str) -> None:
    from core import retrieval

    text = "CPF 900.000.101-38, telefone (11) 90000-1234."
    url = f"{DOCUMENTS}/{changed(client, 'a.txt', text)}"
    document = client.get(url).json()
    assert (document["personal"], document["masks"]) == ({"cpf": 1, "phone": 1}, ["cpf", "card"])
    waiting = client.patch(url, json={"masks": ["phone"]}).json()
    assert (waiting["state"], waiting["version"]) == ("queued", 1)
    assert waiting["progress"]["share"] == 0
    retrieval.process_waiting()
    shown = client.get(f"{url}/text").json()["text"]
    assert "900.000.101-38" in shown
    assert "90000-1234" not in shown


def test_use_is_told_where_it_is_asked_for(client: TestClient, asked: dict[str, object]) -> None:
    (plain,) = client.get(DOCUMENTS).json()["data"]
    assert plain["usage"] is None
    (row,) = client.get(DOCUMENTS, params={"usage": True}).json()["data"]
    assert row["usage"]["used"] >= row["usage"]["cited"] == 1
    assert row["usage"]["last_used"]


def test_the_figures_tell_how_long_reading_will_take(client: TestClient, desk: str) -> None:
    client.post(DOCUMENTS, files=[NOTE])
    stats = client.get("/api/v1/stats").json()
    assert stats["documents_waiting"] == 1
    assert stats["documents_seconds_left"] > 0
    (row, _desks) = client.get(DOCUMENTS).json()["data"]
    assert row["progress"]["seconds_left"] > 0


def added(client: TestClient, *names: str) -> list[str]:
    """The ids of documents of these names, read."""
    from core import retrieval

    files = [("file", (name, f"O texto de {name} fala do suporte.".encode())) for name in names]
    rows = client.post(DOCUMENTS, files=files).json()["data"]
    retrieval.process_waiting()
    return [row["id"] for row in rows]


def test_what_became_of_a_file_is_told(client: TestClient, desk: str) -> None:
    def what(text: bytes) -> str:
        return str(
            client.post(DOCUMENTS, files=[("file", ("a.txt", text))]).json()["data"][0]["what"]
        )

    from core import retrieval

    assert what(b"um") == "added"
    retrieval.process_waiting()
    assert what(b"um") == "already_here"
    assert what(b"dois") == "new_version"


def test_documents_are_found_by_any_writing_of_their_names(client: TestClient, desk: str) -> None:
    added(client, "Cancelamento à vista.md", "b.md")
    found = client.get(DOCUMENTS, params={"search": "A VISTA cancel"}).json()
    assert [row["name"] for row in found["data"]] == ["Cancelamento à vista.md"]
    assert (found["total"], found["counts"]["all"], found["counts"]["ready"]) == (1, 1, 1)


@pytest.mark.slow
@pytest.mark.parametrize("sort", ["added", "name", "used", "cited", "wrong", "pages", "chunks"])
def test_every_order_comes_in_pages_without_gap_or_repeat(
    client: TestClient, desk: str, sort: str
) -> None:
    added(client, *(f"{name}.txt" for name in "dbÁca"))
    names: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        wanted = {"sort": sort, "limit": "2", **({"cursor": cursor} if cursor else {})}
        page = client.get(DOCUMENTS, params=wanted).json()
        names += [row["name"] for row in page["data"]]
        cursor = page["next_cursor"]
    assert len(names) == len(set(names)) == 6
    if sort == "name":
        assert names == ["Á.txt", "a.txt", "b.txt", "c.txt", "d.txt", "horarios.md"]


@pytest.mark.parametrize(
    "query", ["state=lost", "only=lost", "sort=lost", "cursor=lost", "search=%00", "limit=0"]
)
def test_a_filter_that_there_is_not_names_its_field(
    client: TestClient, desk: str, query: str
) -> None:
    answer = client.get(f"{DOCUMENTS}?{query}")
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(query.partition("=")[0]) or "cursor" in answer.text


@pytest.mark.slow
def test_many_are_removed_and_restored_though_one_is_not_there(
    client: TestClient, desk: str
) -> None:
    ids = added(client, "a.txt", "b.txt", "c.txt")
    body = {"action": "remove", "ids": [ids[0], "nothing", ids[2]]}
    for _again in range(2):
        done = client.post(f"{DOCUMENTS}/bulk", json=body).json()
        assert [row["id"] for row in done["done"]] == [ids[0], ids[2]]
        assert [(one["id"], one["error"]["code"]) for one in done["failed"]] == [
            ("nothing", "not_found")
        ]
    assert client.get(DOCUMENTS).json()["total"] == 2
    client.post(f"{DOCUMENTS}/bulk", json={"action": "restore", "ids": ids})
    assert client.get(DOCUMENTS).json()["total"] == 4


def test_many_get_dates_and_masks_but_for_those_removed(client: TestClient, desk: str) -> None:
    ids = added(client, "a.txt", "b.txt")
    client.delete(f"{DOCUMENTS}/{ids[1]}")
    body = {"action": "change", "ids": ids, "valid_to": "2026-03-31", "masks": ["phone"]}
    done = client.post(f"{DOCUMENTS}/bulk", json=body).json()
    assert [(row["id"], row["valid_to"], row["masks"]) for row in done["done"]] == [
        (ids[0], "2026-03-31", ["phone"])
    ]
    assert [one["id"] for one in done["failed"]] == [ids[1]]
    assert client.get(DOCUMENTS, params={"only": "expired"}).json()["total"] == 1


@pytest.mark.slow
def test_failed_ones_are_read_again(client: TestClient, desk: str, home: Path) -> None:
    from core import retrieval

    (id_,) = added(client, "a.txt")
    (kept,) = [file for file in (home / "documents").iterdir() if b"a.txt" in file.read_bytes()]
    text = kept.read_bytes()
    kept.unlink()
    client.post(f"{DOCUMENTS}/bulk", json={"action": "reread", "ids": [id_]})
    retrieval.process_waiting()
    failed = client.get(DOCUMENTS, params={"state": "failed"}).json()["data"]
    assert [(row["error"]["code"], row["version"]) for row in failed] == [("file_gone", 1)]
    assert client.get(f"{DOCUMENTS}/{id_}/file").json()["code"] == "file_gone"
    kept.write_bytes(text)
    client.post(f"{DOCUMENTS}/bulk", json={"action": "reread", "ids": [id_]})
    retrieval.process_waiting()
    assert client.get(f"{DOCUMENTS}/{id_}").json()["state"] == "ready"


def test_why_a_document_failed_is_told_in_the_readers_language(
    client: TestClient, desk: str
) -> None:
    from core import i18n, retrieval

    broken = ("file", ("broken.pdf", b"%PDF-1.7\nthis is no PDF"))
    client.post(DOCUMENTS, files=[broken])
    with i18n.speaking("pt-BR"):
        retrieval.process_waiting()
    for language, said in (("en", "is damaged"), ("pt-BR", "está danificado")):
        headers = {"accept-language": language}
        (row,) = client.get(DOCUMENTS, params={"only": "failed"}, headers=headers).json()["data"]
        assert said in row["error"]["message"]
        assert row["error"]["hint"]


def test_a_file_comes_back_as_it_was_and_is_saved_not_shown(client: TestClient, desk: str) -> None:
    page = "<html><body><script>alert(1)</script><p>Olá, suporte.</p></body></html>".encode()
    name = 'pasta/á";x=.html'
    (row,) = client.post(DOCUMENTS, files=[("file", (name, page))]).json()["data"]
    answer = client.get(f"{DOCUMENTS}/{row['id']}/file")
    assert answer.content == page
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "\n" not in answer.headers["content-disposition"]
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    client.delete(f"{DOCUMENTS}/{row['id']}")
    assert client.get(f"{DOCUMENTS}/{row['id']}/file").status_code == 404
