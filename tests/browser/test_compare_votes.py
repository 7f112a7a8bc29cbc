"""Blind votes in Chromium: with the keyboard alone, names hidden until the vote, on a phone as well."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import stored, visit
from tests.conftest import ROOT, Server, clean_environment, serving

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

FURNISH = """
from core.db import migrate
migrate.upgrade()
from tests.comparison.voting import compared, house
shop = house()
for n in range(8):
    compared(shop, ("Das 9h às 18h.", "<img src=x onerror=alert(1)> Só **com** hora marcada."),
             question=f"Pergunta {n}?")
"""
BALLOT = "section.ballot"


@pytest.fixture(scope="module")
def polls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with eight comparisons to vote on."""
    folder = tmp_path_factory.mktemp("polls")
    environment = clean_environment(folder / "home")
    subprocess.run([sys.executable, "-c", FURNISH], cwd=ROOT, env=environment, check=True)
    with serving(folder) as running:
        yield running


def question(page: "Page", text: str) -> None:
    """Wait for the question."""
    page.locator(f"{BALLOT} h2.question", has_text=text).wait_for()


def last(page: "Page", text: str) -> "Locator":
    """What was just voted, once it says so."""
    line = page.locator(f"{BALLOT} .last .was", has_text=text)
    line.wait_for()
    return line


def votes(polls: Server) -> list[str]:
    """The choices that stand, in their order."""
    query = "SELECT choice FROM votes WHERE withdrawn_at IS NULL ORDER BY created_at"
    return [choice for (choice,) in stored(polls, query)]


def test_five_votes_with_the_keyboard_alone(polls: Server, opened: "Page") -> None:
    visit(opened, f"{polls.url}/comparison?view=votes")
    question(opened, "Pergunta 0?")
    assert "versão" not in opened.locator(BALLOT).inner_text()
    said = ("Você preferiu a 1.", "Você preferiu a 2.", "igualmente boas", "ambas|duas são ruins")
    for n, (key, words) in enumerate(zip("1234", said, strict=True)):
        question(opened, f"Pergunta {n}?")
        opened.keyboard.press(key)
        question(opened, f"Pergunta {n + 1}?")
        line = opened.locator(f"{BALLOT} .last .was", has_text=re.compile(words))
        line.wait_for()
        assert re.search(r"1 era versão \d.*; 2 era versão \d", line.inner_text())
    assert votes(polls)[2:] == ["tie", "bad"]
    assert set(votes(polls)[:2]) <= {"a", "b"}

    opened.keyboard.press("z")  # the fourth comes back, as it was shown
    question(opened, "Pergunta 3?")
    assert len(votes(polls)) == 3
    opened.keyboard.press("1")
    question(opened, "Pergunta 4?")
    last(opened, "Você preferiu a 1.")
    opened.keyboard.press("w")  # why? with the keyboard, too
    opened.keyboard.press("Space")
    opened.locator(f"{BALLOT} .reason[aria-pressed=true]", has_text="mais correta").wait_for()
    opened.keyboard.press("2")
    question(opened, "Pergunta 5?")
    assert len(votes(polls)) == 5
    reasons = "SELECT reasons FROM votes WHERE withdrawn_at IS NULL ORDER BY created_at"
    assert stored(polls, reasons)[3] == ('["correct"]',)


def test_what_is_skipped_comes_again_when_it_is_asked_for(polls: Server, opened: "Page") -> None:
    visit(opened, f"{polls.url}/comparison?view=votes")
    waiting = opened.locator(f"{BALLOT} h2.question")
    waiting.wait_for()
    seen = set()
    for _n in range(3):
        text = waiting.inner_text()
        seen.add(text)
        opened.keyboard.press("s")
        waiting.filter(has_text=text).wait_for(state="detached")
    opened.get_by_role("heading", name="Nada espera pelo seu voto").wait_for()
    assert len(seen) == 3
    opened.get_by_role("button", name="Mostrar essas de novo").click()
    waiting.wait_for()


def test_on_a_phone_the_answers_stand_one_above_the_other(polls: Server, opened: "Page") -> None:
    opened.set_viewport_size({"width": 390, "height": 844})
    visit(opened, f"{polls.url}/comparison?view=votes")
    sides = opened.locator(f"{BALLOT} .side")
    sides.nth(1).wait_for()
    one, other = sides.nth(0).bounding_box(), sides.nth(1).bounding_box()
    assert one
    assert other
    assert other["y"] >= one["y"] + one["height"]
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    opened.get_by_role("button", name="A 1 é melhor").click()
    last(opened, "Você preferiu a 1.")
