"""A thousand documents: the page paints, sorts, looks through, chooses all, deletes and takes back.

The times are printed (``pytest -s``), not asserted: a busy machine must not fail a test.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import visit
from tests.conftest import ROOT, Server, clean_environment, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
MANY = 1_000
STOCK = """
from core import assistants, retrieval
from core.db import migrate
migrate.upgrade()
shop = assistants.create("Loja")
for n in range({many}):
    retrieval.add(shop.id, f"regra-{{n:04}}.md", f"# Regra {{n}}\\n\\nO prazo da regra {{n}} é de {{n + 3}} dias.".encode())
retrieval.process_waiting()
retrieval.close()
"""


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose one assistant has a thousand documents."""
    folder = tmp_path_factory.mktemp("thousand")
    environment = clean_environment(folder / "home")
    script = STOCK.format(many=MANY)
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)
    with serving(folder) as running:
        yield running


def test_a_thousand_documents_are_looked_through_and_deleted_and_come_back(
    thousand: Server, opened: "Page"
) -> None:
    visit(opened, f"{thousand.url}/documents")
    with timed("paint"):
        opened.goto(f"{thousand.url}/documents")
        opened.get_by_text("1 a 50 de 1.000 documentos").wait_for()
    assert opened.locator("tbody tr").count() == 50  # only what is shown is sent
    with timed("sort by name"):
        opened.get_by_role("columnheader", name="Documento").get_by_role("button").click()
        opened.locator("tbody tr", has_text="regra-0000.md").wait_for()
    with timed("search by name, with the pause after the last key"):
        opened.get_by_role("searchbox").fill("regra-077")
        opened.get_by_text("10 documentos", exact=True).wait_for()
    with timed("back to all"):
        opened.get_by_role("searchbox").fill("")
        opened.get_by_text("1 a 50 de 1.000 documentos").wait_for()
    with timed("filter"):
        opened.get_by_role("button", name="Com falha 0").click()
        opened.get_by_text("Nenhum documento corresponde.").wait_for()
    opened.get_by_role("button", name="Mostrar todos os documentos").click()
    opened.get_by_text("1 a 50 de 1.000 documentos").wait_for()
    with timed("choose all"):
        opened.get_by_role("checkbox", name="Selecionar todos desta página").click()
        opened.get_by_role("button", name="Selecionar todos os 1.000").click()
        opened.get_by_text("1.000 selecionados").wait_for()
    with timed("delete all"):
        opened.get_by_role("button", name="Excluir", exact=True).click()
        opened.get_by_text("1.000 documentos foram excluídos.").wait_for()
    with timed("undo"):
        opened.get_by_role("button", name="Desfazer").click()
        opened.get_by_text("1 a 50 de 1.000 documentos").wait_for()


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long the block took."""
    began = perf_counter()
    yield
    sys.stdout.write(f"\n{MANY} documents, {what}: {(perf_counter() - began) * 1000:.0f} ms")
