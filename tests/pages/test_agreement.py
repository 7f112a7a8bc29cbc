"""The agreement of a queue on its page: figures with words, what is thin said so, decisions in place."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import access, annotation
from core.annotation import Judged
from core.db.tables import Assistant, Queue
from tests.annotation.conftest import conversations
from tests.annotation.judging import judge
from tests.pages.conftest import Opens, elements, keys, said

PAGE = "pages/loop/annotation.py"


def judged(shop: Assistant, first: list[str], second: list[str]) -> Queue:
    """A queue whose items Ana and Bia have judged so."""
    queue = annotation.create_queue(shop.id, "Fila", reviewers_per_item=2)
    annotation.add(queue.id, conversations(shop.id, len(first)))
    judge(queue, "Ana", first)
    judge(queue, "Bia", second)
    return queue


def table(opens: Opens, queue: Queue, label: str, language: str = "pt-BR") -> list[list[str]]:
    """The texts of a ledger on the page, row by row."""
    app = opens(PAGE, language, queue=queue.id, view="agreement")
    (found,) = [one for one in elements(app) if one.get("label") == label]
    return [[cell["text"] for cell in row["cells"]] for row in found["rows"]]


def test_few_items_are_said_to_be_too_few(opens: Opens, shop: Assistant) -> None:
    queue = judged(shop, ["approved", "rejected"], ["rejected", "rejected"])
    (verdict,) = table(opens, queue, "Concordância")
    assert verdict[:3] == ["Veredito", "2", "50%"]
    assert "poucos para dizer" in verdict[3]
    assert "too few to say" in table(opens, queue, "Agreement", "en")[0][4]
    assert {row[0] for row in table(opens, queue, "Revisores")} == {"Ana", "Bia"}


def test_without_two_judgements_the_way_there_is_told(opens: Opens, shop: Assistant) -> None:
    queue = annotation.create_queue(shop.id, "Fila")
    app = opens(PAGE, queue=queue.id, view="agreement")
    assert "dois ou mais revisores por item" in said(app)


def test_a_lead_decides_a_disagreement_in_place(opens: Opens, shop: Assistant) -> None:
    queue = judged(shop, ["corrected", "approved"], ["rejected", "approved"])
    app = opens(PAGE, queue=queue.id, view="agreement")
    item = annotation.items(queue.id)[0].id
    key = f"annotation.decision.{item}"
    app.button(key=f"annotation.decide.{item}").click().run()
    app.text_area(key=f"{key}.text").set_value("A certa.")
    app.radio(key=f"{key}.verdict").set_value("corrected")
    app.button(key=f"{key}.send").click().run()
    assert not app.exception
    (decided,) = annotation.disagreements(queue.id, decided=True)
    assert decided.gold
    assert decided.gold.correction == "A certa."
    assert f"annotation.decide.{item}" not in keys(app)


def decide(app: AppTest, item: str, **chosen: Any) -> None:
    """Open the form of an item, choose, send."""
    key = f"annotation.decision.{item}"
    app.button(key=f"annotation.decide.{item}").click().run()
    for field, value in chosen.items():
        kind = {"verdict": app.radio, "note": app.text_input, "text": app.text_area}
        widget = kind.get(field, app.button_group)(key=f"{key}.{field.replace('__', '.')}")
        assert widget.value in (None, [], "") or field == "text"  # nothing is chosen beforehand
        widget.set_value(value)
    app.button(key=f"{key}.send").click().run()
    assert not app.exception


@pytest.mark.slow
def test_a_decision_says_all_that_the_desk_asks_for(opens: Opens, shop: Assistant) -> None:
    queue = annotation.create_queue(shop.id, "Fila", reviewers_per_item=2)
    annotation.add(queue.id, conversations(shop.id, 1))
    judge(queue, "Ana", ["approved"], scores={"tone": 5})
    judge(queue, "Bia", ["rejected"], failure_type="retrieval", problems=("tone",))
    item = annotation.items(queue.id)[0].id
    app = opens(PAGE, queue=queue.id, view="agreement")
    decide(
        app,
        item,
        verdict="rejected",
        failure_type="generation",
        problems=["wrong_fact", "outdated"],
        scores__correct=2,
        stars=1,
        note="Sem fonte.",
    )
    (found,) = annotation.disagreements(queue.id, decided=True)
    gold = found.gold
    assert gold
    assert (gold.verdict, gold.failure_type, gold.stars) == ("rejected", "generation", 1)
    assert (gold.problems, gold.scores) == (["wrong_fact", "outdated"], {"correct": 2})
    assert (gold.note, gold.correction) == ("Sem fonte.", "")


@pytest.mark.slow
def test_a_decision_shows_what_each_reviewer_gave(opens: Opens, shop: Assistant) -> None:
    queue = annotation.create_queue(shop.id, "Fila", reviewers_per_item=2)
    annotation.add(queue.id, conversations(shop.id, 1))
    judge(queue, "Ana", ["approved"], scores={"tone": 5})
    judge(queue, "Bia", ["rejected"], failure_type="retrieval", problems=("tone",))
    app = opens(PAGE, queue=queue.id, view="agreement")
    app.button(key=f"annotation.decide.{annotation.items(queue.id)[0].id}").click().run()
    told = said(app)
    for line in ("Ana: Aprovada · Bia: Reprovada", "Bia: A busca", "Bia: Tom", "Ana: 5"):
        assert line in told


@pytest.mark.slow
def test_a_decision_that_cannot_be_is_not_stored(opens: Opens, shop: Assistant) -> None:
    queue = judged(shop, ["approved"], ["rejected"])
    item = annotation.items(queue.id)[0].id
    app = opens(PAGE, queue=queue.id, view="agreement")
    decide(app, item, verdict="corrected")  # the answer as it was
    (found,) = annotation.disagreements(queue.id)
    assert found.gold is None
    assert "decidido" not in said(app)


def test_a_reviewer_sees_their_own_figures_and_decides_nothing(
    opens: Opens, shop: Assistant
) -> None:
    queue = judged(shop, ["approved"], ["rejected"])
    access.person("Admin")
    access.set_roles(access.local_person().id, ["reviewer"])
    app = opens(PAGE, queue=queue.id, view="agreement")
    assert not [key for key in keys(app) if key.startswith("annotation.decide")]
    assert not [one for one in elements(app) if one.get("label") == "Revisores"]
    assert "Concordância" in [one.get("label") for one in elements(app)]


def test_hostile_texts_stay_texts(opens: Opens, shop: Assistant) -> None:
    queue = judged(shop, ["approved"], ["approved"])
    item = annotation.items(queue.id)[0]
    rubric = [{"name": "a", "title": "<b>x</b> **y**", "scale": [{"value": 1}, {"value": 2}]}]
    annotation.write_guideline(queue.id, "", rubric)
    annotation.adjudicate(item.id, Judged("rejected", note="<script>alert(1)</script>"))
    app = opens(PAGE, queue=queue.id, view="agreement")
    assert not [one for one in app.get("html") if "<script" in str(one.proto)]
