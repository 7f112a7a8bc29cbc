"""Approved questions like one that is asked: a few milliseconds among 10,000, in each process.

In: an assistant and a question. Out: ``Match``es. What is known of an assistant's memory is kept and
brought up to date by the numbers of its changes (``memory.revision``), so every search sees what any
process has stored. Likeness is the cosine of the stems that tell something, each weighed by how
rare it is among the approved questions (idf). Same questions are equal letter by letter but for
case, accents and punctuation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, select

from core import db
from core.db.tables import ApprovedAnswer, Assistant
from core.retrieval import memory
from core.retrieval.question import UNSEEN
from core.text import fold, stems

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

LIKE = 0.5  # cosine from which an approved question lifts; bench/memory.py measures it
MOST = 3  # matches: the rest of many alike adds nothing
ASSISTANTS = 32  # of which a memory is kept at a time
EDGES = "?!.…,;:\"'“”‘’«»¿¡()[]"


class Match(NamedTuple):
    """An approved question and how much it is like the one asked, 0 to 1."""

    approved_id: str
    likeness: float


def like(
    assistant_id: str, question: str, *, least: float = LIKE, until: datetime | None = None
) -> list[Match]:
    """The approved questions most like ``question``, best first, at most MOST.

    ``until``: only those approved by then (a version's memory freeze).
    """
    known = _known(assistant_id)
    return known.like(question, least, until) if known.rows else []


def same(assistant_id: str, question: str, until: datetime | None = None) -> list[str]:
    """Ids of the approved answers that may be served to exactly this question."""
    known = _known(assistant_id)
    return [id_ for id_ in known.to(question, until) if known.rows[id_].serves]


def kept(assistant_id: str, question: str, until: datetime | None = None) -> list[str]:
    """Ids of all approved answers to exactly this question, also of those that only lift."""
    return _known(assistant_id).to(question, until)


def normal(question: str) -> str:
    """A question as it is compared: folded, without punctuation at the edges of its words."""
    return " ".join(filter(None, (word.strip(EDGES) for word in fold(question).split())))


def warm() -> None:
    """Take up the memories of this machine's assistants, so that no first search waits for it."""
    for (assistant_id,) in db.rows(_REMEMBERING):
        _known(assistant_id)


def forget() -> None:
    """Know nothing of any memory (another home in a test)."""
    _memories.clear()


@dataclass(frozen=True)
class _One:
    """An approved question: the numbers of its stems, itself as compared, since when."""

    stems: Sequence[int]
    words: str
    since: datetime
    serves: bool


@dataclass(frozen=True)
class _Memory:
    """An assistant's memory at a revision; never changed once it is there."""

    revision: int = 0
    rows: dict[str, _One] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)

    @cached_property
    def by_words(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id_, one in self.rows.items():
            found.setdefault(one.words, []).append(id_)
        return found

    @cached_property
    def whole(self) -> "_Table":
        return _Table.of(self.rows, len(self.stems))

    def to(self, question: str, until: datetime | None) -> list[str]:
        """The rows of exactly this question."""
        rows = self.by_words.get(normal(question), ())
        return [id_ for id_ in rows if until is None or self.rows[id_].since <= until]

    def like(self, question: str, least: float, until: datetime | None) -> list[Match]:
        table = self.whole
        if until is not None:
            early = {id_: one for id_, one in self.rows.items() if one.since <= until}
            table = _Table.of(early, len(self.stems))
        asked = set(stems(question))
        known = [self.stems[one] for one in asked if one in self.stems]
        return table.like(known, len(asked) - len(known), least)


@dataclass(frozen=True)
class _Table:
    """The stems of all rows one after another; where each row begins; squared idf; lengths."""

    ids: list[str]
    flat: "Array"
    starts: "Array"
    squared: "Array"
    unknown: float
    norms: "Array"

    @classmethod
    def of(cls, rows: dict[str, _One], stems_known: int) -> "_Table":
        import numpy as np

        lengths = np.fromiter((len(one.stems) for one in rows.values()), dtype=np.int64)
        flat = np.fromiter((n for one in rows.values() for n in one.stems), dtype=np.int64)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1])) if len(lengths) else lengths
        holding = np.bincount(flat, minlength=stems_known)
        of = len(rows) + UNSEEN  # a small memory knows little of which words are rare
        squared = np.log(1 + (of - holding + 0.5) / (holding + 0.5)) ** 2
        norms = np.sqrt(np.add.reduceat(squared[flat], starts)) if len(flat) else lengths
        return cls(
            list(rows), flat, starts, squared, float(np.log(1 + (of + 0.5) / 0.5) ** 2), norms
        )

    def like(self, known: Sequence[int], unknown: int, least: float) -> list[Match]:
        import numpy as np

        if not known or not self.ids:
            return []
        asked = np.zeros(len(self.squared))
        asked[known] = self.squared[known]
        norm = float(np.sqrt(asked.sum() + unknown * self.unknown))
        cosines = np.add.reduceat(asked[self.flat], self.starts) / (self.norms * norm)
        (found,) = np.nonzero(cosines >= least - 1e-9)
        best = sorted(found.tolist(), key=lambda at: (-cosines[at], self.ids[at]))[:MOST]
        return [Match(self.ids[at], min(1.0, float(cosines[at]))) for at in best]


_memories: dict[str, _Memory] = {}
_changing = Lock()
_REMEMBERING = (
    select(Assistant.id)
    .where(Assistant.memory_revision > 0, Assistant.removed_at.is_(None))
    .limit(ASSISTANTS)
)
_CHANGED = select(
    ApprovedAnswer.id,
    ApprovedAnswer.question,
    ApprovedAnswer.created_at,
    ApprovedAnswer.retired_at,
    ApprovedAnswer.unserved_why,
).where(
    ApprovedAnswer.assistant_id == bindparam("assistant"),
    ApprovedAnswer.revision > bindparam("after"),
)


def _known(assistant_id: str) -> _Memory:
    """The memory as it is now; what has changed since the last look is brought in."""
    latest = memory.revision(assistant_id)
    known = _memories.get(assistant_id)
    if known is not None and known.revision == latest:
        return known
    if not latest:
        return _Memory()
    with _changing:
        return _caught_up(assistant_id, latest)


def _caught_up(assistant_id: str, latest: int) -> _Memory:
    known = _memories.get(assistant_id, _Memory())
    if known.revision > latest:  # the database is an older one than ours
        known = _Memory()
    rows, numbers = dict(known.rows), dict(known.stems)
    for row in db.rows(_CHANGED, assistant=assistant_id, after=known.revision):
        rows.pop(row.id, None)
        told = dict.fromkeys(stems(row.question))
        if row.retired_at is None and told:
            places = [numbers.setdefault(stem, len(numbers)) for stem in told]
            rows[row.id] = _One(places, normal(row.question), row.created_at, not row.unserved_why)
    if len(_memories) >= ASSISTANTS:
        _memories.clear()
    made = _memories[assistant_id] = _Memory(latest, rows, numbers)
    return made
