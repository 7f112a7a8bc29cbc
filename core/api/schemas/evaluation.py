"""Evaluation runs as the API takes and shows them. Differences are b minus a; shares lie from 0 to 1, times are
in seconds, money in US dollars."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from core import comparison
from core.api.schemas import EXAMPLE_ID, Flag, Given, Line, Named, Number, Shown, Whole
from core.api.schemas.answers import QuestionText
from core.api.schemas.comparison import VERSION, NewReference, NewWay
from core.comparison import Progress, Question, Reference, evaluations
from core.comparison.questions import MOST
from core.db.tables import EvaluationRun

State = Literal["waiting", "running", "cancelled", "done", "failed"]
Part = Literal["questions", "paraphrases", "both"]
Scorers = Annotated[list[Line], Field(max_length=60)]


class NewQuestion(NewReference):
    """A question with what is known of its answer."""

    question: QuestionText
    id: Line = ""
    topic: Line = ""
    language: Line = ""
    must_pass: Flag = Field(False, description="A version that fails here may not take over.")
    rules: dict[Line, Any] = Field(default_factory=dict, max_length=20)

    def asked(self) -> Question:
        """As the comparison stage takes it."""
        told = self.model_dump(exclude={"question", "topic", "language"})
        return Question(
            self.question, Reference.of(told), self.language[:8], topic=self.topic[:120]
        )


class How(Given):
    """Who is asked and how."""

    assistant: Named | None = None
    a: Line = Field("", description=VERSION, examples=["baseline"])
    b: Line = Field("", description=VERSION, examples=["champion"])
    parallel: Whole = Field(
        evaluations.PARALLEL, ge=1, le=evaluations.MOST_PARALLEL, description="Answers at a time."
    )


class NewRun(How):
    """Give `questions`, or `sample` (of an assistant that came with Ciclo), or `traffic` (the newest so
    many that people have asked)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "questions": [
                        {"question": "Qual é o prazo de troca?", "answers": ["30 dias corridos"]}
                    ],
                    "a": "baseline",
                    "b": "champion",
                },
                {"sample": "both", "name": "Without and with the memory"},
                {"traffic": 100, "b": "ollama:llama3.2", "parallel": 1},
            ]
        }
    )
    questions: Annotated[list[NewQuestion], Field(max_length=MOST)] | None = None
    sample: Part | None = None
    traffic: Whole | None = Field(None, ge=1, le=MOST)
    name: Line = Field("", max_length=120)
    source: Line = Field("", description="Where the questions come from, in words.")
    a_way: NewWay = Field(default_factory=lambda: NewWay.model_validate({}))
    b_way: NewWay = Field(default_factory=lambda: NewWay.model_validate({}))
    same_passages: Flag | None = Field(
        None, description="b gets what a's search finds; null: where both search alike."
    )
    in_turn: Flag | None = Field(None, description="All of a, then all of b.")
    scorers: Scorers = Field(default_factory=list, description="Empty: all that are here.")
    judge: Line = Field("", description="A model that judges: provider:model.")
    repetitions: Whole = Field(1, ge=1, le=10)
    smallest: Number = Field(
        evaluations.SMALLEST, ge=0.001, le=1, description="The smallest difference that matters."
    )
    reuse: Flag = Field(
        False,
        description="Take over answers that a version gave to the same question in a run before, over"
        " the same documents and memory. Their times are those of then.",
    )

    rules: dict[Line, Any] = Field(
        default_factory=dict,
        max_length=20,
        description="Rules of form that every answer must keep, beside those of its question.",
        examples=[{"max_words": 80, "language": "pt-BR", "cites": True}],
    )

    def told(self) -> dict[str, Any]:
        """As ``comparison.start`` takes it, but for the questions."""
        names = {"assistant", "a", "b", "parallel", "name", "same_passages", "in_turn", "judge"}
        more = {"repetitions", "smallest", "reuse", "rules"}
        ways = {"a": self.a_way, "b": self.b_way}
        return self.model_dump(include=names | more) | {
            "scoring": self.scorers,
            "settings": {side: way.model_dump(exclude_none=True) for side, way in ways.items()},
        }


class NewEstimate(How):
    """How many questions to whom."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"n": 200, "b": "champion"}]})
    n: Whole = Field(ge=1, le=MOST, description="Questions.")


class PaceShown(Shown):
    """What one answer takes, over `n` measured ones `of` this version, or of its model."""

    n: int
    of: Literal["version", "model", ""]
    seconds: float | None
    tokens_in: float | None
    tokens_out: float | None
    cost: float | None


class EstimateShown(Shown):
    """What it will take; null where nothing was measured that could tell."""

    n: int
    seconds: float | None = Field(examples=[182.4])
    cost: float | None = Field(examples=[0.21])
    a: PaceShown
    b: PaceShown


class RunLine(Shown):
    """A run as a list shows it."""

    id: str = Field(examples=[EXAMPLE_ID])
    assistant_id: str
    name: str
    a_version_id: str
    b_version_id: str
    source: str
    digest: str = Field(description="SHA-256 of the questions.")
    n: int
    settings: dict[str, Any]
    state: State
    error: str
    is_sample: bool
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class Run(RunLine):
    """A run, and how far it is."""

    share: float = Field(description="0 to 1.", examples=[0.42])
    done: int = Field(description="Questions that both have answered.")
    answers: int
    failed: int = Field(description="Of the answers.")
    seconds_left: float | None
    cost: float | None

    @classmethod
    def told(cls, row: EvaluationRun, now: Progress) -> "Run":
        """The row with its progress."""
        known = RunLine.model_validate(row).model_dump()
        names = ("share", "done", "answers", "failed", "seconds_left", "cost")
        return cls(**known, **{name: getattr(now, name) for name in names})


class Uploaded(Run):
    """A run that was begun with a file."""

    unused: list[str] = Field(
        description="Columns or fields of the file that were not used: none is called so.",
        examples=[["Obrigatoria?"]],
    )


def chosen(body: NewRun, assistant: Any) -> tuple[Sequence[Question], str, bool]:
    """The questions of a body, where they come from, and whether they are sample data."""
    if body.sample:
        return comparison.of_sample(assistant, body.sample), body.source, True
    if body.traffic:
        asked = comparison.of_traffic(assistant.id, body.traffic)
        return asked, body.source, bool(assistant.sample)
    return [one.asked() for one in body.questions or ()], body.source, False
