"""The description of the API and its page: complete, and nothing from elsewhere."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient


@pytest.fixture
def described(client: TestClient) -> dict[str, Any]:
    spec: dict[str, Any] = client.get("/api/openapi.json").json()
    return spec


def operations(spec: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, verb, one) for path, item in spec["paths"].items() for verb, one in item.items()]


def test_paths_begin_where_the_api_is_mounted(described: dict[str, Any]) -> None:
    assert all(path.startswith("/api/v1/") for path in described["paths"])
    assert "/api/v1/query" in described["paths"]


def test_every_route_of_the_contract_is_described(described: dict[str, Any]) -> None:
    present = {(path.removeprefix("/api/v1"), verb) for path, verb, _one in operations(described)}
    assert present >= {
        ("/query", "post"),
        ("/query/{message_id}", "get"),
        ("/conversations", "get"),
        ("/conversations", "post"),
        ("/conversations/{conversation_id}", "get"),
        ("/conversations/{conversation_id}", "patch"),
        ("/conversations/{conversation_id}", "delete"),
        ("/conversations/{conversation_id}/messages", "get"),
        ("/conversations/{conversation_id}/messages", "post"),
        ("/feedback", "post"),
        ("/documents", "post"),
        ("/documents/{document_id}", "get"),
        ("/search", "post"),
        ("/assistants", "post"),
        ("/models", "get"),
        ("/stats", "get"),
    }


def test_every_operation_says_what_it_does(described: dict[str, Any]) -> None:
    assert [one for one in operations(described) if not one[2].get("description")] == []
    assert [one for one in operations(described) if not one[2].get("summary")] == []


def test_every_body_in_json_has_an_example(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    without = []
    for path, _verb, one in operations(described):
        content = one.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        choices = content["schema"].get("oneOf", [content["schema"]])
        named = [schemas[choice["$ref"].rsplit("/", 1)[1]] for choice in choices]
        if not any("examples" in schema or _has_examples(schema) for schema in named):
            without.append(path)
    assert without == []


def _has_examples(schema: dict[str, Any]) -> bool:
    return any("examples" in field for field in schema["properties"].values())


def test_every_operation_describes_its_errors(described: dict[str, Any]) -> None:
    for path, verb, one in operations(described):
        for status, answer in one["responses"].items():
            if status.startswith("4"):
                schema = answer["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Error"}, (path, verb, status)


def test_the_page_has_no_inline_script_and_asks_nobody_else(client: TestClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert re.findall(r"<script(?![^>]* src=)", page.text) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page.text) == []


def test_every_file_of_the_page_is_there(client: TestClient) -> None:
    page = client.get("/api/docs").text
    files = [name for name in re.findall(r"(?:src|href)=\"([^\"]+)\"", page) if "data:" not in name]
    assert len(files) == 4
    for name in files:
        answer = client.get(f"/api/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(("text/css", "text/javascript"))


def test_no_other_file_is_served(client: TestClient) -> None:
    for name in ("nothing.js", "..%2f__init__.py", "swagger-ui.LICENSE.txt"):
        assert client.get(f"/api/docs/{name}").status_code == 404
