"""Assistants follow Ollama until a person chooses."""

import pytest

from core import assistants, registry
from core.db.tables import Assistant
from core.errors import InvalidInput, NotFound
from tests.fake_ollama import FakeModel, FakeOllama


def answering(assistant: Assistant) -> str:
    return registry.route(assistant.id).name


def parameters(assistant: Assistant) -> dict[str, object]:
    return registry.route(assistant.id).version.parameters


def test_the_best_installed_model_becomes_the_champion(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    assert registry.follow_ollama() == [assistant.id]
    assert answering(assistant) == "ollama:llama3.2:latest"


def test_looking_again_changes_nothing(assistant: Assistant, ollama: FakeOllama) -> None:
    registry.follow_ollama()
    assert registry.follow_ollama() == []
    assert len(registry.history(assistant.id, "champion")) == 2


def test_when_ollama_is_gone_the_embedded_engine_answers_again(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    registry.follow_ollama()
    ollama.__exit__()
    registry.follow_ollama()
    assert answering(assistant) == "embedded:quotes"
    ollama.__enter__()
    registry.follow_ollama()
    assert answering(assistant) == "ollama:llama3.2:latest"
    reasons = [move.reason for move in registry.history(assistant.id, "champion")]
    assert reasons == ["ollama:found", "ollama:gone", "ollama:found", "created"]


@pytest.mark.parametrize("fault", ["busy", "html"])
def test_a_server_that_only_stumbles_changes_nothing(
    assistant: Assistant, ollama: FakeOllama, fault: str
) -> None:
    registry.follow_ollama()
    ollama.faults["/api/tags"] = fault
    assert registry.follow_ollama() == []
    assert answering(assistant) == "ollama:llama3.2:latest"


def test_a_server_with_embedding_models_alone_is_no_reason_to_change(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    ollama.models = [FakeModel("bge-m3", "567M", "bert", ("embedding",))]
    assert registry.follow_ollama() == []


def test_a_better_model_that_was_pulled_takes_over(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    ollama.models = [FakeModel("llama3.2:1b", "1.2B", size=1_000)]
    registry.follow_ollama()
    ollama.models.append(FakeModel("llama3.1:8b", "8.0B", size=2_000))
    registry.follow_ollama()
    assert answering(assistant) == "ollama:llama3.1:8b"


def test_a_choice_stays_whatever_comes(assistant: Assistant, ollama: FakeOllama) -> None:
    registry.choose_model(assistant.id, "embedded:quotes")
    assert registry.follow_ollama() == []
    assert answering(assistant) == "embedded:quotes"


def test_a_choice_is_taken_back_with_one_step(assistant: Assistant, ollama: FakeOllama) -> None:
    registry.choose_model(assistant.id, "embedded:quotes")
    registry.follow_again(assistant.id)
    assert answering(assistant) == "ollama:llama3.2:latest"
    assert assistants.get(assistant.id).follows_ollama


def test_a_model_may_be_chosen_before_it_is_installed(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    registry.choose_model(assistant.id, "ollama:gemma3:4b")
    assert answering(assistant) == "ollama:gemma3:4b"
    assert registry.missing() == ["gemma3:4b"]


def test_a_chosen_model_goes_by_the_servers_name_for_it(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    registry.choose_model(assistant.id, "ollama:llama3.2")
    assert answering(assistant) == "ollama:llama3.2:latest"


def test_an_unknown_provider_or_parameter_cannot_be_chosen(assistant: Assistant) -> None:
    with pytest.raises(InvalidInput):
        registry.choose_model(assistant.id, "nope:x")
    with pytest.raises(InvalidInput):
        registry.choose_model(assistant.id, "fake:echo", {"heat": 1})
    assert answering(assistant) == "embedded:quotes"


def test_nothing_is_chosen_for_an_assistant_that_is_not_there(assistant: Assistant) -> None:
    assistants.remove(assistant.id)
    with pytest.raises(NotFound):
        registry.choose_model(assistant.id, "fake:echo")


def test_a_model_that_thinks_is_told_to_answer_at_once(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    ollama.models = [FakeModel("qwen3:4b", "4.0B", capabilities=("completion", "thinking"))]
    registry.follow_ollama()
    assert parameters(assistant)["reasoning"] is False


def test_a_model_that_cannot_be_silenced_is_told_to_think_little(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    ollama.models = [FakeModel("gpt-oss:20b", "20.9B", capabilities=("completion", "thinking"))]
    registry.follow_ollama()
    assert parameters(assistant)["reasoning"] == "low"


def test_a_removed_assistant_is_left_alone(assistant: Assistant, ollama: FakeOllama) -> None:
    assistants.remove(assistant.id)
    assert registry.follow_ollama() == []


def test_following_keeps_the_settings_of_the_search(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    tuned = registry.version(
        assistant.id, registry.model("embedded", "quotes").id, retrieval={"k": 3}
    )
    registry.point(assistant.id, "champion", tuned.id, "tuned")
    registry.follow_again(assistant.id)
    assert registry.route(assistant.id).version.retrieval == {"k": 3}


def test_what_the_server_says_of_a_model_is_kept_with_it(
    assistant: Assistant, ollama: FakeOllama
) -> None:
    registry.follow_ollama()
    assert registry.route(assistant.id).model.context_tokens == 131_072


def test_an_assistant_made_beside_ollama_begins_with_its_model(ollama: FakeOllama) -> None:
    assert answering(assistants.create("Nova")) == "ollama:llama3.2:latest"


def test_parameters_change_and_who_answers_stays(ollama: FakeOllama, assistant: Assistant) -> None:
    registry.choose_model(assistant.id, "ollama:llama3.2", {"temperature": 0.2, "seed": 7})
    before = registry.route(assistant.id)
    after = registry.set_parameters(assistant.id, reasoning="high", seed=None)
    assert after.parameters == {"temperature": 0.2, "reasoning": "high"}
    assert registry.route(assistant.id).version.id == after.id
    assert registry.route(assistant.id).name == before.name
    assert before.version.parameters == {"temperature": 0.2, "seed": 7}  # versions never change


def test_a_parameter_that_no_model_has_changes_nothing(
    ollama: FakeOllama, assistant: Assistant
) -> None:
    before = registry.route(assistant.id).version.id
    with pytest.raises(InvalidInput, match="brains"):
        registry.set_parameters(assistant.id, brains=2)
    with pytest.raises(InvalidInput, match="enormous"):
        registry.set_parameters(assistant.id, reasoning="enormous")
    assert registry.route(assistant.id).version.id == before
