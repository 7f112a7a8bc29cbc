"""When people ask: how many answers fell into each hour of each weekday, by the reader's clock.

In: a view. Out: seven rows (Monday first) of twenty-four counts. Always holds: their sum is the number
of answers in the view.
"""

from core import access
from core.metrics.kept import kept
from core.metrics.parts import hours, part, weekdays
from core.metrics.views import View

Week = tuple[tuple[int, ...], ...]


@access.allowed("metrics")
def rhythm(view: View) -> Week:
    """Counts of answers: ``[weekday][hour]``."""
    return kept(("rhythm", view), lambda: _counted(view))


def _counted(view: View) -> Week:
    import numpy as np

    at = part(view).answers["at"]
    counts = np.bincount(weekdays(at) * 24 + hours(at), minlength=168).reshape(7, 24)
    return tuple(tuple(int(n) for n in row) for row in counts)
