"""Where another model took over is said at that place, and nowhere else."""

import re

from core.db.tables import Message
from core.i18n import speaking
from pages.ui import breaks, safe

PLACE = {"at": 14, "after": "embedded:quotes", "message": "<b>caiu</b>", "code": "cut_off"}
TEXT = "Abre às [1].\n\nDas 9h às 13h. [2]"
MARKS = [safe.Mark("cite", 8, 11, 1, "um"), safe.Mark("cite", 29, 32, 2, "dois")]


def test_the_notice_stands_between_the_two_parts_and_is_escaped() -> None:
    with speaking("en"):
        shown = breaks.html(TEXT, MARKS, [PLACE])
    before, after = shown.split('<p class="break">')
    assert "Abre às" in before
    assert "Das 9h" in after
    assert "&lt;b&gt;caiu&lt;/b&gt;" in after
    assert "<b>" not in shown


def test_citations_count_on_over_the_break() -> None:
    shown = breaks.html(TEXT, MARKS, [PLACE])
    assert re.findall(r'data-cite="(\d+)"', shown) == ["0", "1"]


def test_an_answer_in_one_piece_shows_no_notice() -> None:
    assert breaks.html(TEXT, MARKS, []) == safe.html(TEXT, MARKS)
    assert breaks.arriving(TEXT, []) == safe.arriving(TEXT)


def test_an_arriving_answer_shows_the_notice_as_soon_as_it_is_known() -> None:
    shown = breaks.arriving(TEXT[:14], [PLACE])
    assert shown.rstrip().endswith("</p>")
    assert 'class="break"' in shown


def test_everybody_who_failed_at_a_place_is_named_there_in_order() -> None:
    first = {**PLACE, "before": "ollama:gemma3", "after": "ollama:qwen3", "message": "Caiu."}
    second = {**PLACE, "before": "ollama:qwen3", "message": "<i>Lotado</i>."}
    with speaking("en"):
        shown = breaks.html(TEXT, MARKS, [first, second])
    assert shown.count('class="break"') == 1
    assert (
        "gemma3 did not finish: Caiu. qwen3 did not answer: &lt;i&gt;Lotado&lt;/i&gt;. What follows"
    ) in shown
    with speaking("en"):
        early = breaks.html("Das 9h.", [], [{**first, "at": 0}, {**second, "at": 0}])
    assert early.startswith('<p class="break">gemma3 did not answer: Caiu. qwen3 did not answer')


def test_an_answer_given_instead_of_another_says_so_before_its_first_word() -> None:
    given = Message(
        provider="embedded",
        model_name="quotes",
        routing_reason="fallback:model_missing",
        text="",
        error="<i>llama3.2</i> is not there.",
        breaks=[],
    )
    with speaking("en"):
        shown = breaks.of(given, [])
    assert shown.startswith('<p class="break">&lt;i&gt;llama3.2&lt;/i&gt; is not there.')
    assert "own engine" in shown


def test_an_answer_of_the_one_who_was_asked_or_in_two_parts_needs_no_such_sentence() -> None:
    plain = Message(text=TEXT, routing_reason="champion", breaks=[])
    assert breaks.of(plain, MARKS) == safe.html(TEXT, MARKS)
    parted = Message(text=TEXT, routing_reason="fallback:cut_off", breaks=[PLACE])
    assert breaks.of(parted, MARKS) == breaks.html(TEXT, MARKS, [PLACE])
