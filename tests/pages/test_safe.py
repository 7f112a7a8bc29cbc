"""What models and documents say is shown, never obeyed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui import safe
from pages.ui.safe import Mark

OURS = (
    r"</?(?:p|ul|ol|li|h[3-6]|strong|em|s|code|pre|blockquote|table|thead|tbody|tr|t[hd]|br|hr)\b"
)
OURS += r"|</?(?:mark|sup|button|div)\b|</?span\b"
MARKDOWN = st.text(alphabet="ab [](){}<>!*_`#|-\n:/.\"'&$1\\⸢⸣⁅⁆", max_size=120)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![a](http://evil.example/x.png)",
        "[a](javascript:alert(1))",
        "<http://evil.example>",
        "[a]: http://evil.example\n\n[a]",
        "| <b>x</b> |\n|---|\n| ![a](http://evil.example) |",
        "```html\n<img src=x>\n```",
    ],
)
def test_no_tag_image_or_link_of_a_text_survives(text: str) -> None:
    shown = safe.html(text)
    assert not re.search(r"<(script|img|a|iframe|b|svg)\b", shown, re.IGNORECASE)
    assert not re.search(r"\s(href|src|on\w+)=", re.sub(r"&lt;.*?&gt;", "", shown))


@given(MARKDOWN, st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120))))
def test_whatever_comes_only_our_own_tags_go_out(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [Mark("weak" if a % 2 else "hit", min(a, b), max(a, b)) for a, b in spans]
    shown = safe.html(text, marks)
    assert re.sub(OURS, "", shown).count("<") == 0


@given(MARKDOWN)
def test_a_plain_text_keeps_every_character(text: str) -> None:
    shown = safe.plain(text, [Mark("hit", 2, 7)])
    import html

    assert html.unescape(re.sub(r"</?(?:div|mark)[^>]*>", "", shown)) == text


def test_a_link_is_shown_with_its_target_in_sight() -> None:
    shown = safe.html("Veja [aqui](http://other.example/x?a=1&b=2).")
    assert "(http://other.example/x?a=1&amp;b=2)" in shown


def test_a_citation_becomes_a_control_with_a_name() -> None:
    shown = safe.html("Abre às 9h [1].", [Mark("cite", 11, 14, 1, "Fonte 1: a.md")])
    assert 'data-cite="0" aria-label="Fonte 1: a.md"' in shown
    assert ">1</button>." in shown


def test_the_name_of_a_source_cannot_leave_its_attribute() -> None:
    shown = safe.html("x [1]", [Mark("cite", 2, 5, 1, '"><script>')])
    assert "<script>" not in shown


def test_a_mark_on_a_list_item_leaves_the_list_a_list() -> None:
    text = "- um\n- dois\n"
    shown = safe.html(text, [Mark("weak", 5, 11, label="sem apoio")])
    assert shown.count("<li>") == 2
    assert '<span class="weak">dois</span>' in shown


def test_a_mark_on_a_table_row_leaves_the_table_a_table() -> None:
    text = "| a | b |\n|---|---|\n| x | y |\n"
    shown = safe.html(text, [Mark("hit", text.index("| x"), len(text))])
    assert shown.count("<td>") == 2
    assert "<mark>x</mark>" in shown


def test_a_weak_sentence_says_so_without_colour() -> None:
    shown = safe.html("Errado.", [Mark("weak", 0, 7, label="sem apoio")])
    assert 'role="img" aria-label="sem apoio"' in shown


def test_money_is_not_read_as_a_formula() -> None:
    assert "R$ 10 e R$ 20" in safe.html("Custa R$ 10 e R$ 20.")


def test_a_label_reads_nothing_as_markdown() -> None:
    assert safe.label("[x](http://a.example) :red[y] *z*").count("\\") >= 10
    assert "://" not in safe.label("http://a.example")
    assert "ana@" not in safe.label("ana@a.example")
