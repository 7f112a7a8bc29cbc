"""One document, and searching by hand: versions and what changed, dates, masks, where a passage stands."""

import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import settled, visit
from tests.conftest import ROOT, Server, clean_environment, serving
from tests.fake_ollama import FakeOllama, embedding_model

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import FilePayload, Page

NEVER = "<img src=x onerror=document.title='caught'>.md"
PRICES = """
from datetime import date
from core import assistants, retrieval
from core.db import migrate
migrate.upgrade()
shop = assistants.create("Loja")
old = "# Preços\\n\\nA camisa custa R$ 50,00.\\n\\nO frete custa R$ 20,00.\\n"
retrieval.add(shop.id, "precos.md", old.encode(), now=True)
retrieval.add(shop.id, "precos.md", old.replace("50,00", "55,00").encode(), now=True)
retrieval.add(shop.id, "contato.md", "# Contato\\n\\nTelefone 11 98765-4321, CPF 529.982.247-25.".encode(), now=True)
retrieval.add(shop.id, {never!r}, b"# Garantia\\n\\nA garantia vale por doze meses.", now=True)
past = retrieval.add(shop.id, "feriado.md", "# Feriado\\n\\nNo feriado a loja abre ao meio-dia.".encode(), now=True)
retrieval.set_validity([past.id], date(2020, 1, 1), date(2020, 12, 31))
retrieval.close()
"""


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a price list in two versions, personal data, and a hostile name."""
    folder = tmp_path_factory.mktemp("prices")
    stock(folder)
    with serving(folder) as running:
        yield running


def stock(folder: "Path") -> None:
    """Put the documents into the home of a server that is not running yet."""
    script, environment = PRICES.format(never=NEVER), clean_environment(folder / "home")
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)


def test_a_new_version_shows_the_lines_it_adds_and_removes(prices: Server, opened: "Page") -> None:
    open_one(opened, prices, "precos.md")
    opened.get_by_role("link", name="Versões (2)").click()
    opened.get_by_text("1 linha acrescentada · 1 linha retirada").wait_for()
    assert "R$ 50,00" in opened.locator(".diff .removed").inner_text()
    assert "R$ 55,00" in opened.locator(".diff .added").inner_text()
    assert (
        "retirada" in opened.locator(".diff .removed .unseen").inner_text()
    )  # not by colour alone


def test_an_earlier_version_can_be_read(prices: Server, opened: "Page") -> None:
    open_one(opened, prices, "precos.md")
    opened.get_by_role("link", name="Versões (2)").click()
    opened.get_by_role("button", name="Ler", exact=True).click()
    opened.get_by_text("Esta é a versão 1; quem responde agora é outra.").wait_for()
    opened.locator(".diff").first.wait_for(state="detached")  # it stood where the text stands now
    opened.get_by_text("A camisa custa R$ 50,00.").wait_for()
    assert opened.get_by_text("R$ 55,00").count() == 0


def test_adding_a_file_again_tells_what_really_happened(prices: Server, opened: "Page") -> None:
    visit(opened, f"{prices.url}/documents")
    drop(opened, file("novo.md", "Um."))
    opened.get_by_text("1 arquivo foi adicionado.").wait_for()
    drop(opened, file("novo.md", "Um."))
    opened.get_by_text("1 arquivo já estava aqui.").wait_for()
    opened.locator("tbody tr", has_text="novo.md").get_by_text("pronto").wait_for(timeout=20_000)
    drop(opened, file("novo.md", "Dois."))
    opened.get_by_text("É a versão 2; a anterior responde até esta ser lida.").wait_for()
    assert opened.get_by_role("link", name="novo.md", exact=True).count() == 1
    open_one(opened, prices, "novo.md")
    opened.get_by_role("link", name="Versões (2)").wait_for()


def test_what_is_hidden_is_chosen_and_the_text_read_again(prices: Server, opened: "Page") -> None:
    open_one(opened, prices, "contato.md")
    opened.get_by_text("[CPF•••••••••]").wait_for()
    opened.get_by_text("11 98765-4321").wait_for()
    opened.get_by_test_id("stMain").get_by_role("link", name="Ajustes").click()
    opened.get_by_text("telefone · 1 encontrado").click()
    opened.get_by_role("button", name="Salvar", exact=True).click()
    opened.get_by_text("será lido de novo para ocultar o que você escolheu").wait_for()
    opened.get_by_role("link", name="Texto").click()
    opened.get_by_text("[TEL•••").wait_for(timeout=20_000)
    assert opened.get_by_text("98765-4321").count() == 0


def test_a_document_deleted_on_its_own_page_comes_back(prices: Server, opened: "Page") -> None:
    open_one(opened, prices, "feriado.md")
    address = opened.url
    opened.get_by_role("button", name="Excluir", exact=True).click()
    opened.get_by_text("“feriado.md” foi excluído.").wait_for()
    visit(opened, address)
    opened.get_by_text("Este documento foi excluído.").wait_for()
    opened.get_by_role("button", name="Trazer de volta").click()
    opened.get_by_text("No feriado a loja abre ao meio-dia.").wait_for()
    visit(opened, f"{prices.url}/documents")
    assert "venceu em 31/12/2020" in opened.locator("tbody tr", has_text="feriado.md").inner_text()


def test_a_search_by_hand_says_why_and_opens_the_passage(prices: Server, opened: "Page") -> None:
    visit(opened, f"{prices.url}/documents")
    opened.get_by_role("link", name="Buscar à mão").click()
    opened.get_by_label("O que alguém perguntaria?").fill("quanto custa a camisa zeppelin")
    opened.get_by_role("button", name="Buscar", exact=True).click()
    opened.get_by_text("busca lexical (por palavras)").first.wait_for()
    first = opened.locator("li.one").first
    assert "precos.md" in first.inner_text()
    assert "camisa" in first.locator("mark").all_inner_texts()
    assert "palavras da pergunta" in first.locator(".why").inner_text()
    opened.get_by_text("Nenhum documento tem esta palavra: “zeppelin”.").wait_for()
    first.locator("summary").click()
    first.get_by_text("das palavras raras que ele tem (BM25)").wait_for()
    first.get_by_role("link", name="precos.md").click()
    opened.locator(".reading mark").first.wait_for()
    opened.get_by_role("button", name="Voltar à busca").click()
    opened.locator("li.one").first.wait_for()


def test_a_search_by_hand_knows_what_was_true_on_a_day(prices: Server, opened: "Page") -> None:
    asked = f"{prices.url}/documents?view=search&question=feriado+loja"
    visit(opened, asked)
    opened.get_by_text("lexical").first.wait_for()
    assert opened.get_by_role("link", name="feriado.md").count() == 0
    visit(opened, f"{asked}&day=2020-06-01")
    opened.get_by_role("link", name="feriado.md").wait_for()
    opened.get_by_text("o que valia em 01/06/2020").wait_for()


def test_a_hostile_name_is_text_wherever_it_is_shown(prices: Server, opened: "Page") -> None:
    open_one(opened, prices, NEVER)
    opened.get_by_role("heading", name=NEVER).wait_for()
    visit(opened, f"{prices.url}/documents?view=search&question=garantia")
    opened.get_by_role("link", name=NEVER).wait_for()
    visit(opened, f"{prices.url}/documents")
    opened.get_by_role("button", name=f"Excluir “{NEVER}”").click()
    opened.get_by_text(f"“{NEVER}” foi excluído.").wait_for()
    opened.get_by_role("button", name="Desfazer").click()
    opened.get_by_text("voltou").wait_for()
    assert opened.title() != "caught"
    assert opened.locator("img[src=x]").count() == 0


def test_how_search_works_is_said_with_what_another_embedder_needs(
    prices: Server, opened: "Page"
) -> None:
    visit(opened, f"{prices.url}/documents")
    opened.get_by_text("Como a busca funciona").click()
    opened.get_by_text("Busca lexical (por palavras)").wait_for()
    opened.get_by_text("ollama:bge-m3").wait_for(timeout=20_000)
    opened.get_by_text("Nenhum servidor de modelos responde").wait_for()
    settled(opened)
    assert opened.get_by_role("button", name="Usar este").count() == 0


def test_another_embedder_is_made_ready_in_the_background_and_then_serves(
    tmp_path: "Path", opened: "Page"
) -> None:
    stock(tmp_path)
    ollama = FakeOllama(models=[embedding_model("bge-m3:latest")])
    with ollama, serving(tmp_path, CICLO_OLLAMA_URL=ollama.url) as running:
        visit(opened, f"{running.url}/documents?view=search&question=camisa")
        opened.get_by_text("Como a busca funciona").click()
        opened.get_by_text("ollama:bge-m3").wait_for(timeout=20_000)
        opened.get_by_role("button", name="Usar este").first.click()
        opened.get_by_text("Busca por palavras e por sentido").wait_for(timeout=60_000)
        visit(opened, f"{running.url}/documents?view=search&question=camisa")
        opened.get_by_text("por palavras e por sentido (ollama:bge-m3)").wait_for()
        assert "precos.md" in opened.locator("li.one").first.inner_text()
        assert ollama.bodies("/api/embed")[-1]["input"] in ("camisa", ["camisa"])


def open_one(page: "Page", server: Server, name: str) -> None:
    """Open a document from the table."""
    visit(page, f"{server.url}/documents")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", name=name, level=1).wait_for()


def drop(page: "Page", *files: "FilePayload") -> None:
    """Drop files."""
    page.locator("input[type=file]").set_input_files(list(files))


def file(name: str, text: str) -> "FilePayload":
    """A file as a browser sends it."""
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
