"""The page of metrics in a real browser: a point leads to its conversations, the address can be sent."""

import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import settled, visit
from tests.conftest import ROOT, Server, clean_environment, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

ASKED = """
from datetime import timedelta
from core import clock
from core.db import migrate
from tests.metrics.made import assistant, talk
migrate.upgrade()
shops = [assistant("Loja <b>nova</b>"), assistant("Suporte")]
for n in range(120):
    rated = {"down": 1, "outcome": "not_found"} if n % 3 == 0 else {"up": 1}
    at = clock.now() - timedelta(days=n % 4)
    asked = {"asked": f"Pergunta {n}?", "total_seconds": 1.0}
    talk(shops[n % 2], rated | asked, at=at, title=f"Pergunta {n}?")
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of whose assistants 120 questions were asked in four days."""
    folder = tmp_path_factory.mktemp("metrics")
    environment = clean_environment(folder / "home")
    subprocess.run([sys.executable, "-c", ASKED], cwd=ROOT, env=environment, check=True)
    with serving(folder) as running:
        yield running


def test_a_point_lists_its_conversations_and_its_address_can_be_sent(
    asked: Server, opened: "Page"
) -> None:
    visit(opened, f"{asked.url}/metrics?period=7d")
    opened.locator(".card .value", has_text="67%").first.wait_for()
    point = opened.locator(".js-plotly-plot").first.locator("path.point").last
    point.wait_for()
    point.hover(force=True)
    box = point.bounding_box()
    assert box
    opened.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    drawer = opened.get_by_role("dialog")
    drawer.locator("tbody tr", has_text="Pergunta").first.wait_for()
    said = parse_qs(urlsplit(opened.url).query)
    assert said["period"] == ["7d"]
    assert said["behind"] == ["satisfaction"]
    assert said["in"][0].startswith("period=")
    opened.reload()
    drawer.locator("tbody tr", has_text="Pergunta").first.wait_for()
    opened.keyboard.press("Escape")
    drawer.wait_for(state="detached")
    opened.wait_for_url("**/metrics?period=7d")
    opened.locator(".card", has_text="Satisfação").click()
    drawer.locator("tbody tr", has_text="Pergunta").first.locator("a").click()
    opened.wait_for_url("**/chat?conversation=*")


def test_a_chart_is_a_table_and_a_file_and_the_page_a_report(asked: Server, opened: "Page") -> None:
    visit(opened, f"{asked.url}/metrics?period=7d")
    opened.locator(".js-plotly-plot").last.locator("path.point").first.wait_for()
    settled(opened)
    with opened.expect_download() as csv:
        opened.get_by_role("button", name="Exportar em CSV").first.click()
    lines = csv.value.path().read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("\ufeffQuando;Satisfação;")
    assert lines[-1].endswith(";30")
    with opened.expect_download() as report:
        opened.get_by_role("button", name="Relatório").click()
    page = report.value.path().read_text(encoding="utf-8")
    assert "Loja &lt;b&gt;nova&lt;/b&gt;" in page
    opened.get_by_text("Em tabela").first.click()
    opened.locator("tbody tr", has_text="67%").first.wait_for()
    opened.get_by_text("Assuntos e perguntas").click()
    opened.wait_for_url("**/metrics?*view=topics*")
    opened.locator("tbody tr", has_text="Pergunta").first.wait_for()
    assert "period=7d" in opened.url
