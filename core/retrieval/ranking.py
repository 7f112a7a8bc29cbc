"""Ranking: how well a chunk answers a question's words. Pure: numbers in, numbers out.

Scores of different kinds are put on one scale (0 to 1 among the candidates) and added by weight;
never by rank, because a weak list would drag the good one down.
"""

from collections.abc import Mapping

LEXICAL = 0.65  # share of the words' score; the rest is the vectors'


def scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """The scores with the least at 0 and the greatest at 1 (all 1 if they do not differ)."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0 if high > 0 else 0.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def fused(
    lexical: Mapping[int, float], vector: Mapping[int, float], share: float = LEXICAL
) -> dict[int, float]:
    """Weighted sum of both kinds of score, each scaled; what a list lacks counts 0 there."""
    keys = {*lexical, *vector}
    words = scaled({key: lexical.get(key, 0.0) for key in keys})
    near = scaled({key: vector.get(key, 0.0) for key in keys})
    return {key: share * words[key] + (1 - share) * near[key] for key in keys}
