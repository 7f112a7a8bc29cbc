"""How long something took is said in the units one would say it in."""

import pytest

from core import i18n


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (0.44, "0,4 s"),
        (12, "12 s"),
        (125, "2 min 5 s"),
        (3 * 3600 + 20 * 60, "3 h 20 min"),
        (47.5 * 3600, "47 h 30 min"),
        (4 * 86_400 + 2 * 3600, "4 d 2 h"),
    ],
)
def test_a_duration_is_said_in_its_two_greatest_units(told: float, said: str) -> None:
    with i18n.speaking("pt-BR"):
        assert i18n.seconds(told) == said
