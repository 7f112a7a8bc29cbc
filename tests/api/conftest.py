"""The API as the outside sees it: mounted at /api, asked over HTTP within the process.

The application is built once a process, as a server does it: it keeps nothing of a home, and
FastAPI takes a second to make all its routes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

HOURS = """# Horários

O suporte atende de segunda a sexta, das 9h às 18h.

## Sábados

Aos sábados o suporte atende das 9h às 13h, só por e-mail.

# Reembolsos

Um pedido de reembolso é respondido em 7 dias úteis pelo setor financeiro.
"""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Its tests take seconds to make: not where none of them is run."""
    left_out = "not prove" in config.getoption("markexpr", "")
    return True if left_out and collection_path.name == "test_fuzz.py" else None


@pytest.fixture(scope="session")
def api() -> Starlette:
    """Everything under /api and /v1."""
    from core.api import mounted

    return Starlette(routes=mounted())


@pytest.fixture
def client(api: Starlette, home: Path) -> Iterator[TestClient]:
    """A client that speaks English and sees a 5xx as an answer, not as an exception."""
    headers = {"accept-language": "en"}
    with TestClient(api, raise_server_exceptions=False, headers=headers) as client:
        yield client


@pytest.fixture
def desk(client: TestClient) -> str:
    """The id of a support assistant whose one document is ready."""
    from core import assistants, retrieval

    made = assistants.create("Suporte", "pt-BR")
    retrieval.add(made.id, "horarios.md", HOURS.encode(), now=True)
    return made.id


@pytest.fixture
def scripted(desk: str) -> Iterator[str]:
    """The same assistant, answered for by the model that speaks from a queue."""
    from core import registry
    from core.llm import fake

    fake.reset()
    registry.choose_model(desk, "fake:script")
    yield desk
    fake.reset()


@pytest.fixture
def asked(client: TestClient, desk: str) -> dict[str, Any]:
    """An answer to a question that the document holds."""
    answer = client.post("/api/v1/query", json={"question": "Qual é o horário aos sábados?"})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told
