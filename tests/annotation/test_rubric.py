"""A rubric holds what scores can be stored, compared and looked up by."""

from typing import Any

import pytest

from core.annotation.rubric import FURTHEST, checked_rubric, checked_scores
from core.errors import InvalidInput

SCALE = [{"value": 1}, {"value": 2}]


@pytest.mark.parametrize(
    "criterion",
    [
        {"name": "", "scale": SCALE},
        {"name": 'cor"tom', "scale": SCALE},
        {"name": "cor\\tom", "scale": SCALE},
        {"name": "cor\ntom", "scale": SCALE},
        {"name": "cor", "scale": SCALE[:1]},
        {"name": "cor", "scale": [*SCALE, {"value": 2}]},
        {"name": "cor", "scale": [*SCALE, {"value": True}]},
        {"name": "cor", "scale": [*SCALE, {"value": FURTHEST + 1}]},
    ],
)
def test_a_criterion_that_cannot_be_looked_up_is_refused(criterion: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_rubric([criterion])
    assert refused.value.field == "rubric"


def test_a_score_is_a_point_of_its_scale() -> None:
    rubric = checked_rubric([{"name": "Cor & tom", "scale": SCALE}])
    assert checked_scores(rubric, {"Cor & tom": 2}) == {"Cor & tom": 2}
    for wrong in (3, 2.0, True, "2", None, [2]):
        with pytest.raises(InvalidInput) as refused:
            checked_scores(rubric, {"Cor & tom": wrong})
        assert refused.value.field == "scores"
