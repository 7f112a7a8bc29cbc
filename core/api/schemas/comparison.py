"""A question for two versions as it comes in; a comparison with both answers as it goes out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from core import comparison
from core.api.schemas import EXAMPLE_ID, Flag, Given, Line, Named, Number, Shown, Text, Whole
from core.api.schemas.answers import Answer, Outcome, QuestionText

SideName = Literal["a", "b"]
Source = Literal["hand", "run", "chat"]
State = Literal["waiting", "running", "done"]
Choice = Literal["a", "b", "tie", "bad"]
Few = Annotated[list[Annotated[Text, Field(min_length=1, max_length=4000)]], Field(max_length=20)]
VERSION = (
    "A version: its id, its number, `champion`, `challenger`, `baseline`, or `provider:model`; "
    "else the assistant's usual pair."
)


class NewWay(Given):
    """How one side is asked; what is left out is as its version has it."""

    mode: Line | None = None
    level: Line | None = None
    temperature: Number | None = Field(None, ge=0, le=2)
    max_tokens: Whole | None = Field(None, ge=50, le=2000)


class NewReference(Given):
    """What is known of the right answer."""

    answers: Few = Field(default_factory=list)
    documents: Few = Field(default_factory=list, description="Names of those that hold it.")
    quotes: Few = Field(default_factory=list, description="The words in them that say it.")
    answerable: Flag | None = Field(
        None, description="False where the documents hold no answer to it."
    )


class NewComparison(Given):
    """A question to two versions of an assistant (else the default one)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "Qual é o prazo de troca?", "wait": True},
                {
                    "question": "What are the support hours?",
                    "assistant": "Support desk",
                    "a": "champion",
                    "b": "ollama:llama3.2",
                    "same_passages": True,
                    "b_way": {"temperature": 0.2},
                },
            ]
        }
    )
    question: QuestionText
    assistant: Named | None = None
    a: Line = Field("", description=VERSION, examples=["champion"])
    b: Line = Field("", description=VERSION, examples=["challenger"])
    a_way: NewWay | None = None
    b_way: NewWay | None = None
    same_passages: Flag | None = Field(
        None, description="b gets what a's search finds; null: where both search alike."
    )
    in_turn: Flag | None = Field(
        None, description="One after the other; null: where one server must swap models."
    )
    reference: NewReference | None = None
    wait: Flag = Field(False, description="Answer when both have ended.")

    def asked(self) -> comparison.Question:
        """As the comparison stage takes it."""
        told = self.reference.model_dump() if self.reference else {}
        return comparison.Question(self.question, comparison.Reference.of(told))

    def settings(self) -> dict[str, dict[str, Any]]:
        """What is set for each side."""
        ways = {"a": self.a_way, "b": self.b_way}
        return {side: way.model_dump(exclude_none=True) for side, way in ways.items() if way}


class Compared(Shown):
    """One side: who answered, and the answer as it stands (null before its turn)."""

    version: str = Field(description="The version's id.", examples=[EXAMPLE_ID])
    number: int = Field(description="The version's number.")
    model: str = Field(examples=["ollama:llama3.2"])
    state: State
    answer: Answer | None
    scores: dict[str, float | None] = Field(
        description="What the scorers say, once both have ended; null where nothing is to tell."
    )

    @classmethod
    def of(cls, side: comparison.Shown, scores: dict[str, Any]) -> "Compared":
        """The side as it stands."""
        return cls(
            version=side.version.id,
            number=side.version.number,
            model=side.name,
            state=side.state,  # type: ignore[arg-type]
            answer=Answer.of(side.answer) if side.answer else None,
            scores=scores,
        )


class Head(Shown):
    """What a comparison is."""

    id: str = Field(examples=[EXAMPLE_ID])
    assistant_id: str
    run_id: str | None = Field(description="The evaluation run it belongs to.")
    source: Source
    question: str
    language: str
    topic: str
    learned: Literal["", "a", "b", "both"] = Field(
        description="Which versions learned from this very question."
    )
    created_at: datetime
    done_at: datetime | None


class Comparison(Head):
    """A comparison with both sides."""

    settings: dict[str, Any]
    reference: dict[str, Any]
    a: Compared
    b: Compared

    @classmethod
    def of(cls, found: comparison.Compared) -> "Comparison":
        """The comparison as it stands."""
        row = found.row
        sides: dict[str, Any] = {
            side: Compared.of(found.side(side), row.scores.get(side) or {})
            for side in comparison.SIDES
        }
        head = Head.model_validate(row).model_dump()
        return cls(**head, settings=row.settings, reference=row.reference, **sides)


class Ended(Shown):
    """One side in a list."""

    version: str = Field(description="The version's id.")
    number: int
    model: str
    outcome: Outcome | None = Field(description="Null while there is no answer.")


class ComparisonLine(Head):
    """A comparison in a list; ``votes`` are those that stand."""

    a: Ended
    b: Ended
    votes: list[Choice]

    @classmethod
    def of(cls, line: comparison.Line) -> "ComparisonLine":
        """The comparison with how its sides ended."""
        head = Head.model_validate(line.row).model_dump()
        return cls(**head, a=_ended(line.a), b=_ended(line.b), votes=list(line.votes))  # type: ignore[arg-type]


def _ended(one: comparison.Ended) -> Ended:
    return Ended(
        version=one.version.id,
        number=one.version.number,
        model=f"{one.model.provider}:{one.model.name}",
        outcome=one.outcome or None,  # type: ignore[arg-type]
    )
