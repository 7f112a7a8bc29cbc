"""Every provider over the network, with its real client against a fake server over real HTTP."""

import asyncio
import time
from typing import Any

import pytest

from core.config import settings
from core.llm import open_model
from tests.fake_openai import FakeOpenAI
from tests.llm.conftest import KEY, Outside

CODES = [
    ("denied", "refused", ""),
    ("forbidden", "refused", ""),
    ("missing", "model_missing", ""),
    ("too_long", "refused", ""),
    ("busy", "busy", ""),
    ("quota", "refused", ""),
    ("broken", "refused", ""),
    ("down", "busy", ""),
    ("html", "bad_answer", ""),
    ("html_502", "not_reachable", ""),
    ("redirect", "bad_answer", ""),
    ("packed", "bad_answer", ""),
    pytest.param("silence", "timed_out", "", marks=pytest.mark.slow),
    pytest.param("comments", "timed_out", "", marks=pytest.mark.slow),
    pytest.param("drip", "timed_out", "", marks=pytest.mark.slow),
    pytest.param("stall", "timed_out", "A loja", marks=pytest.mark.slow),
    ("tcp_cut", "cut_off", "A loja"),
    ("early_end", "cut_off", "A loja"),
    ("broken_json", "bad_answer", "A loja"),
    ("error_event", "cut_off", "A loja"),
    ("busy_event", "busy", "A loja"),
    ("empty", "bad_answer", ""),
]


@pytest.mark.slow
def test_an_answer_streams_word_by_word_and_ends_with_its_done_mark(outside: Outside) -> None:
    text, chunks = asyncio.run(outside.hear())
    assert text == outside.fake.says
    assert len(chunks) == len(outside.fake.says.split()) + 1
    end = chunks[-1]
    assert (end.response_metadata["done"], end.response_metadata["done_reason"]) == (True, "stop")
    assert end.response_metadata["model_provider"] == outside.provider
    assert end.usage_metadata["output_tokens"] == len(outside.fake.says.split())
    assert [chunk for chunk in chunks[:-1] if chunk.response_metadata] == []


def test_the_same_answer_can_be_had_at_once(outside: Outside) -> None:
    for reply in (
        open_model(outside.name).invoke("Quando abre?"),
        asyncio.run(open_model(outside.name).ainvoke("Quando abre?")),
    ):
        assert reply.text == outside.fake.says
        assert reply.response_metadata["done"] is True
        assert reply.usage_metadata


@pytest.mark.parametrize(("fault", "code", "before"), CODES)
def test_every_fault_arrives_as_one_of_our_codes(
    outside: Outside, fault: str, code: str, before: str
) -> None:
    begun = time.perf_counter()
    failure, said = outside.failure(fault)
    assert (failure.code, said) == (code, before)
    assert failure.message
    assert failure.hint
    assert time.perf_counter() - begun < 20


def test_nobody_listening_is_not_reachable(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.fake.__exit__()
    failure, _said = outside.failure()
    outside.fake.__enter__()
    assert failure.code == "not_reachable"


def test_when_to_come_back_is_told_where_the_server_says_it(outside: Outside) -> None:
    outside.fake.retry_after = "7"
    failure, _said = outside.failure("busy")
    assert failure.retry_after == 7
    outside.fake.retry_after = ""
    assert outside.failure("busy")[0].retry_after is None


def test_a_key_is_in_nothing_that_anybody_sees(
    outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    failure, _said = outside.failure("denied")
    seen = [failure.message, failure.hint, repr(failure), repr(open_model(outside.name))]
    cause: BaseException | None = failure
    while cause:
        seen.append(f"{cause!r} {cause}")
        cause = cause.__cause__
    assert [text for text in [*seen, caplog.text] if KEY in text] == []
    assert KEY in str(outside.fake.headers[-1])


def test_a_refused_key_is_told_by_the_variable_it_is_in(outside: Outside) -> None:
    failure, _said = outside.failure("denied")
    wanted = {"openai-compatible": "LAB"}.get(outside.provider, outside.provider.upper())
    assert f"{wanted}_API_KEY" in failure.hint


def test_a_server_cannot_send_our_prompts_to_another(outside: Outside) -> None:
    with FakeOpenAI() as other:
        outside.fake.elsewhere = other.url
        outside.failure("redirect")
        assert other.asked == []


def test_a_server_on_this_machine_is_reached_past_a_configured_proxy(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_PROXY", "ANTHROPIC_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert asyncio.run(outside.hear())[0] == outside.fake.says


def test_nothing_of_the_environment_but_the_key_changes_where_a_prompt_goes(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_ORGANIZATION", "theirs")
    assert asyncio.run(outside.hear())[0] == outside.fake.says


def test_our_parameters_arrive_under_the_names_of_the_provider(outside: Outside) -> None:
    asyncio.run(outside.hear(max_tokens=77, temperature=0.3))
    body = outside.fake.body
    assert body["temperature"] == 0.3
    assert 77 in (body.get("max_tokens"), body.get("max_completion_tokens"))


def test_a_parameter_that_a_provider_does_not_know_is_not_sent(outside: Outside) -> None:
    asyncio.run(outside.hear(num_ctx=4096, keep_alive="1h"))
    assert {"num_ctx", "keep_alive"} & outside.fake.body.keys() == set()


def test_a_model_that_does_not_think_is_not_asked_to(outside: Outside) -> None:
    if outside.provider in ("openai", "openai-compatible"):
        asyncio.run(outside.hear(reasoning="high"))
        assert {"reasoning_effort", "reasoning"} & outside.fake.body.keys() == set()


def test_tokens_that_came_from_the_providers_cache_are_told(outside: Outside) -> None:
    outside.fake.cached = 5
    _text, chunks = asyncio.run(outside.hear())
    assert chunks[-1].usage_metadata["input_token_details"]["cache_read"] == 5


def test_an_answer_that_reached_its_limit_says_so(outside: Outside) -> None:
    outside.fake.reason = "max_tokens" if outside.provider == "anthropic" else "length"
    _text, chunks = asyncio.run(outside.hear())
    assert chunks[-1].response_metadata["done_reason"] == "length"


def test_a_refusal_of_the_model_itself_is_refused(outside: Outside) -> None:
    outside.fake.reason = "refusal" if outside.provider == "anthropic" else "content_filter"
    assert outside.failure("empty")[0].code == "refused"


def test_tokens_spent_on_thoughts_alone_are_told_apart_from_silence(outside: Outside) -> None:
    outside.fake.reason = "max_tokens" if outside.provider == "anthropic" else "length"
    failure, _said = outside.failure("empty")
    assert failure.code == "cut_off"
    assert "max_tokens" in failure.hint


def test_cancelling_takes_effect_at_once_and_the_server_hears_of_it(outside: Outside) -> None:
    outside.fake.says, outside.fake.pause = "palavra " * 300, 0.02

    async def stop() -> float:
        task = asyncio.create_task(outside.hear())
        while not outside.fake.asked and not task.done():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        begun = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.perf_counter() - begun

    assert asyncio.run(stop()) < 1
    deadline = time.perf_counter() + 5
    while not outside.fake.hung_up and time.perf_counter() < deadline:
        time.sleep(0.01)
    assert outside.fake.hung_up == 1


def test_without_streaming_the_faults_are_the_same(outside: Outside) -> None:
    async def code_of(fault: str) -> Any:
        outside.fake.fault = fault
        try:
            return await asyncio.to_thread(open_model(outside.name).invoke, "?")
        except Exception as error:
            return error.code  # type: ignore[attr-defined]

    for fault, code in (("tcp_cut", "cut_off"), ("early_end", "cut_off"), ("denied", "refused")):
        assert asyncio.run(code_of(fault)) == code


def test_a_model_that_is_kept_open_serves_one_event_loop_after_the_other(outside: Outside) -> None:
    chat = open_model(outside.name)
    for _loop in range(3):
        assert asyncio.run(chat.ainvoke("?")).text == outside.fake.says


@pytest.mark.slow
def test_fifty_answers_stream_at_once_without_one_error(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_ANSWER_SILENCE_S", "60")
    settings.cache_clear()
    outside.fake.says, outside.fake.pause = "palavra " * 20, 0.005
    chat = open_model(outside.name)

    async def fifty() -> list[str]:
        return [
            reply.text for reply in await asyncio.gather(*(chat.ainvoke("?") for _ in range(50)))
        ]

    assert asyncio.run(fifty()) == [outside.fake.says.strip()] * 50
