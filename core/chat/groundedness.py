"""Groundedness: the share of an answer's sentences that the passages support, told offline."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Sentence(NamedTuple):
    """One claim at ``start:end`` of the answer; ``reason`` says why it is not supported."""

    start: int
    end: int
    supported: bool
    reason: str = ""


@dataclass(frozen=True)
class Groundedness:
    """``share`` (0 to 1) of supported claims, None where there is nothing to judge."""

    share: float | None = None
    sentences: list[Sentence] = field(default_factory=list)


def check(answer_text: str, passages_texts: Sequence[str], language: str = "") -> Groundedness:
    """Judge every claim of ``answer_text`` by the passages it was written from."""
    return Groundedness()
