"""A trace as operators see it: personal data in its words masked, unless the settings show it.

In: a ``Traced`` as it was read. Out: the same, covered. Always holds: the steps' figures, names and ids
stay as they are; only what may hold somebody's words is looked at.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.privacy.showing import shown
from core.tracing import SAID

if TYPE_CHECKING:
    from core.chat.traces import Traced

WORDS = ("error.message", SAID)


def covered(found: "Traced") -> "Traced":
    """Its question, the words of its errors, its prompt."""
    return replace(
        found,
        question=shown(found.question),
        spans=[_step(one) for one in found.spans],
        prompt=shown(found.prompt),
    )


def _step(span: dict[str, Any]) -> dict[str, Any]:
    told = span.get("attributes", {})
    words = {name: shown(told[name]) for name in WORDS if name in told}
    return span | {"attributes": told | words} if words else span
