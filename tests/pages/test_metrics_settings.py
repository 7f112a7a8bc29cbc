"""A rate is typed as people write it, with a comma or a point."""

import pytest

from core.errors import InvalidInput
from pages.ui.metrics_settings import _typed


@pytest.mark.parametrize("text", ["5,40", "5.40", " 5,4 "])
def test_comma_and_point_are_the_same(text: str) -> None:
    assert _typed(text) == 5.4


@pytest.mark.parametrize("text", ["5,4,0", "cinco", "5 reais"])
def test_what_is_no_number_is_named(text: str) -> None:
    with pytest.raises(InvalidInput, match=text):
        _typed(text)
