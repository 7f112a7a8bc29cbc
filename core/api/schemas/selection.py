"""What fills a review queue, as the API takes and shows it: rules, live counts, a refill, an estimate."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from core.annotation import rules
from core.api.schemas import Flag, Given, Number, Shown, Text

Name = Literal[
    "random",
    "flagged",
    "negative_rating",
    "stars",
    "not_solved",
    "disagreement",
    "keyword",
    "low_groundedness",
    "cut_off",
    "fallback",
    "long",
    "slow",
]
Word = Annotated[Text, StringConstraints(min_length=1, max_length=rules.LONGEST_WORD)]
Pattern = Annotated[Text, StringConstraints(min_length=1, max_length=rules.LONGEST_PATTERN)]
UNITS = (
    "random: the share drawn (0.001 to 1); stars: so many or fewer (1 to 4); disagreement: so many "
    "stars apart (1 to 4); low_groundedness: below this share (0.01 to 1); long: more messages than "
    "this (1 to 1000); slow: more seconds than this (1 to 3600). The others have none."
)
EXAMPLE: list[Any] = [
    {"name": "random", "threshold": 0.1},
    {"name": "flagged", "weight": 5},
    {"name": "stars", "threshold": 2},
    {"name": "keyword", "words": ["preço", "multa"], "patterns": [r"R\$ ?\d+"]},
]


class GivenRule(Given):
    """A rule; only its name is needed."""

    name: Name
    on: Flag = True
    weight: Annotated[Number, Field(ge=0, le=rules.HEAVIEST)] | None = None
    threshold: Number | None = Field(None, description=UNITS)
    words: Annotated[list[Word], Field(max_length=rules.MOST_WORDS)] = []
    patterns: Annotated[list[Pattern], Field(max_length=rules.MOST_PATTERNS)] = []

    def typed(self) -> dict[str, Any]:
        """As the core takes it."""
        return {k: v for k, v in self.model_dump().items() if v is not None and v != []}


class GivenRules(Given):
    """The rules of a queue; one that is not named is off."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rules": EXAMPLE}]})
    rules: Annotated[list[GivenRule], Field(max_length=len(rules.NAMES))]


class Rule(Shown):
    """A rule as it holds."""

    name: str = Field(examples=["stars"])
    on: bool
    weight: float
    threshold: float | None
    words: list[str]
    patterns: list[str]


class Rules(Shown):
    """Every rule of a queue, those that are off too."""

    rules: list[Rule]


class Count(Shown):
    """So many conversations; `about`: found in a sample and scaled up."""

    n: int
    about: bool


class Preview(Shown):
    """What the rules would have taken out of `conversations` of the last `days`: each one alone,
    whether it is on or not, and together those that are on."""

    days: int
    conversations: int
    alone: dict[str, Count]
    together: Count


class Refilled(Shown):
    """What a refill has done: `new` items out of `seen` conversations, `protected` of them drawn at
    random; items that became `unavailable`, and those that came `back`."""

    queue_id: str
    name: str
    seen: int
    new: int
    protected: int
    unavailable: int
    back: int


class Share(Shown):
    """A share of `n` with its 95 % interval."""

    share: float
    low: float
    high: float
    n: int


class Estimate(Shown):
    """Quality, told from the random share alone: `n` of `drawn` items are judged. `thin`: too few."""

    n: int
    drawn: int
    approved: Share | None
    corrected: Share | None
    usable: Share | None = Field(description="Approved, with a correction or without.")
    rejected: Share | None
    thin: bool
