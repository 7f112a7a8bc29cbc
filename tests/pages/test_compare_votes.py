"""Votes and the ranking on the page, and the line under an answer that was asked again."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import access, chat, comparison
from core.db.tables import Assistant
from core.llm import fake
from tests.comparison.voting import House, cast, compared, house, reviewer
from tests.pages.conftest import Opens, elements, said

PAGE, CHAT = "pages/loop/comparison.py", "pages/loop/chat.py"
HOSTILE = "<img src=x onerror=alert(1)> <script>alert(2)</script>"


@pytest.fixture
def desk(opens: Opens) -> House:
    return house()


def ballot(app: AppTest) -> dict[str, Any]:
    return next(data for data in elements(app) if "last" in data)


def page(opens: Opens, of: House, view: str, **more: str) -> AppTest:
    return opens(PAGE, assistant=of.assistant.id, view=view, **more)


def test_a_ballot_on_the_page_names_nobody_and_escapes_what_was_written(
    opens: Opens, desk: House
) -> None:
    compared(desk, (HOSTILE, "Das 9h às 13h."), question=HOSTILE)
    shown = ballot(page(opens, desk, "votes"))
    html = shown["left"]["html"] + shown["right"]["html"]
    assert "<img" not in html
    assert "<script" not in html
    assert "&lt;img" in html
    told = repr(shown)
    for version in desk.versions:
        assert version.id not in told
        assert f"versão {version.number}" not in told
    assert "1 pergunta espera" in shown["progress"]


def test_where_nothing_waits_the_page_says_why_and_where_comparisons_come_from(
    opens: Opens, desk: House
) -> None:
    compared(desk, ("Igual.", "Igual."))
    empty = ballot(page(opens, desk, "votes"))["empty"]
    assert empty["title"] == "Nada espera pelo seu voto"
    assert any("palavra por palavra" in line for line in empty["lines"])
    assert {"runs", "hand"} <= {name for name, *_rest in empty["acts"]}


def test_the_ranking_says_what_is_missing_and_names_the_versions(opens: Opens, desk: House) -> None:
    people = [reviewer(f"p{n}") for n in range(3)]
    for n in range(6):
        cast(compared(desk, topic="Trocas"), people[n % 3], "b")
    app = page(opens, desk, "ranking")
    words = said(app)
    assert "Poucos votos para uma classificação: faltam cerca de 44 votos" in words
    assert "6 votos de 3 pessoas sobre 6 perguntas" in words
    rows = [row for data in elements(app) for row in data.get("rows", [])]
    assert any("versão 2" in cell["text"] for row in rows for cell in row["cells"])
    assert any(cell["text"] == "Trocas" for row in rows for cell in row["cells"])


def test_before_anybody_voted_the_ranking_leads_to_the_votes(opens: Opens, desk: House) -> None:
    app = page(opens, desk, "ranking")
    assert "Ninguém votou ainda" in said(app)
    app.button(key="comparison.ranking.vote").click().run()
    assert app.query_params["view"] == "votes"


def test_an_answer_asked_again_of_another_version_is_voted_on_in_the_chat(
    opens: Opens, shop: Assistant
) -> None:
    fake.reset()
    first = chat.ask("Quando a loja abre?", person_id=access.local_person().id)
    begun = chat.again(first.message.id, chat.Options(model="fake:echo"))
    chat.wait(begun.answer_id)
    app = opens(CHAT, conversation=first.conversation.id)
    key = f"chat.again.this.{begun.answer_id}"
    app.button(key=key).click().run()
    told = comparison.ranking(shop.id, source="chat")
    assert (told.n, told.places[0].wins) == (1, 1)
    app.button(key=key).click().run()  # again: taken back
    assert comparison.ranking(shop.id, source="chat").n == 0
