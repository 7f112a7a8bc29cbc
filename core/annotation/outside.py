"""What files for others need of our rubric: names that they can take, titles that a person reads."""

import re
from typing import Any, NamedTuple

from core.annotation.exported import Exported
from core.i18n import N_, _

VERDICTS = {
    "approved": N_("Approved"),
    "corrected": N_("Approved with correction"),
    "rejected": N_("Rejected"),
}


class Scored(NamedTuple):
    """A criterion under a name of small letters, digits and underscores that no other has."""

    name: str
    key: str
    title: str
    scale: list[dict[str, Any]]


def scored(criteria: list[dict[str, Any]]) -> list[Scored]:
    """The criteria of a rubric, in its order; ``key`` is our own name of each."""
    told = ((one["name"], one["title"], one["scale"]) for one in criteria)
    return [
        Scored(f"score_{place}_{_slug(name)}", name, _(title), scale)
        for place, (name, title, scale) in enumerate(told, 1)
    ]


def sources(one: Exported) -> str:
    """The passages of the answer, as one text."""
    told = [f"[{p.rank}] {p.document_name}\n{p.text}" for p in one.passages]
    return "\n\n".join(told)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40] or "criterion"
