"""What is said of a search: why each passage is where it is, as data and in sentences.

In: an ``Explanation`` (core.retrieval.explaining makes it). Out: one or two sentences a passage
in the reader's language. What always holds: a part of a passage's score is told with its weight,
and what the parts add adds up to the score.
"""

from dataclasses import dataclass
from typing import Literal

from core.i18n import _, ngettext, number
from core.retrieval.search import Found

How = Literal["itself", "other_language", "alike"]
Span = tuple[int, int]


@dataclass(frozen=True)
class MatchedWord:
    """A word of the question that a passage holds, as itself, in the other language's form, or
    by a word like it.

    ``word``: as asked. ``found``: as it stands in the passage, each form once (empty if it stands
    in the heading alone). ``stem``: by which it was found. ``idf``: how rare the stem is among the
    documents in sight, of whose chunks ``holding`` have it. ``times``: how often the passage and
    its headings say it. ``spans``: [start, end) in the passage's text.
    """

    word: str
    found: tuple[str, ...]
    stem: str
    how: How
    idf: float
    holding: int
    times: int
    in_heading: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Points:
    """What each part adds to a passage's score; their sum is the score."""

    words: float
    together: float
    runs: float
    vector: float

    @property
    def total(self) -> float:
        """The score."""
        return self.words + self.together + self.runs + self.vector


@dataclass(frozen=True)
class ExplainedPassage:
    """A passage, and why it is at its ``rank`` (from 1).

    ``words`` (BM25), ``together`` (in one short window) and ``runs`` (letters in common) lie
    between 0 and 1 among all candidates, and so do ``lexical``, which they make, and ``vector``,
    which ``cosine`` makes. ``score`` = confidence x ``age`` x (share x ``lexical`` + (1 - share) x
    ``vector``); ``age`` is 1 where age is not asked for. ``together_words`` are the question's
    words in the best window, ``missing`` those that it does not hold.
    """

    found: Found
    rank: int
    matched: tuple[MatchedWord, ...]
    missing: tuple[str, ...]
    together_words: tuple[str, ...]
    words: float
    together: float
    runs: float
    lexical: float
    vector: float
    cosine: float
    age: float
    score: float
    points: Points


@dataclass(frozen=True)
class Explanation:
    """How a question was understood, and the passages, best first.

    ``language``: "pt", "en", or "" if it cannot be told. ``words``: of the question, that were
    looked for. ``unknown``: of these, those that no document in sight has. ``stopwords`` say
    nothing by themselves; ``left_out`` are what a very long question says beyond its rarest words.
    ``share``: the weight of the words' score; the rest is the vectors'. ``share_from``:
    "default", "settings" (given with the search) or "measured". ``meaning``: "" where vectors took
    part as they should, else why only words were searched. ``chunks``: in sight; ``candidates``:
    of these, ranked. ``seconds`` it took.
    """

    question: str
    language: str
    passages: tuple[ExplainedPassage, ...]
    words: tuple[str, ...]
    unknown: tuple[str, ...]
    stopwords: tuple[str, ...]
    left_out: tuple[str, ...]
    confidence: float
    embedder: str
    share: float
    share_from: str
    meaning: str
    chunks: int
    candidates: int
    seconds: float


def in_words(passage: ExplainedPassage, explanation: Explanation) -> str:
    """Why the passage was found, in one or two plain sentences."""
    return " ".join(filter(None, [_held(passage, explanation), _read(passage)]))


def _held(passage: ExplainedPassage, explanation: Explanation) -> str:
    asked, close = len(explanation.words), len(passage.together_words)
    held = len(passage.matched)
    if not held:
        return _("It holds none of the question's words, but parts of them.")
    if close == held > 1:
        said = ngettext(
            "It has {n} of the {all} words of the question close together.",
            "It has {n} of the {all} words of the question close together.",
            held,
        )
    else:
        said = ngettext(
            "It has {n} of the {all} words of the question.",
            "It has {n} of the {all} words of the question.",
            held,
        )
    return said.format(n=number(held), all=number(asked))


def _read(passage: ExplainedPassage) -> str:
    others = [one for one in passage.matched if one.how != "itself" and one.found]
    said = [
        _("“{word}” was read as “{found}”").format(word=one.word, found=one.found[0])
        for one in others
    ]
    return "; ".join(said) + "." if said else ""
