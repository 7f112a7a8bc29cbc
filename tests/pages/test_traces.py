"""Traces: which answers there were, and how one of them came about."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from core import chat, clock, db, registry
from core.db.tables import Assistant, Conversation, Message, Trace
from core.errors import ModelFailed
from core.llm import fake
from core.llm.fake import Reply
from pages.ui import waterfall
from tests.pages.conftest import Opens, elements, said

PAGE = "pages/manage/traces.py"
HOSTILE = "<img src=x onerror=alert(1)> [clique](http://mal.example) **já**"


@pytest.fixture
def spoken(shop: Assistant) -> Iterator[Assistant]:
    """The shop, answered by the fake model."""
    fake.reset()
    registry.choose_model(shop.id, "fake:echo")
    yield shop
    fake.reset()


def ask(question: str, of: Assistant, *says: Any) -> Message:
    """An answer of the fake model."""
    fake.queue(*(says or ("A loja abre às 9h [1].",)))
    return chat.ask(question, assistant=of.id).message


def rows(opens: Opens, **query: str) -> list[list[dict[str, Any]]]:
    """The cells of the list's rows."""
    lists = [one for one in elements(opens(PAGE, **query)) if "rows" in one]
    return [row["cells"] for row in lists[0]["rows"]] if lists else []


def questions(opens: Opens, **query: str) -> list[str]:
    """The questions of the list."""
    return [cells[1]["text"] for cells in rows(opens, **query)]


def facts(opens: Opens, answer: Message) -> dict[str, str]:
    """What is told of one answer."""
    bare = next(one for one in elements(opens(PAGE, answer=answer.id)) if one.get("bare"))
    told = {row["cells"][0]["text"]: row["cells"][1] for row in bare["rows"]}
    return {name: f"{cell['text']} {cell.get('note', '')}".strip() for name, cell in told.items()}


def test_before_anything_was_asked_the_page_says_what_it_will_show(
    opens: Opens, shop: Assistant
) -> None:
    assert "Ainda não houve nenhuma pergunta" in said(opens(PAGE))


def test_answers_are_listed_newest_first_with_who_answered_and_how_they_ended(
    opens: Opens, spoken: Assistant
) -> None:
    ask("Quando a loja abre?", spoken)
    ask("E no sábado?", spoken, ModelFailed("fora do ar", code="not_reachable"))
    newer, older = rows(opens)
    assert [newer[1]["text"], older[1]["text"]] == ["E no sábado?", "Quando a loja abre?"]
    assert newer[1]["flags"] == ["modelo reserva"]
    assert "Motor do Ciclo" in newer[3]["text"]
    assert (older[2]["text"], older[2]["mark"]) == ("respondida", "good")
    assert older[3]["text"] == "echo"


@pytest.mark.slow
def test_what_the_address_asks_for_narrows_the_list(opens: Opens, spoken: Assistant) -> None:
    ask("Quando a loja abre?", spoken)
    ask("E no sábado?", spoken, ModelFailed("fora do ar", code="not_reachable"))
    assert questions(opens, reason="fallback") == ["E no sábado?"]
    assert questions(opens, code="not_reachable") == ["E no sábado?"]
    assert questions(opens, who="fake:echo") == ["Quando a loja abre?"]
    assert questions(opens, data="sample") == questions(opens, slower="60") == []
    assert len(questions(opens, days="1", data="real", assistant=spoken.id)) == 2


def test_an_address_that_cannot_be_is_read_as_if_it_did_not_say_so(
    opens: Opens, spoken: Assistant
) -> None:
    ask("Quando a loja abre?", spoken)
    nonsense = {"slower": "x", "days": "-3", "data": "?", "outcome": "'", "before": "x.y"}
    assert questions(opens, **nonsense) == ["Quando a loja abre?"]


def test_a_choice_of_outcome_goes_into_the_address(opens: Opens, spoken: Assistant) -> None:
    ask("Quando a loja abre?", spoken)
    app = opens(PAGE)
    app.selectbox(key="traces.outcome.").set_value("error").run()
    assert app.query_params["outcome"] == "error"
    assert "Nenhuma resposta corresponde" in said(app)


def test_a_long_list_is_shown_in_pages_that_miss_none(
    opens: Opens, spoken: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.ui.trace_list.PAGE", 2)
    for n in "12345":
        ask(f"Pergunta {n}?", spoken)
    seen, query = list[str](), dict[str, str]()
    for _page in range(3):
        found = next(one for one in elements(opens(PAGE, **query)) if "rows" in one)
        seen += [row["cells"][1]["text"] for row in found["rows"]]
        query = found["pages"][-1]["query"]
    assert seen == [f"Pergunta {n}?" for n in "54321"]


def test_one_answer_shows_its_facts_in_words_its_steps_and_its_prompt(
    opens: Opens, spoken: Assistant
) -> None:
    answer = ask("Quando a loja abre?", spoken)
    app = opens(PAGE, answer=answer.id)
    steps = next(one for one in elements(app) if "steps" in one)["steps"]
    titles = [one["title"] for one in steps if one["kind"] != "cache"]
    assert titles == [
        *("Escolha do modelo", "Busca nos documentos", "Prompt", "Modelo"),
        *("Conferência com os documentos", "Gravação"),
    ]
    assert [one.value for one in app.code] == [m.content for m in fake.asked[-1].messages]
    told = facts(opens, answer)
    assert told["Resultado"] == "respondida"
    assert told["Quem respondeu"].endswith("Motivo: campeão.")


def test_a_failed_attempt_says_why_in_words(opens: Opens, spoken: Assistant) -> None:
    answer = ask("Quando abre?", spoken, ModelFailed("ocupado", code="busy"), "Às 9h [1].")
    steps = next(one for one in elements(opens(PAGE, answer=answer.id)) if "steps" in one)["steps"]
    assert [one["failed"] for one in steps if one["kind"] == "model"] == [
        "o servidor estava ocupado",
        "",
    ]


def test_a_route_that_was_passed_over_is_told_in_words(opens: Opens, spoken: Assistant) -> None:
    for _n in range(5):
        ask("Quando abre?", spoken, ModelFailed("fora do ar", code="not_reachable"))
    told = facts(opens, ask("Quando a loja abre?", spoken))
    assert "reserva: em descanso depois de falhas" in told["Quem respondeu"]
    assert "Ficou de fora: echo (campeão): em descanso depois de falhas" in told["Quem respondeu"]


def test_hostile_text_stays_text(opens: Opens, spoken: Assistant) -> None:
    answer = ask(HOSTILE, spoken)
    app = opens(PAGE, answer=answer.id)
    assert app.title[0].value.replace("\\", "").replace("\u2060", "") == HOSTILE
    assert "](" not in app.title[0].value
    assert HOSTILE in app.code[-1].value


def test_an_answer_that_is_still_written_says_so(opens: Opens, spoken: Assistant) -> None:
    fake.queue(Reply("nunca", delay=30))
    started = chat.start("Quando a loja abre?", assistant=spoken.id)
    page = said(opens(PAGE, answer=started.answer_id))
    chat.stop(started.answer_id)
    assert "ainda está sendo escrita" in page


def test_an_answer_without_a_trace_shows_what_is_known(opens: Opens, spoken: Assistant) -> None:
    answer = ask("Quando a loja abre?", spoken)
    with db.writing() as session:
        session.delete(session.get(Trace, answer.id))
    app = opens(PAGE, answer=answer.id)
    assert "Não há passos registrados" in said(app)
    assert "Não há prompt registrado" in said(app)
    assert facts(opens, answer)["Resultado"] == "respondida"


def test_a_swept_prompt_is_told_with_its_days(opens: Opens, spoken: Assistant) -> None:
    answer = ask("Quando a loja abre?", spoken)
    with clock.held(clock.now() + timedelta(days=31)):
        chat.sweep()
    app = opens(PAGE, answer=answer.id)
    assert "some depois de 30 dias (CICLO_TRACE_DAYS)" in said(app)
    assert not app.code


def test_what_the_prompt_had_no_room_for_is_told(opens: Opens, spoken: Assistant) -> None:
    answer = ask("Quando a loja abre?", spoken)
    with db.writing() as session:
        kept = session.get_one(Trace, answer.id)
        kept.dropped = [
            {"kind": "turn", "role": "user", "characters": 9},
            {"kind": "passage", "rank": 4, "document": HOSTILE},
        ]
        spans = [dict(one) for one in kept.spans]
        spans[-1]["attributes"] = {"ciclo.prompt.read": "cut"}
        kept.spans = spans
    page = said(opens(PAGE, answer=answer.id))
    assert "1 mensagem anterior não coube e ficou de fora." in page
    assert "Trechos que não couberam: <img" in page
    assert "ele cortou o prompt" in page


def test_an_unknown_answer_is_told_in_a_sentence(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE, answer="nowhere")
    assert "nowhere" in app.error[0].value


def test_a_kept_answer_says_that_nothing_was_sent(opens: Opens, spoken: Assistant) -> None:
    answer = ask("Quando a loja abre?", spoken)
    with db.writing() as session:
        session.get_one(Message, answer.id).cached = True
        session.get_one(Trace, answer.id).prompt = None
    assert "Nada foi enviado" in said(opens(PAGE, answer=answer.id))


def test_the_way_back_leads_to_the_answer_s_branch_once_and_then_people_choose(
    opens: Opens, spoken: Assistant
) -> None:
    first = ask("Quando a loja abre?", spoken)
    fake.queue("Às nove horas [1].")
    second = chat.again(first.id).answer_id
    for _event in chat.follow(second):
        pass
    talk = first.conversation_id
    app = opens("pages/loop/chat.py", conversation=talk, answer=first.id)
    assert [turn.answer.message.id for turn in chat.path(talk) if turn.answer] == [first.id]
    assert [one["here"] for one in elements(app) if "here" in one] == [True]
    chat.show_branch(second)
    app.run()
    assert [turn.answer.message.id for turn in chat.path(talk) if turn.answer] == [second]


def test_an_answer_of_another_conversation_is_left_out_of_the_address(
    opens: Opens, spoken: Assistant
) -> None:
    one, other = ask("Quando abre?", spoken), ask("Quando fecha?", spoken)
    app = opens("pages/loop/chat.py", conversation=one.conversation_id, answer=other.id)
    assert "answer" not in app.query_params


def test_thoughts_are_folded_and_shown_as_they_were(opens: Opens, spoken: Assistant) -> None:
    answer = ask("Quando a loja abre?", spoken)
    with db.writing() as session:
        session.get_one(Message, answer.id).reasoning = HOSTILE
    app = opens(PAGE, answer=answer.id)
    folded = [one for one in app.expander if one.label == "Como o modelo pensou"]
    assert [one.code[0].value for one in folded] == [HOSTILE]
    assert not folded[0].proto.expanded


def test_sample_data_is_marked(opens: Opens, spoken: Assistant) -> None:
    answer = ask("Quando a loja abre?", spoken)
    with db.writing() as session:
        session.get_one(Conversation, answer.conversation_id).is_sample = True
    (row,) = rows(opens, data="sample")
    assert row[1]["flags"] == ["dados de exemplo"]


@pytest.mark.parametrize("long", [0.0, 0.0004, 0.037, 1.0, 9.99, 61.0, 4000.0])
def test_no_bar_and_no_tick_leaves_the_axis(long: float) -> None:
    span = {
        **{"name": "x", "kind": "model", "status": "ok", "code": ""},
        **{"start": long / 3, "seconds": long, "attributes": {"ciclo.load_seconds": long / 2}},
    }
    told = waterfall.told([span], first=long * 2, total=long)
    (step,) = told["steps"]
    assert 0 <= step["start"] <= step["start"] + step["share"] <= 1.0000001
    assert told["ticks"][0]["at"] == 0
    assert all(0 <= tick["at"] <= 1 for tick in [*told["ticks"], told["mark"]])
    assert 2 <= len(told["ticks"]) <= 6
