"""Where in a passage a claim finds its support, and what it lacks there.

In: a passage's text, and a claim. Out: the windows of one to three sentences in a row that hold
most of the claim, best first, and for each what it lacks or says against it. Pure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from core.chat import contradictions
from core.chat.claims import Claim, read
from core.text import plain, sentences

WIDEST = 3  # sentences in a row that may support one claim together
WIDER = 0.03  # what each further sentence of a window costs
ENOUGH = 0.55  # the share of a claim's ideas, numbers and days that a window must hold
SUBJECT = 0.8  # what the first idea counts in finding the place: what is said of it tells more
ELSEWHERE = 0.5  # what an idea counts that stands elsewhere in the passage: the subject, mostly


@dataclass
class Passage:
    """A passage read: its sentences, and for each idea a bit mask of those that hold it."""

    claims: list[Claim]
    masks: dict[str, int]
    by_start: dict[str, list[str]]
    words: frozenset[str]

    def mask(self, name: str) -> int:
        """The sentences that hold an idea, or a word of the same family ("Brasil", "brasileiro")."""
        exact = self.masks.get(name, 0)
        if exact:
            return exact
        found = 0
        for other in self.by_start.get(name[:4], ()):
            if _akin(name, other):
                found |= self.masks[other]
        return found

    def knows(self, word: str, ideas: frozenset[str]) -> bool:
        """Whether a folded word of a name stands anywhere, as it is or bent a little."""
        if word in self.words or word.removesuffix("s") in self.words:
            return True
        return bool(self.mask(word)) or (len(ideas) == 1 and any(map(self.mask, ideas)))

    def has_name(self, words: frozenset[str]) -> bool:
        """Whether these words are surely a name here, or part of one."""
        names = (name for claim in self.claims for name in claim.names)
        return any(name.sure and words <= name.words for name in names)


@lru_cache(maxsize=256)
def passage(text: str, language: str) -> Passage:
    """``text`` read as "pt" or "en"; the last ones are remembered, as answers share passages."""
    claims = [read(sentence, language) for sentence in _sentences(text)]
    masks: dict[str, int] = {}
    for at, claim in enumerate(claims):
        for clause in claim.clauses:
            for name in clause.signs:
                masks[name] = masks.get(name, 0) | 1 << at
    by_start: dict[str, list[str]] = {}
    for name in masks:
        by_start.setdefault(name[:4], []).append(name)
    words = frozenset(word for claim in claims for word in claim.words)
    return Passage(claims, masks, by_start, words)


@dataclass
class Window:
    """Sentences ``first`` up to ``last`` (not included) of a passage, as support for a claim.

    ``score`` (0 to 1) is the share of the claim's ideas and weekdays found here, less a little
    for its width.
    """

    passage: Passage
    first: int
    last: int
    score: float

    @property
    def claims(self) -> list[Claim]:
        """What its sentences say."""
        return self.passage.claims[self.first : self.last]

    def overlaps(self, other: "Window") -> bool:
        """Whether both share a sentence."""
        same = self.passage is other.passage
        return same and self.first < other.last and other.first < self.last

    def covers(self, other: "Window") -> bool:
        """Whether it is ``other``, maybe with more around it."""
        same = self.passage is other.passage
        return same and self.first <= other.first and other.last <= self.last

    def lack(self, claim: Claim) -> str:
        """What is missing to support ``claim``; empty if nothing."""
        own = [number for here in self.claims for number in here.numbers]
        held = [any(number.matches(other) for other in own) for number in claim.numbers]
        days = {day for here in self.claims for day in here.days}
        ideas = _share([self.passage.mask(n) for n in claim.ideas], _bits(self.first, self.last))
        total = len(claim.ideas) + len(held) + len(claim.days)
        unknown = self._unknown_name(claim)
        if ideas + sum(held) + len(claim.days & days) < ENOUGH * total:
            named = unknown and self._holds_the_rest(claim)
            return f"name: {unknown}" if named else "absent"
        if self._misses_a_clause(claim):
            return "absent"
        if not all(held):
            return f"number: {claim.numbers[held.index(False)].written}"
        if unknown:
            return f"name: {unknown}"
        if not claim.days <= days:
            return "name: weekday"
        return ""

    def against(self, claim: Claim) -> str:
        """What is said here against ``claim``, though it lacks nothing."""
        own = [clause for here in self.claims for clause in here.clauses]
        names = [name for name in claim.names if name.sure or self.passage.has_name(name.words)]
        number = contradictions.misplaced_number(claim, names, own)
        if number:
            return f"number: {number.written}"
        name = contradictions.replaced_name(claim, names, self.claims)
        if name:
            return f"name: {' '.join(sorted(name.words))}"
        return "negation" if contradictions.denied(claim, own) else ""

    def _unknown_name(self, claim: Claim) -> str:
        """The first word of a name that the passage does not know."""
        names = [name for name in claim.names if name.sure]
        for name in names:
            for word in sorted(name.words):
                if not self.passage.knows(word, name.ideas):
                    return word
        return ""

    def _holds_the_rest(self, claim: Claim) -> bool:
        """Whether what is said is here, if only the names were others."""
        rest = claim.ideas - {idea for name in claim.names for idea in name.ideas}
        masks = [self.passage.mask(name) for name in rest]
        return len(rest) > 1 and _share(masks, _bits(self.first, self.last)) >= ENOUGH * len(rest)

    def _misses_a_clause(self, claim: Claim) -> bool:
        """Whether the passage knows nothing of a whole part of the claim."""
        for clause in claim.clauses:
            ideas = claim.ideas & clause.signs.keys()
            if len(ideas) >= 2 and not any(self.passage.mask(name) for name in ideas):
                return True
        return False


def windows(claim: Claim, passages: Iterable[Passage], near: float) -> list[Window]:
    """The windows whose score is at most ``near`` below the best one's, best first."""
    found = [window for passage in passages for window in _windows(claim, passage)]
    found.sort(key=lambda window: -window[0])
    best = takewhile(lambda window: window[0] >= found[0][0] - near, found)
    return [Window(passage, first, last, score) for score, passage, first, last in best]


def _windows(claim: Claim, passage: Passage) -> Iterator[tuple[float, Passage, int, int]]:
    subject = next((name for clause in claim.clauses for name in clause.signs), "")
    masks = [passage.mask(name) for name in claim.ideas if name != subject]
    first_mask = passage.mask(subject) if subject in claim.ideas else 0
    masks += [
        sum(1 << at for at, here in enumerate(passage.claims) if day in here.days)
        for day in claim.days
    ]
    total = len(masks) + SUBJECT * (subject in claim.ideas)
    count = len(passage.claims)
    for first in range(count):
        for last in range(first + 1, min(first + WIDEST, count) + 1):
            bits = _bits(first, last)
            held = _share(masks, bits) + SUBJECT * _share([first_mask], bits)
            held = held / total if total else 1.0
            yield held - WIDER * (last - first - 1), passage, first, last


def _share(masks: list[int], window: int) -> float:
    """How many of ``masks`` lie in the window; those that lie elsewhere count in part."""
    return sum(1.0 if mask & window else ELSEWHERE for mask in masks if mask)


def _bits(first: int, last: int) -> int:
    return (1 << last) - (1 << first)


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a passage, plain; a table's row with the names of its columns."""
    header = ""
    for span in sentences(text):
        sentence = text[span.start : span.end]
        header = (header or sentence) if sentence.startswith("|") else ""
        if header:  # a row is one clause, however it reads
            yield plain(sentence, header).replace(": ", " ").replace("; ", ", ")
        else:
            yield from plain(sentence).split("; ")


def _akin(one: str, other: str) -> bool:
    """Whether two stems share so much of their beginning that they are of one family."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    longer = max(len(one), len(other))
    return (same >= 5 and same >= 0.6 * longer) or (same >= 4 and longer - same <= 1)
