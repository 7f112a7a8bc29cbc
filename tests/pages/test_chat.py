"""Asking: from the typed question to the stored, rated, exported answer."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import assistants, chat, feedback, registry
from core.db.tables import Assistant
from core.llm import fake
from pages.ui import answer as turn
from tests.pages.conftest import Opens, elements, said

PAGE = "pages/loop/chat.py"


def ask(app: AppTest, question: str) -> str:
    """Ask on the page and wait for the end; the conversation's id."""
    app.chat_input(key="chat.question").set_value(question).run()
    conversation = str(app.query_params["conversation"])
    for _event in chat.follow(chat.path(conversation)[-1].message.id):
        pass
    app.run()
    return conversation


def shown(app: AppTest) -> list[dict[str, Any]]:
    """What the turns on the page were given."""
    return [data for data in elements(app) if "question" in data]


def test_a_question_is_answered_with_its_source_and_named_in_the_address(
    opens: Opens, shop: Assistant
) -> None:
    app = opens(PAGE)
    conversation = ask(app, "Quando a loja abre aos sábados?")
    only = shown(app)[0]
    assert only["question"] == "Quando a loja abre aos sábados?"
    assert "9h às 13h" in only["html"]
    assert 'class="cite"' in only["html"]
    assert only["sources"][0]["name"] == "horarios.md"
    assert "tirada dos documentos" in [fact["said"] for fact in only["facts"]]
    assert chat.conversation(conversation).title == only["question"]


def test_a_question_that_cannot_be_asked_is_given_back(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE)
    app.session_state["chat.model.new"] = "nowhere:x"
    app.chat_input(key="chat.question").set_value("Quando a loja abre?").run()
    assert "nowhere:x" in said(app)
    assert app.chat_input[0].proto.value == "Quando a loja abre?"
    assert chat.conversations() == []


def test_a_starter_asks_itself(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE)
    app.button(key="chat.starter.0.Quando a loja abre?").click().run()
    assert shown(app)[0]["question"] == "Quando a loja abre?"


def test_a_reload_shows_the_conversation_again(opens: Opens, shop: Assistant) -> None:
    conversation = ask(opens(PAGE), "Quando a loja abre?")
    assert shown(opens(PAGE, conversation=conversation))[0]["question"] == "Quando a loja abre?"


def test_a_conversation_that_is_gone_is_told_and_a_new_one_begun(
    opens: Opens, shop: Assistant
) -> None:
    app = opens(PAGE, conversation="00000000-0000-0000-0000-000000000000")
    assert "Não existe essa conversa" in app.info[0].value
    assert shown(app) == []


def test_the_search_of_the_list_finds_what_was_said(opens: Opens, shop: Assistant) -> None:
    ask(opens(PAGE), "Quando a loja abre?")
    app = opens(PAGE)
    app.text_input(key="chat.search").set_value("girafa").run()
    assert "Nada encontrado." in said(app)
    app.text_input(key="chat.search").set_value("13h").run()
    assert "Nada encontrado." not in said(app)


def test_a_deleted_conversation_comes_back_with_undo(opens: Opens, shop: Assistant) -> None:
    conversation = ask(opens(PAGE), "Quando a loja abre?")
    app = opens(PAGE, conversation=conversation)
    app.session_state["chat.menu"] = True
    app.run()
    app.button(key="chat.delete").click().run()
    assert chat.conversations() == []
    app.button(key="frame.undo").click().run()
    assert [one.id for one in chat.conversations()] == [conversation]


def test_a_conversation_is_renamed_in_its_menu(opens: Opens, shop: Assistant) -> None:
    conversation = ask(opens(PAGE), "Quando a loja abre?")
    app = opens(PAGE, conversation=conversation)
    app.session_state["chat.menu"] = True
    app.run()
    app.text_input(key=f"chat.title.{conversation}").set_value("Horários").run()
    assert chat.conversation(conversation).title == "Horários"
    assert app.title[0].value == "Horários"


def test_a_rated_answer_asks_why_and_keeps_what_is_sent(opens: Opens, shop: Assistant) -> None:
    conversation = ask(opens(PAGE), "Quando a loja abre?")
    rated = chat.path(conversation)[-1].message.id
    feedback.give(rated, "down", person_id=chat.conversation(conversation).person_id)
    app = opens(PAGE, conversation=conversation)
    app.session_state["chat.commenting"] = rated
    app.run()
    app.checkbox(key=f"chat.reason.incomplete.{rated}").check()
    app.text_area(key=f"chat.words.{rated}").set_value("E no feriado?")
    app.button(key=f"chat.send.{rated}").click().run()
    given = chat.answer(rated).feedback
    assert given
    assert (given.rating, given.reasons) == ("down", ["incomplete"])
    assert given.comment == "E no feriado?"
    assert not app.text_area


def test_a_rating_is_taken_back_where_its_reasons_are_given(opens: Opens, shop: Assistant) -> None:
    conversation = ask(opens(PAGE), "Quando a loja abre?")
    rated = chat.path(conversation)[-1].message.id
    feedback.give(rated, "up", person_id=chat.conversation(conversation).person_id)
    app = opens(PAGE, conversation=conversation)
    app.session_state["chat.commenting"] = rated
    app.run()
    app.button(key=f"chat.withdraw.{rated}").click().run()
    assert chat.answer(rated).feedback is None
    assert not app.text_area


def test_what_went_wrong_before_is_no_longer_said_after_a_question_is_answered(
    opens: Opens, shop: Assistant
) -> None:
    app = opens(PAGE)
    app.chat_input(key="chat.question").set_value("x" * 5000).run()
    assert app.error
    app.chat_input(key="chat.question").set_value("Quando a loja abre?").run()
    app.run()
    assert not app.error


@pytest.fixture
def spoken(shop: Assistant) -> Any:
    """The shop, answered by the fake model."""
    fake.reset()
    registry.choose_model(shop.id, "fake:echo")
    yield shop
    fake.reset()


def test_sentences_without_support_are_marked_and_counted(opens: Opens, spoken: Assistant) -> None:
    fake.queue("A loja abre aos sábados das 9h às 13h [1]. O dono se chama Napoleão.")
    app = opens(PAGE)
    ask(app, "Quando a loja abre aos sábados?")
    only = shown(app)[0]
    assert '<span class="weak">O dono se chama Napoleão.</span>' in only["html"]
    assert "1 de 2 frases com apoio" in [fact["said"] for fact in only["facts"]]


def test_nothing_of_an_answer_is_live_but_its_citations(opens: Opens, spoken: Assistant) -> None:
    fake.queue(
        "<img src=x onerror=alert(1)> ![a](http://evil.example/x.png) [b](http://evil.example) [1]"
    )
    app = opens(PAGE)
    ask(app, "Quando a loja abre?")
    html = shown(app)[0]["html"]
    assert "<img" not in html
    assert "<a " not in html
    assert "http://evil.example" in html


def test_a_failed_answer_says_why_in_a_sentence(opens: Opens, spoken: Assistant) -> None:
    fake.queue("A loja")
    conversation = ask(opens(PAGE), "Quando a loja abre?")
    answer = chat.answer(chat.path(conversation)[-1].message.id)
    answer.message.outcome, answer.message.error = "error", "O modelo <sumiu>."
    assert turn.data(answer)["note"] == "O modelo &lt;sumiu&gt;."


def test_an_answer_that_another_one_stands_beside_shows_which_it_is(
    opens: Opens, shop: Assistant
) -> None:
    conversation = ask(opens(PAGE), "Quando a loja abre?")
    again = chat.again(chat.path(conversation)[-1].message.id)
    for _event in chat.follow(again.answer_id):
        pass
    only = shown(opens(PAGE, conversation=conversation))[0]
    assert only["siblings"]["said"] == "2 de 2"
    assert only["siblings"]["before"]
    assert not only["siblings"]["after"]


@pytest.mark.slow
def test_a_model_chosen_in_a_conversation_is_said_and_kept_in_another_browser(
    opens: Opens, shop: Assistant
) -> None:
    fake.reset()
    app = opens(PAGE)
    app.session_state["chat.model.new"] = "fake:echo"
    conversation = ask(app, "Quando a loja abre?")
    again = opens(PAGE, conversation=conversation)
    assert "Você escolheu echo para esta conversa" in said(again)
    again.button(key="chat.let_go").click().run()
    assert "Você escolheu echo" not in said(again)
    ask(again, "E no sábado, quando a loja abre?")
    assert chat.path(conversation)[-1].message.provider == "embedded"
    assert "Você escolheu echo" not in said(opens(PAGE, conversation=conversation))
    fake.reset()


@pytest.mark.slow
def test_a_model_chosen_for_one_conversation_is_not_the_next_one_s(
    opens: Opens, shop: Assistant
) -> None:
    fake.reset()
    app = opens(PAGE)
    app.session_state["chat.model.new"] = "fake:echo"
    ask(app, "Quando a loja abre?")
    app.button(key="chat.new").click().run()
    assert "Você escolheu echo" not in said(app)
    fake.reset()


def test_a_question_is_asked_in_the_chosen_way(opens: Opens, shop: Assistant) -> None:
    levels = [
        {"name": "basic", "title": "Básico", "prompt": "Explique."},
        {"name": "deep", "title": "Profundo", "prompt": "Aprofunde."},
    ]
    mode = {"name": "analysis", "title": "Análise", "prompt": "Analise.", "levels": levels}
    assistants.update(shop.id, modes=[mode])
    app = opens(PAGE)
    app.segmented_control(key=f"chat.mode.{shop.id}").set_value("analysis").run()
    app.segmented_control(key=f"chat.level.analysis.{shop.id}").set_value("deep").run()
    app.chat_input(key="chat.question").set_value("Quando a loja abre?").run()
    (talk,) = chat.conversations()
    answer = chat.path(talk.id)[-1].message
    assert (answer.mode, answer.level) == ("analysis", "deep")


def test_an_assistant_without_ways_of_answering_shows_no_choice(
    opens: Opens, shop: Assistant
) -> None:
    assert not opens(PAGE).segmented_control


@pytest.fixture
def thought(spoken: Assistant) -> str:
    """A conversation whose answer came with thoughts."""
    fake.queue(fake.Reply("Aos sábados abre às 9h. [1]", reasoning="Primeiro, o sábado."))
    return chat.ask("Quando a loja abre?").conversation.id


def test_thoughts_are_shown_folded(opens: Opens, thought: str) -> None:
    assert shown(opens(PAGE, conversation=thought))[0]["reasoning"] == "Primeiro, o sábado."


def test_a_person_may_hide_thoughts(opens: Opens, thought: str) -> None:
    app = opens(PAGE, conversation=thought)
    app.session_state["chat.who"] = True
    app.run()
    app.toggle(key="chat.thoughts").set_value(False).run()
    assert shown(opens(PAGE, conversation=thought))[0]["reasoning"] == ""


def test_an_assistant_may_hide_thoughts(opens: Opens, thought: str, spoken: Assistant) -> None:
    assistants.update(spoken.id, thoughts=False)
    app = opens(PAGE, conversation=thought)
    assert shown(app)[0]["reasoning"] == ""
    app.session_state["chat.who"] = True
    app.run()
    assert not app.toggle
