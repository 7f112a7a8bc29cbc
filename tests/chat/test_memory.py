"""Approved answers given at once: to whom, in what form, and when never."""

from datetime import timedelta

import pytest

from core import access, annotation, assistants, chat, clock, feedback, i18n, registry, retrieval
from core.annotation import Judged
from core.chat import remembering
from core.db.tables import Assistant
from core.llm import fake
from core.retrieval import approved

QUESTION = "Quando a loja abre aos sábados?"
SAID = "Aos sábados a loja abre das 9h às 13h. [1]"
CORRECTION = "Aos sábados, das 9h às 13h, sem intervalo. [1]"


def judge(answer: chat.Answer, verdict: str = "approved", **facts: str) -> None:
    """Have Ana judge an answer."""
    ana = access.person("Ana").id
    queues = annotation.queues(answer.conversation.assistant_id)
    queue = queues[0] if queues else annotation.create_queue(answer.conversation.assistant_id, "F")
    annotation.add(queue.id, [answer.conversation.id])
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    annotation.submit(claim.item.id, claim.claim_token, Judged(verdict, **facts), person_id=ana)  # type: ignore[arg-type]


def say(text: str = SAID) -> None:
    fake.queue(text)


@pytest.fixture
def serving(spoken: Assistant) -> Assistant:
    """An assistant that serves the one answer that Ana approved."""
    say()
    judge(chat.ask(QUESTION))
    registry.use_memory(spoken.id, serve=True)
    fake.reset()
    return spoken


def praise(answer_id: str) -> None:
    feedback.give(answer_id, "up", person_id=access.person("Rui").id)


def only(assistant: Assistant) -> approved.Approved:
    (row,) = approved.listed(assistant.id)
    return row


@pytest.mark.slow
def test_the_same_question_gets_the_approved_answer_at_once(serving: Assistant) -> None:
    found = chat.ask("  quando a LOJA abre aos sabados")
    assert found.message.text == SAID
    assert found.approved
    assert (found.approved.name, found.approved.corrected) == ("Ana", False)
    assert (found.message.attempts, found.message.cost, found.message.cached) == (0, 0.0, False)
    assert [cite.quote for cite in found.citations] == ["Aos sábados a loja abre das 9h às 13h"]
    assert len(found.passages) > 0
    assert fake.asked == []
    assert only(serving).served == 1


@pytest.mark.slow
def test_it_says_who_approved_it_and_when(serving: Assistant) -> None:
    known = chat.ask(QUESTION).approved
    assert known
    with i18n.speaking("pt-BR"):
        assert chat.who_approved(known) == f"aprovada por Ana em {i18n.day(known.at)}"


@pytest.mark.slow
def test_it_streams_and_is_traced_like_any_answer(serving: Assistant) -> None:
    started = chat.start(QUESTION)
    events = list(chat.follow(started.answer_id))
    assert "".join(one.text for one in events if one.kind == "text") == SAID
    kinds = {span["kind"]: span for span in chat.trace(started.answer_id).spans}
    assert kinds["memory"]["attributes"]["ciclo.memory.hit"] is True
    assert "model" not in kinds


@pytest.mark.slow
def test_a_correction_is_given_in_the_reviewer_s_words_with_its_citations(
    spoken: Assistant,
) -> None:
    say()
    judge(chat.ask(QUESTION), "corrected", correction=CORRECTION)
    registry.use_memory(spoken.id, serve=True)
    found = chat.ask(QUESTION)
    assert found.message.text == CORRECTION
    (cite,) = found.citations
    assert found.message.text[cite.answer_start : cite.answer_end] == "[1]"
    assert found.approved
    assert found.approved.corrected


@pytest.mark.slow
def test_nothing_is_served_where_the_switch_is_off(serving: Assistant) -> None:
    registry.use_memory(serving.id, serve=False)
    say("Outra coisa. [1]")
    assert chat.ask(QUESTION).approved is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "other",
    [
        "Quando a loja abre aos domingos?",
        "Quando a loja não abre aos sábados?",
        "A loja abre aos sábados?",
        "Quando a loja abre aos sábados e domingos?",
    ],
)
def test_another_question_is_never_served(serving: Assistant, other: str) -> None:
    say("Outra coisa. [1]")
    assert chat.ask(other).approved is None


@pytest.mark.slow
def test_asking_again_asks_the_model(serving: Assistant) -> None:
    first = chat.ask(QUESTION)
    say("De novo. [1]")
    started = chat.again(first.message.id)
    list(chat.follow(started.answer_id))
    assert chat.answer(started.answer_id).approved is None


@pytest.mark.slow
def test_what_an_asker_sets_is_not_overruled(serving: Assistant) -> None:
    say("Curta. [1]")
    assert chat.ask(QUESTION, options=chat.Options(temperature=0.9)).approved is None


@pytest.mark.slow
def test_a_changed_document_ends_serving_with_the_reason(serving: Assistant) -> None:
    retrieval.add(
        serving.id, "horarios.md", "A loja abre das 10h às 12h aos sábados.".encode(), now=True
    )
    say("Das 10h às 12h. [1]")
    assert chat.ask(QUESTION).approved is None
    assert (only(serving).state, only(serving).why) == ("lifts", approved.CHANGED)


@pytest.mark.slow
def test_a_document_out_of_force_is_not_answered_from(serving: Assistant) -> None:
    (document,) = retrieval.documents(serving.id)
    retrieval.set_validity([document.id], valid_to=retrieval.today() - timedelta(days=1))
    say("Não sei.")
    assert chat.ask(QUESTION).approved is None
    retrieval.set_validity([document.id], valid_to=None)
    assert chat.ask(QUESTION).approved is not None


@pytest.mark.slow
def test_a_deleted_conversation_takes_its_answer_along(spoken: Assistant) -> None:
    say()
    first = chat.ask(QUESTION)
    judge(first)
    registry.use_memory(spoken.id, serve=True)
    chat.remove(first.conversation.id)
    say("Outra vez. [1]")
    assert chat.ask(QUESTION).approved is None


@pytest.mark.slow
def test_a_question_of_today_is_never_served(spoken: Assistant) -> None:
    say()
    judge(chat.ask("A loja abre hoje?"))
    registry.use_memory(spoken.id, serve=True)
    say()
    assert chat.ask("A loja abre hoje?").approved is None


@pytest.mark.slow
def test_a_day_of_another_year_is_another_question(spoken: Assistant) -> None:
    say()
    judge(chat.ask("A que horas a loja abria em março?"))
    registry.use_memory(spoken.id, serve=True)
    assert chat.ask("A que horas a loja abria em março?").approved
    with clock.held(clock.now() + timedelta(days=366)):
        say()
        assert chat.ask("A que horas a loja abria em março?").approved is None


@pytest.mark.slow
def test_a_follow_up_is_no_question_of_its_own(serving: Assistant) -> None:
    say()
    judge_again = chat.ask(QUESTION)
    say("Domingo não abre. [1]")
    found = chat.ask("E aos domingos?", conversation_id=judge_again.conversation.id)
    assert found.approved is None


@pytest.mark.slow
def test_another_way_of_answering_has_its_own_approval(serving: Assistant) -> None:
    assistants.update(serving.id, modes=[{"name": "curto", "title": "Curto", "prompt": "Breve."}])
    say("Das 9h. [1]")
    assert chat.ask(QUESTION, options=chat.Options(mode="curto")).approved is None


@pytest.mark.slow
def test_rejecting_what_was_served_retires_it(serving: Assistant) -> None:
    judge(chat.ask(QUESTION), "rejected")
    assert (only(serving).state, only(serving).why) == ("retired", "rejected")
    say("Outra. [1]")
    assert chat.ask(QUESTION).approved is None


@pytest.mark.slow
def test_approving_what_was_served_teaches_nothing_twice(serving: Assistant) -> None:
    judge(chat.ask(QUESTION))
    assert only(serving).state == "in_use"


@pytest.mark.slow
def test_it_is_served_no_more_once_the_champion_answers_it_well(serving: Assistant) -> None:
    served = chat.ask(QUESTION)
    praise(served.message.id)
    assert chat.retire_outgrown() == 0  # that was praise for the memory
    say("Das 9h às 13h. [1]")
    own = chat.again(served.message.id)
    list(chat.follow(own.answer_id))
    assert chat.retire_outgrown() == 0
    praise(own.answer_id)
    assert chat.retire_outgrown() == 1
    assert (only(serving).state, only(serving).why) == ("lifts", approved.OUTGROWN)
    assert approved.restore(only(serving).id).state == "in_use"
    assert chat.retire_outgrown() == 0  # somebody wants it served all the same


@pytest.mark.slow
def test_an_answer_that_the_memory_lifted_is_counted(spoken: Assistant) -> None:
    say()
    judge(chat.ask(QUESTION))
    say()
    chat.ask("quando é que a loja abre aos sábados?")
    assert only(spoken).hits == 1


@pytest.mark.slow
def test_what_is_learnt_makes_kept_answers_be_asked_anew(spoken: Assistant) -> None:
    before = retrieval.state(spoken.id)
    say()
    judge(chat.ask(QUESTION))
    assert retrieval.state(spoken.id) != before


def test_switching_back_is_the_version_before(spoken: Assistant) -> None:
    before = registry.route(spoken.id).version.id
    registry.use_memory(spoken.id, serve=True)
    assert registry.memory_uses(spoken.id) == (True, True)
    registry.use_memory(spoken.id, serve=False)
    assert registry.route(spoken.id).version.id == before


@pytest.mark.slow
@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>?", "[1](javascript:x)", "‮abc?"])
def test_hostile_questions_and_answers_are_only_text(spoken: Assistant, hostile: str) -> None:
    say(f"{hostile} {SAID}")
    judge(chat.ask(hostile))
    registry.use_memory(spoken.id, serve=True)
    found = chat.ask(hostile)
    assert found.approved is not None
    assert SAID in found.message.text


@pytest.mark.parametrize(
    ("question", "today"),
    [("Abrem hoje?", True), ("What are this week's hours?", True), ("Abrem aos sábados?", False)],
)
def test_questions_of_today_are_told(question: str, today: bool) -> None:
    assert remembering.is_of_today(question) is today
