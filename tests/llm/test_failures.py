"""Every error of the client libraries has one of our codes; our own mistakes have none."""

import json

import httpx
import ollama
import pytest

from core.errors import CicloError, InvalidInput, ModelFailed
from core.i18n import speaking
from core.llm import failures


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConnectionError("Failed to connect"), "not_reachable"),
        (httpx.ConnectError("refused"), "not_reachable"),
        (httpx.ConnectTimeout("no route"), "not_reachable"),
        (httpx.UnsupportedProtocol("ftp"), "not_reachable"),
        (httpx.InvalidURL("no"), "not_reachable"),
        (httpx.ReadTimeout("silence"), "timed_out"),
        (httpx.PoolTimeout("full"), "busy"),
        (httpx.ReadError("reset"), "cut_off"),
        (httpx.RemoteProtocolError("incomplete chunked read"), "cut_off"),
        (httpx.DecodingError("gzip"), "bad_answer"),
        (json.JSONDecodeError("Expecting value", "<", 0), "bad_answer"),
        (AttributeError("'list' object has no attribute 'get'"), "bad_answer"),
        (ollama.ResponseError("model 'x' not found", 404), "model_missing"),
        (ollama.ResponseError("404 page not found", 404), "bad_answer"),
        (ollama.ResponseError("busy", 503), "busy"),
        (ollama.ResponseError("slow down", 429), "busy"),
        (ollama.ResponseError("unauthorized", 401), "refused"),
        (ollama.ResponseError("does not support thinking", 400), "refused"),
        (ollama.ResponseError("requires more system memory", 500), "refused"),
        (ollama.ResponseError("<html>Bad Gateway</html>", 502), "not_reachable"),
        (ollama.ResponseError("<html>oops</html>", 500), "bad_answer"),
        (ollama.ResponseError("unexpected EOF", -1), "cut_off"),
        (ollama.ResponseError("out of memory", -1), "refused"),
        (ollama.ResponseError("pull model manifest: file does not exist", -1), "model_missing"),
    ],
)
def test_an_error_of_a_library_has_one_code(error: Exception, code: str) -> None:
    assert failures.code_of(error) == code


@pytest.mark.parametrize("error", [RuntimeError("ours"), ZeroDivisionError(), AssertionError()])
def test_a_mistake_of_our_own_passes_through_untouched(error: Exception) -> None:
    with (
        pytest.raises(type(error)) as caught,
        failures.translating(model="x", server="http://127.0.0.1:1"),
    ):
        raise error
    assert caught.value is error


def test_an_error_that_is_already_ours_is_not_translated_again() -> None:
    ours: CicloError = InvalidInput("bad")
    with (
        pytest.raises(InvalidInput) as caught,
        failures.translating(model="x", server="http://127.0.0.1:1"),
    ):
        raise ours
    assert caught.value is ours


def test_the_cause_is_kept_for_the_log() -> None:
    cause = httpx.ReadError("reset")
    with (
        pytest.raises(ModelFailed) as caught,
        failures.translating(model="x", server="http://127.0.0.1:1"),
    ):
        raise cause
    assert caught.value.__cause__ is cause


@pytest.mark.parametrize("code", failures.WORDS)
def test_every_failure_names_the_way_out(code: str) -> None:
    with speaking("en"):
        failure = failures.failed(code, model="llama3.2", server="http://10.0.0.5:11434")
    assert failure.code == code
    assert failure.hint
    assert "llama3.2" in failure.message or "10.0.0.5" in failure.message


def test_a_long_page_is_cut() -> None:
    failure = failures.failed("refused", model="x", server="y", detail="<p>" * 10_000)
    assert len(failure.message) < 400


@pytest.mark.parametrize("language", ["en", "pt-BR"])
@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (json.JSONDecodeError("Expecting value", "<", 0), "bad_answer"),
        (httpx.RemoteProtocolError("incomplete chunked read"), "cut_off"),
        (httpx.ReadTimeout("silence"), "timed_out"),
        (httpx.ConnectError("[Errno 111] Connection refused"), "not_reachable"),
        (ollama.ResponseError("unexpected EOF", -1), "cut_off"),
    ],
)
def test_what_a_library_says_is_kept_beside_a_sentence_of_ours(
    cause: Exception, code: str, language: str
) -> None:
    with (
        speaking(language),
        pytest.raises(ModelFailed) as caught,
        failures.translating(model="llama3.2", server="http://127.0.0.1:1"),
    ):
        raise cause
    failure = caught.value
    theirs = str(cause).partition(" (status")[0]
    assert failure.code == code
    assert theirs in failure.said
    assert theirs not in failure.message
    assert failure.hint
    assert failure.message.endswith(".")


def test_a_refusal_quotes_the_server_which_alone_knows_the_reason() -> None:
    with (
        pytest.raises(ModelFailed) as caught,
        failures.translating(model="llama3.2", server="http://127.0.0.1:1"),
    ):
        raise ollama.ResponseError("model requires more system memory (9 GiB)", 500)
    assert "9 GiB" in caught.value.message


@pytest.mark.parametrize("code", [*failures.WORDS, *failures.OTHERS])
def test_a_stored_failure_has_its_way_out_in_both_languages(code: str) -> None:
    said = []
    for language in ("en", "pt-BR"):
        with speaking(language):
            said.append(failures.way_out(code))
    assert all(said)
    assert len(set(said)) == 2
    assert failures.way_out("stopped") == ""


def test_braces_in_what_a_server_says_do_no_harm() -> None:
    failure = failures.failed("refused", model="{x}", server="y", detail='{"error": "{0}"}')
    assert '{"error": "{0}"}' in failure.message
