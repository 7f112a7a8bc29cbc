"""An emoji is read by what it shows."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import feedback
from core.errors import InvalidInput
from core.feedback import reactions

MODIFIERS = ["", "\ufe0f", "\ufe0e", *(chr(0x1F3FB + n) for n in range(5))]


@given(st.sampled_from(reactions.UP), st.sampled_from(MODIFIERS))
def test_skin_tones_and_variants_change_nothing_up(emoji: str, modifier: str) -> None:
    assert feedback.from_reaction(emoji + modifier) == "up"


@given(st.sampled_from(reactions.DOWN), st.sampled_from(MODIFIERS))
def test_skin_tones_and_variants_change_nothing_down(emoji: str, modifier: str) -> None:
    assert feedback.from_reaction(emoji + modifier) == "down"


@pytest.mark.parametrize(
    ("emoji", "rating"),
    [("❤️", "up"), ("❤️‍🔥", "up"), ("👍🏽", "up"), ("👍👍", "up"), ("🙅🏿‍♀️", "down"), ("😡", "down")],
)
def test_what_people_send(emoji: str, rating: str) -> None:
    assert feedback.from_reaction(emoji) == rating


@pytest.mark.parametrize(
    "emoji", ["🤔", "👍👎", "", "\ufe0f", "\U0001f3fd", "up", "👍" * 40, "<b>", "x\x00"]
)
def test_what_says_neither_is_told(emoji: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        feedback.from_reaction(emoji)
    assert "👍" in refused.value.hint


def test_no_emoji_is_on_both_sides() -> None:
    assert not set(reactions.UP) & set(reactions.DOWN)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        assert feedback.from_reaction(text) in ("up", "down")
