"""The very first request of a fresh server may be a deep link: it shows its page, nothing else."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.browser
def test_a_deep_link_is_found_on_a_fresh_server(tmp_path: Path, browser: "Browser") -> None:
    with serving(tmp_path) as fresh:
        visit = browser.new_context(base_url=fresh.url, locale="pt-BR")
        page = visit.new_page()
        page.goto("/documents")
        page.get_by_role("heading", name="Documentos", level=1).wait_for()
        assert page.get_by_role("dialog").count() == 0
        visit.close()
