"""Who belongs to an assistant, on its page; and what the pages show to whoever is no member."""

from core import access, assistants, chat
from core.db.tables import Assistant
from pages.ui import places
from tests.pages.conftest import Enters, Opens, said

PAGE = "pages/manage/assistants.py"
KEY = "assistants.members"


def test_an_admin_lets_people_in_and_closes_it_to_others(opens: Opens, shop: Assistant) -> None:
    ana = access.person("Ana *A*")
    app = opens(PAGE, assistant=shop.id)
    assert "Todos o encontram." in said(app)
    app.multiselect[0].select(ana.id)
    app.run()
    app.button(key=f"{KEY}.save.{shop.id}").click().run()
    app.toggle(key=f"{KEY}.only.{shop.id}.False").set_value(True).run()
    told = access.members(shop.id)
    assert (told.only, [one.id for one in told.people]) == (True, [ana.id])
    assert "1 membro e os administradores o encontram. Ana *A*" in said(app)
    app.toggle(key=f"{KEY}.only.{shop.id}.True").set_value(False).run()
    assert not access.members(shop.id).only


def test_an_analyst_reads_who_is_in_and_changes_nothing(
    opens: Opens, shop: Assistant, enters: Enters
) -> None:
    leo = enters("leo", ["analyst"])
    access.set_members(shop.id, [leo.id])
    access.set_members_only(shop.id, True)
    app = opens(PAGE, assistant=shop.id)
    assert "leo" in said(app)
    assert not app.multiselect


def test_no_page_knows_an_assistant_of_others(
    opens: Opens, shop: Assistant, enters: Enters
) -> None:
    leo = enters("leo", ["analyst", "reviewer"])
    talk = chat.create(shop.id, title="Segredo da loja", person_id=leo.id)
    assistants.create("Praça")
    access.set_members_only(shop.id, True)
    for name, place in places.PLACES.items():
        if not place.deed or access.may(place.deed, leo):
            app = opens(place.file, assistant=shop.id, conversation=talk.id)
            assert not app.exception, name
            told = said(app) + str([box.options for box in app.selectbox])
            assert "Loja" not in told, name
            assert "Segredo" not in told, name
