"""A chat on an Ollama server, with LangChain's real client over real HTTP."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from core.config import settings
from core.errors import ModelFailed
from core.llm import open_model
from tests.fake_ollama import FakeModel, FakeOllama

ASKING = [HumanMessage("Quando abre a loja?")]


async def heard(**parameters: Any) -> tuple[str, list[Any]]:
    """The text of an answer and its chunks."""
    chunks = [chunk async for chunk in open_model("ollama:llama3.2", **parameters).astream(ASKING)]
    return "".join(str(chunk.content) for chunk in chunks), chunks


def failure_of(fault: str, server: FakeOllama) -> tuple[ModelFailed, str]:
    """How a fault arrives, and what was heard before it."""
    server.faults["/api/chat"] = fault
    said: list[str] = []

    async def listen() -> None:
        async for chunk in open_model("ollama:llama3.2").astream(ASKING):
            said.append(str(chunk.content))

    with pytest.raises(ModelFailed) as caught:
        asyncio.run(listen())
    return caught.value, "".join(said)


def test_an_answer_streams_word_by_word_and_ends_with_its_done_mark(server: FakeOllama) -> None:
    text, chunks = asyncio.run(heard())
    assert text == server.says
    assert len(chunks) == len(server.says.split()) + 1
    assert chunks[-1].response_metadata["done"] is True
    assert chunks[-1].response_metadata["done_reason"] == "stop"
    assert chunks[-1].usage_metadata["output_tokens"] == len(server.says.split())


def test_the_same_answer_can_be_had_at_once(server: FakeOllama) -> None:
    reply = open_model("ollama:llama3.2").invoke(ASKING)
    assert reply.text == server.says
    assert reply.response_metadata["done"] is True


def test_num_ctx_and_keep_alive_are_always_sent(server: FakeOllama) -> None:
    asyncio.run(heard())
    body = server.bodies("/api/chat")[0]
    assert body["options"]["num_ctx"] == 8192
    assert body["keep_alive"] == "15m"


def test_our_parameters_arrive_under_the_names_of_ollama(server: FakeOllama) -> None:
    asyncio.run(heard(max_tokens=77, temperature=0.3, seed=5, top_p=0.9))
    options = server.bodies("/api/chat")[0]["options"]
    assert options["num_predict"] == 77
    assert (options["temperature"], options["seed"], options["top_p"]) == (0.3, 5, 0.9)


def test_thoughts_come_apart_from_the_answer(server: FakeOllama) -> None:
    server.models = [FakeModel("llama3.2", capabilities=("completion", "thinking"))]
    text, chunks = asyncio.run(heard(reasoning=True))
    thoughts = "".join(c.additional_kwargs.get("reasoning_content", "") for c in chunks)
    assert (thoughts, text) == (server.thinks, server.says)


def test_thoughts_that_nobody_asked_for_are_heard_all_the_same(server: FakeOllama) -> None:
    server.models = [FakeModel("llama3.2", capabilities=("completion", "thinking"))]
    text, chunks = asyncio.run(heard())
    assert chunks[0].additional_kwargs["reasoning_content"]
    assert text == server.says
    assert "think" not in server.bodies("/api/chat")[0]


def test_a_model_that_cannot_be_silenced_is_asked_for_little_and_its_thoughts_are_heard(
    server: FakeOllama,
) -> None:
    server.models = [FakeModel("gpt-oss:20b", capabilities=("completion", "thinking"))]
    chat = open_model("ollama:gpt-oss:20b", reasoning=False)
    reply = chat.invoke(ASKING)
    assert server.bodies("/api/chat")[0]["think"] == "low"
    assert (reply.text, reply.additional_kwargs["reasoning_content"]) == (
        server.says,
        server.thinks,
    )


def test_tagged_thoughts_of_an_old_model_are_cut_out_of_its_answer(server: FakeOllama) -> None:
    server.says = "<think> Hm, let me see. </think> A loja abre às 9h."
    text, _chunks = asyncio.run(heard())
    assert text == "A loja abre às 9h."


def test_loading_reading_and_writing_are_timed_apart(server: FakeOllama) -> None:
    _text, chunks = asyncio.run(heard())
    told = chunks[-1].response_metadata
    times = [told[f"{name}_seconds"] for name in ("load", "prompt", "generation")]
    assert times == pytest.approx([0.1, 0.3, 0.5])


def test_one_num_ctx_serves_every_use_of_a_model(server: FakeOllama) -> None:
    for parameters in ({"num_ctx": 16_384}, {}, {"num_ctx": 4096}, {"num_ctx": 16_384}):
        asyncio.run(heard(**parameters))
    asked = [body["options"]["num_ctx"] for body in server.bodies("/api/chat")]
    assert asked == [16_384] * 4


def test_a_prompt_that_the_server_cut_is_told_as_cut(server: FakeOllama) -> None:
    long = [HumanMessage("palavra " * 9000)]
    reply = open_model("ollama:llama3.2").invoke(long)
    assert reply.response_metadata["prompt_read"] == "cut"
    assert reply.response_metadata["tokens_counted"] > 9000
    whole = open_model("ollama:llama3.2").invoke([HumanMessage("palavra " * 4000)])
    assert "prompt_read" not in whole.response_metadata


def test_a_model_told_not_to_think_does_not(server: FakeOllama) -> None:
    server.models = [FakeModel("llama3.2", capabilities=("completion", "thinking"))]
    asyncio.run(heard(reasoning=False))
    assert server.bodies("/api/chat")[0]["think"] is False


def test_a_model_that_cannot_think_is_not_asked_to(server: FakeOllama) -> None:
    assert asyncio.run(heard(reasoning=True))[0] == server.says
    assert not server.bodies("/api/chat")[0].get("think")


@pytest.mark.parametrize(
    ("fault", "code", "before"),
    [
        ("missing", "model_missing", ""),
        ("busy", "busy", ""),
        ("refused", "refused", ""),
        ("silence", "timed_out", ""),
        ("stall", "timed_out", "A loja"),
        ("tcp_cut", "cut_off", "A loja"),
        ("early_end", "cut_off", "A loja"),
        ("dropped", "cut_off", ""),
        ("drip", "timed_out", ""),
        ("error_line", "cut_off", "A loja"),
        ("load_only", "cut_off", ""),
        ("broken_json", "bad_answer", "A loja"),
        ("empty", "bad_answer", ""),
        ("html", "bad_answer", ""),
        ("html_502", "not_reachable", ""),
    ],
)
def test_every_fault_arrives_as_one_of_our_codes(
    server: FakeOllama, fault: str, code: str, before: str
) -> None:
    failure, said = failure_of(fault, server)
    assert (failure.code, said) == (code, before)
    assert failure.message
    assert failure.hint


@pytest.mark.parametrize("fault", ["tcp_cut", "early_end", "broken_json", "error_line", "missing"])
def test_without_streaming_the_faults_are_the_same(server: FakeOllama, fault: str) -> None:
    server.faults["/api/chat"] = fault
    with pytest.raises(ModelFailed):
        open_model("ollama:llama3.2").invoke(ASKING)


def test_nobody_listening_is_not_reachable(home: Path) -> None:
    with pytest.raises(ModelFailed) as caught:
        asyncio.run(heard())
    assert caught.value.code == "not_reachable"
    assert settings().ollama in caught.value.message


def test_the_message_of_a_missing_model_names_it_and_how_to_get_it(server: FakeOllama) -> None:
    server.models = []
    failure, _said = failure_of("", server)
    assert failure.code == "model_missing"
    assert "llama3.2" in failure.message
    assert "ollama pull llama3.2" in failure.hint


def test_a_slow_first_word_within_the_limit_is_waited_for(server: FakeOllama) -> None:
    server.faults["/api/chat"], server.delay = "slow_start", 0.2
    assert asyncio.run(heard())[0] == server.says


def test_words_that_keep_coming_may_take_longer_than_the_silence_allowed(
    server: FakeOllama,
) -> None:
    server.pause = 0.15
    assert asyncio.run(heard())[0] == server.says


def test_cancelling_takes_effect_at_once_and_the_server_hears_of_it(server: FakeOllama) -> None:
    server.says, server.pause = "palavra " * 200, 0.02

    async def stop_after_three_words() -> float:
        got = asyncio.Event()

        async def listen() -> None:
            count = 0
            async for _chunk in open_model("ollama:llama3.2").astream(ASKING):
                count += 1
                if count == 3:
                    got.set()

        task = asyncio.create_task(listen())
        await got.wait()
        begun = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.perf_counter() - begun

    assert asyncio.run(stop_after_three_words()) < 0.1
    deadline = time.perf_counter() + 5
    while not server.hung_up and time.perf_counter() < deadline:
        time.sleep(0.01)
    assert server.hung_up == 1


def test_cancelling_before_the_first_word_takes_effect_at_once(server: FakeOllama) -> None:
    server.faults["/api/chat"] = "silence"

    async def stop_early() -> float:
        task = asyncio.create_task(heard())
        while not server.bodies("/api/chat"):
            await asyncio.sleep(0.005)
        begun = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.perf_counter() - begun

    assert asyncio.run(stop_early()) < 0.1


def test_the_event_loop_is_free_while_a_model_is_slow(server: FakeOllama) -> None:
    server.faults["/api/chat"], server.delay = "slow_start", 0.3

    async def count_ticks() -> int:
        task, ticks = asyncio.create_task(heard()), 0
        while not task.done():
            await asyncio.sleep(0.01)
            ticks += 1
        return ticks

    assert asyncio.run(count_ticks()) >= 10


def test_a_server_cannot_send_our_prompts_to_another(server: FakeOllama) -> None:
    with FakeOllama() as other:
        server.elsewhere = other.url
        failure, _said = failure_of("redirect", server)
        assert failure.code == "bad_answer"
        assert other.asked == []


def test_fifty_answers_stream_at_once_without_one_error(
    server: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_ANSWER_SILENCE_S", "60")
    settings.cache_clear()
    server.says, server.pause = "palavra " * 20, 0.005

    async def fifty() -> list[str]:
        return [text for text, _chunks in await asyncio.gather(*(heard() for _ in range(50)))]

    assert asyncio.run(fifty()) == [server.says.strip()] * 50


def test_a_password_in_the_address_is_never_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_OLLAMA_URL", "http://ana:secret@127.0.0.1:9")
    settings.cache_clear()
    with pytest.raises(ModelFailed) as caught:
        asyncio.run(heard())
    assert "secret" not in caught.value.message + caught.value.hint


def test_a_server_on_this_machine_is_reached_past_a_configured_proxy(
    server: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert asyncio.run(heard())[0] == server.says


def test_an_answer_stopped_at_any_moment_leaves_no_connection_behind(server: FakeOllama) -> None:
    opened = open_model("ollama:llama3.2")

    async def stop(steps: int) -> None:
        task = asyncio.create_task(opened.ainvoke("?"))
        for _ in range(steps):  # of the loop; a connection takes some of them
            await asyncio.sleep(0)
        await asyncio.sleep(steps % 8 / 1600)
        task.cancel()
        await asyncio.wait({task})

    async def stop_many() -> None:
        for n in range(300):
            await stop(n % 60)
        deadline = time.perf_counter() + 5
        left = asyncio.all_tasks
        while (server.connected or len(left()) > 1) and time.perf_counter() < deadline:
            await asyncio.sleep(0.01)
        assert not server.connected  # while the client still lives

    asyncio.run(stop_many())
