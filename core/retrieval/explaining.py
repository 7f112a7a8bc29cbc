"""Why a search found what it found: the question's words, the parts of each score, their shares.

In: a question, as ``search`` takes it. Out: an ``Explanation``. What always holds: the passages
are those of ``search`` in its order, told from the same numbers; what the parts of a passage add
adds up to its score; every word of the question is matched, missing, unknown, left out or a
stopword.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core import clock
from core.access import allowed
from core.retrieval import ranking
from core.retrieval import scope as scopes
from core.retrieval.explanation import (
    ExplainedPassage,
    Explanation,
    How,
    MatchedWord,
    Points,
    ShareFrom,
)
from core.retrieval.question import LANGUAGES, Asked
from core.retrieval.ranking import RUNS, TOGETHER, WORDS, Candidate, Term
from core.retrieval.search import LONGEST, Found, Ranked, chosen, ranked
from core.text import Word, language_of, placed, same_sense, stem


@allowed("ask")
def explain(
    question: str,
    *,
    assistant_id: str,
    k: int = 6,
    settings: Mapping[str, Any] | None = None,
    at: date | None = None,
    documents: Collection[str] | None = None,
) -> Explanation:
    """What ``search`` finds with the same arguments, and why."""
    began, question = clock.seconds(), question[:LONGEST]
    known = settings or {}
    found = ranked(question, assistant_id, k, known, at or scopes.today(), documents)
    heard = _Heard.of(question, found.asked)
    return Explanation(
        question=question,
        language=found.asked.language,
        passages=tuple(_passages(found, heard)),
        words=tuple(heard.words),
        unknown=tuple(word for word, one in heard.words.items() if not one.is_known(found.asked)),
        stopwords=heard.stopwords,
        left_out=heard.left_out,
        confidence=found.sure,
        embedder=found.meaning.embedder.key,
        share=found.share,
        share_from=_share_from(found, known),
        meaning=found.meaning.why,
        chunks=found.chunks,
        candidates=len(found.candidates),
        seconds=clock.seconds() - began,
    )


def _share_from(found: Ranked, settings: Mapping[str, Any]) -> ShareFrom:
    if "lexical" in settings:
        return "settings"
    return "default" if found.share == found.meaning.embedder.lexical_share else "measured"


@dataclass(frozen=True)
class _One:
    """A word of the question: folded, and what it is looked for by."""

    folded: str
    term: Term
    language: str

    def is_known(self, asked: Asked) -> bool:
        return any(asked.holding[stem_] for stem_, _ in self.term.stems)

    def how(self, found: str) -> How:
        """How it came to be looked for by the stem ``found``."""
        own = [self.language] if self.language else LANGUAGES
        if found in {stem(self.folded, one) for one in own}:
            return "itself"
        other = {stem(self.folded, one) for one in LANGUAGES}
        if found in other:
            return "other_language"
        return "same_sense" if any(found in same_sense(one) for one in other) else "alike"


@dataclass(frozen=True)
class _Heard:
    """The question's words as they were asked, each once, by what became of them."""

    words: dict[str, _One]
    stopwords: tuple[str, ...]
    left_out: tuple[str, ...]

    @classmethod
    def of(cls, question: str, asked: Asked) -> "_Heard":
        terms = {term._replace(times=1): term for term in asked.terms}
        found: dict[str, _One] = {}
        beyond: dict[str, None] = {}
        asked_for = placed(question, asked.language)
        for word in asked_for:
            term, said = terms.get(asked.heard[word.text]), question[word.start : word.end]
            if term is None:
                beyond[said] = None
            elif word.text not in {one.folded for one in found.values()}:
                found[said] = _One(word.text, term, asked.language)
        return cls(found, _stopwords(question, asked_for), tuple(beyond))


def _stopwords(question: str, telling: Sequence[Word]) -> tuple[str, ...]:
    starts = {word.start for word in telling}
    rest = [word for word in placed(question) if word.start not in starts]
    return tuple(dict.fromkeys(question[word.start : word.end].lower() for word in rest))


def _passages(found: Ranked, heard: _Heard) -> list[ExplainedPassage]:
    scored = _Scored(found)
    candidates = {one.number: one for one in found.candidates}
    return [
        _explained(rank, n, one, candidates[n], heard, scored)
        for rank, (n, one) in enumerate(chosen(found).items(), 1)
    ]


class _Scored:
    """The scores of all candidates as the search has fused them, part by part."""

    def __init__(self, found: Ranked) -> None:
        self.found = found
        self.raw = ranking.lexical(found.parts)
        self.lexical = ranking.scaled(self.raw)
        self.vector = ranking.scaled(found.cosines)
        fused = ranking.fused(self.raw, found.cosines, found.share)
        left = {n: score * found.fresh.get(n, 1.0) for n, score in fused.items()}
        most = max(left.values(), default=0.0)
        self.scale = max(fused.values()) / most if most and found.fresh else 1.0

    def age(self, n: int) -> float:
        return self.found.fresh.get(n, 1.0) * self.scale

    def share(self, n: int) -> float:
        """What has no vector is judged by its words alone."""
        return self.found.share if n in self.vector else 1.0

    def points(self, n: int) -> Points:
        brought = self.found.sure * self.found.lift_scale
        whole, share, parts = brought * self.age(n), self.share(n), self.found.parts
        # the lexical score is stretched to 0 to 1: each of its parts has its share of that
        stretched = whole * share * (self.lexical[n] / self.raw[n] if self.raw[n] else 0.0)
        return Points(
            words=stretched * WORDS * parts.words[n],
            together=stretched * TOGETHER * parts.together[n],
            runs=stretched * RUNS * parts.runs[n],
            vector=whole * (1 - share) * self.vector.get(n, 0.0),
            memory=brought * self.found.lifts[n].added if n in self.found.lifts else 0.0,
        )


def _explained(
    rank: int, n: int, one: Found, candidate: Candidate, heard: _Heard, scored: _Scored
) -> ExplainedPassage:
    asked, parts = scored.found.asked, scored.found.parts
    matched = tuple(_matched(candidate, one, heard, asked))
    held = {match.word for match in matched}
    close = ranking.standing_together(candidate, asked.terms, asked.weights)
    return ExplainedPassage(
        found=one,
        rank=rank,
        matched=matched,
        missing=tuple(word for word in heard.words if word not in held),
        together_words=tuple(word for word, its in heard.words.items() if its.term in close),
        words=parts.words[n],
        together=parts.together[n],
        runs=parts.runs[n],
        lexical=scored.lexical[n],
        vector=scored.vector.get(n),
        cosine=scored.found.cosines.get(n),
        share=scored.share(n),
        age=scored.age(n),
        score=scored.found.scores[n],
        points=scored.points(n),
        lift=scored.found.lifts.get(n),
    )


def _matched(
    candidate: Candidate, one: Found, heard: _Heard, asked: Asked
) -> Iterator[MatchedWord]:
    located = _located(one.text, candidate.body)
    for word, its in heard.words.items():
        stems = [
            stem_ for stem_, _ in its.term.stems if stem_ in {*candidate.heading, *candidate.body}
        ]
        if not stems:
            continue
        spans = sorted({place for stem_ in stems for place in located.get(stem_, ())})
        best = stems[0]
        yield MatchedWord(
            word=word,
            found=tuple(dict.fromkeys(one.text[start:end] for start, end in spans)),
            stem=best,
            how=its.how(best),
            idf=asked.weights[best],
            holding=asked.holding[best],
            times=sum(candidate.body.count(s) + candidate.heading.count(s) for s in stems),
            in_heading=any(stem_ in candidate.heading for stem_ in stems),
            spans=tuple(spans),
        )


def _located(text: str, body: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """Where each stem of a chunk stands in its text."""
    for language in dict.fromkeys((language_of(text), *LANGUAGES, "")):
        words = placed(text, language)
        if [stem(word.text, language) for word in words] == list(body):
            found: dict[str, list[tuple[int, int]]] = {}
            for word, its in zip(words, body, strict=True):
                found.setdefault(its, []).append((word.start, word.end))
            return found
    return {}
