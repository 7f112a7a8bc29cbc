"""Why an item waits, in both languages."""

from core.annotation.estimating import Estimate
from core.i18n import speaking
from core.statistics import wilson
from pages.ui import reasons

FROZEN = [
    {"name": "stars", "weight": 4, "stars": 1},
    {"name": "flagged", "weight": 5, "problem": "wrong_fact", "problems": ["wrong_fact"]},
    {"name": "keyword", "weight": 3, "word": "preço"},
]


def test_reasons_are_told_in_words() -> None:
    with speaking("en"):
        assert reasons.in_words(FROZEN) == "1 star, wrong fact, “preço” mentioned"
    with speaking("pt-BR"):
        assert reasons.in_words(FROZEN).startswith("1 estrela, ")


def test_a_calibration_item_reads_like_a_drawn_one() -> None:
    one, other = ({"name": name} for name in ("calibration", "random"))
    assert reasons.reason_in_words(one) == reasons.reason_in_words(other)


def test_an_unknown_reason_stays_as_it_is() -> None:
    assert reasons.in_words([{"name": "of a later release"}, {}]) == "of a later release, "


def test_quality_comes_with_its_interval_and_says_when_it_is_thin() -> None:
    few = Estimate(10, 40, wilson(8, 10), wilson(1, 10), wilson(9, 10), wilson(1, 10), thin=True)
    none = Estimate(0, 40, None, None, None, None, thin=True)
    with speaking("en"):
        said = reasons.quality(few)
        assert said.startswith("80% approved as it stood (49% to 94%), 90% with corrections")
        assert said.endswith("Too few to rely on.")
        assert "None of the 40" in reasons.quality(none)
