"""``ciclo models`` and ``ciclo diagnose`` as an operator types them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.registry import sight
from tests.conftest import Run
from tests.fake_ollama import FakeModel, FakeOllama

HOURS = "# Horários\n\nAos sábados o suporte atende das 9h às 13h, só por e-mail.\n"
SAYS = "Aos sábados o suporte atende das 9h às 13h [1]."
VERBS = (
    ["models", "list"],
    ["models", "check"],
    ["models", "health"],
    ["models", "setup"],
    ["models", "pull", "llama3.2"],
    ["models", "benchmark", "llama3.2", "-n", "1", "--cold", "0"],
    ["models", "migrate", "llama3.2", "qwen3:4b", "--yes"],
    ["models", "undo"],
    ["diagnose", "connectivity"],
    ["diagnose", "answer"],
    ["diagnose", "reasoning"],
    ["diagnose", "analysis", "--level", "advanced"],
    ["diagnose", "stress", "--requests", "3", "--concurrency", "2"],
    ["diagnose", "full", "--detailed"],
)


@pytest.fixture
def ollama(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOllama]:
    """A running server with one model, which the settings point at."""
    with FakeOllama(models=[FakeModel("llama3.2:latest")], says=SAYS) as server:
        monkeypatch.setenv("CICLO_OLLAMA_URL", server.url)
        yield server


@pytest.fixture(autouse=True)
def _unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees what another has seen of a server."""
    monkeypatch.setattr(sight, "_last", None)


@pytest.fixture
def desk(ciclo: Run, tmp_path: Path) -> str:
    """An assistant with a document and a starter question."""
    from core import assistants

    (tmp_path / "horarios.md").write_text(HOURS, "utf-8")
    made = str(ciclo("assistants", "create", "Suporte", "--json").data["id"])
    assert ciclo("documents", "add", tmp_path / "horarios.md").code == 0
    assistants.update(made, starters=["Qual é o horário aos sábados?"])
    return made


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_with_json_a_command_prints_one_document_with_and_without_ollama(
    ciclo: Run, desk: str, ollama: FakeOllama, verb: list[str]
) -> None:
    json.loads(ciclo(*verb, "--json").out)
    ollama.faults.update(dict.fromkeys(("/api/tags", "/api/version", "/api/chat"), "html_502"))
    sight._last = None
    done = ciclo(*verb, "--json")
    json.loads(done.out)
    assert "Traceback" not in done.err


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_without_any_server_a_command_ends_with_a_sentence(
    ciclo: Run, desk: str, verb: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in ("en", "pt-BR"):
        monkeypatch.setenv("CICLO_LANGUAGE", language)
        done = ciclo(*verb)
        assert "Traceback" not in done.err
        assert (done.out + done.err).strip()
        assert done.code in (0, 3, 4)


@pytest.mark.slow
def test_the_list_shows_size_context_and_who_uses_it(
    ciclo: Run, desk: str, ollama: FakeOllama
) -> None:
    assert ciclo("models", "setup").code == 0
    (line,) = [line for line in ciclo("models", "list").out.splitlines() if "llama3.2" in line]
    for part in ("loaded", "2.0 GB", "3.2 B", "131,072", "Suporte (champion)"):
        assert part in line


@pytest.mark.slow
def test_setup_pulls_after_a_yes_lets_assistants_follow_and_proves_it(
    ciclo: Run, desk: str, ollama: FakeOllama
) -> None:
    ollama.models.clear()
    refused = ciclo("models", "setup", "--model", "llama3.2")
    assert (refused.code, ollama.bodies("/api/pull")) == (2, [])
    assert "--yes" in refused.err
    done = ciclo("models", "setup", "--model", "llama3.2", "--yes")
    assert done.code == 0
    assert "1 assistant follows Ollama: Suporte" in done.out
    assert "ollama:llama3.2:latest" in done.out
    assert ciclo("conversations", "list", "--json").data["data"] == []


def test_setup_without_a_server_says_what_to_do(ciclo: Run, desk: str) -> None:
    done = ciclo("models", "setup")
    assert done.code == 4
    assert "ollama.com/download" in done.out


@pytest.mark.slow
def test_a_check_ends_with_1_where_a_fallback_would_fail(
    ciclo: Run, desk: str, ollama: FakeOllama
) -> None:
    assert ciclo("models", "check").code == 0
    ciclo("assistants", "routing", "Suporte", '{"fallbacks": ["ollama:gone:1b"]}')
    done = ciclo("models", "check")
    assert done.code == 1
    assert "gone:1b" in done.out


def test_a_pull_that_fails_is_a_sentence(ciclo: Run, desk: str, ollama: FakeOllama) -> None:
    ollama.faults["/api/pull"] = "error_line"
    done = ciclo("models", "pull", "llama3.1:8b", "--json")
    assert done.code == 4
    assert done.data["error"]["message"]
    assert ciclo("models", "pull", "openai:gpt-5").code == 2


@pytest.mark.slow
def test_a_migration_shows_both_answers_switches_after_a_yes_and_is_taken_back(
    ciclo: Run, desk: str, ollama: FakeOllama
) -> None:
    ollama.models.append(FakeModel("qwen3:4b"))
    ciclo("assistants", "model", "Suporte", "ollama:llama3.2")
    unasked = ciclo("models", "migrate", "llama3.2", "qwen3:4b")
    assert unasked.code == 2
    done = ciclo("models", "migrate", "llama3.2", "qwen3:4b", "--yes")
    assert done.code == 0
    for part in (
        "Qual é o horário",
        "0% of the words differ",
        "a look, not a proof",
        "fewer than 10",
    ):
        assert part in done.out
    routing = ciclo("assistants", "routing", "Suporte").data
    assert routing == {"fallbacks": ["ollama:llama3.2:latest"]}
    assert ciclo("models", "undo").code == 0
    assert ciclo("assistants", "routing", "Suporte").data == {}
    assert ciclo("models", "undo").code == 0


@pytest.mark.slow
def test_an_undo_that_is_refused_ends_with_1(ciclo: Run, desk: str, ollama: FakeOllama) -> None:
    ciclo("assistants", "model", "Suporte", "ollama:llama3.2")
    ciclo("models", "migrate", "llama3.2", "embedded:quotes", "--yes")
    ciclo("assistants", "model", "Suporte", "fake:other")
    done = ciclo("models", "undo")
    assert done.code == 1
    assert "changed since" in done.out


@pytest.mark.slow
def test_hostile_words_of_a_model_do_not_steer_the_terminal(
    ciclo: Run, desk: str, ollama: FakeOllama
) -> None:
    ollama.says = "\x1b[2J\x1b]0;owned\x07 Aos sábados [1]."
    ciclo("models", "setup")
    assert "\x1b" not in ciclo("diagnose", "answer").out


@pytest.mark.slow
def test_a_failing_diagnosis_ends_with_1_and_says_what_to_do(
    ciclo: Run, desk: str, ollama: FakeOllama
) -> None:
    ciclo("models", "setup")
    ollama.faults["/api/chat"] = "refused"
    done = ciclo("diagnose", "answer")
    assert done.code == 1
    assert "ciclo models check" in done.out
    assert ciclo("conversations", "list", "--json").data["data"] == []


@pytest.mark.slow
def test_a_tuned_model_is_registered_and_challenges_the_champion(ciclo: Run, desk: str) -> None:
    told = ciclo("models", "register", "ollama:loja-lora", "--price-in", "0.1", "--json").data
    assert (told["provider"], told["price_in"]) == ("ollama", 0.1)
    told = ciclo("assistants", "challenger", "Suporte", "ollama:loja-lora", "--share", "0.1")
    assert (told.code, "does not answer now" in told.err) == (0, True)
    shown = ciclo("assistants", "challenger", "Suporte", "--json").data
    assert (shown["model"], shown["share"]) == ("ollama:loja-lora", 0.1)
    ciclo("assistants", "challenger", "Suporte", "none")
    assert ciclo("assistants", "challenger", "Suporte", "--json").data["model"] is None
