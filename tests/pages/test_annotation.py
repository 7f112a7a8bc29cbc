"""The review page without a browser: who sees what, and what those who lead store there."""

import pytest

from core import access, annotation, chat
from core.annotation import Judged
from core.db.tables import Assistant
from tests.annotation.conftest import conversations
from tests.pages.conftest import Opens, elements, said

PAGE = "pages/loop/annotation.py"


def test_without_a_queue_the_page_says_what_to_do(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE)
    assert [one.label for one in app.button] == ["Criar a fila"]
    app.button[0].click().run()
    assert [one.name for one in annotation.queues(shop.id)] == ["Revisão"]


def test_an_item_comes_with_its_suggestion_and_none_in_the_open_where_it_is_blind(
    opens: Opens, shop: Assistant
) -> None:
    talk = chat.ask("Quando a loja abre?", assistant=shop.id).conversation.id
    for blind in (False, True):
        queue = annotation.create_queue(shop.id, str(blind), blind=blind)
        annotation.add(queue.id, [talk])
        app = opens(PAGE, queue=queue.id)
        desk = next(one for one in elements(app) if "suggestion" in one)
        assert desk["suggestion"]["open"] is not blind
        assert [bool(turn["facts"]) for turn in desk["turns"]] == [not blind]


def test_settings_store_name_and_lease(opens: Opens, shop: Assistant) -> None:
    queue = annotation.create_queue(shop.id, "Fila")
    app = opens(PAGE, queue=queue.id, view="settings")
    app.text_input[0].set_value("Outra fila")
    app.number_input[1].set_value(5.0)
    next(one for one in app.button if one.label == "Salvar").click().run()
    changed = annotation.queue(queue.id)
    assert (changed.name, changed.lease_seconds) == ("Outra fila", 300)


@pytest.mark.slow
def test_settings_store_the_share_of_calibration_items(opens: Opens, shop: Assistant) -> None:
    queue = annotation.create_queue(shop.id, "Fila", calibration_share=0.125)
    app = opens(PAGE, queue=queue.id, view="settings")
    assert app.number_input[2].value == 12.5
    app.number_input[2].set_value(7.0)
    next(one for one in app.button if one.label == "Salvar").click().run()
    changed = annotation.queue(queue.id)
    assert (changed.calibration_share, changed.random_share) == (0.07, 0.1)
    assert not [one for one in app.number_input if "sorteio" in one.label]


@pytest.mark.slow
def test_settings_tell_how_many_answers_are_known(opens: Opens, shop: Assistant) -> None:
    queue = annotation.create_queue(shop.id, "Fila")
    annotation.add(queue.id, conversations(shop.id, 1))
    assert "Nenhum item que espera" in said(opens(PAGE, queue=queue.id, view="settings"))
    annotation.calibrate(annotation.items(queue.id)[0].id, Judged("rejected"))
    assert "1 item com avaliação conhecida" in said(opens(PAGE, queue=queue.id, view="settings"))


def test_a_criterion_that_is_needed_becomes_the_next_version(opens: Opens, shop: Assistant) -> None:
    queue = annotation.create_queue(shop.id, "Fila")
    app = opens(PAGE, queue=queue.id, view="settings")
    key = f"annotation.guideline.{queue.id}.1"
    app.toggle(key=f"{key}.correct.required").set_value(True)
    app.button(key=f"{key}.save").click().run()
    row = annotation.guideline(queue.id)
    assert (row.number, row.rubric[0]["required"]) == (2, True)
    before = {**annotation.DEFAULT_RUBRIC[0], "required": True}
    assert row.rubric == [before, *annotation.DEFAULT_RUBRIC[1:]]  # sentences stay translatable


def test_a_reviewer_sees_the_desk_alone(opens: Opens, shop: Assistant) -> None:
    annotation.create_queue(shop.id, "Fila")
    boss = access.person("Chefe")
    access.set_roles(boss.id, ["admin"])
    access.set_roles(access.local_person().id, ["reviewer"])
    app = opens(PAGE, view="settings")
    assert not app.text_input
    assert "Fila" in said(app)
