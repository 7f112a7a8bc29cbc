"""The official client and LangChain's, as anybody has them, against the real server.

Both take a second to load: each test does it, so that runs without these tests do not.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest
from pydantic import SecretStr

from tests.conftest import Server

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types.chat import ChatCompletionMessageParam

QUESTION = "Qual é o horário aos sábados?"
HOURS = "# Horários\n\nAos sábados o suporte atende das 9h às 13h, só por e-mail.\n"
ASSISTANT = "Balcão"


@pytest.fixture(scope="module")
def base_url(server: Server) -> str:
    """The door's address, with one assistant behind it whose document is ready."""
    with httpx.Client(base_url=f"{server.url}/api/v1") as client:
        client.post("/assistants", json={"name": ASSISTANT}).raise_for_status()
        sent = {"file": ("horarios.md", HOURS.encode())}
        added = client.post("/documents", files=sent, data={"assistant": ASSISTANT}).json()
        place = f"/documents/{added['data'][0]['id']}"
        while client.get(place).json()["state"] != "ready":
            pass
    return f"{server.url}/v1"


@pytest.fixture
def client(base_url: str) -> "Iterator[OpenAI]":
    import openai

    with openai.OpenAI(base_url=base_url, api_key="none") as client:
        yield client


def test_the_official_client_lists_and_asks(client: "OpenAI", server: Server) -> None:
    assert ASSISTANT in [one.id for one in client.models.list()]
    told = client.chat.completions.create(
        model=ASSISTANT, messages=[{"role": "user", "content": QUESTION}]
    )
    message = told.choices[0].message
    assert "9h às 13h" in (message.content or "")
    assert message.annotations
    cited = message.annotations[0].url_citation
    assert cited.title == "horarios.md"
    assert httpx.get(cited.url).status_code == 200
    assert cited.url.startswith(server.url)


def test_the_official_client_streams(client: "OpenAI") -> None:
    stream = client.chat.completions.create(
        model=ASSISTANT,
        messages=[{"role": "user", "content": QUESTION}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert "9h às 13h" in text
    assert chunks[-1].usage is not None


def test_the_official_clients_errors_are_those_of_its_kind(client: "OpenAI") -> None:
    import openai

    with pytest.raises(openai.NotFoundError, match="Ninguém"):
        client.chat.completions.create(
            model="Ninguém", messages=[{"role": "user", "content": QUESTION}]
        )
    with pytest.raises(openai.BadRequestError, match="temperature"):
        client.chat.completions.create(
            model=ASSISTANT, messages=[{"role": "user", "content": QUESTION}], temperature=9
        )


def test_langchain_asks_and_streams(base_url: str) -> None:
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model=ASSISTANT, base_url=base_url, api_key=SecretStr("none"))
    assert "9h às 13h" in str(model.invoke(QUESTION).content)
    assert "9h às 13h" in "".join(str(chunk.content) for chunk in model.stream(QUESTION))


def test_a_conversation_held_by_the_client_is_one_conversation_here(
    client: "OpenAI", server: Server
) -> None:
    said: list[ChatCompletionMessageParam] = []
    talks = set()
    for question in (QUESTION, "Por e-mail ou por telefone?", "A que horas fecha?"):
        said.append({"role": "user", "content": question})
        told = client.chat.completions.create(model=ASSISTANT, messages=said, user="ana")
        said.append({"role": "assistant", "content": told.choices[0].message.content})
        talks.add((told.model_extra or {})["ciclo"]["conversation_id"])
    assert len(talks) == 1
    messages = httpx.get(f"{server.url}/api/v1/conversations/{talks.pop()}/messages").json()
    assert len(messages["data"]) == 6


def test_a_token_as_the_key_asks_in_its_persons_name_and_only_what_it_is_for(
    base_url: str, server: Server
) -> None:
    import openai

    ana = {"X-Ciclo-Person": "Ana"}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=ana) as here:
        asks, rates = (
            here.post("/tokens", json={"name": "bot", "scopes": [deed]}).json()["secret"]
            for deed in ("ask", "rate")
        )
        me = here.get("/me").json()["id"]
    words: list[ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]
    with openai.OpenAI(base_url=base_url, api_key=asks) as client:
        told = client.chat.completions.create(model=ASSISTANT, messages=words)
    id_ = (told.model_extra or {})["ciclo"]["conversation_id"]
    with closing(sqlite3.connect(server.home / "ciclo.db")) as stored:
        whose = stored.execute("SELECT person_id FROM conversations WHERE id = ?", (id_,))
        assert whose.fetchone() == (me,)
    for key, error in (
        (rates, openai.PermissionDeniedError),
        (asks[:-2], openai.AuthenticationError),
    ):
        with openai.OpenAI(base_url=base_url, api_key=key) as client, pytest.raises(error):
            client.chat.completions.create(model=ASSISTANT, messages=words)
