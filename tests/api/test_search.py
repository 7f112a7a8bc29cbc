"""Search by hand over the API."""

import pytest
from starlette.testclient import TestClient

SEARCH = "/api/v1/search"


def test_a_hit_says_where_its_text_stands(client: TestClient, desk: str) -> None:
    hit = client.post(SEARCH, json={"query": "reembolso", "assistant": "Suporte", "k": 1}).json()
    (hit,) = hit["data"]
    text = client.get(f"/api/v1/documents/{hit['document_id']}/text").json()["text"]
    assert set(hit) >= {"document", "document_id", "text", "page", "start", "end", "score"}
    assert text[hit["start"] : hit["end"]] == hit["text"]
    assert 0 <= hit["score"] <= 1


@pytest.mark.slow
def test_k_bounds_the_number_of_hits(client: TestClient, desk: str) -> None:
    from core import retrieval

    for i in range(4):
        retrieval.add(desk, f"n{i}.txt", f"O suporte atende a loja {i}.".encode(), now=True)
    hits = client.post(SEARCH, json={"query": "suporte atende", "k": 2}).json()["data"]
    assert len(hits) == 2
    assert hits[0]["score"] >= hits[1]["score"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query", ""),
        ("query", " "),
        ("k", 0),
        ("k", 51),
        ("k", 1.5),
        ("at", "soon"),
        ("at", 10**30),
        ("at", 0.5),
        ("at", "1700000000"),
    ],
)
def test_bad_input_names_the_field(
    client: TestClient, desk: str, field: str, value: object
) -> None:
    answer = client.post(SEARCH, json={"query": "reembolso", field: value})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(f"{field}: ")


def test_a_date_is_taken(client: TestClient, desk: str) -> None:
    answer = client.post(SEARCH, json={"query": "reembolso", "at": "2026-03-01"})
    assert answer.status_code == 200


def test_a_search_in_an_assistant_without_documents_finds_nothing(
    client: TestClient, desk: str
) -> None:
    client.post("/api/v1/assistants", json={"name": "Vazio"})
    answer = client.post(SEARCH, json={"query": "reembolso", "assistant": "Vazio"})
    assert answer.json() == {"data": [], "meaning": "", "explanation": None}


def test_a_search_explains_itself_where_it_is_asked_to(client: TestClient, desk: str) -> None:
    asked = {"query": "quando é respondido o reenbolso do marciano", "k": 2}
    plain = client.post(SEARCH, json=asked).json()
    told = client.post(SEARCH, json={**asked, "explain": True}).json()
    assert [{**hit, "why": None} for hit in told["data"]] == plain["data"]
    assert told["explanation"]["unknown"] == ["marciano"]
    assert told["explanation"]["stopwords"] == ["quando", "é", "o", "do"]
    (first, *_rest) = told["data"]
    why = first["why"]
    assert sum(why["points"].values()) == pytest.approx(first["score"], abs=1e-4)
    (word,) = [one for one in why["matched"] if one["word"] == "reenbolso"]
    assert word["how"] == "alike"
    assert [first["text"][a:b] for a, b in word["spans"]] == word["found"]
    assert "“reenbolso” was read as" in why["said"]


def test_blanks_round_a_question_count_as_they_were_sent(client: TestClient, desk: str) -> None:
    answer = client.post("/api/v1/search", json={"query": " " * 4000 + "horário"})
    assert answer.status_code == 422
    assert "4000" in answer.json()["message"]
