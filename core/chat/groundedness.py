"""Groundedness: the share of an answer's sentences that the passages support, told offline.

In: an answer and the texts of the passages it was written from. Out: every sentence that claims
something, with whether the passages support it, and why not. A sentence is supported where a
passage has one to three sentences in a row that hold most of its ideas, all its numbers, names and
weekdays, and deny what it denies. Always holds: it compares wording, knows nothing of the world,
and says for each sentence why it is not supported; sentences that claim nothing are not counted.
Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from core.chat import citations
from core.chat.claims import Claim, Clause, Name, read
from core.chat.numbers import Number
from core.chat.prompt import says_not_found
from core.text import Span, language_of, plain, sentences

WINDOW = 3  # sentences in a row that may support one sentence together
ENOUGH = 0.5  # the share of a sentence's ideas that its window must hold
ELSEWHERE = 0.5  # what an idea counts that stands elsewhere in the passage: the subject, mostly
NEAR_BEST = 0.12  # windows this close to the best one may support as well
WIDER = 0.03  # what each further sentence of a window costs


class Sentence(NamedTuple):
    """One claim at ``start:end`` of the answer.

    ``reason`` is empty, or why it is not supported: "absent", or "number: ...", "name: ..." with
    what the passages lack, or "negation".
    """

    start: int
    end: int
    supported: bool
    reason: str = ""


@dataclass(frozen=True)
class Groundedness:
    """``share`` (0 to 1) of the claims that are supported; None where nothing can be judged."""

    share: float | None = None
    sentences: list[Sentence] = field(default_factory=list)


def check(answer_text: str, passages_texts: Sequence[str], language: str = "") -> Groundedness:
    """Judge every claim of ``answer_text`` by the passages it was written from.

    ``language`` is the answer's ("pt-BR", "en"), told from the text where it is not given. Nothing
    is judged where no passage is in the answer's language.
    """
    spoken = language[:2].lower() or language_of(answer_text) or "pt"
    if spoken not in ("pt", "en"):
        return Groundedness()
    held = [_passage(text, spoken) for text in passages_texts if language_of(text) in (spoken, "")]
    if not held:
        return Groundedness()
    judged = [
        Sentence(span.start, span.end, not why, why)
        for span, claim in _claims(answer_text, spoken)
        for why in [_why_not(claim, held)]
    ]
    share = sum(sentence.supported for sentence in judged) / len(judged) if judged else None
    return Groundedness(share, judged)


def _claims(answer: str, language: str) -> Iterator[tuple[Span, Claim]]:
    """The sentences of an answer that claim something."""
    text = citations.masked(answer)
    for span in sentences(text):
        sentence = plain(text[span.start : span.end])
        if not _NO_CLAIM.search(sentence) and not says_not_found(sentence):
            claim = read(sentence, language)
            if claim.says_something:
                yield span, claim


@dataclass
class _Passage:
    """A passage read: its sentences, and where each idea and each word stands."""

    claims: list[Claim]
    places: dict[str, set[int]]
    stems_by_start: dict[str, list[str]]
    words: frozenset[str]

    def where(self, name: str) -> set[int]:
        """The sentences that hold an idea, or a word of the same family ("Brasil", "brasileiro")."""
        exact = self.places.get(name)
        if exact:
            return exact
        near = [other for other in self.stems_by_start.get(name[:4], ()) if _akin(name, other)]
        return {at for other in near for at in self.places[other]}

    def names(self, name: Name) -> bool:
        """Whether the passage has this name for certain."""
        return any(
            other.sure and name.words <= other.words for here in self.claims for other in here.names
        )

    def knows(self, name: str) -> bool:
        """Whether a folded name stands anywhere in the passage, as it is or bent a little."""
        return name in self.words or name.removesuffix("s") in self.words or bool(self.where(name))


@lru_cache(maxsize=256)
def _passage(text: str, language: str) -> _Passage:
    claims = [read(sentence, language) for sentence in _rows(text)]
    places: dict[str, set[int]] = {}
    for at, claim in enumerate(claims):
        for clause in claim.clauses:
            for name in clause.signs:
                places.setdefault(name, set()).add(at)
    by_start: dict[str, list[str]] = {}
    for name in places:
        by_start.setdefault(name[:4], []).append(name)
    words = frozenset().union(*(claim.words for claim in claims))
    return _Passage(claims, places, by_start, words)


def _rows(text: str) -> Iterator[str]:
    """The sentences of a passage, plain; a table's row with the names of its columns."""
    header = ""
    for span in sentences(text):
        sentence = text[span.start : span.end]
        header = (header or sentence) if sentence.startswith("|") else ""
        if header:
            yield plain(sentence, header).replace(": ", " ").replace("; ", ", ")
        else:
            yield from plain(sentence).split("; ")


def _akin(one: str, other: str) -> bool:
    same = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        same += 1
    longer = max(len(one), len(other))
    return (same >= 5 and same >= 0.6 * longer) or (same >= 4 and longer - same <= 1)


def _why_not(claim: Claim, passages: Sequence[_Passage]) -> str:
    """Why no window of any passage supports the claim; empty where one does."""
    windows = sorted(
        (window for passage in passages for window in _windows(claim, passage)),
        key=lambda window: -window.score,
    )
    why = "absent"
    denied: list[_Window] = []
    for window in windows:
        if window.score < windows[0].score - NEAR_BEST:
            break
        if any(window.overlaps(other) for other in denied):
            continue
        lack, against = window.lack(claim), ""
        if not lack:
            against = window.contradiction(claim)
            if not against:
                return ""
            denied.append(window)
        if window is windows[0]:
            why = lack or against
    return why


@dataclass
class _Window:
    """Sentences ``first`` up to ``last`` (not included) of a passage, as support for one claim."""

    passage: _Passage
    places: dict[str, set[int]]
    first: int
    last: int
    score: float = 0.0

    def overlaps(self, other: "_Window") -> bool:
        """Whether both share sentences: a part, or more around it, undoes no contradiction."""
        same = self.passage is other.passage
        return same and self.first < other.last and other.first < self.last

    def holds(self, name: str) -> bool:
        return any(self.first <= at < self.last for at in self.places[name])

    @property
    def claims(self) -> list[Claim]:
        return self.passage.claims[self.first : self.last]

    def share(self, names: Sequence[str] | frozenset[str]) -> float:
        """The share of ideas held here; those elsewhere in the passage count in part."""
        worth = (1.0 if self.holds(n) else ELSEWHERE if self.places[n] else 0.0 for n in names)
        return sum(worth) / len(names) if names else 1.0

    def lack(self, claim: Claim) -> str:
        """What the window lacks to support ``claim``; empty if nothing."""
        own = [number for here in self.claims for number in here.numbers]
        held = [any(number.matches(other) for other in own) for number in claim.numbers]
        total = len(claim.ideas) + len(held)
        if self.share(claim.ideas) * len(claim.ideas) + sum(held) < ENOUGH * total:
            return "absent"
        if self._lacks_a_clause(claim):
            return "absent"
        if not all(held):
            return f"number: {claim.numbers[held.index(False)].written}"
        for word in sorted(word for name in claim.names if name.sure for word in name.words):
            if not self.passage.knows(word):
                return f"name: {word}"
        if not claim.days <= frozenset().union(*(here.days for here in self.claims)):
            return "name: weekday"
        return ""

    def contradiction(self, claim: Claim) -> str:
        """What the window says against ``claim``, though it holds all its parts."""
        return self._mixed_up(claim) or ("negation" if self._denies(claim) else "")

    def _mixed_up(self, claim: Claim) -> str:
        """A number or a name that the window holds, but says of something else."""
        own = [clause for here in self.claims for clause in here.clauses]
        names = [name for name in claim.names if name.sure or self.passage.names(name)]
        for clause in claim.clauses:
            for number in clause.numbers:
                if _is_anothers(number, clause, claim, own):
                    return f"number: {number.written}"
        nearest = self._nearest(claim, names)
        for name in names:
            if _is_replaced(name, names, nearest):
                return f"name: {' '.join(sorted(name.words))}"
        return ""

    def _nearest(self, claim: Claim, names: Sequence[Name]) -> Claim:
        """The one sentence that holds most of the claim, its names left aside."""
        named = {idea for name in names for idea in name.ideas}
        return max(
            self.claims,
            key=lambda here: (
                sum(
                    name not in named and any(name in clause.signs for clause in here.clauses)
                    for name in claim.ideas
                )
                + sum(any(a.matches(b) for b in here.numbers) for a in claim.numbers)
            ),
        )

    def _lacks_a_clause(self, claim: Claim) -> bool:
        for clause in claim.clauses:
            ideas = claim.ideas & clause.signs.keys()
            if len(ideas) >= 2 and not any(self.places[name] for name in ideas):
                return True
        return False

    def _denies(self, claim: Claim) -> bool:
        own = [clause for here in self.claims for clause in here.clauses]
        return any(_contradicts(clause, own) for clause in claim.clauses)


def _windows(claim: Claim, passage: _Passage) -> Iterator[_Window]:
    places = {name: passage.where(name) for name in claim.ideas}
    count = len(passage.claims)
    for first in range(count):
        for last in range(first + 1, min(first + WINDOW, count) + 1):
            window = _Window(passage, places, first, last)
            days = claim.days & frozenset().union(*(here.days for here in window.claims))
            held = window.share(claim.ideas) * len(claim.ideas) + len(days)
            total = len(claim.ideas) + len(claim.days)
            window.score = (held / total if total else 1.0) - WIDER * (last - first - 1)
            yield window


def _contradicts(clause: Clause, own: list[Clause]) -> bool:
    """Whether ``clause`` affirms what the nearest of ``own`` denies, or denies what it affirms."""
    likeness = [_likeness(clause, other) for other in own]
    if not any(likeness):
        return False
    best = own[likeness.index(max(likeness))]
    if clause.denies:
        denied = {name for other in own for name, sign in other.signs.items() if sign < 0}
        if best.denies or denied & clause.signs.keys():
            return False
        return any(sign < 0 and best.signs.get(name, 0) > 0 for name, sign in clause.signs.items())
    return any(sign > 0 and _sign(name, best, own) < 0 for name, sign in clause.signs.items())


def _is_anothers(number: Number, clause: Clause, claim: Claim, own: list[Clause]) -> bool:
    """Whether ``number`` stands with other things, and these things with another number.

    "Basic costs 99" beside "Pro costs 99; Basic costs 49".
    """
    carriers = [other for other in own if any(number.matches(n) for n in other.numbers)]
    rivals = [
        other
        for other in own
        if any(n.kinds & number.kinds for n in other.numbers)
        and not any(n.matches(m) for n in other.numbers for m in claim.numbers)
    ]
    return any(all(_fits_better(clause, claim, r, c) for c in carriers) for r in rivals)


def _fits_better(clause: Clause, claim: Claim, rival: Clause, carrier: Clause) -> bool:
    """Whether the rival shares with the clause what tells things apart, and the carrier does not."""
    named = {name for told in claim.names for name in told.ideas}
    ideas = clause.signs.keys()
    more = (ideas & rival.signs.keys()) - carrier.signs.keys()
    less = (ideas & carrier.signs.keys()) - rival.signs.keys()
    days_more = bool(clause.days & rival.days) and not clause.days & carrier.days
    days_less = bool(clause.days & carrier.days) and not clause.days & rival.days
    if days_less or less & named:
        return False
    return days_more or bool(more & named) or bool(more and not less)


def _is_replaced(name: Name, names: Sequence[Name], nearest: Claim) -> bool:
    """Whether the nearest sentence has another name in the place of ``name``, or as its subject."""
    if name.words & nearest.words:
        return False
    told = frozenset(word for other in names for word in other.words)
    return any(
        not other.words & told
        and (not other.before or (other.before == name.before and name.before))
        for other in nearest.names
        if other.sure
    )


def _likeness(clause: Clause, other: Clause) -> int:
    """How much two clauses speak of the same thing; days and numbers tell more than words."""
    numbers = sum(any(a.matches(b) for b in other.numbers) for a in clause.numbers)
    return len(clause.signs.keys() & other.signs.keys()) + 2 * (
        len(clause.days & other.days) + numbers
    )


def _sign(name: str, best: Clause, own: list[Clause]) -> int:
    """How the nearest clause takes an idea, or else those that deny something."""
    if name in best.signs:
        return best.signs[name]
    signs = [other.signs[name] for other in own if name in other.signs]
    return max(signs) if signs and any(o.denies and name in o.signs for o in own) else 0


# Questions, headings, lead-ins, greetings and offers claim nothing.
_NO_CLAIM = re.compile(
    r"[?:]\W*$|^#|^\W*(?:ol[áa]|oi|bom dia|boa (?:tarde|noite)|hello|hi|dear|thanks?|thank you"
    r"|obrigad[oa]|claro|certo|of course|sure|certainly)\W*$"
    r"|\b(?:espero (?:ter|que)|posso ajudar|ajudar em (?:algo|mais)|[àa] disposi[çc][ãa]o"
    r"|qualquer d[úu]vida|se precisar de (?:mais|algo)|se tiver (?:mais|outr|alguma)|me avise"
    r"|let me know|hope (?:this|that|it) helps|feel free to|happy to help|anything else"
    r"|if you (?:have|need) (?:any|more|further))\b",
    re.IGNORECASE,
)
