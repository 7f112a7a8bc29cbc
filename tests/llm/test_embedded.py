"""The embedded engine as a chat model: it quotes, and says where from."""

import asyncio
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from core.errors import ModelFailed
from core.llm import open_model

HOURS = {
    "number": 3,
    "text": "A loja abre de segunda a sexta às 9h. O estacionamento é gratuito.",
    "score": 1.0,
    "heading": "Horários",
}


def asking(question: str, *passages: dict[str, Any], language: str = "pt-BR") -> list[Any]:
    beside = {"question": question, "language": language, "passages": list(passages)}
    return [SystemMessage("…"), HumanMessage(question, additional_kwargs={"ciclo": beside})]


def end_of(reply: Any) -> dict[str, Any]:
    return dict(reply.response_metadata)


def test_an_answer_is_a_quoted_sentence_with_its_mark() -> None:
    reply = open_model("embedded:quotes").invoke(asking("Quando a loja abre?", HOURS))
    assert reply.text.startswith("A loja abre de segunda a sexta às 9h. [3]")
    assert end_of(reply)["outcome"] == "answered"


def test_the_metadata_says_where_the_quoted_words_lie() -> None:
    reply = open_model("embedded:quotes").invoke(asking("Quando a loja abre?", HOURS))
    quote = end_of(reply)["quotes"][0]
    text = str(HOURS["text"])
    assert quote["number"] == 3
    assert text[quote["start"] : quote["end"]] == "A loja abre de segunda a sexta às 9h."


def test_it_streams_words_that_join_to_the_answer_and_ends_with_its_done_mark() -> None:
    model, messages = open_model("embedded:quotes"), asking("Quando a loja abre?", HOURS)

    async def listen() -> list[Any]:
        return [chunk async for chunk in model.astream(messages)]

    chunks = asyncio.run(listen())
    assert len(chunks) > 5
    assert "".join(str(chunk.content) for chunk in chunks) == model.invoke(messages).text
    assert chunks[-1].response_metadata["done"] is True
    assert chunks[-1].usage_metadata["output_tokens"] > 0
    assert all(not chunk.response_metadata for chunk in chunks[:-1])


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_without_an_answer_it_says_so_without_a_mark(language: str) -> None:
    question = "Qual é a capital da Mongólia?"
    reply = open_model("embedded:quotes").invoke(asking(question, HOURS, language=language))
    assert end_of(reply)["outcome"] == "not_found"
    assert end_of(reply)["quotes"] == []
    assert "[" not in reply.text
    assert reply.text


def test_that_nothing_was_found_is_said_in_the_assistants_language() -> None:
    reply = open_model("embedded:quotes").invoke(asking("Capital of Mongolia?", language="en"))
    assert reply.text == "The documents do not hold an answer to this."


def test_no_passages_are_no_answer() -> None:
    reply = open_model("embedded:quotes").invoke(asking("Quando abre?"))
    assert end_of(reply)["outcome"] == "not_found"


def test_a_task_other_than_quoting_is_refused() -> None:
    with pytest.raises(ModelFailed) as caught:
        open_model("embedded:quotes").invoke("Rewrite this question.")
    assert caught.value.code == "refused"


def test_it_can_be_stopped_between_two_words() -> None:
    long = {"number": 1, "text": "A loja abre " + "sempre " * 400 + "às 9h.", "score": 1.0}

    async def stop() -> int:
        heard = 0

        async def listen() -> None:
            nonlocal heard
            async for _chunk in open_model("embedded:quotes").astream(asking("loja abre?", long)):
                heard += 1
                if heard == 3:
                    task.cancel()

        task = asyncio.create_task(listen())
        with pytest.raises(asyncio.CancelledError):
            await task
        return heard

    assert asyncio.run(stop()) <= 4
