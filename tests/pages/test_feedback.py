"""The page of what people said: figures, filters, rows that open their conversation."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import access, chat, db, feedback
from core.db.tables import Assistant, Conversation
from pages.ui import files, ratings_list
from tests.pages.conftest import Opens, elements, said

PAGE = "pages/loop/feedback.py"
CHAT = "pages/loop/chat.py"
HOSTILE = "<img src=x onerror=alert(1)> [clique](http://mal.example) **já**"


@pytest.fixture
def answer(shop: Assistant) -> chat.Answer:
    return chat.ask("Quando a loja abre?", assistant=shop.id)


def rows(opens: Opens, **query: str) -> list[list[dict[str, Any]]]:
    """The cells of the list's rows."""
    lists = [one for one in elements(opens(PAGE, **query)) if "paging" in one]
    return [row["cells"] for row in lists[0]["rows"]] if lists else []


def test_before_anybody_spoke_the_page_says_what_to_do(opens: Opens, shop: Assistant) -> None:
    page = said(opens(PAGE))
    assert "Ninguém avaliou nada ainda" in page
    assert "/api/v1/feedback" in page


def test_a_row_says_what_was_said_and_opens_its_answer(opens: Opens, answer: chat.Answer) -> None:
    ana = access.person("Ana").id
    feedback.give(answer.message.id, "down", person_id=ana, reasons=["tone"], comment=HOSTILE)
    ((when, told, asked, version, who),) = rows(opens)
    assert when["text"]
    assert (told["text"], told["mark"], told["note"]) == ("Não ajudou: Tom", "bad", HOSTILE)
    assert asked["go"]["query"] == {
        "conversation": answer.conversation.id,
        "answer": answer.message.id,
    }
    assert asked["note"].startswith("horarios.md › ")
    assert (version["text"], who["text"]) == ("1", "Ana · esta página")


def test_the_address_narrows_and_what_it_cannot_say_is_left_out(
    opens: Opens, answer: chat.Answer
) -> None:
    id_ = answer.message.id
    feedback.give(id_, "up", person_id=access.person("Ana").id, comment="ótimo")
    feedback.flag(id_, "unsafe", person_id=None, user_id="55", channel="whatsapp")
    feedback.rate_conversation(answer.conversation.id, person_id=None, user_id="55", stars=2)
    narrowed = {
        "rating": "problem",
        "reason": "unsafe",
        "channel": "whatsapp",
        "text": "ótimo",
        "data": "sample",
        "to": "2020-01-01",
    }
    found = {name: len(rows(opens, **{name: value})) for name, value in narrowed.items()}
    assert found == {"rating": 1, "reason": 1, "channel": 1, "text": 1, "data": 0, "to": 0}
    assert len(rows(opens, rating="?", days="?", **{"from": "nunca"}, before="x.y")) == 3


def test_few_say_so_and_sample_data_is_marked(opens: Opens, answer: chat.Answer) -> None:
    feedback.give(answer.message.id, "up", person_id=access.person("Ana").id)
    with db.writing() as session:
        session.get_one(Conversation, answer.conversation.id).is_sample = True
    app = opens(PAGE)
    assert "de 1 avaliação · poucas para comparar" in said(app)
    lists = [one for one in elements(app) if "paging" in one]
    assert lists[0]["rows"][0]["cells"][2]["flags"] == ["dados de exemplo"]


def test_a_page_of_fifty_leads_to_the_older_ones_of_the_same_words(
    opens: Opens, answer: chat.Answer
) -> None:
    for n in range(52):
        feedback.give(answer.message.id, "up", person_id=None, user_id=f"u{n}")
    first = next(one for one in elements(opens(PAGE, text="loja")) if "paging" in one)
    assert len(first["rows"]) == 50
    older = first["pages"][-1]["query"]
    assert older["text"] == "loja"
    assert len(rows(opens, **older)) == 2


def test_both_languages_are_spoken(opens: Opens, answer: chat.Answer) -> None:
    feedback.rate_conversation(answer.conversation.id, person_id=None, user_id="5", solved=True)
    app = opens(PAGE, language="en")
    assert app.title[0].value == "Feedback"
    (row,) = next(one for one in elements(app) if "paging" in one)["rows"]
    assert row["cells"][1]["text"] == "solved"


def test_a_problem_is_reported_kept_where_it_fails_and_taken_back(
    opens: Opens, answer: chat.Answer
) -> None:
    id_, who = answer.message.id, access.local_person().id
    app = opens(CHAT, conversation=answer.conversation.id)
    app.session_state["chat.reporting"] = id_
    app.run()
    app.checkbox(f"chat.problem.other.{id_}").check()
    app.button(f"chat.report.send.{id_}").click().run()
    assert "poucas palavras" in said(app)
    assert feedback.flags(id_) == []
    app.text_area(f"chat.report.words.{id_}").input(HOSTILE)
    app.button(f"chat.report.send.{id_}").click().run()
    assert [one.text for one in feedback.flags(id_, person_id=who)] == [HOSTILE]
    assert "Você apontou: Outro motivo (ninguém avaliou ainda)" in said(app)
    app.button(f"chat.report.{id_}").click().run()
    app.button(f"chat.report.back.{id_}").click().run()
    assert feedback.flags(id_) == []


def test_stars_and_solved_are_kept_restored_and_taken_back(
    opens: Opens, answer: chat.Answer
) -> None:
    talk, who = answer.conversation.id, access.local_person().id
    app = opens(CHAT, conversation=talk)
    app.feedback(f"chat.stars.{talk}").set_value(3).run()
    app.button_group(f"chat.solved.{talk}").set_value("no").run()
    kept = feedback.conversation_rating(talk, person_id=who)
    assert kept
    assert (kept.stars, kept.solved) == (4, False)
    again = opens(CHAT, conversation=talk)
    assert again.feedback(f"chat.stars.{talk}").value == 3
    again.feedback(f"chat.stars.{talk}").set_value(None).run()
    kept = feedback.conversation_rating(talk, person_id=who)
    assert kept
    assert (kept.stars, kept.solved) == (None, False)


def test_another_person_s_thumb_and_flags_are_theirs(opens: Opens, answer: chat.Answer) -> None:
    bia = access.person("Bia").id
    feedback.give(answer.message.id, "down", person_id=bia)
    feedback.flag(answer.message.id, "tone", person_id=bia)
    app = opens(CHAT, conversation=answer.conversation.id)
    (turn,) = [one for one in elements(app) if "rated" in one]
    assert (turn["rating"], turn["flagged"]) == (None, False)
    assert "Você apontou" not in said(app)


@pytest.mark.slow
def test_more_rows_than_memory_bears_are_no_file_here_and_the_command_is_named(
    opens: Opens, answer: chat.Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(2):
        feedback.give(answer.message.id, "up", person_id=None, user_id=f"u{n}")
    assert len(opens(PAGE).get("download_button")) == 2
    monkeypatch.setattr(ratings_list, "MOST_ROWS", 1)
    app = opens(PAGE)
    assert not app.get("download_button")
    assert "ciclo feedback export" in said(app)


@given(pieces=st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_a_file_is_its_pieces_one_after_the_other(pieces: list[str]) -> None:
    assert files.whole(pieces) == "".join(pieces).encode()
