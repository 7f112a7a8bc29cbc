"""What is said of a search: why each passage is where it is, as data and in sentences.

In: an ``Explanation`` (core.retrieval.explaining makes it). Out: one or two sentences a passage
in the reader's language. What always holds: a part of a passage's score is told with its weight,
and what the parts add adds up to the score.
"""

from dataclasses import dataclass
from typing import Literal

from core.i18n import _, number, percent
from core.retrieval.lifting import Lift
from core.retrieval.search import Found

How = Literal["itself", "other_language", "same_sense", "alike"]
ShareFrom = Literal["settings", "measured", "default"]
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
    memory: float = 0.0

    @property
    def total(self) -> float:
        """The score."""
        return self.words + self.together + self.runs + self.vector + self.memory


@dataclass(frozen=True)
class ExplainedPassage:
    """A passage, and why it is at its ``rank`` (from 1).

    ``words`` (BM25), ``together`` (in one short window) and ``runs`` (letters in common) lie
    between 0 and 1 among all candidates, and so do ``lexical``, which they make, and ``vector``,
    which ``cosine`` makes; these two are None as long as the passage has no vector. ``score`` =
    confidence x ``age`` x (``share`` x ``lexical`` + (1 - ``share``) x ``vector``), where ``share``
    is that of the whole search, or 1 without a vector, and ``age`` is 1 where it is not asked for
    (else what age leaves, while the best stays as good as it was). ``together_words`` are the
    question's words in the best window, ``missing`` those that it does not hold. ``lift``: the
    approved question for which it was lifted, the more the more that is like this one; all scores
    are then brought down in proportion, so that the best is as good as it was.
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
    vector: float | None
    cosine: float | None
    share: float
    age: float
    score: float
    points: Points
    lift: Lift | None = None


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
    share_from: ShareFrom
    meaning: str
    chunks: int
    candidates: int
    seconds: float


def in_words(passage: ExplainedPassage, explanation: Explanation) -> str:
    """Why the passage was found, in one or two plain sentences."""
    held = len(passage.matched)
    said = [_held(passage, len(explanation.words)) if held else _without(passage, explanation)]
    said += [_read(one) for one in passage.matched if one.how != "itself" and one.found]
    if passage.lift:
        lifted = _("It was approved for a question like this one: “{question}”.")
        said.append(lifted.format(question=passage.lift.question))
    if passage.age < 1:
        said.append(_("Its age leaves {share} of its score.").format(share=percent(passage.age)))
    return " ".join(said)


def _held(passage: ExplainedPassage, asked: int) -> str:
    held, close = len(passage.matched), len(passage.together_words)
    if held == asked == 1:
        return _("It has the word that was asked for.")
    if close == held == asked:
        said = _("It has all {asked} words of the question, close together.")
    elif close == held > 1:
        said = _("It has {held} of the {asked} words of the question, close together.")
    elif close > 1:
        said = _(
            "It has {held} of the {asked} words of the question, {close} of them close together."
        )
    else:
        said = _("It has {held} of the {asked} words of the question.")
    return said.format(held=number(held), asked=number(asked), close=number(close))


def _without(passage: ExplainedPassage, explanation: Explanation) -> str:
    points = passage.points
    if points.vector > 0 and not explanation.embedder.startswith("embedded:"):
        return _("It has none of the question's words, but its meaning is near.")
    if points.total > 0:
        return _("It has none of the question's words as a whole, only pieces of them.")
    return _("It has none of the question's words.")


def _read(one: MatchedWord) -> str:
    if one.how == "other_language":
        said = _("“{word}” was found by its form in the other language, “{found}”.")
    else:
        said = _("“{word}” was read as “{found}”.")
    return said.format(word=one.word, found=one.found[0])
