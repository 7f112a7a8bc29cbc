"""One answer being written: search, prompt, model, fallback, and its end stored exactly once.

Always holds: the part that came is never lost (saved every second, and at every end), an answer
whose stream broke off is stored as cut_off, and one whose process died is closed as cut_off by the
next reader once its lease has lapsed.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from core import clock, db, registry
from core.chat import chain, following, runs, storing
from core.chat.types import Options
from core.config import settings
from core.db.tables import Conversation, Message
from core.errors import CicloError, ModelFailed
from core.i18n import _

log = logging.getLogger("ciclo.chat")
SAVE_EVERY = 1.0
LEASE = timedelta(seconds=10)
TOO_FAR = 6 * LEASE  # ahead of now; a live writer brings its lease back within a second


def lease() -> datetime:
    """Until when a running answer counts as alive if nobody renews it."""
    return clock.now() + LEASE


async def write(
    run: runs.Run,
    talk: Conversation,
    asked: Message,
    answer: Message,
    route: registry.Route,
    options: Options,
) -> None:
    """Write the answer of ``run`` to its stored end, whatever happens on the way."""
    draft = storing.Draft(answer_id=answer.id, route=route, started=clock.seconds())
    ended = asyncio.Event()
    saver = asyncio.create_task(_save_parts(run, ended))
    try:
        run.begin()
        await _attempts(run, draft, talk, asked, options)
    except asyncio.CancelledError:
        draft.fail("cut_off", "stopped", "")
    except CicloError as error:
        draft.fail("cut_off" if run.text else "error", error.code, error.message)
    except Exception:
        log.exception("an answer failed", extra={"answer_id": answer.id})
        sentence = _("The answer failed inside Ciclo; the log says why.")
        draft.fail("cut_off" if run.text else "error", "internal", sentence)
    finally:
        ended.set()
        draft.text, draft.reasoning = run.text, run.reasoning
        try:
            await saver  # a save under way has its own thread: it must not come after the end
            await asyncio.shield(asyncio.to_thread(_store, draft))
        finally:
            run.end()


def _store(draft: storing.Draft) -> None:
    try:
        storing.finish(draft)
    except Exception:
        log.exception("the end of an answer was not stored", extra={"answer_id": draft.answer_id})
        storing.give_up(draft)


async def _attempts(
    run: runs.Run, draft: storing.Draft, talk: Conversation, asked: Message, options: Options
) -> None:
    """Answer by the route; when its model fails before the first word, by the embedded engine."""
    history = await asyncio.to_thread(following.history, asked)
    try:
        await _answer(run, draft, talk, asked, history, options)
    except ModelFailed as error:
        if run.text or draft.route.model.provider == "embedded":
            raise
        log.warning("fallback", extra={"answer_id": draft.answer_id, "why": error.message})
        draft.failed_first(error)
        draft.route = await asyncio.to_thread(registry.route, talk.assistant_id, failed=error.code)
        run.emit("status", "fallback", message=error.message, hint=error.hint)
        await _answer(run, draft, talk, asked, history, Options())


async def _answer(
    run: runs.Run,
    draft: storing.Draft,
    talk: Conversation,
    asked: Message,
    history: list[dict[str, str]],
    options: Options,
) -> None:
    run.emit("status", "searching")
    query = await following.query(asked.text, history, draft.route, asked.language)
    question = chain.Question(asked.text, query, talk.assistant_id, history)
    draft.query = query
    silence = settings().answer_silence_s
    try:
        async with asyncio.timeout(silence) as limit:
            async for part in chain.chain(draft.route, options.parameters(), options.stop).astream(
                question
            ):
                limit.reschedule(asyncio.get_running_loop().time() + silence)
                _take(run, draft, part)
    except TimeoutError:
        raise _silent(silence) from None


def _take(run: runs.Run, draft: storing.Draft, part: dict[str, Any]) -> None:
    if "found" in part:
        draft.take_passages(part["found"])
        run.emit("status", "writing", passages=len(draft.passages))
    if "piece" in part:
        _tell(run, draft, part["piece"])


def _tell(run: runs.Run, draft: storing.Draft, piece: chain.Piece) -> None:
    if piece.reasoning:
        run.emit("reasoning", piece.reasoning)
    if piece.text:
        draft.first_token()
        run.emit("text", piece.text)
    if piece.end is not None:
        draft.end = piece.end


def _silent(seconds: float) -> ModelFailed:
    return ModelFailed(
        _("The model said nothing for {n} seconds.").format(n=round(seconds)),
        code="timed_out",
        hint=_("Raise CICLO_ANSWER_SILENCE_S if the model needs longer to load."),
    )


async def _save_parts(run: runs.Run, ended: asyncio.Event) -> None:
    while not ended.is_set():
        try:
            await asyncio.wait_for(ended.wait(), SAVE_EVERY)
        except TimeoutError:
            await _save_quietly(run)


async def _save_quietly(run: runs.Run) -> None:
    try:
        await asyncio.to_thread(_save_part, run.answer_id, run.text, run.reasoning)
    except Exception:  # the answer goes on; its end is stored, or its failure told, by ``write``
        log.exception("a part was not saved", extra={"answer_id": run.answer_id})


def _save_part(answer_id: str, text: str, reasoning: str) -> None:
    with db.writing() as session:
        session.execute(
            update(Message)
            .where(Message.id == answer_id, Message.state == "running")
            .values(text=text, reasoning=reasoning, lease_until=lease())
        )


def close_abandoned() -> int:
    """Close as cut_off the answers whose writer died; how many there were.

    A lease that lies too far ahead is nobody's either: the clock was set back since.
    """
    now = clock.now()
    out = (Message.lease_until < now) | (Message.lease_until > now + TOO_FAR)
    lapsed = (Message.state == "running") & out
    with db.session() as session:
        if session.scalar(select(Message.id).where(lapsed).limit(1)) is None:
            return 0
    with db.writing() as session:
        closed = session.execute(
            update(Message)
            .where(lapsed)
            .values(
                state="done",
                outcome="cut_off",
                finish_reason="abandoned",
                error_code="cut_off",
                error=_("Ciclo was ended while it wrote this answer; the part that came is kept."),
                lease_until=None,
            )
        )
    return int(closed.rowcount)  # type: ignore[attr-defined]
