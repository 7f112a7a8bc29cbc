"""How hard a model is asked to think: our one parameter in the words of each family (pure).

In: ``reasoning`` as a version sets it (true, false, low, medium, high, or not at all) and what is
known of the model. Out: the level to ask for, or "" for nothing at all. Always holds: a model that
does not think is never asked to, for it would refuse; one that cannot be silenced is asked for as
little as it can.
"""

import re
from collections.abc import Sequence

LEVELS = ("none", "minimal", "low", "medium", "high")
USUAL = "medium"  # what "true" means
GPT_OSS = re.compile(r"gpt-?oss", re.IGNORECASE)
GEMINI = (  # (name, levels of reasoning_effort): Google's table for its OpenAI-compatible endpoint
    (re.compile(r"gemini-2\.5-flash"), ("none", "low", "medium", "high")),
    (re.compile(r"gemini-2\.5-pro"), ("low", "medium", "high")),
    (re.compile(r"gemini-([3-9]|[1-9]\d)"), ("low", "medium", "high")),
)
THINKERS = re.compile(  # where no server says it: families whose open models think
    r"gpt-?oss|qwen3(?!.*instruct)|qwq|deepseek-?r1|magistral|thinking|reason", re.IGNORECASE
)


def level(reasoning: bool | str | None, levels: Sequence[str]) -> str:
    """The one of ``levels`` that comes nearest to ``reasoning``; "" to say nothing.

    Without levels, or with nothing asked for, nothing is said. Of two as near, the lesser.
    """
    known = [name for name in LEVELS if name in levels]
    if reasoning is None or not known:
        return ""
    wanted = reasoning if isinstance(reasoning, str) else USUAL if reasoning else LEVELS[0]
    place = LEVELS.index(wanted)
    return min(known, key=lambda name: abs(LEVELS.index(name) - place))


def gemini_levels(model: str) -> tuple[str, ...]:
    """The levels that a Gemini model takes; none where it does not think."""
    return next((levels for name, levels in GEMINI if name.search(model)), ())


def may_think(model: str) -> bool:
    """Whether a model whose server says nothing about it thinks, by its name."""
    return bool(THINKERS.search(model))


def for_ollama(reasoning: bool | str | None, model: str, thinks: bool | None) -> bool | str | None:
    """``think`` as Ollama takes it; ``thinks`` None where the server does not say."""
    if reasoning is None or thinks is False:
        return None
    if GPT_OSS.search(model):  # takes levels alone, and thinks in any case
        return level(reasoning, ("low", "medium", "high"))
    return reasoning
