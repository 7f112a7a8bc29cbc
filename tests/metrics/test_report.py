"""The report: one file that asks nothing of any server, in the reader's language, with every word escaped."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import access, i18n, metrics
from core.metrics.report import svg
from tests.metrics.made import assistant, talk

pytestmark = pytest.mark.slow  # a tenth of a second each
HOSTILE = '<img src=x onerror=alert(1)><a href="http://mal.example">x</a>'
LOADS = re.compile(
    r"(?:src|href|action|srcset|poster)\s*=|url\(|@import|<script|<link|<iframe", re.I
)
WEEK = metrics.View(period="7d")


class Tags(HTMLParser):
    """The names of the tags of a page, and the values of their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)


@pytest.fixture
def shop(now: None) -> str:
    """An assistant with a hostile name and two conversations, one of them unhappy."""
    made = assistant(HOSTILE)
    talk(made, {"asked": HOSTILE, "outcome": "not_found", "down": 1, "total_seconds": 2.0})
    talk(made, {"up": 1, "total_seconds": 1.0, "cost": 0.5})
    return made


def test_it_asks_nothing_of_any_server(shop: str) -> None:
    page = metrics.report(WEEK)
    assert "default-src 'none'" in page
    assert not LOADS.search(page.replace("&lt;img src=", "").replace("a href=&quot;", ""))
    assert not Tags(page).names & {"img", "a", "script", "link", "iframe", "object"}


def test_the_names_and_questions_of_others_stand_in_it_as_text(shop: str) -> None:
    page = metrics.report(WEEK)
    assert HOSTILE not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") >= 1


def test_it_is_in_the_reader_s_language_and_says_its_period(shop: str) -> None:
    assert '<html lang="pt-BR">' in metrics.report(WEEK)
    assert "últimos 7 dias (05/03/2026 a 11/03/2026)" in metrics.report(WEEK)
    with i18n.speaking("en"):
        page = metrics.report(metrics.View(period="2026-03-10..2026-03-10", assistant=shop))
    assert '<html lang="en">' in page
    assert "Are people happier?" in page


def test_sample_data_is_called_so(now: None) -> None:
    talk(assistant(), {}, is_sample=True)
    assert "dados de exemplo: inventados" in metrics.report(WEEK)
    assert "dados de exemplo: inventados" not in metrics.report(metrics.View(data="real"))


def test_without_any_answer_there_is_a_report_that_says_so(now: None) -> None:
    assert "Ninguém avaliou" in metrics.report(WEEK)


def test_who_may_not_read_gets_the_figures_and_no_question(shop: str) -> None:
    viewer = access.set_roles(access.person("Vera").id, ["viewer"])
    with access.as_person(viewer):
        page = metrics.report(WEEK)
    assert "50%" in page
    assert "alert(1)" not in page.split("Quais documentos")[1]


@example(values=[5e-324], name="")
@given(
    values=st.lists(st.none() | st.floats(0, 1e6), min_size=1, max_size=40),
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"])),
)
def test_a_chart_is_well_formed_whatever_the_numbers_and_names(
    values: list[float | None], name: str
) -> None:
    from xml.etree import ElementTree

    times = [str(n) for n in range(len(values))]
    drawn = [
        svg.lines(name, times, [svg.Line(name, values, values, values)], str, 1.0),
        svg.bars(name, times, [value or 0.0 for value in values], str),
        svg.dots(name, [svg.Dot(name, 0.5, 0.1, 0.9, name, False)], str),
    ]
    assert all(len(ElementTree.fromstring(one)) for one in drawn)  # else it raises: no XML
