"""The review desk: who sits at it, what is like its item, what fits on it and can be read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import visit
from tests.browser.reviewing import DESK, call, desk, furnished, named, progress, queue
from tests.browser.test_people import sit_down, who
from tests.conftest import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Answered questions and two reviewers."""
    with furnished(tmp_path_factory.mktemp("house")) as running:
        yield running


def test_a_name_is_picked_with_one_key_before_an_item_comes(house: Server, opened: "Page") -> None:
    made = queue(house, "Quem", most=2, asked="pergunta")
    visit(opened, f"{house.url}/annotation?queue={made}")
    opened.get_by_role("heading", name="Quem está aqui?").wait_for()
    assert progress(house, made)["held"] == 0
    opened.keyboard.press("1")
    opened.locator(f"{DESK} .turn.focus").wait_for()
    who(opened, "Ana")
    assert call(house, "POST", "annotation/claims", {"queue_id": made}, "Ana")["item_id"] in str(
        opened.locator(f"{DESK} .number").get_attribute("href")
    )
    opened.keyboard.press("h")
    opened.get_by_role("region", name="Teclas").wait_for()


def test_another_name_gives_the_item_back_and_what_was_typed_stays_with_who_typed_it(
    house: Server, opened: "Page"
) -> None:
    made = queue(house, "Troca de nome", most=1)
    named(opened, house, "Ana")
    desk(opened, house, made)
    opened.keyboard.press("n")
    opened.keyboard.type("nota de Ana")
    opened.get_by_text("Salvo.").wait_for()
    sit_down(opened, "Bia")
    note = opened.locator(f"{DESK} details.note textarea")
    opened.wait_for_function(
        """() => [...document.querySelectorAll('*')].some((e) =>
            e.shadowRoot?.querySelector('details.note textarea')?.value === '')"""
    )
    sit_down(opened, "Ana")
    opened.wait_for_function(
        """() => [...document.querySelectorAll('*')].some((e) =>
            e.shadowRoot?.querySelector('details.note textarea')?.value !== '')"""
    )
    assert note.input_value() == "nota de Ana"
