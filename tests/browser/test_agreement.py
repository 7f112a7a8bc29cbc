"""A lead sees how far reviewers agree, and decides in place what they differ on."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import press, stored, visit
from tests.conftest import ROOT, Server, clean_environment, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FURNISH = """
import json
from core import annotation, assistants
from core.db import migrate
migrate.upgrade()
from tests.annotation.conftest import conversations
from tests.annotation.judging import judge
shop = assistants.create("Loja")
queue = annotation.create_queue(shop.id, "Fila", reviewers_per_item=2)
annotation.add(queue.id, conversations(shop.id, 3))
judge(queue, "Ana", ["approved", "approved", "rejected"])
judge(queue, "<b>Bia</b>", ["rejected", "approved", "rejected"], note="<script>x</script>")
print(json.dumps(queue.id))
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a queue that two have judged."""
    folder = tmp_path_factory.mktemp("house")
    environment = clean_environment(folder / "home") | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", FURNISH]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    (folder / "queue.json").write_bytes(done.stdout.splitlines()[-1])
    with serving(folder) as running:
        yield running


def test_what_was_chosen_stays_where_a_decision_cannot_be_stored(
    house: Server, browser: "Browser"
) -> None:
    queue = json.loads((house.home.parent / "queue.json").read_text())
    page = browser.new_context(locale="pt-BR").new_page()
    visit(page, f"{house.url}/annotation?queue={queue}&view=agreement")
    page.get_by_text("Pergunta 0?").click()
    page.get_by_role("button", name="Decidir").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Aprovada com correção", exact=True).click()
    dialog.get_by_role("button", name="Fonte errada").click()
    dialog.get_by_label("Nota").fill("Falta a fonte.")
    dialog.get_by_role("button", name="Decidir").click()
    dialog.get_by_text("pede um texto diferente").wait_for()
    assert dialog.get_by_label("Nota").input_value() == "Falta a fonte."
    chosen = dialog.get_by_role("button", name="Fonte errada")
    assert chosen.get_attribute("aria-pressed") == "true"
    page.context.close()


def test_a_disagreement_is_decided_in_place(house: Server, browser: "Browser") -> None:
    queue = json.loads((house.home.parent / "queue.json").read_text())
    page = browser.new_context(locale="pt-BR").new_page()
    visit(page, f"{house.url}/annotation?queue={queue}&view=agreement")
    page.get_by_text("poucos para dizer").first.wait_for()
    item = page.get_by_test_id("stExpander").filter(has_text="Pergunta 0?")
    decide = item.get_by_role("button", name="Decidir")
    press(page, page.get_by_text("Pergunta 0?"), until=decide)
    item.get_by_text("<b>Bia</b>").last.wait_for()
    item.get_by_text("<script>x</script>").last.wait_for()
    dialog = page.get_by_role("dialog")
    press(page, decide, until=dialog)
    chosen = dialog.locator("label:has(input:checked)", has_text="Reprovada")
    press(page, dialog.get_by_text("Reprovada", exact=True), until=chosen)
    done = page.get_by_text("O item #1 está decidido.")
    press(page, dialog.get_by_role("button", name="Decidir"), until=done)
    page.get_by_text("Não há mais nada a decidir aqui.").wait_for()
    said = "SELECT verdict FROM judgements WHERE kind = 'adjudication' AND withdrawn_at IS NULL"
    assert stored(house, said) == [("rejected",)]
    gold = "SELECT number FROM annotation_items JOIN judgements ON judgements.id = gold_id"
    assert stored(house, gold) == [(1,)]
    page.context.close()
