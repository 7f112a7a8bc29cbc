"""Which models there are, whether they work, how they do."""

import pytest

from core import assistants, chat, diagnosis, registry
from core.config import settings
from core.db.tables import Assistant
from core.diagnosis import setup
from core.diagnosis.figures import percentile
from core.errors import InvalidInput, ModelFailed
from core.llm import fake
from core.llm.ollama import PullProgress
from tests.diagnosis.conftest import SATURDAYS
from tests.fake_ollama import FAULTS, FakeModel, FakeOllama, embedding_model

# what a fault of the chat address does to a check; the others are for embeddings alone
OF_CHAT = "missing busy refused stall tcp_cut early_end dropped broken_json error_line empty html"


def states(found: list[diagnosis.Finding]) -> dict[str, str]:
    """Name -> state; of several of a name the last."""
    return {one.name: one.state for one in found}


def test_the_embedded_engine_is_there_without_any_server(desk: Assistant) -> None:
    (only,) = diagnosis.models()
    assert (only.full, only.status) == ("embedded:quotes", "ready")
    assert [(use.assistant, use.role) for use in only.used_by] == [("Suporte", "champion")]
    assert not next(one for one in diagnosis.providers() if one.name == "ollama").ready


def test_a_model_tells_who_names_it_and_in_which_role(desk: Assistant, ollama: FakeOllama) -> None:
    registry.follow_ollama()
    rules = [{"if": {"tier": "premium"}, "use": "ollama:missing:9b"}]
    assistants.update(desk.id, routing={"fallbacks": ["ollama:llama3.2"], "rules": rules})
    known = {one.full: one for one in diagnosis.models()}
    there, missing = known["ollama:llama3.2:latest"], known["ollama:missing:9b"]
    assert [(use.role, use.number) for use in there.used_by] == [("champion", 0), ("fallback", 1)]
    assert (there.status, there.size, there.parameters) == ("ready", 2_000_000_000, 3.2)
    assert (there.context_tokens, there.thinks, there.in_memory) == (131_072, False, True)
    assert (missing.status, missing.used_by[0].role) == ("missing", "rule")


def test_a_rule_that_names_a_version_uses_that_versions_model(desk: Assistant) -> None:
    registry.choose_model(desk.id, "fake:b")
    rules = [{"if": {"mode": "x"}, "use": 1}]
    assistants.update(desk.id, routing={"rules": rules})
    known = {one.full: one for one in diagnosis.models()}
    assert [use.role for use in known["embedded:quotes"].used_by] == ["rule"]


def test_embedding_models_are_none_that_answer(desk: Assistant, ollama: FakeOllama) -> None:
    ollama.models.append(embedding_model("bge-m3:latest"))
    assert "ollama:bge-m3:latest" not in {one.full for one in diagnosis.models()}


@pytest.mark.slow
def test_a_check_finds_what_would_fail_and_what_would_not(
    desk: Assistant, ollama: FakeOllama
) -> None:
    registry.follow_ollama()
    assistants.update(desk.id, routing={"fallbacks": ["ollama:gone"]})
    found = list(diagnosis.check())
    assert states(found) == {"champion": "good", "fallback": "bad"}
    assert "gone" in found[1].subject
    assert found[1].advice
    assert all(one.subject.startswith("Suporte") for one in found)


@pytest.mark.parametrize("fault", OF_CHAT.split())
def test_every_fault_of_a_server_is_a_failed_finding_with_a_sentence(
    desk: Assistant, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    assert fault in FAULTS
    registry.follow_ollama()
    monkeypatch.setenv("CICLO_ANSWER_SILENCE_S", "0.2")
    monkeypatch.setenv("CICLO_ANSWER_LOADING_S", "0.2")
    settings.cache_clear()
    ollama.faults["/api/chat"] = fault
    (found,) = diagnosis.check()
    assert (found.name, found.state) == ("champion", "bad")
    assert " " in found.found
    assert found.advice


@pytest.mark.slow
def test_a_model_that_several_name_is_tried_once(desk: Assistant, ollama: FakeOllama) -> None:
    assistants.create("Loja")
    registry.follow_ollama()
    assert len(list(diagnosis.check())) == 2
    assert len(ollama.bodies("/api/chat")) == 1


def test_a_model_larger_than_the_memory_is_noted(desk: Assistant, ollama: FakeOllama) -> None:
    ollama.models[0].size = 10**15
    registry.follow_ollama()
    (found,) = diagnosis.check()
    assert (found.state, bool(found.advice)) == ("note", True)


def test_a_pull_tells_bytes_speed_and_time_left() -> None:
    parts = [PullProgress("a"), PullProgress("b", 10, 100), PullProgress("c", 100, 100)]
    told = list(diagnosis.pulling.measured("x", iter(parts)))
    assert [(one.done, one.total, one.share) for one in told][1:] == [(10, 100, 0.1), (100, 100, 1)]
    assert told[0].speed is None


def test_a_pull_ends_with_the_model_there_and_followed(desk: Assistant, ollama: FakeOllama) -> None:
    ollama.models.clear()
    *_before, last = diagnosis.pull("ollama:llama3.2")
    assert (last.name, last.share) == ("llama3.2", 1.0)
    assert registry.route(desk.id).name == "ollama:llama3.2:latest"


def test_only_what_ollama_runs_can_be_pulled(home: object) -> None:
    for name in ("openai:gpt-5", "embedded:quotes"):
        with pytest.raises(InvalidInput):
            next(diagnosis.pull(name))


@pytest.mark.parametrize(
    ("memory", "proposed"),
    [(2_000_000_000, "llama3.2:1b"), (8_000_000_000, "llama3.2"), (16_000_000_000, "llama3.1:8b")],
)
def test_a_model_is_proposed_that_fits_into_half_of_the_memory(
    ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch, memory: int, proposed: str
) -> None:
    ollama.models.clear()
    monkeypatch.setattr(setup, "memory", lambda url: memory)
    told = diagnosis.propose()
    assert (told.state, told.name) == ("pull", proposed)
    assert [one.size for one in told.offers] == sorted(one.size for one in told.offers)


def test_what_is_installed_is_proposed_before_anything_to_pull(ollama: FakeOllama) -> None:
    told = diagnosis.propose()
    assert (told.state, told.name) == ("ready", "llama3.2:latest")
    assert diagnosis.propose("mistral").state == "pull"


def test_without_a_server_the_proposal_says_so(home: object) -> None:
    told = diagnosis.propose()
    assert told.state == "absent"
    assert told.failure


@pytest.mark.slow
def test_a_benchmark_measures_each_phase_and_asks_nothing_twice(ollama: FakeOllama) -> None:
    ollama.in_memory = []
    phases = list(diagnosis.benchmark("llama3.2", repetitions=2, cold=1))
    told = [(one.name, one.concurrency, one.n, one.failures) for one in phases]
    assert told == [
        ("cold", 1, 1, 0),
        ("warm", 1, 2, 0),
        ("concurrent", 1, 2, 0),
        ("concurrent", 2, 4, 0),
        ("concurrent", 4, 8, 0),
    ]
    assert phases[0].cold is True
    assert ollama.bodies("/api/generate") == [
        {"model": "llama3.2:latest", "keep_alive": 0, "stream": False}
    ]
    for one in phases:
        assert one.first_p50 is not None
        assert one.total_p95 is not None
        assert one.first_p50 <= one.total_p95
    asked = [body["messages"][-1]["content"] for body in ollama.bodies("/api/chat")]
    assert len(set(asked)) == len(asked) == 17


def test_a_model_the_server_keeps_loaded_is_not_called_cold(ollama: FakeOllama) -> None:
    first = next(diagnosis.benchmark("llama3.2", repetitions=1, cold=1))
    assert first.cold is False


def test_failed_calls_are_counted_and_are_in_no_time(ollama: FakeOllama) -> None:
    ollama.faults["/api/chat"] = "busy"
    told = list(diagnosis.benchmark("llama3.2", repetitions=2, cold=0, concurrent=()))
    assert [(one.n, one.failures, one.codes, one.first_p50) for one in told] == [
        (2, 2, {"busy": 2}, None)
    ]


def test_a_benchmark_of_what_is_not_there_is_a_sentence(ollama: FakeOllama) -> None:
    with pytest.raises(ModelFailed):
        next(diagnosis.benchmark("nothing"))
    with pytest.raises(InvalidInput):
        next(diagnosis.benchmark("llama3.2", repetitions=0))


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([3, None, 1, 2], 0.95) == 3
    assert percentile(range(1, 101), 0.95) == 95
    assert percentile([None], 0.5) is None


@pytest.mark.slow
def test_health_counts_calls_failures_and_fallbacks_by_version(desk: Assistant) -> None:
    fake.reset()
    registry.choose_model(desk.id, "fake:script")
    fake.queue(ModelFailed("no", code="refused"), "Das 9h às 13h [1].")
    for _n in range(2):
        chat.ask(SATURDAYS, assistant=desk.id, options=chat.Options(fresh=True))
    fake.reset()
    told = diagnosis.health()
    by_model = {one.model: one for one in told.rates}
    failing, reserve = by_model["fake:script"], by_model["embedded:quotes"]
    assert (failing.calls, failing.failed_calls, failing.codes) == (2, 1, {"refused": 1})
    assert (failing.answers, failing.failure_rate) == (1, 0.5)
    assert (reserve.answers, reserve.as_fallback, reserve.failed_calls) == (1, 1, 0)
    assert (told.answers, told.fallbacks) == (2, 1)
    assert [one.model for one in told.breakers] == ["fake:script"]


def test_health_tells_the_server_and_what_it_has_loaded(ollama: FakeOllama) -> None:
    told = diagnosis.health()
    assert (told.servers[0].version, told.servers[0].error) == ("0.34.2", "")
    assert [one.name for one in told.loaded] == ["llama3.2:latest"]
    ollama.faults["/api/version"] = "html_502"
    assert diagnosis.health().servers[0].error


def test_models_are_named_with_or_without_their_provider(ollama: FakeOllama) -> None:
    ollama.models.append(FakeModel("qwen3:4b"))
    for given, full in (
        ("llama3.2", "ollama:llama3.2:latest"),
        ("ollama:llama3.2:latest", "ollama:llama3.2:latest"),
        ("qwen3:4b", "ollama:qwen3:4b"),
        ("openai:gpt-5", "openai:gpt-5"),
    ):
        assert diagnosis.inventory.full(given) == full
