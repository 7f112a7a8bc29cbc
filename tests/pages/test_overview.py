"""The first page: the first steps while there is nothing, the loop with its counts afterwards."""

from typing import Any

from streamlit.testing.v1 import AppTest

from core import assistants, chat, feedback, loop, retrieval
from core.db.tables import Assistant
from tests.pages.conftest import Opens, elements, keys, said


def ring(app: AppTest) -> dict[str, Any]:
    """What the drawn loop was given."""
    return elements(app)[0]


def test_a_first_start_offers_three_ways_in(opens: Opens) -> None:
    labels = [one.label for one in opens().button]
    assert labels == ["Perguntar ao exemplo", "Adicionar meus documentos", "Ver o ciclo"]


def test_asking_the_sample_loads_it_in_the_readers_language(opens: Opens) -> None:
    app = opens()
    app.button(key="first.0").click().run()
    assert [one.language for one in assistants.all()] == ["pt-BR"]
    assert app.title[0].value == assistants.all()[0].name.replace(".", "\\.")
    assert any(key.startswith("chat.starter.") for key in keys(app))


def test_adding_documents_leads_to_an_assistant_that_is_there_for_them(opens: Opens) -> None:
    app = opens()
    app.button(key="first.1").click().run()
    assert [one.name for one in assistants.all()] == ["Meus documentos"]
    assert app.file_uploader


def test_the_loop_shows_nine_stages_and_opens_only_those_that_exist(opens: Opens) -> None:
    stages = ring(opens())["stages"]
    assert [stage["name"] for stage in stages] == [stage.name for stage in loop.STAGES]
    built = [stage.name for stage in loop.STAGES if stage.exists]
    assert [stage["name"] for stage in stages if stage["path"]] == built


def test_the_loop_counts_what_is_there(opens: Opens, shop: Assistant) -> None:
    answer = chat.ask("Quando a loja abre?", assistant=shop.id)
    feedback.give(answer.message.id, "up", person_id=None, user_id="1")
    by_name = {stage["name"]: stage for stage in ring(opens())["stages"]}
    assert by_name["chat"]["counts"][0]["n"] == "1"
    assert by_name["feedback"]["counts"][0]["n"] == "1"


def test_removing_the_sample_data_leaves_what_is_ones_own(opens: Opens, shop: Assistant) -> None:
    sample = assistants.load_sample(assistants.samples()[0].slug)
    app = opens()
    assert "inclui dados de exemplo" in said(app)
    app.button(key="samples.remove").click().run()
    assert [one.id for one in assistants.all()] == [shop.id]
    assert retrieval.documents(sample.id) == []
    assert "removidos" in said(app)
