"""Whether what an answer cites supports what it says, and whether it cites what it should.

In: an answer with its marks, and its passages. Out: shares; None where there is nothing to judge.
Citation recall and precision are those of ALCE (Gao et al., 2023, "Enabling Large Language Models to
Generate Text with Citations"), with the check of ``core.chat.groundedness`` in place of a model that
tells entailment: a passage entails a sentence where that check finds it supported.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from core.chat import citations, groundedness
from core.comparison.scorers.kinds import Scorer
from core.comparison.scorers.sources import holds, same_document
from core.comparison.types import Example, Seen
from core.i18n import N_
from core.text import Span, language_of, sentences

_NUMBER = re.compile(r"\d+")


@dataclass
class Sentence:
    """A sentence of an answer, and the numbers of the passages it cites (from 1), each once."""

    text: str
    cited: list[int] = field(default_factory=list)


def citation_recall(example: Example) -> float | None:
    """The share of the sentences that claim something which the passages they cite support.

    A sentence that cites nothing counts as not supported.
    """
    if not _judged(example):
        return None
    if example.quoted:
        return 1.0
    judge = _judge_of(example)
    told = [judge.supports(one, one.cited) for one in judge.sentences]
    return _mean([one for one in told if one is not None])


def citation_precision(example: Example) -> float | None:
    """The share of the citations that are needed or enough: their sentence is supported by all it
    cites together, and either this passage supports it alone or the others do not without it.
    """
    if not _judged(example):
        return None
    if example.quoted:
        return 1.0 if example.citations else None
    judge = _judge_of(example)
    return _mean([right for one in judge.sentences for right in judge.right(one)])


def sources_cited(example: Example) -> float | None:
    """The share of the reference's quotes (its documents where it has none) that are cited."""
    known = example.reference
    if not _judged(example) or known.answerable is False:
        return None
    numbers = {number for one in cited_sentences(example.marked) for number in one.cited}
    texts = [_text(example.passages, number) for number in sorted(numbers)]
    if known.quotes:
        return _mean([any(holds(text, quote) for text in texts) for quote in known.quotes])
    names = [one.document for one in example.citations]
    return _mean([any(same_document(one, name) for name in names) for one in known.documents])


def cited_sentences(marked: str) -> list[Sentence]:
    """The sentences of an answer with what each cites; a mark belongs to the sentence it stands in
    or follows, unless it opens a line."""
    text, marks = citations.masked(marked)
    spans = sentences(text)
    found = [Sentence(marked[span.start : span.end]) for span in spans]
    for mark in marks if spans else ():
        own = found[_place(text, spans, mark)].cited
        own += [n for n in _numbers(marked[mark.start : mark.end]) if n not in own]
    return found


class _Judge:
    """One answer's sentences, held against its passages; what was looked at once is known."""

    def __init__(self, marked: str, passages: Sequence[Seen], language: str) -> None:
        self.sentences = cited_sentences(marked)
        self._passages, self._language = passages, language
        self._known: dict[tuple[str, frozenset[int]], bool | None] = {}

    def supports(self, sentence: Sentence, numbers: Sequence[int]) -> bool | None:
        """Whether these passages support it; None where it claims nothing that can be judged."""
        key = sentence.text, frozenset(numbers)
        if key not in self._known:
            texts = [_text(self._passages, number) for number in numbers]
            told = groundedness.check(sentence.text, texts, self._language).share
            self._known[key] = None if told is None else told == 1.0
        return self._known[key]

    def right(self, sentence: Sentence) -> Iterator[bool]:
        """For each passage it cites whether that is rightly cited."""
        whole = self.supports(sentence, sentence.cited) if sentence.cited else None
        if whole is None:
            return
        yield from (whole and self._helps(sentence, number) for number in sentence.cited)

    def _helps(self, sentence: Sentence, number: int) -> bool:
        others = [other for other in sentence.cited if other != number]
        needed = not others or not self.supports(sentence, others)
        return needed or bool(self.supports(sentence, [number]))


@lru_cache(maxsize=64)
def _judge(marked: str, passages: tuple[Seen, ...], language: str) -> _Judge:
    return _Judge(marked, passages, language)


def _judge_of(example: Example) -> _Judge:
    language = language_of(example.text) or example.language
    return _judge(example.marked, example.passages, language)


def _judged(example: Example) -> bool:
    return not example.failed and example.outcome == "answered"


def _place(text: str, spans: Sequence[Span], mark: Span) -> int:
    """Which sentence a mark belongs to."""
    before = bisect_left(spans, mark.start, key=lambda span: span.start)
    line = text.rfind("\n", 0, mark.start) + 1
    opens = not text[line : mark.start].strip(" \t-*+•>#")
    goes_on = before < len(spans) and "\n" not in text[mark.end : spans[before].start]
    return before if before < len(spans) and (not before or (opens and goes_on)) else before - 1


def _numbers(written: str) -> list[int]:
    return [int(found) for found in _NUMBER.findall(written)]


def _text(passages: Sequence[Seen], number: int) -> str:
    return passages[number - 1].text if 0 < number <= len(passages) else ""


def _mean(told: Sequence[bool]) -> float | None:
    return sum(told) / len(told) if told else None


SCORERS = (
    Scorer(
        "citation_precision",
        N_("Citation precision"),
        N_("Share of the citations that support the sentence they stand behind."),
        citation_precision,
        primary=True,
    ),
    Scorer(
        "citation_recall",
        N_("Citation recall"),
        N_("Share of the sentences that the passages they cite support."),
        citation_recall,
        primary=True,
    ),
    Scorer(
        "sources_cited",
        N_("Reference sources cited"),
        N_("Share of the quotes or documents of the reference that the answer cites."),
        sources_cited,
    ),
)
