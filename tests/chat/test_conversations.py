"""Conversations are listed, found, renamed, taken away and brought back, and taken along."""

import json

import pytest

from core import access, assistants, chat
from core.db.tables import Assistant
from core.errors import Conflict, InvalidInput, NotFound


def test_the_title_is_the_first_question(assistant: Assistant) -> None:
    answer = chat.ask("Que horas   a loja abre?", assistant=assistant.id)
    assert answer.conversation.title == "Que horas a loja abre?"


def test_the_newest_come_first_and_pages_do_not_overlap(assistant: Assistant) -> None:
    made = [chat.create(assistant.id, title=f"n{i}") for i in range(5)]
    first = chat.conversations(limit=2)
    rest = chat.conversations(limit=9, after=(first[-1].updated_at, first[-1].id))
    seen = [talk.id for talk in first + rest]
    assert sorted(seen) == sorted(talk.id for talk in made)
    assert first[0].title == "n4"


def test_the_search_finds_words_inside_messages(assistant: Assistant) -> None:
    found = chat.ask("Qual é o prazo de troca?", assistant=assistant.id)
    chat.ask("Que horas a loja abre?", assistant=assistant.id)
    assert [t.id for t in chat.conversations(search="nota fiscal")] == [found.conversation.id]


def test_the_search_takes_percent_and_underscore_as_they_are(assistant: Assistant) -> None:
    chat.create(assistant.id, title="sem sinal")
    wanted = chat.create(assistant.id, title="100% certo")
    assert [t.id for t in chat.conversations(search="0%")] == [wanted.id]
    assert chat.conversations(search="_____") == []


def test_a_person_sees_their_own(assistant: Assistant) -> None:
    ana, bia = access.person("Ana"), access.person("Bia")
    chat.create(assistant.id, title="da Ana", person_id=ana.id)
    chat.create(assistant.id, title="da Bia", person_id=bia.id)
    assert [t.title for t in chat.conversations(person_id=ana.id)] == ["da Ana"]


def test_removed_is_gone_until_restored(assistant: Assistant) -> None:
    talk = chat.ask("Que horas a loja abre?", assistant=assistant.id).conversation
    chat.remove(talk.id)
    assert chat.conversations() == []
    with pytest.raises(NotFound):
        chat.conversation(talk.id)
    chat.restore(talk.id)
    assert [t.id for t in chat.conversations()] == [talk.id]
    assert len(chat.path(talk.id)) == 2


def test_a_new_title_is_checked(assistant: Assistant) -> None:
    talk = chat.create(assistant.id, title="antes")
    assert chat.rename(talk.id, "  depois ").title == "depois"
    for bad in ("", "x" * 201):
        with pytest.raises(InvalidInput):
            chat.rename(talk.id, bad)


def test_markdown_has_the_answer_and_its_sources(assistant: Assistant) -> None:
    talk = chat.ask("Qual é o prazo de troca?", assistant=assistant.id).conversation
    text = chat.export_markdown(talk.id)
    assert "Qual é o prazo de troca?" in text
    assert "horarios.md" in text


def test_json_takes_everything_along(assistant: Assistant) -> None:
    talk = chat.ask("Qual é o prazo de troca?", assistant=assistant.id).conversation
    data = json.loads(json.dumps(chat.export_json(talk.id)))
    assert [m["role"] for m in data["messages"]] == ["user", "assistant"]
    assert data["messages"][1]["citations"][0]["document"] == "horarios.md"


def test_an_outside_conversation_enters_once(assistant: Assistant) -> None:
    row = {
        "external_id": "zap-1",
        "channel": "whatsapp",
        "user_id": 5511,
        "messages": [
            {"role": "user", "text": "oi", "created_at": "2026-03-01T10:00:00-03:00"},
            {"role": "assistant", "text": "olá!", "model": "outro-bot", "latency": 1.5},
        ],
    }
    lines = [json.dumps(row), ""]
    first = chat.import_jsonl(lines, assistant.id)
    second = chat.import_jsonl(lines, assistant.id)
    assert (first.added, first.known) == (2, 0)
    assert (second.added, second.known) == (0, 2)
    talk = chat.conversations()[0]
    assert (talk.channel, talk.user_id) == ("whatsapp", "5511")
    shown = chat.path(talk.id)
    assert [t.message.text for t in shown] == ["oi", "olá!"]
    assert shown[1].message.total_seconds == 1.5
    assert shown[1].message.model_name == "outro-bot"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"messages": []}',
        '{"external_id": "a", "messages": {}}',
        '{"external_id": "a", "messages": [1]}',
        '{"external_id": "a", "user_tier": {}, "messages": []}',
        '{"external_id": "a", "channel": "c' + "c" * 20 + '", "messages": []}',
        '{"external_id": "\\ud800", "messages": []}',
        '{"external_id": "a", "messages": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"external_id": "a", "messages": [{"role": "user", "text": "x", "model": "'
        + "m" * 300
        + '"}]}',
        '{"external_id": "a", "messages": [{"role": "user", "text": "x",'
        ' "created_at": "2999-01-01"}]}',
        '{"external_id": "a", "messages": [{"role": "user", "text": "x",'
        ' "created_at": "9999-12-31T23:59:59-14:00"}]}',
        '{"external_id": "a", "messages": [{"role": "robot", "text": "x"}]}',
        '{"external_id": "a", "messages": [{"role": "user", "text": ""}]}',
        '{"external_id": "a", "messages": [{"role": "user", "text": "x", "created_at": "ontem"}]}',
    ],
)
def test_a_bad_line_is_named_and_adds_nothing(assistant: Assistant, line: str) -> None:
    with pytest.raises(InvalidInput):
        chat.import_jsonl([line], assistant.id)
    assert chat.conversations() == []


def test_a_removed_conversation_comes_back_when_it_is_sent_again(assistant: Assistant) -> None:
    talk = chat.create(assistant.id, external_id="zap-9", channel="whatsapp")
    chat.remove(talk.id)
    again = chat.create(assistant.id, external_id="zap-9", channel="whatsapp")
    assert (again.id, chat.conversation(talk.id).id) == (talk.id, talk.id)


def test_a_conversation_stays_with_its_assistant(assistant: Assistant) -> None:
    other = assistants.create("Outra")
    talk = chat.create(assistant.id)
    with pytest.raises(Conflict):
        chat.ask("Que horas abre?", assistant=other.id, conversation_id=talk.id)


def test_a_recorded_message_can_be_corrected_and_an_answer_cannot(assistant: Assistant) -> None:
    talk = chat.create(assistant.id)
    (said,) = chat.record(talk.id, [chat.Said("assistant", "abrimos as 8", channel="site")])
    assert chat.edit_message(said.id, "abrimos às 8").text == "abrimos às 8"
    assert said.channel == "site"
    answer = chat.ask("Que horas a loja abre?", conversation_id=talk.id)
    with pytest.raises(Conflict):
        chat.edit_message(answer.message.id, "outra coisa")
    with pytest.raises(InvalidInput):
        chat.edit_message(said.id, "  ")


def test_a_message_goes_with_all_that_followed(assistant: Assistant) -> None:
    first = chat.ask("Que horas a loja abre?", assistant=assistant.id)
    second = chat.ask("Qual é o prazo de troca?", conversation_id=first.conversation.id)
    chat.remove_message(second.question.id)
    shown = [turn.message.id for turn in chat.path(first.conversation.id)]
    assert shown == [first.question.id, first.message.id]
    with pytest.raises(NotFound):
        chat.remove_message(second.message.id)
