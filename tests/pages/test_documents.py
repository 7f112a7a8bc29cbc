"""Documents: adding, reading, opening at a place, taking back."""

from typing import Any

from streamlit.testing.v1 import AppTest

from core import assistants, retrieval
from core.db.tables import Assistant
from tests.pages.conftest import HOURS, Opens, elements

PAGE = "pages/manage/documents.py"
ADDED = ("precos.md", "prazos.txt")


def rows(app: AppTest) -> list[dict[str, Any]]:
    """The rows of the table."""
    found: list[dict[str, Any]] = next(one["rows"] for one in elements(app) if "rows" in one)
    return found


def shown_text(app: AppTest) -> str:
    """The text that is open, as HTML."""
    return str(next(one["html"] for one in elements(app) if "html" in one))


def outcome(app: AppTest) -> dict[str, Any]:
    """What the card at the window's edge tells of the last action."""
    return next(one for one in elements(app) if "token" in one)


def states(app: AppTest) -> dict[str, str]:
    """The documents of the table and how far they are."""
    return {row["name"]: row["cells"]["state"]["text"] for row in rows(app)}


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
    assert outcome(app)["headline"] == "2 arquivos foram adicionados."
    assert states(app) == {"horarios.md": "pronto"} | dict.fromkeys(ADDED, "na fila de leitura")
    retrieval.process_waiting()
    assert states(app.run()) == dict.fromkeys(["horarios.md", *ADDED], "pronto")
    assert retrieval.search("prazo de entrega", assistant_id=shop.id).passages


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE)
    app.file_uploader[0].upload("vazio.md", b"").run()
    told = outcome(app)["lines"]
    assert [(one["name"], one["bad"]) for one in told] == [("vazio.md", True)]
    assert "está vazio" in told[0]["text"]
    assert [one.name for one in retrieval.documents(shop.id)] == ["horarios.md"]


def test_a_document_opens_with_the_cited_words_marked(opens: Opens, shop: Assistant) -> None:
    document = retrieval.documents(shop.id)[0]
    at = HOURS.index("Aos sábados")
    app = opens(PAGE, document=document.id, at=str(at), to=str(at + 11))
    assert "<mark>Aos sábados</mark>" in shown_text(app)


def test_a_place_without_an_end_marks_its_sentence(opens: Opens, shop: Assistant) -> None:
    document = retrieval.documents(shop.id)[0]
    app = opens(PAGE, document=document.id, at=str(HOURS.index("sábados")))
    assert "<mark>Aos sábados a loja abre" in shown_text(app)


def test_a_document_that_could_not_be_read_says_why_in_its_row(
    opens: Opens, shop: Assistant
) -> None:
    retrieval.add(shop.id, "quebrado.pdf", b"%PDF-1.7\nnada")
    retrieval.process_waiting()
    row = rows(opens(PAGE))[0]
    assert (row["name"], row["cells"]["state"]["text"]) == ("quebrado.pdf", "falhou")
    assert "danificado" in row["error"]
