"""A part of the facts, split by what its answers have in common.

In: a part and a word of BY, or of what a measure may be split by besides. Out: the parts of it, each
with its key as filters take it. Always holds: a conversation is in the group of each of its answers
that are in the part; what was said of an answer is in the answer's group.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.metrics.facts import ANSWERS, CONVERSATIONS, Frame
from core.metrics.measures import Part
from core.metrics.parts import hours, weekdays
from core.metrics.review_measures import CRITERION, JUDGE, REVIEWER
from core.metrics.reviews import opinions, reviewed

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLOCK = {"weekday": weekdays, "hour": hours}
CODED = ("assistant", "version", "model", "channel", "mode", "tier", "language", "topic")
BY = (*CODED, "outcome", "error", "fallback", "document", *CLOCK)
SAID = ("items", "judged", "judgements")


def groups(of: Part, by: str) -> Iterator[tuple[str, Part]]:
    """Key and part of each group."""
    if by == "document":
        yield from _by_document(of)
    elif by == CRITERION:
        yield from _by_criterion(of)
    elif by in (REVIEWER, JUDGE):
        yield from _by_who(of, by)
    else:
        yield from _by_answer(of, by)


def _by_answer(of: Part, by: str) -> Iterator[tuple[str, Part]]:
    import numpy as np

    rows = {"answers": _split(_keys(of.answers, by))}
    rows |= {name: _split(_keys(getattr(of, name), by, "answered")) for name in SAID}
    own = by in CLOCK or by in CONVERSATIONS
    if own:
        rows["conversations"] = _split(_keys(of.conversations, by))
    nothing = np.array([], dtype="int64")
    for code in dict.fromkeys(code for split in rows.values() for code in split):
        frames: dict[str, Frame] = {
            name: getattr(of, name).rows(split.get(code, nothing)) for name, split in rows.items()
        }
        if not own:
            frames["conversations"] = _with(of, frames["answers"])
        yield _name(of, by, code), replace(of, **frames)  # type: ignore[arg-type]


def _with(of: Part, answers: Frame) -> Frame:
    """The conversations of these answers."""
    import numpy as np

    held = np.unique(answers["conversation"])
    return of.conversations.rows(np.isin(of.conversations["conversation"], held))


def _keys(frame: Frame, by: str, at: str = "at") -> "NDArray[Any]":
    return CLOCK[by](frame[at]) if by in CLOCK else frame[by]


def _split(codes: "NDArray[Any]") -> "dict[int, NDArray[Any]]":
    """Each code's positions."""
    import numpy as np

    if not len(codes):
        return {}
    order = np.argsort(codes, kind="stable")
    found, first = np.unique(codes[order], return_index=True)
    return dict(zip((int(code) for code in found), np.split(order, first[1:]), strict=True))


def _name(of: Part, by: str, code: int) -> str:
    return str(code) if by in CLOCK else of.names[ANSWERS[by][1]][code]


def _by_document(of: Part) -> Iterator[tuple[str, Part]]:
    import numpy as np

    answers, judged = _citing(of, of.answers), _citing(of, of.judged)
    nothing = np.array([], dtype="int64")
    for code in dict.fromkeys([*answers, *judged]):
        chosen = of.answers.rows(answers.get(code, nothing))
        said = {name: getattr(of, name).rows(nothing) for name in SAID}
        said["judged"] = of.judged.rows(judged.get(code, nothing))
        frames = {"answers": chosen, "conversations": _with(of, chosen), **said}
        yield of.names["document"][code], replace(of, **frames)


def _citing(of: Part, frame: Frame) -> "dict[int, NDArray[Any]]":
    """For each document's code the positions of the rows whose answer cites it."""
    import numpy as np

    order = np.argsort(frame["key"], kind="stable")
    keys = frame["key"][order]
    first = np.searchsorted(keys, of.cited["answer"], "left")
    n = np.searchsorted(keys, of.cited["answer"], "right") - first
    inside = np.arange(int(n.sum())) - np.repeat(np.cumsum(n) - n, n)
    rows = order[np.repeat(first, n) + inside]
    documents = np.repeat(of.cited["document"], n)
    return {code: rows[at] for code, at in _split(documents).items()}


def _by_criterion(of: Part) -> Iterator[tuple[str, Part]]:
    """The quality on one criterion in place of that on all."""
    import numpy as np

    inside = of.scores.rows(np.isin(of.scores["item"], of.judged["item"]))
    for code, rows in _split(inside["criterion"]).items():
        chosen = inside.rows(rows)
        of_one = {"conversation": chosen["conversation"], "quality": chosen["height"]}
        yield of.names["criterion"][code], replace(of, judged=Frame(of_one))


def _by_who(of: Part, by: str) -> Iterator[tuple[str, Part]]:
    """By the person who judged, or by the judge model."""
    told = of.judgements.rows(reviewed(of) if by == REVIEWER else opinions(of))
    for code, rows in _split(told["by"]).items():
        yield of.names["by"][code], replace(of, judgements=told.rows(rows))
