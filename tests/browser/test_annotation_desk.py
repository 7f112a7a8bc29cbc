"""The review desk: who sits at it, what is like its item, what fits on it and can be read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import visit
from tests.browser.reviewing import (
    DESK,
    as_person,
    call,
    desk,
    furnished,
    judge,
    named,
    number,
    progress,
    queue,
)
from tests.browser.test_people import sit_down, who
from tests.conftest import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


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


def test_items_like_this_one_open_by_the_keyboard(house: Server, opened: "Page") -> None:
    made = queue(house, "Parecidos", most=3, asked="pergunta")
    desk(opened, house, made)
    before = number(opened)
    opened.keyboard.press("l")
    panel = opened.get_by_role("region", name="Itens parecidos com este")
    panel.get_by_role("button", name="pergunta").first.wait_for()
    assert "% de semelhança" in panel.inner_text()
    judge(opened, "Enter")
    assert number(opened) != before
    assert progress(house, made)["held"] == 1


@pytest.mark.parametrize("name", ["Bia", ""])
def test_a_normal_item_fits_without_scrolling_and_the_keyboard_reaches_every_passage(
    house: Server, browser: "Browser", name: str
) -> None:
    made = queue(house, f"Comum {name}", most=1, asked="Pergunta comum")
    page = as_person(browser, house, name)  # who leads has more above the desk
    desk(page, house, made)
    page.wait_for_timeout(1200)  # the line above it has come
    assert page.evaluate(SCROLLS) == [0, 0]
    more = page.locator(f"{DESK} .more")
    page.keyboard.press("p")
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    assert more.get_attribute("open") is not None
    page.keyboard.press("ArrowDown")
    page.keyboard.press("2")
    assert page.locator(f"{DESK} .passage").nth(5).get_attribute("data-mark") == "wrong"
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_chosen_can_be_read(house: Server, browser: "Browser", theme: str) -> None:
    made = queue(house, f"Contraste {theme}", most=1, asked="Pergunta comum")
    page = browser.new_context(locale="pt-BR", color_scheme=theme).new_page()  # type: ignore[arg-type]
    desk(page, house, made)
    for key in ("f", "1", "Escape", "t", "1", "Escape", "c", "4", "Escape"):
        page.keyboard.press(key)
    seen: dict[str, float] = {}
    for verdict in ("1", "2", "3"):
        for key in ("Escape", verdict, "Escape", "p", verdict, "Escape"):
            page.keyboard.press(key)
        seen |= page.evaluate(CONTRASTS)
    assert len(seen) >= 7
    assert {name: ratio for name, ratio in seen.items() if ratio < 4.5} == {}
    page.context.close()


SCROLLS = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const desk = [...document.querySelectorAll('*')]
    .map((e) => e.shadowRoot?.querySelector('section.desk')).find(Boolean);
  const left = desk.querySelector('.left');
  return [main, left].map((e) => Math.max(0, e.scrollHeight - e.clientHeight));
}"""
# of every chosen pill: its words against what lies behind them, painted as the browser computed it
CONTRASTS = """() => {
  const desk = [...document.querySelectorAll('*')]
    .map((e) => e.shadowRoot?.querySelector('section.desk')).find(Boolean);
  const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const over = (colours) => {
    paint.clearRect(0, 0, 1, 1);
    for (const one of colours) { paint.fillStyle = one; paint.fillRect(0, 0, 1, 1); }
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = {};
  for (const pill of desk.querySelectorAll('[aria-checked=true]')) {
    const behind = [];
    for (let e = pill; e; e = e.parentElement || e.getRootNode().host)
      behind.unshift(getComputedStyle(e).backgroundColor);
    const page = over(behind), words = over([...behind, getComputedStyle(pill).color]);
    const [low, high] = [light(page), light(words)].sort((a, b) => a - b);
    found[`${pill.parentElement.className} ${pill.dataset.value}`] = (high + 0.05) / (low + 0.05);
  }
  return found;
}"""
