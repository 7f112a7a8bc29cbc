"""Which words differ: what is marked is exactly what the other does not say."""

from hypothesis import given
from hypothesis import strategies as some

from core.comparison import words
from core.comparison.words import WORD, differing

TEXTS = some.lists(
    some.sampled_from(["a", "loja", "abre", "9h", "13h", "[1]", "não", ".", "\n"])
).map(" ".join)


def marked(text: str, spans: words.Spans) -> list[str]:
    return [text[start:end] for start, end in spans]


def rest(text: str, spans: words.Spans) -> list[str]:
    """The words outside the marks."""
    inside = {i for start, end in spans for i in range(start, end)}
    found = [one for one in WORD.finditer(text) if one.start() not in inside]
    return [one.group().casefold() for one in found if not one.group().startswith("[")]


def longest(a: list[str], b: list[str]) -> int:
    """The length of a longest common sequence, by the textbook's table."""
    before = [0] * (len(b) + 1)
    for one in a:
        row = [0]
        for j, other in enumerate(b):
            row.append(before[j] + 1 if one == other else max(before[j + 1], row[j]))
        before = row
    return before[-1]


def test_what_only_one_side_says_is_marked_with_its_neighbours() -> None:
    a, b = "A loja abre às 9h [1].", "A loja abre aos sábados, às 10h [2]."
    found = differing(a, b)
    assert marked(a, found.a) == ["9h"]
    assert marked(b, found.b) == ["aos sábados", "10h"]


def test_case_marks_and_punctuation_make_no_difference() -> None:
    assert differing("A LOJA abre: às 9h30 [1]!", "a loja abre às 9h30.") == ([], [], False)


def test_a_text_against_nothing_differs_wholly() -> None:
    assert differing("uma resposta", "") == ([(0, 12)], [], False)
    assert differing("", "") == ([], [], False)


@given(TEXTS, TEXTS)
def test_what_is_left_is_the_longest_sequence_that_both_say(a: str, b: str) -> None:
    found = differing(a, b)
    same = rest(a, found.a)
    assert same == rest(b, found.b)
    assert len(same) == longest(rest(a, []), rest(b, []))


@given(some.text(), some.text())
def test_any_text_is_taken_and_spans_lie_in_it(a: str, b: str) -> None:
    found = differing(a, b)
    for text, spans in ((a, found.a), (b, found.b)):
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert spans == sorted(spans)


def test_a_text_that_is_too_long_is_compared_by_its_beginning() -> None:
    a = " ".join(["palavra"] * (words.MOST + 5))
    found = differing(a, "palavra")
    assert found.cut
    assert found.a[-1][1] < len(a)
