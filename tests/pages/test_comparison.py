"""Side by side, by hand: what is asked, what is shown of it, and what is never lost."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import access, assistants, chat, comparison, i18n, registry, retrieval
from core.db.tables import Assistant
from core.llm import fake
from core.llm.fake import Reply
from pages.ui import compare_hand_earlier, compare_side, compare_side_figures, compare_words
from tests.comparison import voting
from tests.comparison.made_up import run_of
from tests.pages.conftest import Enters, Opens, elements, keys, said

PAGE = "pages/loop/comparison.py"
QUESTION = "Quando a loja abre aos sábados?"
MODES = [
    {
        "name": "short",
        "title": "Curta",
        "prompt": "Responda curto.",
        "levels": [{"name": "line", "title": "Uma linha", "prompt": "Uma linha só."}],
    }
]
HOSTILE = "<img src=x onerror=alert(1)> [clique](http://mal.example)"


@pytest.fixture
def rivals(shop: Assistant) -> Iterator[Assistant]:
    """The shop, with two versions that say what they are told to."""
    fake.reset()
    registry.choose_model(shop.id, "fake:one")
    rival = registry.version_with_model(shop.id, "fake:two")
    registry.point(shop.id, "challenger", rival.id, "tried")
    yield shop
    fake.reset()


def compared(*says: Any, **way: Any) -> comparison.Compared:
    """A comparison that has ended; in turn, so that the first reply is a's."""
    fake.queue(*says)
    return comparison.wait(comparison.ask_both(QUESTION, in_turn=True, **way).id)


def columns(app: AppTest) -> list[dict[str, Any]]:
    """Both columns as they are drawn."""
    return next(one["columns"] for one in elements(app) if "columns" in one)


def figures(column: dict[str, Any]) -> dict[str, tuple[str, bool]]:
    return {one["name"]: (one["said"], one["better"]) for one in column["figures"]}


@pytest.mark.slow
def test_what_is_asked_has_an_address_and_stays_in_the_box(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE)
    app.text_area(key=f"compare.question.{shop.id}").set_value(QUESTION)
    app.button(key="compare.ask").click().run()
    (line,) = comparison.lines()
    assert app.query_params["comparison"] == line.row.id
    assert app.text_area(key=f"compare.question.{shop.id}").value == QUESTION
    comparison.wait(line.row.id)
    app.run()
    assert all("9h às 13h" in one["html"] for one in columns(app))
    assert QUESTION in [one.value for one in app.header]


@pytest.mark.slow
def test_what_cannot_be_asked_stays_in_the_box_and_says_why(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE)
    app.button(key="compare.ask").click().run()
    assert "A pergunta está vazia" in said(app)
    long = "a" * 4001
    app.text_area(key=f"compare.question.{shop.id}").set_value(long)
    app.button(key="compare.ask").click().run()
    assert "4001" in said(app)
    box = app.text_area(key=f"compare.question.{shop.id}")
    assert box.value == long
    assert box.proto.max_chars == 0  # else the browser keeps a longer text to itself
    assert comparison.lines() == []


@pytest.mark.slow
def test_the_usual_pair_is_proposed_with_its_reason(opens: Opens, rivals: Assistant) -> None:
    app = opens(PAGE)
    chosen = [app.selectbox(key=f"compare.{side}.{rivals.id}").value for side in "ab"]
    pair = comparison.pair(rivals.id)
    assert chosen == [pair.a.id, pair.b.id]
    assert "Sugestão:" in said(app)


@pytest.mark.slow
def test_mode_and_parameters_are_set_for_one_side_and_kept_for_the_next_question(
    opens: Opens, shop: Assistant
) -> None:
    assistants.update(shop.id, modes=MODES)
    app = opens(PAGE)
    app.text_area(key=f"compare.question.{shop.id}").set_value(QUESTION)
    app.selectbox(key=f"compare.way.mode.b.{shop.id}").set_value("short").run()
    app.selectbox(key=f"compare.way.level.b.{shop.id}").set_value("line").run()
    app.number_input(key=f"compare.way.temperature.b.{shop.id}").set_value(0.5).run()
    app.radio(key=f"compare.way.order.{shop.id}").set_value("turns").run()
    app.button(key="compare.ask").click().run()
    (row,) = [one.row for one in comparison.lines()]
    comparison.wait(row.id)
    assert row.settings["in_turn"]
    assert row.settings["b"] == {"mode": "short", "level": "line", "temperature": 0.5}
    assert "a" not in row.settings
    again = opens(PAGE, comparison=row.id)
    assert again.selectbox(key=f"compare.way.level.b.{shop.id}").value == "line"


@pytest.mark.slow
def test_a_model_without_a_version_is_chosen_by_its_name_and_stays_chosen(
    opens: Opens, shop: Assistant
) -> None:
    registry.model("fake", "new")
    app = opens(PAGE)
    app.text_area(key=f"compare.question.{shop.id}").set_value(QUESTION)
    app.selectbox(key=f"compare.b.{shop.id}").set_value("fake:new").run()
    app.button(key="compare.ask").click().run()
    (row,) = [one.row for one in comparison.lines()]
    comparison.wait(row.id)
    assert app.selectbox(key=f"compare.b.{shop.id}").value == row.b_version_id


@pytest.mark.slow
def test_a_question_that_people_asked_is_picked_into_the_box(
    opens: Opens, rivals: Assistant
) -> None:
    chat.ask(QUESTION, assistant=rivals.id)
    app = opens(PAGE)
    app.session_state["compare.pick"] = True
    app.run()
    app.selectbox(key="compare.pick.asked").set_value(QUESTION).run()
    assert app.text_area(key=f"compare.question.{rivals.id}").value == QUESTION


@pytest.mark.slow
def test_with_nothing_approved_the_page_says_that_both_will_answer_alike(
    opens: Opens, shop: Assistant
) -> None:
    assert "as duas vão responder igual" in said(opens(PAGE))


@pytest.mark.slow
def test_a_side_that_failed_says_why_in_its_column(opens: Opens, rivals: Assistant) -> None:
    from core.errors import ModelFailed

    found = compared(
        "Das 9h às 13h [1].", ModelFailed("Fora do ar.", hint="Ligue-o.", code="not_reachable")
    )
    one, other = columns(opens(PAGE, comparison=found.row.id))
    assert "13h" in one["html"]
    assert other["outcome"] == "error"
    assert "Fora do ar." in other["note"]
    assert all(text == "–" for text, _better in figures(other).values())


@pytest.mark.slow
def test_the_time_of_one_question_makes_no_side_better(opens: Opens, rivals: Assistant) -> None:
    found = compared(Reply("Das 9h às 13h [1].", delay=0.3), "Das 9h às 13h [1].")
    one, other = columns(opens(PAGE, comparison=found.row.id))
    assert figures(one)["Primeira palavra"][0] != figures(other)["Primeira palavra"][0]
    assert figures(other)["Primeira palavra"][0].endswith(" ms")
    for name in ("Primeira palavra", "Tempo"):
        assert not any(figures(side)[name][1] for side in (one, other))
    assert [figures(side)["Citações"] for side in (one, other)] == [("1", False)] * 2


def test_a_question_of_a_run_shows_first_what_made_it_better(shop: Assistant) -> None:
    a = {"token_f1": [0.5], "right_first": [0.0], "seconds": [1.0]}
    run_id = run_of(shop.id, a, a | {"right_first": [1.0]})
    (line,) = comparison.lines(shop.id, run_id=run_id)
    rows = compare_side_figures.of(comparison.comparison(line.row.id))
    first = rows["b"][0]
    assert (first["name"], first["said"], first["better"]) == (
        "Trecho certo em primeiro",
        "100,0%",
        True,
    )
    assert rows["a"][0]["said"] == "0,0%"
    assert [one["said"] for one in rows["a"] if one["name"] == "Tempo"] == ["–"]
    assert rows["a"][-1]["said"] == "50,0%"


@pytest.mark.slow
def test_a_question_of_a_run_leads_back_to_it(opens: Opens, shop: Assistant) -> None:
    run_id = run_of(shop.id, {"token_f1": [0.5]}, {"token_f1": [0.6]})
    (line,) = comparison.lines(shop.id, run_id=run_id)
    app = opens(PAGE, comparison=line.row.id)
    app.button(key="compare.back").click().run()
    assert not app.exception
    assert app.query_params["run"] == run_id
    assert "comparison" not in app.query_params
    assert "compare.runs.back" in keys(app)


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        (("answered", "answered"), "as duas responderam"),
        (("not_found", "not_found"), "nenhuma encontrou"),
        (("related", "not_found"), "nenhuma encontrou"),
        (("answered", "not_found"), "só A encontrou"),
    ],
)
def test_two_that_found_nothing_are_not_told_to_have_answered(
    home: Path, outcomes: tuple[str, str], told: str
) -> None:
    shop = voting.house()
    voting.compared(shop, outcomes=outcomes, source="hand")
    (line,) = comparison.lines(shop.assistant.id)
    with i18n.speaking("pt-BR"):
        assert compare_hand_earlier._outcome(line)["text"] == told


@pytest.mark.slow
def test_words_that_differ_are_marked_when_asked_for(opens: Opens, rivals: Assistant) -> None:
    found = compared("A loja abre das 9h [1].", f"A loja fecha às 9h [1]. {HOSTILE}")
    app = opens(PAGE, comparison=found.row.id)
    assert not any("<mark>" in one["html"] for one in columns(app))
    app.toggle(key="compare.words").set_value(True).run()
    one, other = columns(app)
    marked = [re.sub("</?span[^>]*>", "", side["html"]) for side in (one, other)]
    assert "<mark>abre das</mark>" in marked[0]
    assert "<mark>fecha às</mark>" in marked[1]
    assert "<img" not in other["html"]
    assert "2 palavras que só A diz" in said(app)


@pytest.mark.slow
def test_hidden_names_come_with_the_vote(opens: Opens, rivals: Assistant) -> None:
    found = compared("Das 9h às 13h [1].", "Só pela manhã [1].", hidden=True)
    app = opens(PAGE, comparison=found.row.id)
    assert {one["name"] for one in columns(app)} == {"Resposta 1", "Resposta 2"}
    assert all(not one["badges"] and not one["figures"] for one in columns(app))
    left = columns(app)[0]["html"]
    app.button(key="compare.vote.left").click().run()
    assert columns(app)[0]["html"] == left  # where it stood
    assert {one["letter"] for one in columns(app)} == {"A", "B"}
    mine = comparison.votes.vote_of(found.row.id)
    assert mine
    assert mine.blind
    assert mine.choice == mine.left_side
    app.button(key="compare.unvote").click().run()
    assert comparison.votes.vote_of(found.row.id) is None
    assert "compare.reveal" not in keys(app)  # what is known stays known


@pytest.mark.slow
def test_a_vote_with_the_names_in_sight_is_not_blind(opens: Opens, rivals: Assistant) -> None:
    found = compared("Das 9h às 13h [1].", "Só pela manhã [1].")
    app = opens(PAGE, comparison=found.row.id)
    app.button(key="compare.vote.right").click().run()
    mine = comparison.votes.vote_of(found.row.id)
    assert mine
    assert (mine.choice, mine.blind) == ("b", False)
    assert "Seu voto: B foi melhor." in said(app)


@pytest.mark.slow
def test_earlier_ones_are_listed_and_a_removed_one_comes_back(
    opens: Opens, rivals: Assistant
) -> None:
    found = compared("Das 9h [1].", "Às 9h [1].")
    app = opens(PAGE, comparison=found.row.id)
    rows = next(one["rows"] for one in elements(app) if "rows" in one)
    assert rows[0]["cells"][0]["text"] == QUESTION
    app.button(key="compare.remove").click().run()
    assert "comparison" not in app.query_params
    assert comparison.lines() == []
    app.button(key="frame.undo").click().run()
    assert app.query_params["comparison"] == found.row.id
    assert len(columns(app)) == 2


@pytest.mark.slow
def test_a_link_to_none_says_so_and_one_without_the_role_says_that(
    opens: Opens, rivals: Assistant
) -> None:
    assert "Essa comparação não existe" in said(opens(PAGE, comparison="nada"))
    found = compared("Das 9h [1].", "Às 9h [1].")
    access.set_roles(access.person("Ana").id, ["admin"])
    access.set_roles(access.local_person().id, ["viewer"])
    app = opens(PAGE, comparison=found.row.id)
    assert "não pode comparar versões" in said(app)
    assert not any("columns" in one for one in elements(app))


@pytest.mark.slow
def test_without_documents_the_page_leads_to_them(opens: Opens, shop: Assistant) -> None:
    for one in retrieval.documents(shop.id):
        retrieval.remove(one.id)
    app = opens(PAGE)
    assert "ainda não tem documentos" in said(app)
    assert "compare.ask" not in keys(app)


def test_marks_end_with_their_line() -> None:
    a = "Um\n\n- dois\n- três"
    marks = compare_words.marks(a, "")["a"]
    assert [a[one.start : one.end] for one in marks] == ["Um", "- dois", "- três"]


@pytest.mark.slow
def test_figures_are_the_same_rows_on_both_sides(rivals: Assistant) -> None:
    rows = compare_side_figures.of(compared("Das 9h [1].", Reply(error=RuntimeError("x"))))
    assert [one["name"] for one in rows["a"]] == [one["name"] for one in rows["b"]]


@pytest.mark.slow
def test_a_side_nobody_will_ask_any_more_is_told(rivals: Assistant) -> None:
    row = comparison.ask_both(QUESTION, in_turn=True)
    comparison.stop(row.id)
    found = comparison.wait(row.id)
    data = compare_side.data(found, {}, words=False)
    assert not any(one["running"] for one in data["columns"])
    assert data["columns"][1]["note"]


@pytest.mark.parametrize(("role", "led"), [("reviewer", []), ("analyst", ["Load the sample data"])])
def test_the_way_to_the_sample_data_is_for_those_who_may_load_it(
    opens: Opens, enters: Enters, role: str, led: list[str]
) -> None:
    enters("rui", [role])
    app = opens(PAGE, language="en")
    assert "There is no assistant yet" in said(app)
    assert [one.proto.label for one in app.main.get("page_link")] == led
