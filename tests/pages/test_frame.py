"""Language, navigation and notices round every page."""

from core import access
from core.db.tables import Assistant
from tests.pages.conftest import Opens, keys, said


def test_the_first_page_is_the_overview_in_the_readers_language(opens: Opens) -> None:
    assert opens().title[0].value == "Da pergunta à resposta melhor"
    assert opens(language="en-GB").title[0].value == "From question to better answer"


def test_a_choice_of_language_goes_before_the_browsers(opens: Opens) -> None:
    access.set_language(access.local_person().id, "en")
    assert opens(language="pt-BR").title[0].value == "From question to better answer"


def test_an_unknown_document_is_told_in_a_sentence(opens: Opens) -> None:
    app = opens("pages/manage/documents.py", document="nowhere")
    assert "nowhere" in app.error[0].value
    assert "Traceback" not in said(app)


def test_an_undo_takes_the_notice_with_it(opens: Opens, shop: Assistant) -> None:
    app = opens("pages/manage/assistants.py", assistant=shop.id)
    app.button(key=f"assistants.delete.{shop.id}").click().run()
    assert "excluído" in said(app)
    app.button(key="frame.undo").click().run()
    assert "excluído" not in said(app)
    assert "frame.undo" not in keys(app)
