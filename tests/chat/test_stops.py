"""Stop texts in answers that come in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from core.chat.stops import Stops

PIECES = st.lists(st.text(alphabet="abF ", max_size=4), max_size=12)
TEXTS = st.lists(st.text(alphabet="abF", min_size=1, max_size=3), max_size=3)


@given(PIECES, TEXTS)
def test_what_is_shown_is_the_text_before_the_first_stop(
    pieces: list[str], texts: list[str]
) -> None:
    stops = Stops(texts)
    shown = "".join(stops.passed(piece) for piece in pieces) + stops.rest()
    whole = "".join(pieces)
    ends = [whole.find(one) for one in texts if one in whole]
    # a longer stop text may be found first where it ends: what holds is that none is shown
    assert whole.startswith(shown)
    assert not any(one in shown for one in texts)
    assert ends or shown == whole


def test_a_stop_text_is_found_across_pieces() -> None:
    stops = Stops(["FIM"])
    assert [stops.passed(one) for one in ("um F", "I", "M dois")] == ["um ", "", ""]
    assert stops.ended


def test_without_stop_texts_nothing_is_held_back() -> None:
    assert Stops([]).passed("tudo") == "tudo"
