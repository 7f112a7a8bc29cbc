"""Answering by quoting: the sentences of the passages that answer a question, or a refusal.

In: a question and numbered passages, best first. Out: ``Quoting``: an outcome, the confidence it
rests on, and one to three sentences in reading order. What always holds: every sentence is a
stretch of its passage, and without enough of the question's words in one place nothing is
claimed (``NOT_FOUND``, ``ANSWERED``); nor where a name that is asked about is missing. Pure:
nothing is learned or fetched.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Literal, NamedTuple

from core.text import (
    alike,
    fold,
    importance,
    is_heading,
    kind_asked,
    language_of,
    names,
    plain,
    sentences,
    shows,
    stems,
)
from core.text import words as words_of

NOT_FOUND = 0.40  # confidence below it: the documents do not hold this
ANSWERED = 0.55  # from here on an answer is claimed; in between passages may be related
SLACK = 0.15  # by how much the search may be surer than the words of the passages
PASSAGES = 4  # looked at; below them the answer hardly ever stands
MOST = 3  # sentences quoted
ADDS, AS_GOOD = 0.75, 0.95  # of the best score: for a sentence that adds a word asked for, and else

# what a sentence's score is made of (measured together; near these values nothing changes)
MATCH, NEIGHBOURS, PASSAGE, KIND, GOES_ON, ASKS = 0.55, 0.25, 0.6, 0.2, 0.1, -1.0
K1, B = 1.2, 0.75  # how fast a repeated word stops counting, how much length is held against it

Outcome = Literal["answered", "related", "not_found"]

_GOES_ON = re.compile(  # a sentence that talks on about what was just named
    r"\W*(?:ele|ela|eles|elas|isso|isto|esse|essa|este|esta|it|he|she|they|this|these|that|such)\b"
)


class Quote(NamedTuple):
    """``text`` reads plainly; as written it is ``passage[start:end]`` of passage ``number``."""

    number: int
    start: int
    end: int
    text: str


class Quoting(NamedTuple):
    """What may be said; ``confidence`` lies between 0 and 1."""

    outcome: Outcome
    confidence: float
    sentences: list[Quote]


@dataclass(frozen=True)
class _Sentence:
    quote: Quote
    stems: list[str]
    heading: list[str]  # the stems of the headings above it
    passage: float  # the passage's score as a share of the best one's


class _Asked(NamedTuple):
    """The question's stems: what stands for each in the passages, how rare that is in them, and
    what it tells (an everyday word little, a name much)."""

    question: str
    stands: dict[str, dict[str, float]]
    rarity: dict[str, float]
    tells: dict[str, float]


def pick(question: str, passages: Sequence[Mapping[str, Any]]) -> Quoting:
    """The sentences that answer ``question``, in reading order, or none.

    ``passages``: {"number": int, "text": str, "score": 0 to 1, "heading": str}, best first. The
    best score says how sure the search is (see core.retrieval.search).
    """
    found = _sentences(passages)
    if not found:
        return Quoting("not_found", 0.0, [])
    asked = _asked(question, found)
    sure = max(float(passage["score"]) for passage in passages)
    confidence = min(sure, _together(asked, found) + SLACK, 1.0)
    if confidence < NOT_FOUND:
        return Quoting("not_found", confidence, [])
    outcome: Outcome = "answered" if confidence >= ANSWERED else "related"
    if _names_missing(question, asked, found):
        outcome, confidence = "related", min(confidence, ANSWERED)
    return Quoting(outcome, confidence, _worth(asked, found))


def ranked(question: str, passages: Sequence[Mapping[str, Any]]) -> list[Quote]:
    """All sentences of the passages looked at, the likeliest answer first."""
    found = _sentences(passages)
    scores = _scores(_asked(question, found), found)
    return [found[at].quote for at in _order(scores)]


def _worth(asked: _Asked, found: Sequence[_Sentence]) -> list[Quote]:
    """The best sentence, and those after it that add to it or are as good."""
    scores = _scores(asked, found)
    kept: list[int] = []
    said: set[str] = set()
    for at in _order(scores)[:MOST]:
        says = {stem for stem, held in asked.stands.items() if held.keys() & {*found[at].stems}}
        least = ADDS if says - said else AS_GOOD
        if not kept or scores[at] >= least * scores[kept[0]]:
            kept.append(at)
            said |= says
    return [found[at].quote for at in sorted(kept)]


def _order(scores: Sequence[float]) -> list[int]:
    return sorted(range(len(scores)), key=lambda at: (-scores[at], at))


def _sentences(passages: Sequence[Mapping[str, Any]]) -> list[_Sentence]:
    """What can be quoted, passage by passage; headings and the heads of tables cannot."""
    looked_at = passages[:PASSAGES]
    best = max((float(passage["score"]) for passage in looked_at), default=0.0) or 1.0
    found: list[_Sentence] = []
    for passage in looked_at:
        language = language_of(passage["text"])
        above = stems(str(passage.get("heading") or ""), language)
        share = float(passage["score"]) / best
        for quote in _quotes(passage):
            found.append(_Sentence(quote, stems(quote.text, language), above, share))
    return found


def _quotes(passage: Mapping[str, Any]) -> list[Quote]:
    text, made, head = str(passage["text"]), [], ""
    for start, end in sentences(text):
        written = text[start:end]
        row = written.startswith("|")
        if (row and not head) or is_heading(written):
            head = written if row else ""
            continue
        head = head if row else ""
        made.append(Quote(int(passage["number"]), start, end, plain(written, head)))
    return [quote for quote in made if quote.text]


def _asked(question: str, found: Sequence[_Sentence]) -> _Asked:
    """The question against these sentences; a word they lack is taken for those most like it."""
    there = {stem for sentence in found for stem in sentence.stems + sentence.heading}
    language = language_of(question) or language_of(" ".join(s.quote.text for s in found))
    stands = {
        stem: {stem: 1.0} if stem in there else dict(alike(stem, there)[:2])
        for stem in dict.fromkeys(stems(question, language))
    }
    rarity = {stem: _rarity(held, found) for stem, held in stands.items()}
    named = {stem for name in names(question) for stem in stems(name, language)}
    tells = {stem: rare * importance(stem, stem in named) for stem, rare in rarity.items()}
    return _Asked(question, stands, rarity, tells)


def _rarity(held: Mapping[str, float], found: Sequence[_Sentence]) -> float:
    n = sum(not held.keys().isdisjoint(sentence.stems) for sentence in found)
    return log(1 + (len(found) - n + 0.5) / (n + 0.5))


def _share(asked: _Asked, weights: Mapping[str, float], known: set[str]) -> float:
    """How much of what the question asks for is among ``known`` stems."""
    total = sum(weights.values())
    if not total:
        return 0.0
    held = (
        weights[stem] * max((like for one, like in stands.items() if one in known), default=0)
        for stem, stands in asked.stands.items()
    )
    return sum(held) / total


def _together(asked: _Asked, found: Sequence[_Sentence]) -> float:
    """The greatest share that stands within MOST neighbouring sentences."""
    windows = (_known(found, at, 0, MOST - 1) for at in range(len(found)))
    return max(_share(asked, asked.tells, known) for known in windows)


def _known(found: Sequence[_Sentence], at: int, before: int, after: int) -> set[str]:
    """The stems of a sentence, of those around it in the same passage, of the headings above."""
    around = found[max(at - before, 0) : at + after + 1]
    here = found[at].quote.number
    known = {stem for one in around if one.quote.number == here for stem in one.stems}
    return known.union(found[at].heading)


def _scores(asked: _Asked, found: Sequence[_Sentence]) -> list[float]:
    kind = kind_asked(asked.question)
    average = sum(len(sentence.stems) for sentence in found) / max(len(found), 1) or 1.0
    total = sum(asked.rarity.values()) or 1.0
    return [
        MATCH * _match(asked, sentence.stems, average) / total
        + NEIGHBOURS * _share(asked, asked.rarity, _known(found, at, 1, 1))
        + PASSAGE * sentence.passage
        + KIND * (bool(kind) and shows(kind, sentence.quote.text, asked.question))
        + GOES_ON * bool(_GOES_ON.match(fold(sentence.quote.text)))
        + ASKS * sentence.quote.text.endswith("?")
        for at, sentence in enumerate(found)
    ]


def _match(asked: _Asked, known: Sequence[str], average: float) -> float:
    """BM25 of one sentence among those of the passages."""
    damp = K1 * (1 - B + B * len(known) / average)
    score = 0.0
    for stem, stands in asked.stands.items():
        counts = ((like, known.count(one)) for one, like in stands.items())
        best = max((like * n * (K1 + 1) / (n + damp) for like, n in counts), default=0.0)
        score += asked.rarity[stem] * best
    return score


def _names_missing(question: str, asked: _Asked, found: Sequence[_Sentence]) -> bool:
    """Whether the question names something that the passages do not."""
    there = {fold(word.text) for one in found for word in words_of(one.quote.text)}
    language = language_of(question)
    for name in names(question) - there:
        known = stems(name, language)
        if any(stem in asked.stands and not asked.stands[stem] for stem in known):
            return True
    return False
