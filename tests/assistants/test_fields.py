"""What an assistant may look like."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assistants.fields import checked
from core.errors import InvalidInput

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = ("name", "language", "persona", "rules", "starters", "rubric")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "\u200b\u200b"),
        ("name", "\u202e\u2066"),
        ("name", "x" * 121),
        ("name", 7),
        ("name", "a\x00b"),
        ("language", "pt"),
        ("language", ["en"]),
        ("persona", "x" * 8001),
        ("persona", None),
        ("rules", "one rule"),
        ("rules", [1]),
        ("rules", ["x"] * 41),
        ("starters", ["x"] * 13),
        ("starters", ["x" * 301]),
        ("rubric", ["name"]),
        ("rubric", [{"name": ""}]),
        ("rubric", [{"name": "x", "weight": 1}]),
        ("colour", "red"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_fields_name(field: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        checked({field: value})
    assert caught.value.field == field


def test_blanks_around_texts_go_and_empty_lines_with_them() -> None:
    given_values = {"name": "  Ana   Maria ", "rules": [" one ", "", "  "]}
    assert checked(given_values) == {"name": "Ana Maria", "rules": ["one"]}


def test_the_longest_that_is_allowed_is_allowed() -> None:
    fitting = {"name": "x" * 120, "starters": ["x" * 300] * 12, "language": "en"}
    assert checked(fitting) == fitting


def test_a_criterion_may_do_without_a_description() -> None:
    assert checked({"rubric": [{"name": "Clear"}]}) == {
        "rubric": [{"name": "Clear", "description": ""}]
    }


@pytest.mark.slow
@given(st.sampled_from(FIELDS), ANYTHING)
def test_whatever_comes_it_is_taken_or_refused_by_name(field: str, value: Any) -> None:
    try:
        taken = checked({field: value})
    except InvalidInput as error:
        refused = error.field
    else:
        refused = ""
        assert checked(taken) == taken
    assert refused in ("", field)
