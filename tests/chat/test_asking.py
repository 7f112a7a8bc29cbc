"""A question in, a stored and cited answer out; and every way an answer can end."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as sql

from core import chat, clock, db
from core.chat import runs, writing
from core.db.tables import Assistant, Message
from core.errors import InvalidInput, ModelFailed, NotFound
from core.llm import fake
from core.llm.fake import Reply


def test_the_embedded_engine_quotes_the_document(assistant: Assistant) -> None:
    answer = chat.ask("Que horas a loja abre no sábado?", assistant=assistant.id)
    assert answer.message.outcome == "answered"
    assert "das 9h às 13h" in answer.message.text
    assert answer.message.quoted
    assert answer.message.groundedness is None


def test_every_citation_points_at_the_words_in_the_document(assistant: Assistant) -> None:
    from core import retrieval

    answer = chat.ask("Qual é o prazo de troca?", assistant=assistant.id)
    assert answer.citations
    for mark in answer.citations:
        passage = next(p for p in answer.passages if p.id == mark.passage_id)
        assert passage.document_id
        text = retrieval.text(passage.document_id)
        assert text[mark.start : mark.end] == mark.quote
        shown = answer.message.text[mark.answer_start : mark.answer_end]
        assert shown == f"[{mark.number}]"


def test_what_the_documents_do_not_hold_is_not_answered(assistant: Assistant) -> None:
    answer = chat.ask("Quem ganhou a Copa de 1970?", assistant=assistant.id)
    assert answer.message.outcome == "not_found"
    assert answer.citations == []


def test_an_answer_is_stored_with_its_version_and_times(spoken: Assistant) -> None:
    fake.queue("Abre das 9h às 18h [1].")
    message = chat.ask("Que horas a loja abre?", assistant=spoken.id).message
    assert message.version_id
    assert (message.provider, message.model_name) == ("fake", "echo")
    assert message.routing_reason == "champion"
    assert message.search_seconds is not None
    assert message.first_token_seconds is not None
    assert message.total_seconds is not None
    assert message.search_seconds < message.first_token_seconds < message.total_seconds
    assert message.tokens_in
    assert message.tokens_out


def test_a_written_answer_has_its_groundedness_measured(spoken: Assistant) -> None:
    fake.queue("A loja abre aos sábados das 9h às 13h [1]. O prazo de troca é de 90 dias [1].")
    message = chat.ask("Quais os horários e prazos?", assistant=spoken.id).message
    assert message.groundedness == 0.5
    assert [supported for _s, _e, supported, _why in message.sentences] == [True, False]


def test_a_citation_to_nothing_is_removed_and_counted(spoken: Assistant) -> None:
    fake.queue("A loja abre às 9h [1][9].")
    answer = chat.ask("Que horas abre a loja?", assistant=spoken.id)
    assert "[9]" not in answer.message.text
    assert answer.message.removed_citations == 1
    assert [mark.number for mark in answer.citations] == [1]


def test_a_stream_without_its_done_mark_is_no_answer_and_another_follows(
    spoken: Assistant,
) -> None:
    fake.queue(Reply("A loja abre", cut_off=True))
    message = chat.ask("Que horas a loja abre no sábado?", assistant=spoken.id).message
    assert message.routing_reason == "fallback:cut_off"
    assert message.text.startswith("A loja abre\n\n")
    assert message.error_code == "cut_off"


def test_a_model_that_fails_before_its_first_word_is_replaced(spoken: Assistant) -> None:
    fake.queue(ModelFailed("fora do ar", code="not_reachable"))
    message = chat.ask("Que horas a loja abre no sábado?", assistant=spoken.id).message
    assert message.outcome == "answered"
    assert message.routing_reason == "fallback:not_reachable"
    assert message.provider == "embedded"
    assert "fora do ar" in message.error


def test_after_a_failure_in_mid_answer_the_part_stays_and_the_fallbacks_answer_follows(
    spoken: Assistant,
) -> None:
    fake.queue(Reply("A loja abre às", error=ModelFailed("caiu", code="not_reachable")))
    answer = chat.ask("Que horas a loja abre no sábado?", assistant=spoken.id)
    message = answer.message
    (place,) = message.breaks
    assert (place["before"], place["after"]) == ("fake:echo", "embedded:quotes")
    assert (place["code"], place["message"]) == ("not_reachable", "caiu")
    assert message.text[: place["at"]] == "A loja abre às\n\n"
    assert "das 9h às 13h" in message.text[place["at"] :]
    assert (message.outcome, message.attempts, message.quoted) == ("answered", 2, False)
    start = message.sentences[0][0]
    assert message.text[start:].startswith("Aos sábados")  # what broke off is no sentence
    for mark in answer.citations:
        assert message.text[mark.answer_start : mark.answer_end] == f"[{mark.number}]"


def test_a_fallback_that_finds_nothing_leaves_the_part_cut_off(spoken: Assistant) -> None:
    fake.queue(Reply("Foi o", error=ModelFailed("caiu", code="not_reachable")))
    message = chat.ask("Quem ganhou a Copa de 1970?", assistant=spoken.id).message
    assert (message.outcome, message.error) == ("cut_off", "caiu")
    assert message.text.startswith("Foi o\n\n")


def test_a_model_that_says_nothing_is_replaced(spoken: Assistant) -> None:
    fake.queue(Reply(""))
    message = chat.ask("Que horas a loja abre no sábado?", assistant=spoken.id).message
    assert message.routing_reason == "fallback:bad_answer"
    assert "das 9h às 13h" in message.text
    assert [(one["at"], one["code"]) for one in message.breaks] == [(0, "bad_answer")]


def test_a_silent_model_is_given_up(spoken: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.config import settings

    monkeypatch.setenv("CICLO_ANSWER_SILENCE_S", "0.3")
    settings.cache_clear()
    fake.queue(Reply("tarde demais", delay=30))
    message = chat.ask("Que horas a loja abre no sábado?", assistant=spoken.id).message
    assert message.routing_reason == "fallback:timed_out"


def test_stop_keeps_the_part_that_came(spoken: Assistant) -> None:
    fake.queue(Reply("um dois três quatro cinco", pause=0.2))
    started = chat.start("Conte até cinco", assistant=spoken.id)
    for event in chat.follow(started.answer_id):
        if event.kind == "text" and event.text.strip() == "dois":
            chat.stop(started.answer_id)
    message = chat.answer(started.answer_id).message
    assert (message.outcome, message.finish_reason) == ("cut_off", "stopped")
    assert message.text.startswith("um dois")
    assert "cinco" not in message.text


def test_stop_before_the_first_token_ends_at_once(spoken: Assistant) -> None:
    fake.queue(Reply("nunca", delay=30))
    started = chat.start("Que horas abre?", assistant=spoken.id)
    begun = time.perf_counter()
    chat.stop(started.answer_id)
    chat.stop(started.answer_id)
    list(chat.follow(started.answer_id))
    assert time.perf_counter() - begun < 5
    message = chat.answer(started.answer_id).message
    assert (message.state, message.outcome, message.text) == ("done", "cut_off", "")


def test_any_number_of_followers_see_the_same_answer(spoken: Assistant) -> None:
    fake.queue(Reply("uma resposta em pedaços", pause=0.02))
    started = chat.start("Que horas abre?", assistant=spoken.id)
    seen: list[str] = []

    def follow() -> None:
        events = chat.follow(started.answer_id)
        seen.append("".join(event.text for event in events if event.kind == "text"))

    threads = [threading.Thread(target=follow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    follow()  # and one who comes when it is over
    assert seen == ["uma resposta em pedaços"] * 5


def test_a_follower_who_comes_late_goes_on_where_it_was(spoken: Assistant) -> None:
    fake.queue(Reply("um dois três", pause=0.05))
    started = chat.start("Conte", assistant=spoken.id)
    all_events = [e for e in chat.follow(started.answer_id) if e.kind != "done"]
    assert [e.kind for e in all_events][:2] == ["status", "status"]
    fake.queue(Reply("um dois três", pause=0.05))
    second = chat.start("Conte", assistant=spoken.id)
    rest = [e.text for e in chat.follow(second.answer_id, after=3) if e.kind == "text"]
    assert "".join(rest) == " dois três"


def test_the_question_is_saved_before_the_answer_begins(spoken: Assistant) -> None:
    fake.queue(Reply("tarde", delay=30))
    started = chat.start("Isto fica?", assistant=spoken.id)
    with db.session() as session:
        question = session.get_one(Message, started.question_id)
    assert question.text == "Isto fica?"
    chat.stop(started.answer_id)


@pytest.mark.slow
def test_the_part_is_saved_while_it_is_written(spoken: Assistant) -> None:
    fake.queue(Reply("um dois três quatro cinco seis", pause=0.4))
    started = chat.start("Conte", assistant=spoken.id)
    deadline = time.monotonic() + 10
    while not chat.answer(started.answer_id).message.text and time.monotonic() < deadline:
        time.sleep(0.1)
    message = chat.answer(started.answer_id).message
    assert message.text.startswith("um")
    assert message.state == "running"
    chat.stop(started.answer_id)


def test_an_abandoned_answer_is_closed_as_cut_off_with_its_part(spoken: Assistant) -> None:
    fake.queue("inteira")
    answer = chat.ask("Que horas abre?", assistant=spoken.id)
    with db.writing() as session:
        row = session.get_one(Message, answer.message.id)
        row.state, row.outcome, row.text = "running", None, "uma par"
        row.lease_until = clock.now() - writing.LEASE
    assert chat.close_abandoned() == 1
    message = chat.answer(answer.message.id).message
    assert (message.outcome, message.text) == ("cut_off", "uma par")
    assert chat.close_abandoned() == 0


def test_an_abandoned_answer_is_closed_where_the_clock_was_set_back(spoken: Assistant) -> None:
    fake.queue("inteira")
    answer = chat.ask("Que horas abre?", assistant=spoken.id)
    with db.writing() as session:
        row = session.get_one(Message, answer.message.id)
        row.state, row.outcome, row.lease_until = "running", None, writing.lease()
    assert chat.close_abandoned() == 0
    with clock.held(clock.now() - timedelta(days=2)):
        assert chat.close_abandoned() == 1


def test_a_living_answer_is_not_closed(spoken: Assistant) -> None:
    fake.queue(Reply("viva", delay=0.2))
    started = chat.start("Que horas abre?", assistant=spoken.id)
    assert chat.close_abandoned() == 0
    list(chat.follow(started.answer_id))
    assert chat.answer(started.answer_id).message.text == "viva"


def test_asking_again_makes_a_sibling(spoken: Assistant) -> None:
    fake.queue("primeira", "segunda")
    first = chat.ask("Que horas abre?", assistant=spoken.id)
    second = chat.again(first.message.id)
    list(chat.follow(second.answer_id))
    shown = chat.path(first.conversation.id)
    assert [turn.message.text for turn in shown] == ["Que horas abre?", "segunda"]
    assert shown[1].siblings == [first.message.id, second.answer_id]
    chat.show_branch(first.message.id)
    assert chat.path(first.conversation.id)[1].message.text == "primeira"


def test_a_follow_up_is_searched_with_the_last_subject(assistant: Assistant) -> None:
    first = chat.ask("Que horas a loja abre?", assistant=assistant.id)
    second = chat.ask("e no sábado?", conversation_id=first.conversation.id)
    assert "loja" in second.message.search_query
    assert "das 9h às 13h" in second.message.text


@pytest.mark.slow
def test_a_model_rewrites_a_follow_up(spoken: Assistant) -> None:
    fake.queue("Das 9h às 18h [1].", "Que horas a loja abre no sábado?", "Das 9h às 13h [1].")
    first = chat.ask("Que horas a loja abre?", assistant=spoken.id)
    second = chat.ask("e no sábado?", conversation_id=first.conversation.id)
    assert second.message.search_query == "Que horas a loja abre no sábado?"
    assert second.message.text == "Das 9h às 13h [1]."


def test_the_history_reaches_the_model(spoken: Assistant) -> None:
    fake.queue("Das 9h às 18h [1].", "Trinta dias [1].")
    first = chat.ask("Que horas a loja abre?", assistant=spoken.id)
    chat.ask("Qual é o prazo de troca da loja?", conversation_id=first.conversation.id)
    assert "Que horas a loja abre?" in fake.asked[-1].text


def test_options_reach_the_model(spoken: Assistant) -> None:
    fake.queue("curta")
    options = chat.Options(max_tokens=64, temperature=0.2)
    chat.ask("Que horas abre?", assistant=spoken.id, options=options)
    assert fake.asked[-1].parameters["max_tokens"] == 64
    assert fake.asked[-1].parameters["temperature"] == 0.2


def test_the_asker_may_pick_the_model(assistant: Assistant) -> None:
    fake.reset()
    fake.queue("do modelo escolhido")
    answer = chat.ask("Oi?", assistant=assistant.id, options=chat.Options(model="fake:echo"))
    assert answer.message.text == "do modelo escolhido"
    assert answer.message.routing_reason == "pinned"


def test_a_pinned_model_is_the_conversation_s_until_an_answer_is_asked_of_nobody(
    assistant: Assistant,
) -> None:
    options = chat.Options(model="fake:echo")
    talk = chat.ask("Que horas abre?", assistant=assistant.id, options=options).conversation
    assert chat.pinned(chat.conversation(talk.id)) == "fake:echo"
    chat.ask("E no sábado?", conversation_id=talk.id)
    assert chat.pinned(chat.conversation(talk.id)) == ""
    assert chat.pinned(chat.create(assistant.id)) == ""


def test_a_pinned_model_that_failed_is_pinned_all_the_same(assistant: Assistant) -> None:
    fake.queue(ModelFailed("caiu", code="refused"))
    options = chat.Options(model="fake:echo")
    answer = chat.ask("Que horas a loja abre?", assistant=assistant.id, options=options)
    assert answer.message.provider == "embedded"
    assert chat.pinned(chat.conversation(answer.conversation.id)) == "fake:echo"


@pytest.mark.parametrize("question", ["", "   ", "\x00", "x" * 4001])
def test_a_bad_question_is_refused_by_its_field(assistant: Assistant, question: str) -> None:
    with pytest.raises(InvalidInput) as error:
        chat.ask(question, assistant=assistant.id)
    assert error.value.field == "question"


def test_without_an_assistant_the_error_names_the_way_out(home: object) -> None:
    with pytest.raises(NotFound) as error:
        chat.ask("Alguém aí?")
    assert error.value.code == "no_assistant"
    assert "ciclo demo" in error.value.hint


def test_a_back_dated_question_keeps_its_time(assistant: Assistant) -> None:
    then = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    answer = chat.ask("Que horas abre a loja?", assistant=assistant.id, created_at=then)
    assert answer.question.created_at == then
    assert answer.conversation.created_at == then


@pytest.mark.slow
def test_fifty_answers_at_once(spoken: Assistant) -> None:
    fake.queue(*[Reply(f"resposta {i}", delay=0.2) for i in range(50)])
    started = [chat.start(f"Pergunta {i}", assistant=spoken.id) for i in range(50)]
    for one in started:
        list(chat.follow(one.answer_id))
    outcomes = {chat.answer(one.answer_id).message.outcome for one in started}
    assert outcomes == {"answered"}
    assert runs.running() == 0


@pytest.mark.slow
def test_a_citation_names_the_page_of_its_words(assistant: Assistant) -> None:
    from core import retrieval
    from tests.retrieval.conftest import pdf

    pages = ["A matriz fica em Recife.", "Viagens ao exterior são aprovadas pela diretora Helena."]
    retrieval.add(assistant.id, "viagens.pdf", pdf(pages), now=True)
    answer = chat.ask("Quem aprova viagens ao exterior?", assistant=assistant.id)
    assert [mark.page for mark in answer.citations if "Helena" in mark.quote] == [2]


def test_an_answer_whose_end_cannot_be_stored_is_not_left_running(spoken: Assistant) -> None:
    fake.queue(Reply("Abre às 9h [1].", delay=0.3))
    started = chat.start("Que horas a loja abre?", assistant=spoken.id)
    with db.writing() as session:
        session.execute(sql("ALTER TABLE citations RENAME TO lost"))
    run = runs.live(started.answer_id)
    assert run
    assert run.wait(10)
    with db.session() as session:
        message = session.get_one(Message, started.answer_id)
    assert (message.state, message.outcome) == ("done", "cut_off")
    assert message.text == "Abre às 9h [1]."
