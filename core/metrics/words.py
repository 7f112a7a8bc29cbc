"""Figures as programs take them: plain values whose unit stands beside them.

In: figures. Out: what JSON holds. Always holds: what cannot be told is null, never 0; money is in US
dollars as stored. ``saying`` has the words for people.
"""

from typing import Any

from core.i18n import _
from core.metrics.figures import Figure, measure
from core.metrics.saying import value as value


def plain(one: Figure) -> dict[str, Any]:
    """A figure with all that is known of it."""
    told = measure(one.measure)
    return {
        "measure": one.measure,
        "title": _(told.title),
        "unit": told.unit,
        "better": told.better,
        **{name: getattr(one, name) for name in ("value", "low", "high", "n", "thin")},
        **{name: getattr(one, name) for name in ("before", "before_n", "target", "met")},
    }
