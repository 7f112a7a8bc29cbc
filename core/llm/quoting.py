"""Answering by quoting: the sentences of the passages that answer a question, or a refusal.

In: a question and numbered passages, best first. Out: ``Quoting``: an outcome, the confidence it
rests on, and one to three sentences in reading order. What always holds: every sentence is a
stretch of its passage, and without enough of the question's words in one place nothing is
claimed (``NOT_FOUND``, ``ANSWERED``); nor where they do not stand around the sentence that would
be quoted, or a name or number that is asked about is missing. Nothing is learned or fetched.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from core.llm.quotable import Quote, Sentence, quotable
from core.llm.weighing import Asked, around, asked, scores
from core.text import fold, kind_asked, names, shows, stems, words

NOT_FOUND = 0.40  # confidence below it: the documents do not hold this
ANSWERED = 0.55  # from here on an answer is claimed; in between passages may be related
SLACK = 0.15  # by how much the search may be surer than the words of the passages
MOST = 3  # sentences quoted
ADDS, AS_GOOD = 0.75, 0.95  # of the best score: for a sentence that adds a word asked for, and else
EXACT = ("phone", "email", "code")  # kinds of answer without which there is none

Outcome = Literal["answered", "related", "not_found"]


class Quoting(NamedTuple):
    """What may be said; ``confidence`` lies between 0 and 1."""

    outcome: Outcome
    confidence: float
    sentences: list[Quote]


def pick(question: str, passages: Sequence[Mapping[str, Any]]) -> Quoting:
    """The sentences that answer ``question``, in reading order, or none.

    ``passages``: {"number": int, "text": str, "score": 0 to 1, "heading": str}, best first. The
    best score says how sure the search is (see core.retrieval.search).
    """
    found = quotable(passages)
    if not found:
        return Quoting("not_found", 0.0, [])
    about = asked(question, found)
    sure = max(float(passage["score"]) for passage in passages)
    confidence = min(sure, _together(about, found) + SLACK, 1.0)
    if confidence < NOT_FOUND:
        return Quoting("not_found", confidence, [])
    weighed = scores(about, found)
    outcome: Outcome = "answered" if confidence >= ANSWERED else "related"
    if outcome == "answered" and not _answers(about, found, _order(weighed)[0]):
        outcome, confidence = "related", ANSWERED
    return Quoting(outcome, confidence, _worth(about, found, weighed))


def ranked(question: str, passages: Sequence[Mapping[str, Any]]) -> list[Quote]:
    """All sentences of the passages looked at, the likeliest answer first."""
    found = quotable(passages)
    return [found[at].quote for at in _order(scores(asked(question, found), found))]


def _worth(about: Asked, found: Sequence[Sentence], weighed: Sequence[float]) -> list[Quote]:
    """The best sentence, and those after it that add to it or are as good."""
    kept: list[int] = []
    said: set[str] = set()
    for at in _order(weighed)[:MOST]:
        says = {stem for stem, held in about.stands.items() if held.keys() & {*found[at].stems}}
        least = ADDS if says - said else AS_GOOD
        if not kept or weighed[at] >= least * weighed[kept[0]]:
            kept.append(at)
            said |= says
    return [found[at].quote for at in sorted(kept)]


def _order(weighed: Sequence[float]) -> list[int]:
    return sorted(range(len(weighed)), key=lambda at: (-weighed[at], at))


def _together(about: Asked, found: Sequence[Sentence]) -> float:
    """The greatest share of the question that stands within MOST neighbouring sentences."""
    return max(about.told(around(found, at, 0, MOST - 1)) for at in range(len(found)))


def _answers(about: Asked, found: Sequence[Sentence], best: int) -> bool:
    """Whether what would be quoted may be claimed as the answer."""
    if about.told(around(found, best, 1, 1)) + SLACK < ANSWERED:
        return False
    kind = kind_asked(about.question)
    if kind in EXACT and not any(shows(kind, one.quote.text) for one in found):
        return False
    return not _is_missing(about, found)


def _is_missing(about: Asked, found: Sequence[Sentence]) -> bool:
    """Whether the question names something, or gives a number, that the passages do not."""
    there = {fold(word.text) for one in found for word in words(one.quote.text)}
    numbers = {word.text for word in words(about.question) if word.text[0].isdigit()}
    for name in (names(about.question) | numbers) - there:
        known = stems(name, about.language)
        if any(stem in about.stands and not about.stands[stem] for stem in known):
            return True
    return False
