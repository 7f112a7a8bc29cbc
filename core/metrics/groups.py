"""A part of the facts, split by what its answers have in common.

In: a part and a word of BY. Out: the parts of it, each with its key as filters take it. Always holds: a
conversation is in the group of each of its answers that are in the part.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.metrics.facts import ANSWERS, CONVERSATIONS, Frame
from core.metrics.measures import Part
from core.metrics.parts import hours, weekdays

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLOCK = {"weekday": weekdays, "hour": hours}
CODED = ("assistant", "version", "model", "channel", "mode", "tier", "language", "topic")
BY = (*CODED, "outcome", "error", "fallback", "document", *CLOCK)


def groups(of: Part, by: str) -> Iterator[tuple[str, Frame, Frame]]:
    """Key, answers and conversations of each group."""
    import numpy as np

    if by == "document":
        yield from _by_document(of)
        return
    answers = _keys(of, of.answers, by)
    talks = _keys(of, of.conversations, by) if by in CLOCK or by in CONVERSATIONS else None
    rows, own = _split(answers), {} if talks is None else _split(talks)
    nothing = np.array([], dtype="int64")
    for code in rows | own:
        chosen = of.answers.rows(rows.get(code, nothing))
        held = _with(of, chosen) if talks is None else of.conversations.rows(own.get(code, nothing))
        yield _name(of, by, code), chosen, held


def _with(of: Part, answers: Frame) -> Frame:
    """The conversations of these answers."""
    import numpy as np

    held = np.unique(answers["conversation"])
    return of.conversations.rows(np.isin(of.conversations["conversation"], held))


def _keys(of: Part, frame: Frame, by: str) -> "NDArray[Any]":
    return CLOCK[by](frame["at"]) if by in CLOCK else frame[by]


def _split(codes: "NDArray[Any]") -> "dict[int, NDArray[Any]]":
    """Each code's positions."""
    import numpy as np

    order = np.argsort(codes, kind="stable")
    found, first = np.unique(codes[order], return_index=True)
    return dict(zip((int(code) for code in found), np.split(order, first[1:]), strict=True))


def _name(of: Part, by: str, code: int) -> str:
    return str(code) if by in CLOCK else of.names[ANSWERS[by][1]][code]


def _by_document(of: Part) -> Iterator[tuple[str, Frame, Frame]]:
    import numpy as np

    inside = np.isin(of.cited["answer"], of.answers["key"])
    answers, documents = of.cited["answer"][inside], of.cited["document"][inside]
    position = {int(key): n for n, key in enumerate(of.answers["key"])}
    for code, rows in _split(documents).items():
        chosen = of.answers.rows([position[int(key)] for key in answers[rows]])
        yield of.names["document"][code], chosen, _with(of, chosen)
