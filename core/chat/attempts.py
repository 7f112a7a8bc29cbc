"""Who is asked, how often, and who comes next: until one model has answered to its end.

In: the work and its first route. Out: text in the run, parts and steps in the draft. Always holds:
only what helps is tried again (a busy server, a stream that dropped before its first sound), with a
growing, jittered pause; what was said stays, and the next model's answer follows it; the embedded
engine comes last and needs no server; after the total time nobody else is begun. Whoever is busy is
stood in line for (``line``), and that counts as no time.
"""

import asyncio
import logging
import math
import random
from itertools import count
from typing import Any

from core import clock, registry, tracing
from core.chat import chain, following, followup, line, patience
from core.chat.draft import Work, resting
from core.config import settings
from core.errors import InvalidInput, ModelFailed

log = logging.getLogger("ciclo.chat")
RETRIED = ("busy", "cut_off")
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds; who asks us to wait longer is not waited for


async def answer(work: Work) -> None:
    """Ask one route after the other; raises ModelFailed where what came must do."""
    draft, tried = work.draft, list[registry.Passed]()
    until = draft.trace.begun + settings().answer_total_s
    _say_who_was_passed_over(work)
    while True:
        route = draft.route
        try:
            async with line.place(work, route):
                deadline = math.inf if route.embedded else until + draft.waited
                return await _called(work, route, deadline)
        except ModelFailed as error:
            over = clock.seconds() >= until + draft.waited
            if route.embedded or work.options.alone or (over and work.run.length):
                raise
            told = {"answer_id": draft.answer_id, "why": error.message, "said": error.said}
            log.warning("fallback", extra=told)
            tried.append(route.passing(error.code))
            following_route = await asyncio.to_thread(_next, work, error.code, tuple(tried), over)
            work.take_over(following_route, error, tried[-1])


def _say_who_was_passed_over(work: Work) -> None:
    """The asker's own choice, or every choice there was, is not left out without a word."""
    route = work.draft.route
    missed = [one for one in route.passed if one.reason == "pinned"] or list(route.passed[:1])
    if missed and (missed[0].reason == "pinned" or route.reason.startswith("fallback")):
        work.take_over(route, resting(missed[0]), missed[0])


def _next(work: Work, code: str, tried: tuple[registry.Passed, ...], late: bool) -> registry.Route:
    with work.trace.span("route", "fallback") as span:
        candidates = registry.fallbacks(work.talk.assistant_id, code, tried)
        found = next(one for one in candidates if one.embedded or not late)
        span.attributes |= described(found)
    return found


async def _called(work: Work, route: registry.Route, until: float) -> None:
    """The route's attempts, reported to its breaker as one call; a trial neither asks it nor tells."""
    if route.embedded or work.options.alone:
        return await _retried(work, route, until)
    call = registry.breaker(route.version.id).enter()
    if call is None:  # somebody else is trying it out at this moment
        raise resting(route.passing())
    try:
        await _retried(work, route, until)
    except ModelFailed:
        call.failed()
        raise
    except BaseException:
        call.left()
        raise
    call.succeeded()


async def _retried(work: Work, route: registry.Route, until: float) -> None:
    for n in count(1):
        before = work.run.sounds
        try:
            return await _attempt(work, route, until)
        except ModelFailed as error:
            pause = _pause(error, n)
            helps = error.code in RETRIED and work.run.sounds == before
            if not helps or n > settings().answer_retries or pause > LONGEST_PAUSE:
                raise
            if clock.seconds() + pause >= until:
                raise
            work.run.emit("status", "retrying", seconds=round(pause, 1))
            await asyncio.sleep(pause)


def _pause(error: ModelFailed, n: int) -> float:
    """Seconds before attempt ``n`` + 1: what the server asked for, else doubling, jittered."""
    grown = FIRST_PAUSE * 2 ** (n - 1)
    return max(getattr(error, "retry_after", None) or 0.0, random.uniform(grown / 2, grown))


async def _attempt(work: Work, route: registry.Route, until: float) -> None:
    draft, run, options = work.draft, work.run, work.options
    look = asyncio.create_task(patience.loaded(route))
    try:
        await _prepare(work, route, until, look)
        draft.attempts += 1
        facts = _asked(route) | {"ciclo.attempt": draft.attempts}
        with work.trace.span("model", f"chat {route.model.name}", facts) as span:
            opened = _opened(route, options.parameters())
            async with patience.listening(run, route, until, look) as silence:
                async for piece in chain.pieces(opened, draft.sent, options.stop):
                    silence.sound(not piece.text)
                    _tell(work, piece)
            span.attributes |= _used(draft.end)
    finally:
        look.cancel()


async def _prepare(
    work: Work, route: registry.Route, until: float, look: "asyncio.Task[bool | None]"
) -> None:
    """What the model is sent: found once, written anew for every route."""
    draft, asked = work.draft, work.asked
    if draft.passages is None:
        work.run.emit("status", "searching")
        said = await asyncio.to_thread(following.history, asked) if asked.parent_id else []
        draft.history = said
        if following.leans(asked.text, said) and not route.embedded:
            draft.query = await _rewritten(work, route, until, look)
    await asyncio.to_thread(_found_and_written, work, route)
    work.run.emit("status", "writing", passages=len(draft.passages or ()))


async def _rewritten(
    work: Work, route: registry.Route, until: float, look: "asyncio.Task[bool | None]"
) -> str:
    """The question made to stand alone by the model; "" where it gives no such question."""
    sent = followup.rewrite_messages(work.asked.text, work.draft.history, work.asked.language)
    opened = _opened(route, {"max_tokens": following.REWRITE_TOKENS})
    said = ""
    with work.trace.span("model", f"rewrite {route.model.name}", _asked(route)) as span:
        async with patience.listening(work.run, route, until, look) as silence:
            try:
                async for piece in chain.pieces(opened, sent):
                    silence.sound(False)
                    said += piece.text
                    span.attributes |= _used(piece.end or {})
            except ModelFailed as error:
                if error.code != "bad_answer":
                    raise
                span.fail(error.code, error.message, error.said)
    return following.alone(said)


def _found_and_written(work: Work, route: registry.Route) -> None:
    draft, asked = work.draft, work.asked
    draft.query = draft.query or following.carried(asked.text, draft.history)
    question = chain.Question(
        asked.text,
        draft.query,
        work.talk.assistant_id,
        draft.history,
        work.options.mode,
        work.options.level,
    )
    if draft.passages is None:
        draft.as_of = chain.day_meant(question)
    if draft.as_of:
        question = chain.asked_of_a_day(question)
    if draft.passages is None:
        with work.trace.span("search", "search") as span:
            searcher = _searcher(work, route)
            draft.take_passages(chain.search(question, searcher, draft.as_of))
            if draft.as_of:
                span.attributes["ciclo.search.as_of"] = draft.as_of.isoformat()
            span.attributes["ciclo.search.passages"] = len(draft.passages or ())
            if draft.remembered:
                span.attributes["ciclo.memory.lifted"] = len(draft.remembered)
    with work.trace.span("prompt", "prompt") as span:
        found = draft.passages or []
        fitted = chain.fitted(question, route, found, work.options.parameters())
        draft.take_prompt(fitted.messages, fitted.dropped_turns, len(fitted.passages))
        span.attributes |= {
            "ciclo.prompt.messages": len(draft.sent),
            "ciclo.prompt.tokens.limit": fitted.limit,
            "ciclo.prompt.dropped": len(draft.dropped),
        }


def _searcher(work: Work, route: registry.Route) -> registry.Route:
    """Whose search settings hold."""
    other = work.options.searches_as
    if not other or other == route.version.id:
        return route
    return registry.route(work.talk.assistant_id, pinned_version_id=other)


def _opened(route: registry.Route, parameters: dict[str, Any]) -> Any:
    try:
        return chain.model(route, parameters)
    except InvalidInput as error:  # a key or a package is missing, a parameter has gone
        raise ModelFailed(error.message, hint=error.hint, code="refused") from error


def _tell(work: Work, piece: chain.Piece) -> None:
    if piece.reasoning:
        work.run.emit("reasoning", piece.reasoning)
    if piece.text:
        work.draft.first_token()
        work.run.emit("text", piece.text)
    if piece.end is not None:
        work.draft.parts[-1].end = piece.end


def described(route: registry.Route) -> dict[str, Any]:
    """A choice as attributes of a step."""
    told: dict[str, Any] = {
        tracing.PROVIDER: route.model.provider,
        tracing.MODEL: route.model.name,
        "ciclo.route.reason": route.reason,
        "ciclo.version.id": route.version.id,
        "ciclo.version.number": route.version.number,
    }
    if route.passed:
        told["ciclo.route.passed_over"] = [f"{p.reason} {p.name} {p.why}" for p in route.passed]
    return told


def _asked(route: registry.Route) -> dict[str, Any]:
    return {
        tracing.OPERATION: "chat",
        tracing.PROVIDER: route.model.provider,
        tracing.MODEL: route.model.name,
    }


def _used(end: dict[str, Any]) -> dict[str, Any]:
    """What the end of a stream tells, as attributes; only what was told."""
    usage = end.get("usage", {})
    told = {
        tracing.INPUT_TOKENS: usage.get("input_tokens"),
        tracing.OUTPUT_TOKENS: usage.get("output_tokens"),
        tracing.CACHED_TOKENS: usage.get("cached_tokens"),
        tracing.FINISH_REASONS: [end["done_reason"]] if end.get("done_reason") else None,
        "ciclo.load_seconds": end.get("load_seconds"),
        "ciclo.prompt_seconds": end.get("prompt_seconds"),
        "ciclo.generation_seconds": end.get("generation_seconds"),
        "ciclo.prompt.read": end.get("prompt_read"),
    }
    return {name: value for name, value in told.items() if value is not None}
