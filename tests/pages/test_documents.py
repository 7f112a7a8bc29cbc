"""Documents: adding, reading, opening at a place, taking back."""

from core import assistants, retrieval
from core.db.tables import Assistant
from tests.pages.conftest import HOURS, Opens, elements, said

PAGE = "pages/manage/documents.py"


def test_without_an_assistant_one_button_makes_a_home_for_documents(opens: Opens) -> None:
    app = opens(PAGE)
    app.button(key="documents.first").click().run()
    assert [one.name for one in assistants.all()] == ["Meus documentos"]
    assert app.file_uploader


def test_dropped_files_are_stored_at_once_and_read_beside_the_page(
    opens: Opens, shop: Assistant
) -> None:
    app = opens(PAGE)
    app.file_uploader[0].upload("precos.md", b"# Precos\n\nO frete custa R$ 20,00.\n")
    app.file_uploader[0].upload("prazos.txt", b"O prazo de entrega e de 5 dias.\n").run()
    assert "2 arquivos foram adicionados" in said(app)
    assert "na fila de leitura" in said(app)
    retrieval.process_waiting()
    assert "na fila de leitura" not in said(app.run())
    assert retrieval.search("prazo de entrega", assistant_id=shop.id).passages


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE)
    app.file_uploader[0].upload("vazio.md", b"").run()
    assert "vazio" in app.error[0].value
    assert [one.name for one in retrieval.documents(shop.id)] == ["horarios.md"]


def test_a_document_opens_with_the_cited_words_marked(opens: Opens, shop: Assistant) -> None:
    document = retrieval.documents(shop.id)[0]
    at = HOURS.index("Aos sábados")
    app = opens(PAGE, document=document.id, at=str(at), to=str(at + 11))
    assert "<mark>Aos sábados</mark>" in elements(app)[0]["html"]


def test_a_place_without_an_end_marks_its_sentence(opens: Opens, shop: Assistant) -> None:
    document = retrieval.documents(shop.id)[0]
    app = opens(PAGE, document=document.id, at=str(HOURS.index("sábados")))
    assert "<mark>Aos sábados a loja abre" in elements(app)[0]["html"]


def test_a_deleted_document_comes_back_with_undo(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE)
    document = retrieval.documents(shop.id)[0]
    app.button(key=f"documents.delete.{document.id}").click().run()
    assert retrieval.documents(shop.id) == []
    app.button(key="frame.undo").click().run()
    assert [one.id for one in retrieval.documents(shop.id)] == [document.id]
