"""Which models there are, and fetching those that are missing."""

from time import monotonic

import pytest

from core import registry
from core.config import settings
from core.db.tables import Assistant
from core.registry import sight
from tests.fake_ollama import FakeModel, FakeOllama


def listed() -> dict[str, str]:
    return {f"{m.provider}:{m.name}": m.status for m in registry.listing()}


def test_without_ollama_the_embedded_engine_is_there(assistant: Assistant) -> None:
    assert listed() == {"embedded:quotes": "ready"}


def test_installed_chat_models_are_ready_and_embedding_models_are_left_out(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    ollama.models.append(FakeModel("bge-m3:latest", "567M", "bert", ("embedding",)))
    assert listed() == {"embedded:quotes": "ready", "ollama:llama3.2:latest": "ready"}


def test_a_chosen_model_that_is_not_installed_is_missing(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    registry.choose_model(assistant.id, "ollama:gemma3")
    assert listed()["ollama:gemma3"] == "missing"


def test_a_chosen_model_whose_server_is_down_is_not_reachable(assistant: Assistant) -> None:
    registry.choose_model(assistant.id, "ollama:gemma3")
    assert listed()["ollama:gemma3"] == "not_reachable"


def test_one_model_under_two_spellings_is_listed_once(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    registry.model("ollama", "llama3.2")
    assert list(listed()) == ["embedded:quotes", "ollama:llama3.2:latest"]


def test_every_line_says_what_it_is(assistant: Assistant, ollama: FakeOllama) -> None:
    registry.choose_model(assistant.id, "ollama:gemma3")
    registry.version_with_model(assistant.id, "fake:echo")
    assert all(model.description for model in registry.listing())


def test_listing_again_soon_does_not_ask_the_server_again(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    for _rerun in range(5):
        registry.listing()
    assert len(ollama.bodies("/api/tags")) == 1


def test_another_address_is_looked_at_afresh(
    assistant: Assistant, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.listing()
    with FakeOllama(models=[FakeModel("phi:latest")]) as other:
        monkeypatch.setenv("CICLO_OLLAMA_URL", other.url)
        settings.cache_clear()
        assert "ollama:phi:latest" in listed()


def test_a_server_that_keeps_us_waiting_is_asked_less_often() -> None:
    now = monotonic()
    quick = sight.Sight("x", at=now - 20, took=0.01)
    slow = sight.Sight("x", at=now - 20, took=2.0)
    assert sight._old(quick)
    assert not sight._old(slow)


def test_a_pull_ends_with_the_model_in_use(assistant: Assistant, ollama: FakeOllama) -> None:
    ollama.models = []
    progress = list(registry.pull("llama3.2"))
    assert progress[-1].status == "success"
    assert registry.route(assistant.id).name == "ollama:llama3.2:latest"


def test_a_start_pulls_what_is_missing_only_when_asked_to(
    assistant: Assistant, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.choose_model(assistant.id, "ollama:gemma3")
    assert registry.pull_missing() == []
    monkeypatch.setenv("CICLO_OLLAMA_PULL", "1")
    settings.cache_clear()
    assert registry.pull_missing() == ["gemma3"]
    assert registry.pull_missing() == []


def test_a_start_with_an_empty_server_pulls_a_chat_model(
    assistant: Assistant, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    ollama.models = []
    monkeypatch.setenv("CICLO_OLLAMA_PULL", "1")
    settings.cache_clear()
    assert registry.pull_missing() == ["llama3.2"]


def test_a_pull_that_fails_does_not_stop_the_start(
    assistant: Assistant, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    ollama.models = []
    ollama.faults["/api/pull"] = "error_line"
    monkeypatch.setenv("CICLO_OLLAMA_PULL", "1")
    settings.cache_clear()
    assert registry.pull_missing() == []


def test_without_a_server_nothing_is_missing(assistant: Assistant) -> None:
    registry.choose_model(assistant.id, "ollama:gemma3")
    assert registry.missing() == []
