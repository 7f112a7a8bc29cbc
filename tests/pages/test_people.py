"""Who sits here, what they are shown, and the page of people and their roles."""

from core import access
from core.db.tables import Assistant
from tests.pages.conftest import Opens, keys, said

PAGE = "pages/manage/people.py"


def local(*roles: str) -> None:
    """Whoever sits here has these roles; somebody else is the admin."""
    access.person("Admin")
    access.set_roles(access.local_person().id, roles)


def test_people_are_listed_by_name_as_it_is_written(opens: Opens) -> None:
    access.person("Ana *Maria*")
    told = said(opens(PAGE, language="en"))
    assert "Ana *Maria*" in told
    assert "Whoever sits here" in told


def test_a_person_is_added_by_name(opens: Opens) -> None:
    app = opens(PAGE)
    app.text_input(key="people.new").set_value("Zé")
    app.button[0].click().run()
    assert "Zé" in [one.name for one in access.people()]


def test_who_may_do_what_is_a_table_in_words(opens: Opens) -> None:
    told = said(opens(PAGE))
    assert "mudar as pessoas e seus papéis" in told
    assert "revisor(a)" in told


def test_whoever_may_not_is_told_so_and_shown_nothing(opens: Opens) -> None:
    local("viewer")
    app = opens(PAGE, language="en")
    assert "may not change people" in app.error[0].value
    assert not app.title


def test_a_viewer_sees_neither_what_they_may_not_nor_its_buttons(
    opens: Opens, shop: Assistant
) -> None:
    local("viewer")
    app = opens(language="en")
    assert "samples.load" not in keys(app)
    app = opens("pages/manage/documents.py")
    assert not app.get("file_uploader")


def test_somebody_without_a_role_finds_the_first_page_and_a_way_to_another_name(
    opens: Opens,
) -> None:
    local()
    assert opens(language="en").title
