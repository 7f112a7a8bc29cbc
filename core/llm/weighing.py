"""Weighing: how likely each sentence is to be the answer.

In: a question and what can be quoted (core.llm.quotable). Out: a score for each. What a sentence
says of the question counts most; then what stands around it, how good its passage is, and whether
it shows what is asked for: a price, a time, a telephone, a definition. Pure but for the day.
"""

import re
from collections.abc import Mapping, Sequence
from math import log
from typing import NamedTuple

from core import clock
from core.llm.quotable import Sentence
from core.text import (
    SAME_SENSE,
    alike,
    fold,
    importance,
    kind_asked,
    language_of,
    names,
    same_sense,
    shows,
    stems,
)

# what a score is made of (measured together; near these values nothing changes)
MATCH, NEIGHBOURS, PASSAGE, KIND, GOES_ON, ASKS = 0.55, 0.25, 0.6, 0.2, 0.1, -1.0
PLAIN_KIND = 0.5  # for kinds whose form cannot be mistaken
PLAIN_KINDS = ("phone", "email", "code", "hours", "money")
DEFINES = 0.3  # for saying what the thing asked about is
ASIDE = -0.4  # for a row that is about something else than another row is
OVER = -0.5  # for what held until a day that has passed
K1, B = 1.2, 0.75  # how fast a repeated word stops counting, how much length is held against it
FEW = 3  # words that a question for a definition has at most

_GOES_ON = re.compile(  # a sentence that talks on about what was just named
    r"\W*(?:ele|ela|eles|elas|isso|isto|esse|essa|este|esta|it|he|she|they|this|these|that|such)\b"
)
_WHAT_IS = re.compile(
    r"\W*(?:o ?que (?:e|eh|sao|significa|quer dizer)|what(?:.?s| is| are| does)|define|defina)\b"
)
_SAYS = re.compile(
    r"\W*(?:(?:o|os|a|as|um|uma|the|an) )?(.{1,80}?),? "
    r"(?:e|sao|se|significa|consiste|quer dizer|is|are|was|means|refers)\b"
)
_BEFORE = re.compile(
    r"\b(?:anterior(?:es)?|antig[oa]s?|antes|era|custava|valia|cobrava[ms]?"
    r"|previous|old|used to|was|before|earlier)\b"
)


class Asked(NamedTuple):
    """The question's stems: what stands for each in the passages and how well, how rare that is
    in them, and what it tells (an everyday word little, a name much)."""

    question: str
    language: str
    stands: dict[str, dict[str, float]]
    rarity: dict[str, float]
    tells: dict[str, float]

    def told(self, known: set[str]) -> float:
        """How much of what the question asks for is among ``known`` stems, 0 to 1."""
        return _share(self.stands, self.tells, known)


def asked(question: str, found: Sequence[Sentence]) -> Asked:
    """The question against these sentences."""
    there = {stem for sentence in found for stem in sentence.stems + sentence.heading}
    language = language_of(question) or language_of(" ".join(s.quote.text for s in found))
    stands = {stem: _stands(stem, there) for stem in dict.fromkeys(stems(question, language))}
    rarity = {stem: _rarity(held, found) for stem, held in stands.items()}
    named = {stem for name in names(question) for stem in stems(name, language)}
    tells = {stem: rare * importance(stem, stem in named) for stem, rare in rarity.items()}
    return Asked(question, language, stands, rarity, tells)


def around(found: Sequence[Sentence], at: int, before: int, after: int) -> set[str]:
    """The stems of a sentence, of those around it in the same passage, of the headings above."""
    near = found[max(at - before, 0) : at + after + 1]
    here = found[at].quote.number
    known = {stem for one in near if one.quote.number == here for stem in one.stems}
    return known.union(found[at].heading)


def scores(asked: Asked, found: Sequence[Sentence]) -> list[float]:
    """What speaks for each sentence; only differences mean something."""
    average = sum(len(sentence.stems) for sentence in found) / max(len(found), 1) or 1.0
    total = sum(asked.rarity.values()) or 1.0
    asides = _asides(asked, found)
    return [
        MATCH * _match(asked, sentence.stems, average) / total
        + NEIGHBOURS * _share(asked.stands, asked.rarity, around(found, at, 1, 1))
        + PASSAGE * sentence.passage
        + ASIDE * asides[at]
        + form
        for at, (sentence, form) in enumerate(zip(found, _forms(asked, found), strict=True))
    ]


def _forms(asked: Asked, found: Sequence[Sentence]) -> list[float]:
    """What a sentence's form says for it, whatever its words are."""
    kind = kind_asked(asked.question)
    shown = PLAIN_KIND if kind in PLAIN_KINDS else KIND
    defines = _WHAT_IS.match(fold(asked.question)) and len(asked.stands) <= FEW
    today = None if _BEFORE.search(fold(asked.question)) else clock.now().astimezone().date()
    return [
        shown * (bool(kind) and shows(kind, sentence.quote.text, asked.question))
        + DEFINES * bool(defines and _defines(asked, sentence))
        + OVER * (today is not None and sentence.is_over(today))
        + GOES_ON * bool(_GOES_ON.match(fold(sentence.quote.text)))
        + ASKS * sentence.quote.text.endswith("?")
        for sentence in found
    ]


def _defines(asked: Asked, sentence: Sentence) -> bool:
    """Whether it begins with what is asked about, and goes on to say what that is."""
    said = _SAYS.match(fold(sentence.quote.text))
    return said is not None and {*stems(said[1], asked.language)} == asked.stands.keys()


def _asides(asked: Asked, found: Sequence[Sentence]) -> list[float]:
    """How much less than the best row a row's name says of the question, 0 to 1.

    All rows of a table share its headings; what is asked about tells them apart. Where no name
    says anything, rows that share the headings alone are aside.
    """
    named = [asked.told(one.row.key) if one.row else 0.0 for one in found]
    best = max(named, default=0.0)
    if best:
        return [
            (best - name) / best * bool(one.row) for one, name in zip(found, named, strict=True)
        ]
    return [float(one.row is not None and not asked.told(one.row.cells)) for one in found]


def _match(asked: Asked, known: Sequence[str], average: float) -> float:
    """BM25 of one sentence among those of the passages."""
    damp = K1 * (1 - B + B * len(known) / average)
    score = 0.0
    for stem, stands in asked.stands.items():
        counts = ((like, known.count(one)) for one, like in stands.items())
        best = max((like * n * (K1 + 1) / (n + damp) for like, n in counts), default=0.0)
        score += asked.rarity[stem] * best
    return score


def _stands(stem: str, there: set[str]) -> dict[str, float]:
    """The stem itself and those of the same sense; where there is none, those most like it."""
    said = {one: SAME_SENSE for one in same_sense(stem) if one in there}
    if stem in there:
        return {stem: 1.0} | said
    return said or dict(alike(stem, there)[:2])


def _rarity(held: Mapping[str, float], found: Sequence[Sentence]) -> float:
    best = max(held.values(), default=0.0)
    nearest = {stem for stem, like in held.items() if like == best}
    n = sum(not nearest.isdisjoint(sentence.stems) for sentence in found)
    return log(1 + (len(found) - n + 0.5) / (n + 0.5))


def _share(
    stands: Mapping[str, Mapping[str, float]], weights: Mapping[str, float], known: set[str]
) -> float:
    total = sum(weights.values())
    if not total:
        return 0.0
    held = (
        weights[stem] * max((like for one, like in like_it.items() if one in known), default=0)
        for stem, like_it in stands.items()
    )
    return sum(held) / total
