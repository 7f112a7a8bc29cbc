"""A conversation as the review desk shows it: what was asked and answered, one answer in focus.

In: a claim. Out: plain data. Always holds: what the asker said stands once, over the answer that
followed it; an answer that followed another (or a greeting) stands alone, nothing is put in the
asker's mouth.
"""

from collections.abc import Sequence
from typing import Any

from core import annotation
from core.chat.types import Turn
from pages.ui import facts, safe


def turns(claim: annotation.Claim) -> list[dict[str, Any]]:
    """The turns in order; ``asked`` is the one whose question the answer in ``focus`` is about."""
    told = [_turn(claim, turn, said) for turn, said in _pairs(claim.conversation)]
    focus = next(n for n, one in enumerate(told) if one["focus"])
    asked = next((n for n in range(focus, -1, -1) if told[n]["question"]), focus)
    return [one | {"asked": n == asked} for n, one in enumerate(told)]


def asked(conversation: Sequence[Turn], message_id: str) -> str:
    """What the asker had last said before a message; "" where they had said nothing."""
    last = ""
    for turn, said in _pairs(conversation):
        last = said or last
        if turn and turn.message.id == message_id:
            break
    return last


def _pairs(conversation: Sequence[Turn]) -> list[tuple[Turn | None, str]]:
    """Each answer with what was asked since the one before; at the end what nobody answered."""
    pairs: list[tuple[Turn | None, str]] = []
    waiting: list[str] = []
    for turn in conversation:
        if turn.message.role == "user":
            waiting.append(turn.message.text)
        elif turn.message.role == "assistant":
            pairs.append((turn, "\n\n".join(waiting)))
            waiting = []
    return [*pairs, (None, "\n\n".join(waiting))] if waiting else pairs


def _turn(claim: annotation.Claim, turn: Turn | None, said: str) -> dict[str, Any]:
    focus = turn is not None and turn.message.id == claim.answer.message.id
    told = facts.told(turn.answer) if turn and turn.answer else {}
    greeting = safe.html(turn.message.text) if turn and not turn.answer else ""
    return {
        "question": said,
        "html": told.get("html", greeting),
        "note": told.get("note", ""),
        "facts": told.get("facts", []) if focus and not claim.queue.blind else [],
        "focus": focus,
        "said": claim.said if focus else [],
    }
