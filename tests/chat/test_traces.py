"""How an answer came about is on record: every step, the prompt, and who was asked in vain."""

from datetime import timedelta

import pytest

from core import chat, clock, registry
from core.db.tables import Assistant
from core.errors import ModelFailed, NotFound
from core.llm import fake
from core.llm.fake import Reply


def steps(answer_id: str) -> list[str]:
    return [span["kind"] for span in chat.trace(answer_id).spans]


def test_every_step_of_an_answer_is_recorded_in_order(spoken: Assistant) -> None:
    fake.queue("Abre das 9h às 18h [1].")
    answer = chat.ask("Que horas a loja abre?", assistant=spoken.id)
    kinds = [kind for kind in steps(answer.message.id) if kind != "cache"]
    assert kinds == ["route", "search", "prompt", "model", "check", "store"]


def test_a_step_lies_within_the_answer_s_time(spoken: Assistant) -> None:
    fake.queue("Abre das 9h às 18h [1].")
    found = chat.trace(chat.ask("Que horas a loja abre?", assistant=spoken.id).message.id)
    assert found.answer.total_seconds
    starts = [span["start"] for span in found.spans]
    assert starts == sorted(starts)
    for span in found.spans:
        assert 0 <= span["start"] <= span["start"] + span["seconds"] < 60


def test_the_prompt_is_kept_as_it_was_sent(spoken: Assistant) -> None:
    fake.queue("Abre das 9h às 18h [1].")
    found = chat.trace(chat.ask("Que horas a loja abre?", assistant=spoken.id).message.id)
    sent = fake.asked[-1].messages
    assert found.prompt == [{"role": one.type, "content": one.content} for one in sent]


def test_every_attempt_is_a_step_with_its_failure(spoken: Assistant) -> None:
    fake.queue(ModelFailed("ocupado", code="busy"), "Abre das 9h às 18h [1].")
    answer = chat.ask("Que horas a loja abre?", assistant=spoken.id)
    tries = [s for s in chat.trace(answer.message.id).spans if s["kind"] == "model"]
    assert [(one["status"], one["code"]) for one in tries] == [("error", "busy"), ("ok", "")]
    assert answer.message.attempts == 2
    assert answer.message.routing_reason == "champion"


def test_what_a_library_said_of_a_failure_is_in_the_trace_and_not_in_the_answer(
    spoken: Assistant,
) -> None:
    fake.queue(ModelFailed("Caiu.", code="refused", hint="Outro.", said="EOF occurred"))
    message = chat.ask("Que horas a loja abre?", assistant=spoken.id).message
    calls = [span for span in chat.trace(message.id).spans if span["kind"] == "model"]
    assert calls[0]["attributes"]["ciclo.error.said"] == "EOF occurred"
    assert "EOF" not in message.text + message.error + str(message.breaks)
    assert chat.way_out(message) == "Outro."


def test_the_choice_of_a_fallback_is_a_step_that_says_why(spoken: Assistant) -> None:
    fake.queue(ModelFailed("fora do ar", code="not_reachable"))
    answer = chat.ask("Que horas a loja abre no sábado?", assistant=spoken.id)
    choices = [s["attributes"] for s in chat.trace(answer.message.id).spans if s["kind"] == "route"]
    assert [one["ciclo.route.reason"] for one in choices] == ["champion", "fallback:not_reachable"]


def test_an_answer_that_was_stopped_has_a_trace(spoken: Assistant) -> None:
    fake.queue(Reply("nunca", delay=30))
    started = chat.start("Que horas abre?", assistant=spoken.id)
    for event in chat.follow(started.answer_id):
        if event.text == "writing":
            chat.stop(started.answer_id)
    (tried,) = [s for s in chat.trace(started.answer_id).spans if s["kind"] == "model"]
    assert (tried["status"], tried["code"]) == ("error", "stopped")


def test_an_unknown_answer_has_no_trace(home: object) -> None:
    with pytest.raises(NotFound):
        chat.trace("nobody")


def test_prompts_are_let_go_after_their_days_and_the_steps_stay(spoken: Assistant) -> None:
    fake.queue("Abre das 9h às 18h [1].")
    answer = chat.ask("Que horas a loja abre?", assistant=spoken.id)
    with clock.held(clock.now() + timedelta(days=29)):
        assert chat.sweep() == 0
    with clock.held(clock.now() + timedelta(days=31)):
        assert chat.sweep() == 1
        assert chat.sweep() == 0
    found = chat.trace(answer.message.id)
    assert found.prompt is None
    assert found.spans


def test_no_prompt_is_kept_where_none_shall_be(
    spoken: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.config import settings

    monkeypatch.setenv("CICLO_TRACE_DAYS", "0")
    settings.cache_clear()
    fake.queue("Abre das 9h às 18h [1].")
    answer = chat.ask("Que horas a loja abre?", assistant=spoken.id)
    assert chat.trace(answer.message.id).prompt is None


@pytest.mark.slow
def test_traces_are_found_by_what_they_have_in_common(spoken: Assistant) -> None:
    fake.queue("Abre das 9h [1].", ModelFailed("caiu", code="timed_out"), "Abre das 9h [1].")
    ids = [
        chat.ask(question, assistant=spoken.id).message.id
        for question in ("Que horas abre a loja?", "A loja abre no sábado?", "Quando ela fecha?")
    ]
    now = clock.now()

    def found(**wanted: object) -> list[str]:
        return [one.answer.id for one in chat.traces(chat.Wanted(**wanted))]  # type: ignore[arg-type]

    assert found() == ids[::-1]
    assert found(reason="fallback") == found(reason="fallback:timed_out") == [ids[1]]
    assert found(reason="fall") == []
    assert found(error_code="timed_out") == found(provider="embedded") == [ids[1]]
    assert found(slower_than=3600.0) == found(since=now) == found(assistant_id="another") == []
    assert found(until=now, outcome="answered") == ids[::-1]
    version = chat.answer(ids[0]).message.version_id
    assert found(version_id=version) == [ids[2], ids[0]]


@pytest.mark.slow
def test_a_long_list_of_traces_comes_in_pages(spoken: Assistant) -> None:
    fake.queue(*["Abre das 9h [1]."] * 3)
    ids = [chat.ask(f"Que horas abre a loja {n}?", assistant=spoken.id).message.id for n in "123"]
    first = chat.traces(limit=2)
    last = first[-1].answer
    second = chat.traces(limit=2, after=(last.created_at, last.id))
    assert [one.answer.id for one in first + second] == ids[::-1]


@pytest.mark.slow
def test_what_did_not_fit_into_the_prompt_is_on_record_oldest_turn_first(
    spoken: Assistant,
) -> None:
    registry.point(
        spoken.id,
        "champion",
        registry.version(spoken.id, registry.model("fake", "echo").id, {"num_ctx": 1500}).id,
        "small",
    )
    fake.queue("Abre das 9h às 18h [1].", "Sim [1].")
    first = chat.ask("Que horas a loja abre?" + " Diga tudo." * 200, assistant=spoken.id)
    talk = first.conversation.id
    second = chat.ask("Qual é o prazo de troca da loja?", conversation_id=talk)
    found = chat.trace(second.message.id)
    assert found.dropped
    assert [(one["kind"], one.get("role")) for one in found.dropped] == [("turn", "user")]
    assert "Diga tudo" not in fake.asked[-1].text
    assert "Qual é o prazo" in fake.asked[-1].text
