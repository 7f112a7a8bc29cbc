"""Citations: every [n] of an answer resolved to a passage and to the words it rests on.

In: the answer as the model wrote it, and the passages it was given, numbered from 1. Out: the
answer with its marks in one form ([1], [2]) and, for each, the passage and the span of the cited
words in the document. Always holds: a mark that points at no passage is gone from the text and
counted; what only looks like a mark (code, links, [2024], v[0]) stays as it was; all offsets are
those of the text returned. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from core.text import Span, language_of, sentences, stems

WIDEST_RANGE = 20  # [1-3] is a range of passages; [1-300] is something else
ROUNDS = 20  # "[[[1]]]" needs three; only nonsense needs more
# A second sentence joins the quote when it brings this share of the claim's words that the first
# one lacks: below that, it would be a neighbour and no support.
SECOND_SENTENCE = 0.25


class Cited(Protocol):
    """What a citation needs of a passage: its text, and where that begins in its document."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...


@dataclass(frozen=True)
class Mark:
    """One [number] at ``answer_start:answer_end`` and the words it points at.

    ``start``/``end`` are offsets into the document's text, ``quote`` is the text between them;
    ``passage_index`` counts from 0.
    """

    number: int
    passage_index: int
    answer_start: int
    answer_end: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Resolved:
    """The answer's text with its resolved marks; ``removed`` counts those that led nowhere."""

    text: str
    citations: list[Mark] = field(default_factory=list)
    removed: int = 0


class _Bracket(NamedTuple):
    """Something like "[1, 3]" at ``start:end`` and the numbers it names."""

    start: int
    end: int
    numbers: list[int]


def resolve(
    text: str,
    passages: Sequence[Cited],
    quotes: Iterable[Mapping[str, int]] | None = None,
) -> Resolved:
    """The answer's marks resolved against ``passages`` (mark 1 is ``passages[0]``).

    ``quotes`` come from an engine that quotes: {"number", "start", "end"} with offsets inside the
    passage's text, in the order of the marks; where they are given they say what is cited.
    """
    clean, placed, removed = _settled(text, len(passages))
    waiting = [dict(quote) for quote in quotes or ()]
    claims = _Claims(clean, placed)
    marks = []
    for at, (number, where) in enumerate(placed):
        passage = passages[number - 1]
        span = _given(waiting, number, passage) or _support(claims.of(at), passage.text)
        marks.append(
            Mark(
                number=number,
                passage_index=number - 1,
                answer_start=where.start,
                answer_end=where.end,
                start=passage.start + span.start,
                end=passage.start + span.end,
                quote=passage.text[span.start : span.end],
            )
        )
    return Resolved(clean, marks, removed)


def without_marks(text: str) -> str:
    """``text`` without anything that reads as a mark."""
    return _cleaned(text, 0)[0]


def masked(text: str) -> tuple[str, list[Span]]:
    """``text`` with blanks where marks and code stand, and where the marks were.

    Every other character keeps its place.
    """
    marks = [Span(found.start, found.end) for found in _brackets(text, 0)]
    code = [Span(*found.span()) for found in _CODE_BLOCK.finditer(text)]
    out = list(text)
    for start, end in [*marks, *code]:
        out[start:end] = " " * (end - start)
    return "".join(out), marks


def without_brackets(text: str) -> str:
    """``text`` with what reads as a mark put in round brackets: data must not cite."""
    out: list[str] = []
    last = 0
    for found in _brackets(text, 0):
        out += [text[last : found.start], "(", text[found.start + 1 : found.end - 1], ")"]
        last = found.end
    return "".join([*out, text[last:]])


def _settled(text: str, count: int) -> tuple[str, list[tuple[int, Span]], int]:
    """As ``_cleaned``, until nothing changes: a mark that goes may leave another behind it."""
    removed = 0
    for _ in range(ROUNDS):
        clean, placed, gone = _cleaned(text, count)
        removed += gone
        if clean == text:
            break
        text = clean
    return clean, placed, removed


def _cleaned(text: str, count: int) -> tuple[str, list[tuple[int, Span]], int]:
    """The text with marks 1..count as [n], where each now stands, and how many went."""
    placed: list[tuple[int, Span]] = []
    parts: list[str] = []
    removed = last = length = 0
    for found in _brackets(text, count):
        kept = [n for n in found.numbers if 1 <= n <= count]
        removed += len(found.numbers) - len(kept)
        before = text[last : found.start]
        if not kept:
            before = _closed_up(before, text[found.end :])
        parts.append(before)
        length += len(before)
        for number in kept:
            mark = f"[{number}]"
            placed.append((number, Span(length, length + len(mark))))
            parts.append(mark)
            length += len(mark)
        last = found.end
    return "".join([*parts, text[last:]]), placed, removed


def _closed_up(before: str, after: str) -> str:
    """What stands before a removed mark, without the blank that only the mark had needed."""
    if before.endswith(" ") and (not after or after[0] in " \n.,;:!?)"):
        return before[:-1]
    return before


def _brackets(text: str, count: int) -> Iterator[_Bracket]:
    """What reads as a mark when there are ``count`` passages, outside code and formulas."""
    apart = [(found.start(), found.end()) for found in _NOT_PROSE.finditer(text)]
    for found in _MARK.finditer(text):
        if any(start <= found.start() < end for start, end in apart):
            continue
        numbers = _numbers(found["numbers"] or found["wide"])
        if numbers and not _is_index(text, found, numbers, count):
            yield _Bracket(found.start(), found.end(), numbers)


def _numbers(written: str) -> list[int]:
    """ "1, 3-5" is 1, 3, 4, 5; empty where it is no list of passages."""
    numbers: list[int] = []
    for part in re.findall(r"\d+(?:\s*[-–—]\s*\d+)?", written):
        first, _, last = re.sub(r"\s*[-–—]\s*", "-", part).partition("-")
        low, high = int(first), int(last or first)
        if high < low or high - low > WIDEST_RANGE:
            return []
        numbers += [n for n in range(low, high + 1) if n not in numbers]
    return [] if 0 in numbers and len(numbers) > 1 else numbers


def _is_index(text: str, found: re.Match[str], numbers: list[int], count: int) -> bool:
    """rows[0] indexes something, as do user_ids[1] and, where no passage 7 is, log.lines[7]."""
    word = re.search(r"\w[\w.]*$", text[max(0, found.start() - 80) : found.start()])
    if word is None or found.group()[0] != "[":
        return False
    if 0 in numbers or "_" in word.group():
        return True
    dotted = re.search(r"[^\W\d]\.[^\W\d]", word.group())
    return bool(dotted) and max(numbers) > count


class _Claims:
    """What each mark is there to support: the clause or the sentence that it closes."""

    def __init__(self, text: str, placed: list[tuple[int, Span]]) -> None:
        self._places = [where for _, where in placed]
        masked = list(text)
        for where in self._places:
            masked[where.start : where.end] = " " * (where.end - where.start)
        self._text = "".join(masked)
        self._sentences = sentences(self._text)

    def of(self, at: int) -> str:
        """The claim of mark number ``at`` (counting from 0)."""
        first = at
        while (
            first
            and not self._text[self._places[first - 1].end : self._places[first].start].strip()
        ):
            first -= 1
        sentence = self._sentence(self._places[first].start)
        start = max(sentence.start, self._places[first - 1].end if first else 0)
        clause = self._text[start : max(start, self._places[first].start)]
        whole = self._text[sentence.start : sentence.end]
        return clause.strip() if len(stems(clause)) >= 2 else whole

    def _sentence(self, at: int) -> Span:
        """The sentence a mark at ``at`` belongs to: the one it follows, unless it opens a line."""
        before = [span for span in self._sentences if span.start < at]
        after = [span for span in self._sentences if span.start >= at]
        line = self._text.rfind("\n", 0, at) + 1
        opens = not self._text[line:at].strip(" \t-*+•>#")
        stop = self._text.find("\n", at)
        goes_on = self._text[at : stop if stop >= 0 else None].strip()
        if after and (not before or (opens and goes_on)):
            return after[0]
        return before[-1] if before else Span(0, len(self._text))


def _given(waiting: list[dict[str, int]], number: int, passage: Cited) -> Span | None:
    """The next quote that the engine gave for this number, if it lies inside the passage."""
    for at, quote in enumerate(waiting):
        if quote["number"] == number:
            del waiting[at]
            inside = 0 <= quote["start"] < quote["end"] <= len(passage.text)
            return Span(quote["start"], quote["end"]) if inside else None
    return None


def _support(claim: str, passage: str) -> Span:
    """The words of ``passage`` that support ``claim`` best; the whole passage if none does."""
    bare = claim.strip(" \n\t\"'“”«».,;:!?-*•")
    at = passage.find(bare) if len(bare) > 20 else -1
    if at >= 0:
        return Span(at, at + len(bare))
    language = language_of(claim)
    wanted = set(stems(claim, language))
    spans = sentences(passage)
    held = [wanted & set(stems(passage[span.start : span.end], language)) for span in spans]
    if not any(held):
        return Span(0, len(passage))
    best = max(range(len(spans)), key=lambda i: (len(held[i]), -(spans[i].end - spans[i].start)))
    return _widened(best, spans, held, len(wanted))


def _widened(best: int, spans: list[Span], held: list[set[str]], wanted: int) -> Span:
    """The best sentence, with a neighbour where that brings what the best one lacks."""
    span = spans[best]
    for near in (best - 1, best + 1):
        if 0 <= near < len(spans):
            brings = len(held[near] - held[best])
            if brings >= 2 and brings >= SECOND_SENTENCE * wanted:
                return Span(min(span.start, spans[near].start), max(span.end, spans[near].end))
    return span


_RANGE = r"\d{1,3}(?:\s*[-–—]\s*\d{1,3})?"
_LIST = rf"{_RANGE}(?:\s*(?:[,;]|\be\b|\band\b|&)\s*{_RANGE})*"
_WORD = r"(?:(?:trechos?|passagens?|passagem|passages?|fontes?|sources?|refs?\.?)\s*:?\s*|#\s*)?"
# [1] [1, 2] [1-3] [trecho 1] [[1]] 【1】 【1†name】, but not \[1\] [1](url) ![1] "[1]: https://..."
_MARK = re.compile(
    rf"(?<![\\!])(?P<two>\[)?\[\s*{_WORD}(?P<numbers>{_LIST})\s*\](?(two)\])"
    rf"(?!\()(?!:\s*(?:https?:|<|/))"
    rf"|【\s*{_WORD}(?P<wide>{_LIST})\s*(?:†[^】\n]*)?】",
    re.IGNORECASE,
)
_CODE_BLOCK = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)", re.DOTALL)
_NOT_PROSE = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)|\$\$.*?\$\$"
    r"|\\\[.*?\\\]|\\\(.*?\\\)|(?<=\]\()[^)\n]*|https?://[^\s\[\]]+",
    re.DOTALL,
)
