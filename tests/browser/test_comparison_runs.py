"""A fresh machine's first evaluation: one press, the progress, and a sentence one can defend."""

import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import visit
from tests.conftest import ROOT, Server, clean_environment, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAMPLE = """
from core import assistants
from core.db import migrate
migrate.upgrade()
slug = min((one for one in assistants.samples() if one.language == "pt-BR"), key=lambda one: one.questions).slug
assistants.load_sample(slug)
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A machine with one sample's assistant and nothing else."""
    folder = tmp_path_factory.mktemp("sample")
    environment = clean_environment(folder / "home")
    subprocess.run([sys.executable, "-c", SAMPLE], cwd=ROOT, env=environment, check=True)
    with serving(folder) as running:
        yield running


def test_one_press_leads_to_progress_and_then_to_the_verdict(
    opened: "Page", sample: Server
) -> None:
    visit(opened, f"{sample.url}/comparison?view=runs")
    opened.get_by_role("button", name="Comparar o motor sem e com").click()
    sentence = opened.get_by_role("heading", level=2).filter(has_text="Respostas idênticas")
    progress = opened.get_by_text("Continua mesmo com esta página fechada.")
    progress.or_(sentence).first.wait_for(timeout=60_000)  # a quick machine is done by now
    opened.reload()  # it is found where it is
    sentence.wait_for(timeout=60_000)  # nobody has approved anything: nothing was learned
    opened.get_by_role("table", name="O que decide").wait_for()
    opened.get_by_text("Não passa no portão").wait_for()

    for wide in (1360, 390):  # no table is wider than its place, no part of the page is cut off
        opened.set_viewport_size({"width": wide, "height": 900})
        for one in opened.get_by_role("table").all():
            assert one.evaluate("one => one.scrollWidth <= one.closest('.ledger').clientWidth")
        assert opened.get_by_role("link", name="Classificação").evaluate(
            "one => one.getBoundingClientRect().right <= innerWidth"
        )
    opened.get_by_text("Velocidade e custo", exact=True).locator("visible=true").first.wait_for()

    opened.get_by_text("Todas as avaliações").click()
    runs = opened.get_by_role("table", name="Avaliações")
    runs.get_by_text("Respostas idênticas").first.wait_for()
    runs.get_by_role("link").first.click()
    sentence.wait_for()
