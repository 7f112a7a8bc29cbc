"""Where one model took over from another that had failed, in words.

In: the breaks of an answer, in their order (see ``tables.Message.breaks``). Out: for each place in
its text one sentence or more: everybody who failed there, in order and each with its reason, and who
goes on. Always holds: nobody who failed is left out. Pure.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from core.db.tables import Message
from core.i18n import _
from core.llm import failures

Break = dict[str, Any]


def of(message: Message) -> list[Break]:
    """The breaks of a stored answer, also of one from before those ahead of its first word were kept."""
    if message.breaks or not message.routing_reason.startswith("fallback"):
        return list(message.breaks or [])
    after = f"{message.provider}:{message.model_name}"
    return [{"at": 0, "after": after, "code": message.error_code, "message": message.error}]


def way_out(message: Message) -> str:
    """What to do about the failure that a stored answer tells of; "" where there is nothing."""
    hints = (one.get("hint") for one in of(message) if one["code"] == message.error_code)
    return next(filter(None, hints), "") or failures.way_out(message.error_code)


def told(breaks: Sequence[Break], named: Callable[[str], str] = str) -> Iterator[tuple[int, str]]:
    """(place in the text, what is said there); ``named`` gives what "provider:model" is called."""
    for at, here in groupby(breaks, lambda one: int(one["at"])):
        yield at, _sentence(list(here), named)


def _sentence(here: list[Break], named: Callable[[str], str]) -> str:
    if len(here) == 1:
        (one,) = here
        said = _("{why} What follows is the answer of {model}.")
        if one["at"]:
            said = _("The model did not finish: {why} What follows is the answer of {model}.")
        return said.format(why=_why(one), model=named(one["after"]))
    failed = [_failed(one, named, begun=bool(one["at"]) and not n) for n, one in enumerate(here)]
    follows = _("What follows is the answer of {model}.").format(model=named(here[-1]["after"]))
    return " ".join([*failed, follows])


def _failed(one: Break, named: Callable[[str], str], *, begun: bool) -> str:
    """Only the first at a place has said anything before it."""
    said = _("{model} did not finish: {why}") if begun else _("{model} did not answer: {why}")
    return said.format(model=named(one["before"]), why=_why(one))


def _why(one: Break) -> str:
    """The reason as a sentence: what a server says need not end as one."""
    why = str(one["message"]).rstrip()
    return why if why.endswith((".", "!", "?", "…")) else f"{why}."
