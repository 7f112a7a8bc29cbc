"""Who is asked, how often, and who comes next."""

import pytest

from core import assistants, chat, registry
from core.chat import attempts
from core.config import settings
from core.db.tables import Assistant
from core.errors import ModelFailed
from core.i18n import speaking
from core.llm import fake
from core.llm.fake import Reply

QUESTION = "Que horas a loja abre no sábado?"


def failing(code: str, retry_after: float | None = None) -> ModelFailed:
    error = ModelFailed("caiu", code=code)
    error.retry_after = retry_after  # type: ignore[attr-defined,unused-ignore]
    return error


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.01)


@pytest.mark.parametrize(("code", "asked"), [("busy", 3), ("cut_off", 3), ("refused", 1)])
def test_only_what_helps_is_tried_again(spoken: Assistant, code: str, asked: int) -> None:
    fake.queue(*[failing(code)] * 5)
    message = chat.ask(QUESTION, assistant=spoken.id).message
    assert (message.attempts, message.routing_reason) == (asked + 1, f"fallback:{code}")


def test_what_has_begun_to_speak_is_not_asked_again(spoken: Assistant) -> None:
    fake.queue(Reply("A loja", reasoning="hm", cut_off=True))
    assert chat.ask(QUESTION, assistant=spoken.id).message.attempts == 2


def test_a_server_s_own_pause_is_kept_where_it_is_short() -> None:
    assert attempts._pause(failing("busy", 3.0), 1) == 3.0
    assert attempts._pause(failing("busy"), 1) <= attempts.FIRST_PAUSE


def test_who_asks_us_to_wait_too_long_is_not_waited_for(spoken: Assistant) -> None:
    fake.queue(failing("busy", 600.0))
    message = chat.ask(QUESTION, assistant=spoken.id).message
    assert (message.attempts, message.routing_reason) == (2, "fallback:busy")


@pytest.mark.slow
def test_fallbacks_are_asked_in_their_order(spoken: Assistant) -> None:
    assistants.update(spoken.id, routing={"fallbacks": ["fake:second", "fake:third"]})
    fake.queue(failing("refused"), failing("not_reachable"), "Das 9h às 13h [1].")
    message = chat.ask(QUESTION, assistant=spoken.id).message
    assert [one.model for one in fake.asked] == ["echo", "second", "third"]
    assert (message.model_name, message.routing_reason) == ("third", "fallback:not_reachable")
    assert (message.error_code, message.attempts) == ("refused", 3)


def test_two_failures_in_mid_answer_leave_two_breaks(spoken: Assistant) -> None:
    assistants.update(spoken.id, routing={"fallbacks": ["fake:second"]})
    fake.queue(Reply("Um.", error=failing("refused")), Reply("Dois.", error=failing("refused")))
    message = chat.ask(QUESTION, assistant=spoken.id).message
    starts = [one["at"] for one in message.breaks]
    assert [one["after"] for one in message.breaks] == ["fake:second", "embedded:quotes"]
    assert [message.text[at : at + 5] for at in starts[:1]] == ["Dois."]
    assert "das 9h às 13h" in message.text[starts[1] :]


def test_who_fails_where_another_had_failed_is_told_at_the_same_place(spoken: Assistant) -> None:
    assistants.update(spoken.id, routing={"fallbacks": ["fake:second"]})
    fake.queue(Reply("Um.", error=failing("refused")), failing("not_reachable"))
    started = chat.start(QUESTION, assistant=spoken.id)
    live = [event.data for event in chat.follow(started.answer_id) if event.text == "fallback"]
    message = chat.answer(started.answer_id).message
    told = [(one["before"], one["code"], one["after"]) for one in message.breaks]
    assert told == [
        ("fake:echo", "refused", "fake:second"),
        ("fake:second", "not_reachable", "embedded:quotes"),
    ]
    assert {one["at"] for one in message.breaks} == {len("Um.\n\n")}
    later = [event.data for event in chat.follow(started.answer_id) if event.text == "fallback"]
    assert [(one["before"], one["code"], one["model"]) for one in live] == told
    assert [(one["before"], one["code"], one["model"]) for one in later] == told


def test_everybody_who_failed_before_the_first_word_is_kept_in_order(spoken: Assistant) -> None:
    assistants.update(spoken.id, routing={"fallbacks": ["fake:second"]})
    fake.queue(failing("refused"), failing("not_reachable"))
    message = chat.ask(QUESTION, assistant=spoken.id).message
    assert [(one["at"], one["before"]) for one in message.breaks] == [
        (0, "fake:echo"),
        (0, "fake:second"),
    ]
    assert (message.outcome, message.error_code) == ("answered", "refused")


def test_an_answer_that_never_ends_is_cut_off_with_its_part(
    spoken: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_ANSWER_TOTAL_S", "0.4")
    settings.cache_clear()
    fake.queue(Reply("palavra " * 200, pause=0.05))
    message = chat.ask(QUESTION, assistant=spoken.id).message
    assert (message.outcome, message.error_code) == ("cut_off", "timed_out")
    assert message.text.startswith("palavra")
    assert message.breaks == []


def test_a_pinned_model_that_rests_is_left_out_with_a_word(assistant: Assistant) -> None:
    pinned = registry.version_with_model(assistant.id, "fake:own").id
    for _ in range(settings().breaker_failures):
        call = registry.breaker(pinned).enter()
        assert call
        call.failed()
    options = chat.Options(model="fake:own")
    started = chat.start(QUESTION, assistant=assistant.id, options=options)
    events = list(chat.follow(started.answer_id))
    (told,) = [event.data for event in events if event.text == "fallback"]
    assert told["code"] == "breaker_open"
    assert "fake:own" in told["message"]
    assert "fake:own" in chat.answer(started.answer_id).message.error
    assert chat.pinned(chat.conversation(started.conversation_id)) == "fake:own"


@pytest.mark.slow
def test_a_version_that_works_again_is_asked_again(spoken: Assistant) -> None:
    version = registry.route(spoken.id).version.id
    fake.queue(*[failing("refused")] * settings().breaker_failures)
    for n in range(settings().breaker_failures):
        chat.ask(f"{QUESTION} {n}", assistant=spoken.id)
    assert registry.breaker(version).state == "open"
    registry.breaker(version)._opened = 0.0  # long ago
    fake.queue("Das 9h às 13h [1].")
    message = chat.ask(QUESTION, assistant=spoken.id).message
    assert message.routing_reason == "champion"
    assert registry.breaker(version).state == "closed"


@pytest.mark.parametrize(
    ("question", "model"),
    [("What time does the shop open on Saturdays?", "english"), (QUESTION, "echo")],
)
def test_a_rule_goes_by_the_language_of_the_question(
    spoken: Assistant, question: str, model: str
) -> None:
    rules = [{"if": {"language": "en"}, "use": "fake:english"}]
    assistants.update(spoken.id, routing={"rules": rules})
    fake.queue("Das 9h às 13h [1].")
    assert chat.ask(question, assistant=spoken.id).message.model_name == model


@pytest.mark.slow
def test_an_asker_s_answers_come_from_the_same_version_while_an_experiment_lasts(
    spoken: Assistant,
) -> None:
    rival = registry.version_with_model(spoken.id, "fake:rival").id
    registry.point(spoken.id, "challenger", rival, "try")
    assistants.update(spoken.id, routing={"challenger_share": 0.5})
    seen: dict[str, set[str]] = {}
    for n in range(12):
        user = f"user-{n % 6}"
        answer = chat.ask(f"{QUESTION} {n}", assistant=spoken.id, user_id=user)
        seen.setdefault(user, set()).add(answer.message.routing_reason)
    assert all(len(reasons) == 1 for reasons in seen.values())


def test_an_exported_conversation_names_everybody_who_failed(spoken: Assistant) -> None:
    assistants.update(spoken.id, routing={"fallbacks": ["fake:second"]})
    fake.queue(Reply("A loja", error=failing("refused")), failing("busy", 600.0))
    answer = chat.ask(QUESTION, assistant=spoken.id)
    with speaking("en"):
        said = chat.export_markdown(answer.conversation.id)
    assert (
        "*fake:echo did not finish: caiu. fake:second did not answer: caiu."
        " What follows is the answer of embedded:quotes.*"
    ) in said


def test_an_exported_conversation_says_where_another_model_took_over(spoken: Assistant) -> None:
    fake.queue(Reply("A loja abre às", error=failing("cut_off")))
    answer = chat.ask(QUESTION, assistant=spoken.id)
    said = chat.export_markdown(answer.conversation.id)
    before, after = said.split("caiu")
    assert before.rstrip().splitlines()[-3] == "A loja abre às"
    assert "das 9h às 13h" in after
    (_asked, told) = chat.export_json(answer.conversation.id)["messages"]
    assert told["breaks"] == answer.message.breaks
