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
from itertools import pairwise
from typing import NamedTuple

from core.chat import citations, support
from core.chat.claims import Claim, read
from core.chat.prompt import says_not_found
from core.text import Span, language_of, plain, sentences

NEAR_BEST = 0.12  # windows this close to the best one may support a claim as well


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


def check(
    answer_text: str,
    passages_texts: Sequence[str],
    language: str = "",
    broken: Sequence[int] = (),
) -> Groundedness:
    """Judge every claim of ``answer_text`` by the passages it was written from.

    ``language`` is the answer's ("pt-BR", "en"), told from the text where it is not given. Nothing
    is judged where the passages are all in another language, as far as that can be told. At the
    offsets ``broken`` somebody else took over: a sentence without its end before one is left out.
    """
    spoken = _spoken(answer_text, language)
    held = [support.passage(text, spoken) for text in passages_texts]
    judged = [
        Sentence(span.start, span.end, not why, why)
        for span, claim, parts in _claims(answer_text, spoken, broken)
        for why in [_why_none(claim, parts, held)]
    ]
    supported = sum(sentence.supported for sentence in judged)
    if not judged or not (supported or _share_a_language(passages_texts, spoken)):
        return Groundedness()
    return Groundedness(supported / len(judged), judged)


def prepare(passages_texts: Sequence[str], language: str) -> None:
    """Read the passages ahead, while the model still writes: ``check`` is then several times faster."""
    for text in passages_texts:
        support.passage(text, _spoken(text, language))


def _spoken(text: str, language: str) -> str:
    """The language to read in: "pt" or "en"."""
    return "en" if (language[:2].lower() or language_of(text)) == "en" else "pt"


def _share_a_language(texts: Sequence[str], spoken: str) -> bool:
    return not texts or any(language_of(text) in (spoken, "") for text in texts)


def _claims(
    answer: str, language: str, broken: Sequence[int]
) -> Iterator[tuple[Span, Claim, list[Claim]]]:
    """The sentences of an answer that claim something, whole and in the parts that marks close."""
    text, marks = citations.masked(answer)
    for span in sentences(text):
        if _HEADING.match(text, *span) or _is_fragment(text, span, broken):
            continue
        sentence = plain(text[span.start : span.end])
        if not _NO_CLAIM.search(sentence) and not says_not_found(sentence):
            claim = read(sentence, language)
            if claim.says_something:
                yield span, claim, _parts(text, span, marks, language)


def _is_fragment(text: str, span: Span, broken: Sequence[int]) -> bool:
    """Whether the span is what was being said when its speaker broke off."""
    cut = any(span.end <= at and not text[span.end : at].strip() for at in broken)
    return cut and not _ENDED.search(text, *span)


def _parts(text: str, span: Span, marks: list[Span], language: str) -> list[Claim]:
    """What each mark inside a sentence closes: "open till six [1], and shipping is free [2]"."""
    cuts = [mark.end for mark in marks if span.start < mark.start < span.end]
    ends = [span.start, *cuts, span.end]
    parts = [read(plain(text[start:end]), language) for start, end in pairwise(ends)]
    return [part for part in parts if part.says_something]


def _why_none(claim: Claim, parts: list[Claim], held: Sequence[support.Passage]) -> str:
    """Why the passages do not support a sentence, neither as a whole nor part by part."""
    why = _why_not(claim, held)
    if why and len(parts) > 1:
        return next((part_why for part in parts if (part_why := _why_not(part, held))), "")
    return why


def _why_not(claim: Claim, held: Sequence[support.Passage]) -> str:
    """Why no window of any passage supports the claim; empty where one does."""
    why = ""
    spoiled: list[tuple[support.Window, str]] = []
    for window in support.windows(claim, held, NEAR_BEST):
        if any(_is_spoiled(window, *other) for other in spoiled):
            continue
        lack = window.lack(claim)
        if not lack:
            lack = window.against(claim)
            if not lack:
                return ""
            spoiled.append((window, lack))
        why = why or lack
    return why or "absent"


def _is_spoiled(window: support.Window, other: support.Window, why: str) -> bool:
    """Whether what is said against the claim in ``other`` holds for ``window`` as well.

    What belongs to something else does so in any part. A denial may rest on what stands around
    the support; but no other place in the passage undoes it.
    """
    if why == "negation":
        return window.passage is other.passage and not other.covers(window)
    return window.overlaps(other)


_ENDED = re.compile(r"[.!?…][\"'”’»)\]*_]*\Z")
_HEADING = re.compile(r"#{1,6}\s|\*\*[^*\n]+\*\*\s*$", re.MULTILINE)
# Questions, lead-ins, greetings and offers claim nothing.
_NO_CLAIM = re.compile(
    r"[?:]\W*$|^\W*(?:ol[áa]|oi|bom dia|boa (?:tarde|noite)|hello|hi|dear|thanks?|thank you"
    r"|obrigad[oa]|claro|certo|of course|sure|certainly)\W*$"
    r"|\b(?:espero (?:ter|que)|posso ajudar|ajudar em (?:algo|mais)|[àa] disposi[çc][ãa]o"
    r"|qualquer d[úu]vida|se precisar de (?:mais|algo)|se tiver (?:mais|outr|alguma)|me avise"
    r"|let me know|hope (?:this|that|it) helps|feel free to|happy to help|anything else"
    r"|if you (?:have|need) (?:any|more|further))\b",
    re.IGNORECASE,
)
