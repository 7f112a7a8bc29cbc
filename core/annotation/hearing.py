"""A judge model is asked and heard out: one prompt that fits its window, one reply, read.

In: a model, how to build the prompt of the parts that fit, how to read the reply. Out: facts for a
row: what was read, or ``failed`` as a code and ``detail`` in words; ``seconds`` in any case. Always
holds: nothing that a model says or fails at is raised; no call lasts longer than an answer may.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core import clock
from core.annotation.judges import context_tokens
from core.annotation.opinion_reply import Unusable, plain
from core.chat import chain
from core.config import settings
from core.errors import CicloError, ModelFailed
from core.i18n import _, speaking
from core.registry.following import full_name_and_defaults

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

PARAMETERS = {"temperature": 0.0, "max_tokens": 2048}
LONGEST_DETAIL = 500
Build = Callable[[Sequence[Any], Sequence[Any]], "list[BaseMessage]"]


def facts(
    name: str,
    build: Build,
    parts: tuple[Sequence[Any], Sequence[Any]],
    read: Callable[[str], Mapping[str, Any]],
    language: str,
    **parameters: Any,
) -> dict[str, Any]:
    """The values of a row. ``parts``: what was said before (oldest first) and passages (best first),
    of which ``build`` gets as many as fit; ``parameters`` go before the usual ones."""
    began, told = clock.seconds(), dict[str, Any](failed="", detail="")
    try:
        with speaking(language):
            told |= read(_said(name, build, parts, parameters))
    except Unusable as error:
        told |= {"failed": error.code, "detail": error.detail}
    except CicloError as error:
        told |= {"failed": error.code, "detail": plain(error.message, LONGEST_DETAIL)}
    return told | {"seconds": clock.seconds() - began}


def _said(
    name: str,
    build: Build,
    parts: tuple[Sequence[Any], Sequence[Any]],
    given: dict[str, Any],
) -> str:
    """The model's reply to as much as its window holds; ModelFailed where none came."""
    from core.llm import budget, open_model, prompt_limit

    parameters = full_name_and_defaults(name)[1] | PARAMETERS | given
    limit = prompt_limit(name, parameters, context_tokens(name))
    fitted = budget.fit(build, *parts, limit)
    if not fitted.fits:
        told = _("The prompt has {n} tokens, {limit} fit.").format(n=fitted.tokens, limit=limit)
        raise Unusable("too_long", told)
    try:
        return asyncio.run(_heard(open_model(name, **parameters), fitted.messages))
    except TimeoutError:
        seconds = round(settings().answer_total_s)
        raise ModelFailed(
            _("The answer was not complete after {n} seconds.").format(n=seconds), code="timed_out"
        ) from None


async def _heard(model: Any, sent: "list[BaseMessage]") -> str:
    async with asyncio.timeout(settings().answer_total_s):
        return "".join([piece.text async for piece in chain.pieces(model, sent)])
