"""Why a search found what it found."""

from typing import Literal

from pydantic import Field

from core import retrieval
from core.api.schemas import Shown


class MatchedWord(Shown):
    """A word of the question that the passage has."""

    word: str = Field(description="As it was asked.", examples=["reenbolso"])
    found: list[str] = Field(
        description="As it stands in the passage; empty where only the heading has it.",
        examples=[["Reembolso", "reembolso"]],
    )
    how: Literal["itself", "other_language", "same_sense", "alike"]
    idf: float = Field(description="How rare it is in the documents.")
    holding: int = Field(description="How many chunks have it.")
    times: int = Field(description="How often the passage and its headings say it.")
    in_heading: bool
    spans: list[tuple[int, int]] = Field(description="Where it stands: offsets in `text`.")


class Points(Shown):
    """What each part adds to the score; together they are the score."""

    words: float
    together: float
    runs: float
    vector: float
    memory: float = Field(description="For having been approved for a question like this one.")


class Why(Shown):
    """Why a passage is at its rank.

    `score` = `confidence` x `age` x (`share` x `lexical` + (1 - `share`) x `vector`), and `lexical`
    is made of `words` (BM25), `together` (in one short window) and `runs` (letters in common).
    """

    said: str = Field(description="The same in a sentence or two.")
    matched: list[MatchedWord]
    missing: list[str] = Field(description="Words of the question that it does not have.")
    together_words: list[str] = Field(description="Those that stand close together.")
    words: float
    together: float
    runs: float
    lexical: float
    vector: float | None = Field(description="Null as long as the passage has no vector.")
    cosine: float | None
    share: float
    age: float
    points: Points

    @classmethod
    def of(cls, one: retrieval.ExplainedPassage, among: retrieval.Explanation) -> "Why":
        """The explained passage."""
        names = set(cls.model_fields) - {"said", "matched", "points"}
        return cls(
            said=retrieval.in_words(one, among),
            matched=[MatchedWord.model_validate(match) for match in one.matched],
            points=Points.model_validate(one.points),
            **{name: getattr(one, name) for name in names},
        )


class Explanation(Shown):
    """How the question was understood, and what its passages were weighed with."""

    language: str = Field(description="`pt`, `en`, or empty where it cannot be told.")
    words: list[str] = Field(description="Words that were looked for.")
    unknown: list[str] = Field(description="Of these, those that no document has.")
    stopwords: list[str] = Field(description="Words that say nothing by themselves.")
    left_out: list[str] = Field(description="Beyond the rarest of a very long question.")
    confidence: float = Field(description="How much of the question stands in one place, 0 to 1.")
    embedder: str = Field(examples=["embedded:lexical-512"])
    share: float = Field(description="The weight of the words' score; the rest is the vectors'.")
    share_from: Literal["settings", "measured", "default"]
    chunks: int = Field(description="In sight of the search.")
    candidates: int = Field(description="Of these, weighed.")
    seconds: float
