"""``/cache``: what is kept to be answered again."""

from starlette.testclient import TestClient

from core.llm import fake

ASKED = {"question": "Qual é o horário aos sábados?"}
SAID = "Aos sábados o suporte atende das 9h às 13h, só por e-mail. [1]"


def ask(client: TestClient) -> bool:
    """Whether the answer was one given before."""
    fake.queue(SAID)
    cached: bool = client.post("/api/v1/query", json=ASKED).json()["cached"]
    return cached


def test_an_answer_says_that_it_was_given_before(client: TestClient, scripted: str) -> None:
    assert [ask(client), ask(client)] == [False, True]
    told = client.get("/api/v1/cache", params={"assistant": "Suporte"}).json()
    assert (told["entries"], told["answers"]) == (1, 1)


def test_forgetting_is_by_assistant(client: TestClient, scripted: str) -> None:
    ask(client)
    assert client.delete("/api/v1/cache", params={"assistant": "Suporte"}).json() == {"cleared": 1}
    assert not ask(client)


def test_an_assistant_that_is_not_there_is_told(client: TestClient, scripted: str) -> None:
    assert client.delete("/api/v1/cache", params={"assistant": "Ninguém"}).status_code == 404
