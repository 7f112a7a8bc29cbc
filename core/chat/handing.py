"""The finished answer to the first question of a conversation, handed to who waits for it.

In: the work, once its end is stored. Out: the ``Answer`` that reading it back would give, at a fraction
of the price; None where it must be read: it was given before, or others stand beside it.
"""

from typing import Any

from core.chat.draft import Work
from core.chat.types import Answer
from core.db.tables import Base, Citation, Message, Passage


def answer(work: Work) -> Answer | None:
    """The answer as it is stored now."""
    draft, began = work.draft, work.began
    if began is None or draft.kept is None or not draft.stored:
        return None
    stored = {name: value for name, value in draft.stored.items() if name != "answer"}
    passages, citations = draft.kept
    return Answer(
        Message.of(_given(began) | stored),
        Message.of(_given(work.asked)),
        type(work.talk).of(_given(work.talk)),
        [Passage.of(values) for values in passages],
        [Citation.of(values) for values in citations],
        siblings=[began.id],
        wordings=[work.asked.id],
    )


def _given(known: Base) -> dict[str, Any]:
    return {name: value for name, value in vars(known).items() if not name.startswith("_")}
