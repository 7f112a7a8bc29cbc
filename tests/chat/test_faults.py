"""The table of faults in docs/operations.md is what happens: every fault against the real client."""

import re
import threading
from dataclasses import dataclass

import pytest

from core import chat, registry
from core.chat import attempts
from core.config import settings
from core.db.tables import Assistant
from tests.conftest import NOWHERE, ROOT
from tests.fake_ollama import FAULTS, FakeModel, FakeOllama

SHORT = {"CICLO_ANSWER_SILENCE_S": 0.4, "CICLO_ANSWER_LOADING_S": 0.8}
SLACK = (
    20.0  # seconds beyond what the table says: a busy machine fails no test, endless waiting does
)
QUESTION = "Que horas a loja abre no sábado?"
ABOUT_EMBEDDING = {"few", "nan", "zeros", "huge", "same", "other_size", "words", "no_embeddings"}


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    fault: str
    does: str
    sees: str
    stored: str
    calls: int
    waits: str

    @property
    def part(self) -> bool:
        return self.sees.startswith("the part")

    def seconds(self) -> float:
        """How long the table allows, with the settings of the test."""
        named = re.search(r"`(\w+)`", self.waits)
        told = re.match(r"(\d+) s", self.waits)
        assert told, self.waits
        return SHORT[named[1]] if named else float(told[1])


def table() -> list[Row]:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    lines = text.split("| fault |")[1].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [
        Row(fault.strip("`"), does, sees, stored.strip("`"), int(calls), waits)
        for fault, does, sees, stored, calls, waits in cells
    ]


@pytest.fixture
def asked(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """The assistant, answered for by a model on the server of CICLO_OLLAMA_URL; short patience."""
    for name, value in SHORT.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.01)
    settings.cache_clear()
    registry.choose_model(assistant.id, "ollama:llama3.2")
    return assistant


def answered(
    row: Row, assistant: Assistant, server: FakeOllama, patch: pytest.MonkeyPatch
) -> tuple[chat.Answer, list[chat.Event]]:
    """The answer under a fault, and what the asker saw of it."""
    patch.setenv("CICLO_OLLAMA_URL", NOWHERE if row.fault == "nobody" else server.url)
    settings.cache_clear()
    fault = "silence" if row.fault == "loading" else row.fault
    if row.fault == "loading":
        server.models.insert(0, FakeModel("another:latest"))  # the one that is in memory
    if fault in FAULTS:
        server.faults["/api/chat"] = fault
    server.delay, server.elsewhere = 0.1, NOWHERE
    started = chat.start(QUESTION, assistant=assistant.id)
    seen: list[chat.Event] = []
    follower = threading.Thread(target=lambda: seen.extend(chat.follow(started.answer_id)))
    follower.start()
    follower.join(row.seconds() + SLACK)
    assert not follower.is_alive(), f"longer than {row.waits}"
    return chat.answer(started.answer_id), seen


@pytest.mark.slow
@pytest.mark.parametrize("row", table(), ids=lambda row: row.fault)
def test_a_fault_ends_as_the_table_says(
    row: Row, asked: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOllama() as server:
        answer, seen = answered(row, asked, server, monkeypatch)
    message = answer.message
    failed = row.stored.removeprefix("fallback:") if row.stored != "champion" else ""
    assert (message.state, message.outcome) == ("done", "answered")
    assert (message.routing_reason, message.attempts) == (row.stored, row.calls)
    assert message.error_code == failed
    assert bool(message.error) == bool(failed)
    assert any(one["at"] for one in message.breaks) == row.part
    assert bool(message.breaks) == bool(failed)
    said = message.text[message.breaks[0]["at"] :] if row.part else message.text
    assert ("das 9h às 13h" in said) == bool(failed)  # the own engine's words
    told = {event.text for event in seen if event.kind == "status"}
    assert ("fallback" in told) == bool(failed)
    assert ("retrying" in told) == (row.calls > 2)


def test_the_table_tells_of_every_fault() -> None:
    told = [row.fault for row in table()]
    assert sorted(told) == sorted({*FAULTS, "nobody", "loading"} - ABOUT_EMBEDDING)


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "stage"), [("silence", "thinking"), ("loading", "loading")])
def test_silence_is_told_with_its_seconds(
    fault: str, stage: str, asked: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.chat import patience

    monkeypatch.setattr(patience, "TELL_AFTER", 0.05)
    monkeypatch.setattr(patience, "TELL_EVERY", 0.05)
    row = next(row for row in table() if row.fault == fault)
    with FakeOllama() as server:
        _answer, seen = answered(row, asked, server, monkeypatch)
    failed = next(n for n, event in enumerate(seen) if event.text == "fallback")
    waited = [event.data["seconds"] for event in seen[:failed] if event.text == stage]
    assert len(waited) > 2
    assert waited == sorted(waited)
    assert row.sees.startswith(f'"{stage}" with the seconds')


def test_the_waits_of_the_table_are_the_defaults() -> None:
    defaults = {
        f"CICLO_{name.upper()}": field.default
        for name, field in type(settings()).model_fields.items()
    }
    for row in table():
        if named := re.search(r"(\d+) s, `(\w+)`", row.waits):
            assert float(named[1]) == defaults[named[2]]


@pytest.mark.slow
def test_a_server_that_falls_over_again_and_again_is_left_alone(
    asked: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = next(row for row in table() if row.fault == "refused")
    with FakeOllama() as server:
        for _ in range(settings().breaker_failures):
            answered(row, asked, server, monkeypatch)
        calls = len(server.bodies("/api/chat"))
        answer, seen = answered(row, asked, server, monkeypatch)
        assert len(server.bodies("/api/chat")) == calls
    assert answer.message.routing_reason == "fallback:breaker_open"
    assert [event.data["code"] for event in seen if event.text == "fallback"] == ["breaker_open"]
    assert (answer.message.error_code, answer.message.attempts) == ("breaker_open", 1)
    assert "ollama:llama3.2" in answer.message.error


@pytest.mark.parametrize("fault", ["refused", "tcp_cut"])
def test_whoever_follows_after_the_end_is_told_of_the_fallback_too(
    fault: str, asked: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = next(row for row in table() if row.fault == fault)
    with FakeOllama() as server:
        answer, _ = answered(row, asked, server, monkeypatch)
    later = list(chat.follow(answer.message.id))
    told = [event.data for event in later if event.text == "fallback"]
    at = answer.message.breaks[0]["at"] if row.part else 0
    assert [(one["code"], one["at"]) for one in told] == [(answer.message.error_code, at)]
    assert "".join(event.text for event in later if event.kind == "text") == answer.message.text
