"""What stands of an item's judgements, and what it says of the answer.

In: an item's judgements that were not withdrawn, and its gold one's id. Out: those that hold, and
one verdict. Always holds: what another supersedes does not count, but the gold judgement always
does; an item has one verdict, whatever the number of its reviewers. Pure.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol, TypeVar

from core.annotation.types import VERDICTS


class Said(Protocol):
    """What is needed of a judgement: a row of the table, or of a query."""

    @property
    def id(self) -> str: ...
    @property
    def supersedes_id(self) -> str | None: ...
    @property
    def verdict(self) -> str: ...


Row = TypeVar("Row", bound=Said)


def standing(judged: Sequence[Row], gold_id: str | None) -> list[Row]:
    """The judgements that hold, in their order."""
    replaced = {one.supersedes_id for one in judged}
    return [one for one in judged if one.id not in replaced or one.id == gold_id]


def deciding(judged: Sequence[Row], gold_id: str | None) -> list[Row]:
    """Whose word counts: the gold judgement alone where there is one, else all that hold."""
    gold = [one for one in judged if one.id == gold_id]
    return gold or standing(judged, gold_id)


def verdict(judged: Sequence[Said], gold_id: str | None) -> str:
    """What was judged of the item; "" where nothing holds."""
    said = [one.verdict for one in deciding(judged, gold_id)]
    return most(said) if said else ""


def most(verdicts: Sequence[str]) -> str:
    """What most said; where two are even, the worse one: an answer in dispute is not a good one."""
    counts = Counter(verdicts)
    return max(counts, key=lambda verdict: (counts[verdict], VERDICTS.index(verdict)))


def majority(counts: Sequence[int]) -> str:
    """The verdict that more than half gave, of how many gave each; "" where none has so many."""
    top = max(counts)
    return VERDICTS[counts.index(top)] if top > sum(counts) / 2 else ""
