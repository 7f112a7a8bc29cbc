"""How fast an answer came, loading the model apart. Speed says nothing of how good it is."""

from core.comparison.scorers.kinds import Scorer
from core.comparison.types import Example
from core.i18n import N_


def seconds(example: Example) -> float | None:
    """Seconds to the whole answer."""
    return _without_load(example, example.total_seconds)


def first_token(example: Example) -> float | None:
    """Seconds until the first word was there."""
    return _without_load(example, example.first_token_seconds)


def speed(example: Example) -> float | None:
    """Tokens a second while it wrote: the server's own time, else that from the first word on."""
    spent = example.generation_seconds
    if not spent and example.total_seconds is not None:
        spent = example.total_seconds - (example.first_token_seconds or 0.0)
    if example.failed or not example.tokens_out or not spent or spent <= 0:
        return None
    return example.tokens_out / spent


def _without_load(example: Example, spent: float | None) -> float | None:
    if example.failed or spent is None:
        return None
    return max(0.0, spent - (example.load_seconds or 0.0))


SCORERS = (
    Scorer(
        "seconds",
        N_("Time"),
        N_("Seconds from the question to the end of the answer, without loading the model."),
        seconds,
        unit="seconds",
        better="down",
        quality=False,
    ),
    Scorer(
        "first_token",
        N_("First word"),
        N_("Seconds from the question to the first word, without loading the model."),
        first_token,
        unit="seconds",
        better="down",
        quality=False,
    ),
    Scorer(
        "speed",
        N_("Tokens a second"),
        N_("How many tokens the model writes in a second."),
        speed,
        unit="per_second",
        quality=False,
    ),
)
