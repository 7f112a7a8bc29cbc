"""The facts that every figure is computed from: a row an answer, a conversation, a cited document, and
of what reviewers said a row an item, a judgement, a score.

In: rows as they were collected. Out: frames of columns (numpy arrays) whose words are codes into
``names``. Always holds: a conversation's rows are replaced together, so what the frames say of it is of
one moment. Nothing here is ever changed in place: whoever holds ``Facts`` keeps what was true then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

# column: (dtype, the list of ``names`` that its codes point into, "" for a plain value)
ANSWERS = {
    "key": ("int32", ""),  # what cited documents point at; given anew at each replacement
    "conversation": ("int32", "conversation"),
    "at": ("float64", ""),  # seconds since 1970, UTC
    "assistant": ("int16", "assistant"),
    "version": ("int32", "version"),
    "model": ("int16", "model"),  # provider:model
    "channel": ("int16", "channel"),
    "mode": ("int16", "mode"),
    "tier": ("int16", "tier"),
    "language": ("int16", "language"),
    "topic": ("int32", "topic"),
    "sample": ("bool", ""),
    "outcome": ("int16", "outcome"),
    "error": ("int16", "error"),
    "fallback": ("int16", "fallback"),  # why another version answered than was chosen
    "total": ("float32", ""),  # seconds, as the three below; NaN where not measured
    "first": ("float32", ""),
    "load": ("float32", ""),
    "generation": ("float32", ""),
    "tokens_in": ("float32", ""),
    "tokens_out": ("float32", ""),
    "cost": ("float64", ""),  # US dollars; NaN where unknown
    "cached": ("bool", ""),
    "saved_seconds": ("float32", ""),  # what the answer that was given again had taken
    "saved_cost": ("float64", ""),
    "groundedness": ("float32", ""),  # 0 to 1; NaN for quoted answers
    "citations": ("int16", ""),
    "up": ("int16", ""),
    "down": ("int16", ""),
    "out_of_scope": ("bool", ""),  # somebody said so: by a reason of a thumb, or a problem
    "problems": ("int16", ""),
}
CONVERSATIONS = {
    "conversation": ("int32", "conversation"),
    "at": ("float64", ""),  # when it began
    "last": ("float64", ""),  # its last message
    "assistant": ("int16", "assistant"),
    "channel": ("int16", "channel"),
    "tier": ("int16", "tier"),
    "sample": ("bool", ""),
    "turns": ("int32", ""),  # answers
    "stars": ("float32", ""),  # the mean of what was given; NaN: nobody did
    "said": ("int8", ""),  # "was it solved?": 1 yes, 0 no, -1 nobody said
    "thanked": ("bool", ""),  # the last question says thank you, and what was answered is rated up
    "ended_badly": ("bool", ""),  # the last answer found nothing, failed, or was rated down
    "cost": ("float64", ""),
    "converted": ("bool", ""),
    "worth": ("float64", ""),  # of the conversion, in the currency it was told in; NaN: not told
}
CITED = {"answer": ("int32", ""), "document": ("int32", "document")}
OF_ANSWER = {  # of the answer that is judged: what figures of reviews are narrowed and split by
    name: ANSWERS[name]
    for name in (
        "conversation assistant version model channel mode tier language topic sample outcome error "
        "fallback"
    ).split()
}
ITEMS = {  # answers that wait for reviewers or were judged
    "item": ("int32", ""),
    "key": ("int32", ""),  # of the answer
    **OF_ANSWER,
    "answered": ("float64", ""),  # when that was given
    "created": ("float64", ""),
    "first": ("float64", ""),  # when somebody judged it first; NaN: nobody has
    "at": ("float64", ""),  # when its verdict was complete; NaN: it is not
    "protected": ("bool", ""),  # drawn by chance
    "verdict": ("int8", "verdict"),
    "failure": ("int8", "failure"),
    "tone": ("float32", ""),  # 0 to 1 on the scale of its rubric; NaN: not scored
    "quality": ("float32", ""),  # the mean of all criteria, each from 0 to 1
}
JUDGEMENTS = {  # each by itself, also those of an item that waits for more
    "item": ("int32", ""),
    **OF_ANSWER,
    "answered": ("float64", ""),
    "at": ("float64", ""),
    "kind": ("int8", "kind"),  # review, calibration, adjudication; opinion: a judge model's
    "by": ("int32", "by"),  # a person's id, or the model
    "verdict": ("int8", "verdict"),
    "reviewed": ("int8", "verdict"),  # of an opinion: what most reviewers said of the same answer
}
SCORES = {
    "conversation": ("int32", "conversation"),
    "item": ("int32", ""),
    "criterion": ("int16", "criterion"),
    "height": ("float32", ""),  # 0 to 1 on its scale
}
REVIEWS = {"items": ITEMS, "judgements": JUDGEMENTS, "scores": SCORES}
FRAMES = {"answers": ANSWERS, "conversations": CONVERSATIONS, "cited": CITED, **REVIEWS}


class Frame:
    """Columns of one length, in the order of their times ("at"). Rows chosen from it are read from it
    column by column, when asked for."""

    def __init__(self, source: "Mapping[str, NDArray[Any]] | Frame", rows: Any = None) -> None:
        self._source, self._rows = source, rows
        self._read: dict[str, NDArray[Any]] = {}

    def __getitem__(self, column: str) -> "NDArray[Any]":
        if column not in self._read:
            whole = self._source[column]
            self._read[column] = whole if self._rows is None else whole[self._rows]
        return self._read[column]

    def __len__(self) -> int:
        first = next(iter(self._read), None) or self._any()
        return len(self[first])

    def rows(self, which: Any) -> "Frame":
        """Some of its rows: a mask, positions, or a slice."""
        return Frame(self, which)

    def _any(self) -> str:
        return self._source._any() if isinstance(self._source, Frame) else next(iter(self._source))


@dataclass(frozen=True)
class Facts:
    """The frames, the words of their codes, and up to which change they are complete.

    ``revision`` is another after every change, so that what was computed from these facts may be
    kept by it.
    """

    answers: Frame
    conversations: Frame
    cited: Frame
    items: Frame
    judgements: Frame
    scores: Frame
    names: Mapping[str, list[str]] = field(default_factory=dict)
    changed_ms: int = 0
    revision: int = 0

    def code(self, kind: str, name: str) -> int:
        """The code of a name; -1 where no fact has it."""
        try:
            return self.names.get(kind, []).index(name)
        except ValueError:
            return -1


def facts(frames: Mapping[str, Frame], names: Mapping[str, list[str]] | None = None) -> Facts:
    """Facts of these frames, by their names."""
    return Facts(
        answers=frames["answers"],
        conversations=frames["conversations"],
        cited=frames["cited"],
        items=frames["items"],
        judgements=frames["judgements"],
        scores=frames["scores"],
        names=names or {},
    )


def nothing(name: str) -> Frame:
    """The frame of this name, without a row."""
    return frame(FRAMES[name], {})


def empty() -> Facts:
    """No facts at all."""
    return facts({name: nothing(name) for name in FRAMES})


def frame(columns: Mapping[str, tuple[str, str]], rows: Mapping[str, Iterable[Any]]) -> Frame:
    """A frame of these columns; those that ``rows`` lacks are empty with it. None is NaN."""
    import numpy as np

    return Frame(
        {
            name: np.array(list(rows.get(name, ())), dtype=kind)
            for name, (kind, _words) in columns.items()
        }
    )


def joined(frames: Sequence[Frame], columns: Iterable[str]) -> Frame:
    """The rows of all of them, in the order of their times where they have one."""
    import numpy as np

    whole = {name: np.concatenate([one[name] for one in frames]) for name in columns}
    if "at" in whole and (np.diff(whole["at"]) < 0).any():
        order = np.argsort(whole["at"], kind="stable")
        whole = {name: values[order] for name, values in whole.items()}
    return Frame(whole)


class Codes:
    """Words to codes, in the order in which they came; an empty word is one too."""

    def __init__(self, names: Mapping[str, list[str]]) -> None:
        self._codes = {
            kind: {name: n for n, name in enumerate(known)} for kind, known in names.items()
        }

    def of(self, kind: str, words: Iterable[str | None]) -> list[int]:
        """The code of each word; None is ""."""
        codes = self._codes.setdefault(kind, {})
        return [codes.setdefault(word or "", len(codes)) for word in words]

    def known(self, kind: str, word: str) -> int | None:
        """The code of a word that was seen before."""
        return self._codes.get(kind, {}).get(word)

    def names(self) -> dict[str, list[str]]:
        """All words of each kind by their codes."""
        return {kind: list(codes) for kind, codes in self._codes.items()}
