"""One answer being written: its attempts, its part saved, and its end stored exactly once.

Always holds: the part that came is never lost (saved every second, and at every end), an answer
whose stream broke off is stored as cut_off, and one whose process died is closed as cut_off by the
next reader once its lease has lapsed.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy import select, update

from core import clock, db
from core.chat import cache, handing, listeners, remembering, runs, storing
from core.chat.draft import Work
from core.db.tables import Message
from core.errors import CicloError
from core.i18n import _
from core.tracing import otlp

log = logging.getLogger("ciclo.chat")
SAVE_EVERY = 1.0
ABANDONED = "abandoned"  # the finish of an answer whose writer died
LEASE = timedelta(seconds=10)
TOO_FAR = 6 * LEASE  # ahead of now; a live writer brings its lease back within a second


def lease() -> datetime:
    """Until when a running answer counts as alive if nobody renews it."""
    return clock.now() + LEASE


async def write(work: Work) -> None:
    """Write the answer to its stored end, whatever happens on the way."""
    run, draft, turn = work.run, work.draft, cache.Turn()
    ended = asyncio.Event()
    saver = asyncio.create_task(_save_parts(run, ended))
    try:
        run.begin()
        await remembering.answer(work, turn)
    except asyncio.CancelledError:
        draft.fail("cut_off", "stopped", "")
    except CicloError as error:
        draft.fail("cut_off" if run.length else "error", error.code, error.message)
    except Exception:
        log.exception("an answer failed", extra={"answer_id": draft.answer_id})
        sentence = _("The answer failed inside Ciclo; the log says why.")
        draft.fail("cut_off" if run.length else "error", "internal", sentence)
    finally:
        ended.set()
        draft.text, draft.reasoning = run.text, run.reasoning
        try:
            await saver  # a save under way has its own thread: it must not come after the end
            await asyncio.shield(asyncio.to_thread(_store, work))
        finally:
            turn.end()
            run.end()


def _store(work: Work) -> None:
    try:
        remembering.store(work)
    except Exception:
        extra = {"answer_id": work.draft.answer_id}
        log.exception("the end of an answer was not stored", extra=extra)
        storing.give_up(work.draft)
    work.run.answer = handing.answer(work)
    listeners.tell(work.draft.stored, work.trace)
    otlp.export(work.trace, storing.attributes(work))


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
                finish_reason=ABANDONED,
                error_code="cut_off",
                error=_("Ciclo was ended while it wrote this answer; the part that came is kept."),
                lease_until=None,
            )
        )
    return int(closed.rowcount)  # type: ignore[attr-defined]
