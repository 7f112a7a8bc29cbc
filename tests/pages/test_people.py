"""Who sits here, what they are shown, and the page of people and their roles."""

import pytest
from streamlit.testing.v1 import AppTest

from core import access, chat, retrieval
from core.db.tables import Assistant
from tests.pages.conftest import Enters, Opens, elements, keys, said

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
    (told,) = elements(opens(PAGE))
    assert "mudar as pessoas e seus papéis" in [one["cells"][0]["text"] for one in told["rows"]]
    assert "revisor(a)" in [one["title"] for one in told["heads"]]


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


@pytest.mark.slow
def test_a_link_into_somebody_elses_conversation_says_so_and_begins_a_new_one(
    opens: Opens, shop: Assistant
) -> None:
    theirs = chat.ask("Abre aos sábados?", person_id=access.person("Ana").id).conversation
    local("viewer")
    app = opens("pages/loop/chat.py", language="en", conversation=theirs.id)
    assert "may not read what others asked" in app.info[0].value
    assert "conversation" not in app.query_params
    assert elements(app) == []


@pytest.mark.slow
def test_a_document_tells_whoever_may_not_read_how_often_it_was_used_and_no_question(
    opens: Opens, shop: Assistant
) -> None:
    chat.ask("Quando a loja abre?", person_id=access.person("Ana").id)
    (document,) = retrieval.documents(shop.id)
    there = {"document": document.id, "part": "answers", "language": "en"}
    assert "Quando a loja abre?" in links(opens("pages/manage/documents.py", **there))
    local("viewer")
    app = opens("pages/manage/documents.py", **there)
    assert "used in 1 answer" in said(app)
    assert "Quando a loja abre?" not in links(app)


def links(app: AppTest) -> list[str]:
    """The links to other pages."""
    return [one.proto.label for one in app.main.get("page_link")]


def test_somebody_without_a_role_finds_the_first_page_and_a_way_to_another_name(
    opens: Opens,
) -> None:
    local()
    assert opens(language="en").title


@pytest.mark.slow
def test_who_is_invited_next_has_the_usual_role_and_one_without_any_is_told(
    opens: Opens, enters: Enters
) -> None:
    enters("ana", ["admin"])
    app = opens(PAGE, language="en")
    app.text_input(key="people.invite.name").set_value("Bia")
    app.button_group(key="people.invite.roles").set_value([])
    next(one for one in app.button if one.label == "Invite").click().run()
    assert "Bia has no role yet" in said(app)
    assert app.button_group(key="people.invite.roles").value == ["viewer"]
