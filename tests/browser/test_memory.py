"""The memory in a real browser: an approved answer is given at once, and its row taken back."""

import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import ask, finished, furnish, visit
from tests.conftest import ROOT, Server, clean_environment, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUESTION = "Quando a loja abre aos sábados?"
JUDGED = """
from core import access, annotation, assistants, chat, registry, retrieval
shop, ana = assistants.default(), access.person("Ana").id
queue = annotation.create_queue(shop.id, "Fila")
annotation.add(queue.id, [chat.ask({question!r}).conversation.id])
claim = annotation.claim_next(queue.id, ana)
annotation.submit(claim.item.id, claim.claim_token, annotation.Judged("approved"), person_id=ana)
registry.use_memory(shop.id, serve=True)
retrieval.close()
"""


@pytest.fixture
def remembering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose assistant serves the one answer that Ana approved."""
    folder = tmp_path_factory.mktemp("remembering")
    furnish(folder)
    script = JUDGED.format(question=QUESTION)
    environment = clean_environment(folder / "home")
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)
    with serving(folder) as running:
        yield running


def test_an_approved_answer_names_its_reviewer_and_is_taken_back_with_one_click(
    remembering: Server, opened: "Page"
) -> None:
    visit(opened, f"{remembering.url}/chat")
    turn = finished(ask(opened, QUESTION))
    assert "aprovada por Ana em" in turn.locator(".facts").inner_text()
    assert "9h às 13h" in turn.inner_text()

    visit(opened, f"{remembering.url}/assistants")
    opened.get_by_role("button", name="Editar").click()
    opened.get_by_text("Perguntas aprovadas", exact=True).click()
    opened.get_by_text("foi dada 1 vez").wait_for()
    opened.get_by_role("button", name="Tirar de uso").click()
    opened.get_by_role("button", name="Trazer de volta").wait_for()

    visit(opened, f"{remembering.url}/chat")
    turn = finished(ask(opened, QUESTION))
    assert "aprovada por" not in turn.locator(".facts").inner_text()
