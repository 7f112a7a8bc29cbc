"""What a verdict says of a run's scores, and what it does not."""

import json

import numpy as np

from core import i18n
from core.comparison.verdict import verdict
from core.db.tables import Assistant
from tests.comparison.made_up import run_of


def steady(n: int, value: float = 0.5, seed: int = 1, spread: float = 0.1) -> list[float]:
    return list(np.clip(np.random.default_rng(seed).normal(value, spread, n), 0, 1))


def test_a_true_difference_is_claimed_with_its_interval_and_n(assistant: Assistant) -> None:
    a = steady(60)
    b = [value + 0.06 + 0.02 * (at % 3 - 1) for at, value in enumerate(a)]
    found = verdict(run_of(assistant.id, {"groundedness": a}, {"groundedness": b}))
    with i18n.speaking("en"):
        assert found.sentence.startswith(
            "v1 with memory answers better: groundedness +6.0 points [5"
        )
        assert "n = 60" in found.sentence
    assert json.loads(json.dumps(found.told()))["claim"] == "better"
