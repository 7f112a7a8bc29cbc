"""A queue's judge on its pages: named by who leads, its opinion on the desk, its record beside it."""

import json
from collections.abc import Iterator

import pytest

from core import annotation, chat, i18n, registry
from core.db.tables import Assistant, Queue
from core.llm import fake
from pages.ui import review_opinion
from tests.annotation.judging import judge
from tests.pages.conftest import Opens, elements, said

PAGE = "pages/loop/annotation.py"
SAID = {"verdict": "rejected", "failure_type": "generation", "why": "O <b>prazo</b> é outro."}


@pytest.fixture
def queue(shop: Assistant) -> Iterator[Queue]:
    """A queue with one item and a judge that has an opinion of it."""
    fake.reset()
    talk = chat.ask("Quando a loja abre?", assistant=shop.id).conversation.id
    made = annotation.create_queue(shop.id, "Fila", judge="fake:juiz")
    annotation.add(made.id, [talk])
    fake.queue(json.dumps(SAID))
    annotation.ask_judge(made.id)
    yield made
    fake.reset()


@pytest.mark.slow
def test_the_opinion_comes_with_the_suggestion_in_the_models_name(
    opens: Opens, queue: Queue
) -> None:
    app = opens(PAGE, queue=queue.id)
    desk = next(one for one in elements(app) if "suggestion" in one)
    told = desk["suggestion"]["judge"]
    assert told["said"] == "juiz sugere:"
    assert (told["text"], told["why"]) == ("Reprovada · A resposta", SAID["why"])
    assert told["fill"] == {"verdict": "rejected", "failure_type": "generation", "scores": {}}
    assert told["confidence"] == "Ainda não foi medido quanto ela vale."
    assert desk["suggestion"]["fill"]["verdict"] == "approved"  # what the checks lead to


@pytest.mark.slow
def test_a_judge_is_chosen_with_what_is_sent_and_where_before_it_holds(
    opens: Opens, shop: Assistant
) -> None:
    made = annotation.create_queue(shop.id, "Fila")
    registry.model("openai", "gpt-4o")
    app = opens(PAGE, queue=made.id, view="settings")
    chosen = next(one for one in app.selectbox if one.key == f"annotation.judge.{made.id}.")
    assert chosen.value == ""
    chosen.set_value("openai:gpt-4o").run()
    assert "https://api.openai.com/v1" in said(app)
    assert annotation.queue(made.id).judge == ""
    app.button(key=f"annotation.judge.choose.{made.id}").click().run()
    assert annotation.queue(made.id).judge == "openai:gpt-4o"


@pytest.mark.slow
def test_agreement_tells_how_far_judge_and_reviewers_say_the_same(
    opens: Opens, queue: Queue
) -> None:
    judge(queue, "Ana", ["rejected"])
    app = opens(PAGE, queue=queue.id, view="agreement")
    assert "juiz · fake" in said(app)
    assert "100" in said(app)


@pytest.mark.parametrize(
    ("agreed", "n", "words"),
    [(0, 0, "not measured"), (3, 9, "3 of 9 cases: too few"), (8, 10, "8 of the 10 cases")],
)
def test_its_worth_is_told_with_how_many_it_rests_on(agreed: int, n: int, words: str) -> None:
    with i18n.speaking("en"):
        assert words in review_opinion._confidence(agreed, n)
