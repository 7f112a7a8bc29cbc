"""The documentation page in a real browser, under the server's own content security policy."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_the_documentation_lists_the_routes_and_asks_one(page: "Page") -> None:
    from playwright.sync_api import expect

    page.set_viewport_size(
        {"width": 1440, "height": 20_000}
    )  # what is out of sight is not drawn yet
    page.goto("/api/docs")
    route = page.locator("#operations-models-listing_v1_models_get")
    expect(route).to_be_visible()
    route.click()
    page.get_by_role("button", name="Execute").click()
    expect(route.locator(".responses-table.live-responses-table")).to_contain_text("embedded")


def test_the_documentation_loads_nothing_from_elsewhere(page: "Page") -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/docs", wait_until="networkidle")
    own = re.compile(r"^(http://127\.0\.0\.1:\d+/|data:|blob:)")
    assert [url for url in asked if not own.match(url)] == []
    assert len(asked) >= 5
