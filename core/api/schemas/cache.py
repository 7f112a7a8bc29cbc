"""The answer cache as the API shows it."""

from pydantic import Field

from core.api.schemas import Shown


class Cache(Shown):
    """Answers that are kept to be given again, and what that has spared so far."""

    entries: int = Field(description="Answers that can be given again.")
    answers: int = Field(description="How often one was given again, of those still there.")
    hits: int = Field(description="Looks that found one, since the start of this process.")
    misses: int
    rate: float | None = Field(description="hits / (hits + misses); null before the first look.")
    seconds: float = Field(description="Of waiting that was spared.")
    cost: float = Field(description="In US dollars that was spared.")


class Cleared(Shown):
    """How many kept answers were forgotten."""

    cleared: int
