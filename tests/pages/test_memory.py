"""The memory on an assistant's page: two switches, and every row retired and brought back."""

from core import chat, i18n, registry
from core.db.tables import Assistant
from core.retrieval import approved
from tests.pages.conftest import Opens, said
from tests.retrieval.remembered import answered, judged

PAGE = "pages/manage/assistants.py"
HOSTILE = "Quando **abre** <img src=x onerror=alert(1)>?"


def switch(assistant: Assistant, name: str, now: bool) -> str:
    return f"memory.{name}.{assistant.id}.{now}"


def test_each_use_is_switched_and_the_switch_undone(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE, assistant=shop.id)
    app.toggle(key=switch(shop, "serve", False)).set_value(True).run()
    assert registry.memory_uses(shop.id) == (True, True)
    app.toggle(key=switch(shop, "lift", True)).set_value(False).run()
    assert registry.memory_uses(shop.id) == (False, True)
    next(button for button in app.button if button.label == "Desfazer").click().run()
    assert registry.memory_uses(shop.id) == (True, True)


def test_a_row_is_retired_and_brought_back(opens: Opens, shop: Assistant) -> None:
    judged(answered(shop.id, HOSTILE))
    (row,) = approved.listed(shop.id)
    app = opens(PAGE, assistant=shop.id)
    app.session_state[f"memory.rows.{shop.id}"] = True
    app.run()
    assert "**abre**" in said(app)
    assert "em uso" in said(app)
    app.button(key=f"memory.retire.{row.id}").click().run()
    assert approved.approved(row.id).state == "retired"
    app.button(key=f"memory.restore.{row.id}").click().run()
    assert approved.approved(row.id).state == "in_use"


def test_an_approved_answer_says_who_approved_it(opens: Opens, shop: Assistant) -> None:
    from core import access
    from pages.ui import facts

    found = chat.ask("Quando a loja abre aos sábados?")
    judged(found.message.id, person_id=access.person("Ana <b>").id)
    registry.use_memory(shop.id, serve=True)
    again = chat.ask("Quando a loja abre aos sábados?")
    with i18n.speaking("pt-BR"):
        first = facts.told(again)["facts"][0]["said"]
    assert first.startswith("aprovada por Ana &lt;b&gt; em ")
