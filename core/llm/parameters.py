"""The parameters a model can be set to: one name each for every provider, checked (pure).

In: names and values from a version, a request or a file. Out: the same, or InvalidInput naming the
parameter, the value and what is allowed. None means "not set" and is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.errors import InvalidInput
from core.i18n import _

EFFORTS = ("low", "medium", "high")


@dataclass(frozen=True)
class Parameter:
    """What a parameter allows, as a test and in words that need no translation."""

    allows: Callable[[Any], bool]
    words: str


def _between(least: float, most: float, kind: type = int) -> Parameter:
    kinds = (int, float) if kind is float else (int,)

    def fits(value: Any) -> bool:
        return isinstance(value, kinds) and not isinstance(value, bool) and least <= value <= most

    return Parameter(fits, f"{least}..{most}")


PARAMETERS = {
    "temperature": _between(0, 2, float),
    "max_tokens": _between(1, 1_000_000),  # of the answer, thoughts included
    "top_p": _between(0, 1, float),
    "seed": _between(0, 2**31 - 1),
    # thoughts before the answer; left out, the model does as it is used to
    "reasoning": Parameter(
        lambda value: isinstance(value, bool) or value in EFFORTS, "true, false, low, medium, high"
    ),
    # tokens of prompt and answer together; Ollama
    "num_ctx": _between(256, 10_000_000),
    # how long the server keeps the model loaded after use: "15m", or seconds; Ollama
    "keep_alive": Parameter(lambda value: isinstance(value, str | int), "15m, 1h, 0"),
}


def checked(parameters: dict[str, Any]) -> dict[str, Any]:
    """``parameters`` without what is not set."""
    return {name: _fitting(name, value) for name, value in parameters.items() if value is not None}


def _fitting(name: str, value: Any) -> Any:
    known = PARAMETERS.get(name)
    if known is None:
        raise InvalidInput(
            _("No model has the parameter '{name}'.").format(name=name),
            hint=_("The parameters are {names}.").format(names=", ".join(PARAMETERS)),
            field=name,
        )
    if not known.allows(value):
        raise InvalidInput(
            _("{name}={value} is not possible.").format(name=name, value=value),
            hint=_("Allowed: {allowed}.").format(allowed=known.words),
            field=name,
        )
    return value
