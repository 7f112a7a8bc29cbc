"""A run's report: one file that asks nothing of any server, and Markdown that nobody's words can bend."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from core import access, comparison, db, i18n
from core.comparison.findings import MetricVerdict, Verdict
from core.comparison.report import card, figures, page, picture
from core.comparison.report import one as single
from core.comparison.verdict import verdict
from core.db.tables import Assistant, EvaluationRun
from core.errors import NotFound
from tests.comparison.made_up import run_of

pytestmark = pytest.mark.slow  # some tenths of a second each
HOSTILE = "<img src=x onerror=alert(1)> [x](http://mal.example) | **b** `c`"
LOADS = re.compile(r"(?:src|href|action|srcset)\s*=|url\(|@import|<script|<link|<iframe", re.I)


class Tags(HTMLParser):
    """The names of the tags of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)


def run(assistant: Assistant, n: int = 40, **more: object) -> str:
    """A run in which b is better, whose questions, topics and name are hostile."""
    rng = np.random.default_rng(1)
    a = rng.uniform(0.2, 0.5, n)
    b = a + rng.normal(0.3, 0.05, n)
    each = {
        at: {"question": f"{HOSTILE} {at}", "topic": HOSTILE if at % 2 else ""} for at in range(n)
    }
    told = (
        {"groundedness": list(a), "seconds": list(a)},
        {"groundedness": list(b), "seconds": list(b)},
    )
    run_id = run_of(assistant.id, *told, each=each, **more)  # type: ignore[arg-type]
    with db.writing() as session:
        row = session.get_one(EvaluationRun, run_id)
        row.name, row.source = HOSTILE, HOSTILE
    return run_id


def test_it_asks_nothing_of_any_server(assistant: Assistant) -> None:
    text = page.html(run(assistant))
    assert "default-src 'none'" in text
    assert not LOADS.search(text.replace("&lt;img src=", ""))
    assert not Tags(text).names & {"img", "a", "script", "link", "iframe", "object"}


def test_what_a_version_learned_is_marked_and_counted_apart(assistant: Assistant) -> None:
    text = page.html(run(assistant, n=12, learned=dict.fromkeys(range(4, 12), "b")))
    assert "Where B is better (4 that count, 8 learned)" in text
    assert text.count("· learned, does not count") == 8


def test_no_column_is_empty_where_no_currency_is_set(assistant: Assistant) -> None:
    text = page.html(run(assistant))
    assert "Na sua moeda" not in text
    assert "In your currency" not in text


def test_the_words_of_others_stand_in_it_as_text(assistant: Assistant) -> None:
    text = page.html(run(assistant))
    assert HOSTILE not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_both_hold_the_sentence_every_metric_and_what_they_rest_on(assistant: Assistant) -> None:
    run_id = run(assistant)
    with i18n.speaking("en"):
        found, html, markdown = verdict(run_id), page.html(run_id), card.markdown(run_id)
    assert "answers better: groundedness +" in found.sentence
    assert found.sentence in html
    for text in (html, markdown):
        assert "Groundedness" in text
        assert "B is better" in text
        assert "n = 40" in text
        assert "learned from never counts" in text


def test_it_is_in_the_reader_s_language(assistant: Assistant) -> None:
    run_id = run(assistant)
    with i18n.speaking("pt-BR"):
        assert '<html lang="pt-BR">' in page.html(run_id)
        assert "### Resultados" in card.markdown(run_id)


def test_nobody_s_words_become_markup_of_the_card(assistant: Assistant) -> None:
    text = card.markdown(run(assistant))
    assert "<img" not in text.replace("\\<img", "")
    assert not re.search(r"(?<!\\)\]\(", text)
    assert "http://" not in text


def test_a_run_s_table_in_the_card_has_as_many_cells_in_every_row(assistant: Assistant) -> None:
    rows = [one for one in card.markdown(run(assistant)).splitlines() if one.startswith("|")]
    assert len(rows) > 3
    assert {len(re.findall(r"(?<!\\)\|", one)) for one in rows} == {8}


def test_who_may_not_read_questions_finds_none_in_it(assistant: Assistant) -> None:
    run_id = run(assistant)
    viewer = access.set_roles(access.person("Vera").id, ["viewer"])
    with access.as_person(viewer):
        text = page.html(run_id)
    assert "mal.example) | **b** `c` 1" not in text
    assert "Groundedness" in text or "Apoio" in text


def test_sample_data_is_called_so(assistant: Assistant) -> None:
    run_id = run(assistant)
    with db.writing() as session:
        session.get_one(EvaluationRun, run_id).is_sample = True
    with i18n.speaking("en"):
        assert "made up" in page.html(run_id)
        assert "made up" in card.markdown(run_id)


def test_a_run_without_an_answer_is_told_as_such(assistant: Assistant) -> None:
    run_id = run_of(assistant.id, {"groundedness": [1.0]}, {"groundedness": [1.0]}, total=5)
    with i18n.speaking("en"):
        assert "Too few to say" in page.html(run_id)


def test_a_run_there_is_not_is_not_found(assistant: Assistant) -> None:
    for made in (page.html, card.markdown):
        with pytest.raises(NotFound):
            made("none")


def test_one_comparison_is_a_file_of_its_own_with_every_word_as_text(assistant: Assistant) -> None:
    row = comparison.ask_both(f"Qual é o prazo de troca? {HOSTILE}", assistant=assistant.id)
    text = single.html(comparison.wait(row.id))
    assert "default-src 'none'" in text
    assert HOSTILE not in text
    assert not Tags(text).names & {"img", "a", "script", "link", "iframe", "object"}
    assert text.count("<h3>") == 2


def test_a_whisker_lies_between_its_ends_and_within_the_picture(assistant: Assistant) -> None:
    rows = figures.rows(verdict(run(assistant)))
    drawn = [one.whisker for one in rows if one.whisker]
    assert drawn
    for one in drawn:
        assert -1 <= one.value <= 1
        if one.low is not None and one.high is not None:
            assert -1 <= one.low <= one.value <= one.high <= 1
        xs = [float(x) for x in re.findall(r'(?:x1|x2|cx)="([\d.]+)"', picture.svg(one))]
        assert 0 <= min(xs) <= max(xs) <= picture.WIDTH


def test_what_has_few_pairs_does_not_flatten_the_others() -> None:
    many = MetricVerdict(
        "a", "A", "share", "up", "rule", True, True, "", 40, value=0.02, low=0.01, high=0.03
    )
    few = replace(many, scorer="b", n=2, value=0.5, low=-1.0, high=1.0)
    told = Verdict("r", "done", "unclear", [many, few], {}, 0.03)
    wide, clipped = (one.whisker for one in figures.rows(told))
    assert wide
    assert (wide.value, wide.high) == (round(2 / 3, 3), 1.0)
    assert clipped == (1.0, -1.0, 1.0)


def test_speed_is_told_as_a_share_of_what_a_takes(assistant: Assistant) -> None:
    rows = {one.scorer: one for one in figures.rows(verdict(run(assistant)))}
    with i18n.speaking("en"):
        assert re.fullmatch(r"\+\d+% \[\+\d+%, \+\d+%\]", rows["seconds"].difference)
    assert rows["seconds"].tone == "bad"


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("share", 0.1234, "12.3%"),
        ("seconds", 0.25, "250 ms"),
        ("dollars", 0.0004, "$ 0.0004"),
        ("tokens", 1234.4, "1,234"),
        ("per_second", 12.34, "12.3/s"),
        ("nats", 2.346, "2.35"),
        ("share", None, "–"),
    ],
)
def test_values_are_told_in_their_unit(
    home: object, unit: str, value: float | None, said: str
) -> None:
    with i18n.speaking("en"):
        assert figures.value(unit, value) == said


@pytest.mark.parametrize(("p", "said"), [(0.0004, "< 0.001"), (0.0123, "0.012"), (None, "–")])
def test_a_small_p_is_told_as_below(p: float | None, said: str) -> None:
    with i18n.speaking("en"):
        assert figures.p_value(p) == said
