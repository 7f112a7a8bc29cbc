"""The fake model that ships with the product."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from core.errors import ModelFailed
from core.llm import fake, open_model

PASSAGES = [
    {"number": 1, "text": "A loja abre às 9h. Fecha às 18h.", "score": 1.0, "heading": ""},
    {"number": 2, "text": "Aos sábados fecha às 13h.", "score": 0.5, "heading": ""},
]
ASKING = HumanMessage(
    "Quando abre?",
    additional_kwargs={
        "ciclo": {"question": "Quando abre?", "language": "pt-BR", "passages": PASSAGES}
    },
)


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    fake.reset()
    yield
    fake.reset()


async def heard(name: str = "fake:echo") -> list[Any]:
    return [chunk async for chunk in open_model(name).astream([ASKING])]


def test_it_says_what_was_queued_in_order() -> None:
    fake.queue("First.", fake.Reply("Second."))
    assert [open_model("fake:x").invoke("?").text for _ in range(2)] == ["First.", "Second."]


def test_it_remembers_what_it_was_asked_and_how() -> None:
    open_model("fake:x", temperature=0.5).invoke([SystemMessage("Be brief."), ASKING])
    (asked,) = fake.asked
    assert (asked.model, asked.parameters) == ("x", {"temperature": 0.5})
    assert asked.text == "Be brief.\nQuando abre?"


def test_without_a_script_it_answers_from_the_passages_always_alike() -> None:
    answers = {open_model("fake:x").invoke([ASKING]).text for _ in range(3)}
    assert answers == {"A loja abre às 9h. [1] Aos sábados fecha às 13h. [2]"}


def test_it_streams_word_by_word_and_ends_with_its_done_mark() -> None:
    fake.queue("um dois  três")
    chunks = asyncio.run(heard())
    assert [chunk.content for chunk in chunks] == ["um", " dois", "  três", ""]
    assert chunks[-1].response_metadata["done"] is True
    assert chunks[-1].usage_metadata["output_tokens"] == 3


def test_its_thoughts_come_before_its_words() -> None:
    fake.queue(fake.Reply("Sim.", reasoning="Hm."))
    chunks = asyncio.run(heard())
    assert chunks[0].additional_kwargs["reasoning_content"] == "Hm."
    assert chunks[1].content == "Sim."


def test_an_error_comes_after_the_text_that_was_said() -> None:
    fake.queue(fake.Reply("Metade da", error=ModelFailed("broken", code="refused")))
    said: list[str] = []

    async def listen() -> None:
        async for chunk in open_model("fake:x").astream([ASKING]):
            said.append(str(chunk.content))

    with pytest.raises(ModelFailed, match="broken"):
        asyncio.run(listen())
    assert "".join(said) == "Metade da"


def test_an_error_alone_comes_at_once() -> None:
    fake.queue(ModelFailed("down", code="busy"))
    with pytest.raises(ModelFailed, match="down"):
        asyncio.run(heard())


def test_a_cut_off_answer_has_no_done_mark() -> None:
    fake.queue(fake.Reply("Metade", cut_off=True))
    with pytest.raises(ModelFailed) as caught:
        asyncio.run(heard())
    assert caught.value.code == "cut_off"


def test_delays_leave_the_event_loop_free() -> None:
    fake.queue(*[fake.Reply("um dois", delay=0.1, pause=0.1)] * 5)

    async def five_at_once() -> float:
        begun = time.perf_counter()
        await asyncio.gather(*(heard() for _ in range(5)))
        return time.perf_counter() - begun

    assert asyncio.run(five_at_once()) < 0.9  # one after the other would be 1.0 and more


def test_cancelling_takes_effect_at_once() -> None:
    fake.queue(fake.Reply("tarde", delay=30))

    async def stop() -> None:
        task = asyncio.create_task(heard())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    begun = time.perf_counter()
    asyncio.run(stop())
    assert time.perf_counter() - begun < 1
