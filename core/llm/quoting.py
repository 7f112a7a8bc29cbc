"""Answering by quoting: the sentences of the passages that answer a question, or a refusal.

In: a question and numbered passages, best first. Out: ``Quoting``: an outcome, the confidence it
rests on, and one to three sentences in reading order. What always holds: every sentence is a
stretch of its passage, word for word, and without enough of the question's words in one place
nothing is claimed (see ``NOT_FOUND`` and ``ANSWERED``). Pure; nothing is learned or fetched.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from core.text import language_of, plain, sentences, stems

NOT_FOUND = 0.40  # share of the question's weight found in the best window, below: refusal
ANSWERED = 0.55  # from here on an answer; in between related passages without a claim
PASSAGES = 4  # looked at; below them the answer hardly ever stands
MOST = 3  # sentences quoted
NEAR = 0.75  # a second or third sentence must come this close to the best one's score

Outcome = Literal["answered", "related", "not_found"]


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


class _Sentence(NamedTuple):
    number: int
    start: int
    end: int
    text: str
    stems: frozenset[str]
    score: float


def pick(
    question: str, passages: Sequence[Mapping[str, Any]], weights: Mapping[str, float] | None = None
) -> Quoting:
    """The sentences that answer ``question``.

    ``passages``: {"number": int, "text": str, "score": 0 to 1, "heading": str}, best first.
    ``weights``: how rare the question's stems are in all documents, if that is known.
    """
    language = language_of(question) or language_of(" ".join(p["text"] for p in passages))
    asked = list(dict.fromkeys(stems(question, language)))
    found = [s for p in passages[:PASSAGES] for s in _sentences(p, asked, language)]
    if not found:
        return Quoting("not_found", 0.0, [])
    weight = {stem: (weights or {}).get(stem, 1.0) for stem in asked}
    confidence = _best_window(found, weight)
    outcome: Outcome = "answered" if confidence >= ANSWERED else "related"
    if confidence < NOT_FOUND:
        return Quoting("not_found", confidence, [])
    ranked = sorted(found, key=lambda s: -_score(s, weight))
    best = _score(ranked[0], weight)
    chosen = [s for s in ranked[:MOST] if _score(s, weight) >= NEAR * best]
    order = {id(s): at for at, s in enumerate(found)}
    chosen.sort(key=lambda s: order[id(s)])
    return Quoting(outcome, confidence, [Quote(s.number, s.start, s.end, s.text) for s in chosen])


def _sentences(passage: Mapping[str, Any], asked: list[str], language: str) -> list[_Sentence]:
    text, made, head = passage["text"], [], ""
    for start, end in sentences(text):
        written = text[start:end]
        if written.lstrip().startswith("#"):
            continue
        if written.startswith("|"):
            if not head:
                head = written
                continue
        else:
            head = ""
        around = frozenset(stems(f"{passage.get('heading', '')} {written}", language))
        made.append(
            _Sentence(passage["number"], start, end, plain(written, head), around, passage["score"])
        )
    return made


def _score(sentence: _Sentence, weight: Mapping[str, float]) -> float:
    total = sum(weight.values()) or 1.0
    share = sum(w for stem, w in weight.items() if stem in sentence.stems) / total
    return share + 0.35 * sentence.score


def _best_window(found: Sequence[_Sentence], weight: Mapping[str, float]) -> float:
    total = sum(weight.values()) or 1.0
    best = 0.0
    for at in range(len(found)):
        three = [s for s in found[at : at + MOST] if s.number == found[at].number]
        held = frozenset().union(*(s.stems for s in three))
        best = max(best, sum(w for stem, w in weight.items() if stem in held) / total)
    return best
