"""Ask an assistant as people do, and leave nothing behind.

The question goes the whole way (router, search, model, storing), in a conversation that is removed
from its first moment: no list, count or figure shows it, even if the process is killed. Afterwards
its rows are deleted, and with them answer, passages, trace and what the answer cache kept of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from time import monotonic

from sqlalchemy import delete

from core import access, chat, clock, db
from core.db.tables import Conversation
from core.diagnosis import running
from core.errors import CicloError
from core.i18n import _

CHANNEL = "check"
ANSWER_SECONDS = 180.0  # a large model may have to be loaded first, and then writes
LOOK_EVERY = 0.1  # seconds; so long an answer may go on that nobody waits for
LEFT_BEHIND = timedelta(hours=1)  # after that, whoever asked was killed before the end


@contextmanager
def asked(
    question: str,
    assistant_id: str,
    options: chat.Options | None = None,
    limit: float = ANSWER_SECONDS,
    listen: Callable[[chat.Event], None] = lambda event: None,
) -> Iterator[chat.Answer]:
    """The answer, while its rows are still there; stopped after ``limit`` seconds.

    It is asked anew, whatever the cache holds. Errors as of ``chat.start``, and ``stopped`` where
    nobody waits for it any more.
    """
    if running.given_up():
        raise CicloError(_("Stopped."), code="stopped")
    forget_left_behind()
    options = replace(options or chat.Options(), fresh=True)
    somebody = access.acting()
    started = chat.start(
        question,
        assistant=assistant_id,
        options=options,
        channel=CHANNEL,
        person_id=somebody.id if somebody else None,  # whose it is to read
        removed_at=clock.now(),
    )
    ended, context = Event(), copy_context()
    watch = partial(context.run, _watch, started.answer_id, monotonic() + limit, ended)
    Thread(target=watch, daemon=True).start()
    try:
        for event in chat.follow(started.answer_id):
            listen(event)
        yield chat.answer(started.answer_id)
    finally:
        ended.set()
        _stop(started.answer_id)  # it may be running still, where the listener gave up
        _forget(started.conversation_id)


def answer(
    question: str,
    assistant_id: str,
    options: chat.Options | None = None,
    limit: float = ANSWER_SECONDS,
) -> chat.Answer:
    """The answer; its rows are gone by now."""
    with asked(question, assistant_id, options, limit) as found:
        return found


def forget_left_behind() -> None:
    """Delete what checks that were killed have left."""
    lapsed = Conversation.created_at < clock.now() - LEFT_BEHIND
    _delete((Conversation.channel == CHANNEL) & lapsed)


def _forget(conversation_id: str) -> None:
    _delete(Conversation.id == conversation_id)


def _delete(which: object) -> None:
    with db.writing() as session:
        session.execute(delete(Conversation).where(which))  # type: ignore[arg-type]


def _watch(answer_id: str, until: float, ended: Event) -> None:
    """Stop the answer when its time is over, or nobody waits for it."""
    while not ended.wait(LOOK_EVERY):
        if running.given_up() or monotonic() >= until:
            return _stop(answer_id)


def _stop(answer_id: str) -> None:
    try:
        chat.stop(answer_id)
    except CicloError:  # it has ended, or is gone
        return
