"""``ciclo diagnose stress``: many questions at once, the whole way, and what became of them.

In: how many, and how many at a time. Out: findings: whether all were answered and by whom, how long
they took, how much memory they left taken, and that none of them is kept.
"""

import resource
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from time import monotonic

from sqlalchemy import func, select

from core import assistants, db
from core.access import allowed
from core.db.tables import Assistant, Conversation
from core.diagnosis import asking
from core.diagnosis.answering import first_question
from core.diagnosis.figures import percentile
from core.diagnosis.finding import PROGRESS, Finding, State
from core.diagnosis.running import Check, run
from core.errors import CicloError, InvalidInput
from core.i18n import _, ngettext, number, seconds

MOST_REQUESTS, MOST_AT_ONCE = 10_000, 200
SLOW = 15.0  # seconds to the first token from which people give up waiting
GROWN = 200_000_000  # bytes of memory that a run may leave taken
LONGEST = 3600.0  # seconds for a whole run


@dataclass(frozen=True)
class Done:
    """How one question ended. Times in seconds; ``code`` is empty where it was answered."""

    seconds: float
    first: float | None = None
    code: str = ""
    fallback: bool = False


@allowed("change")
def stress(
    assistant: str | None = None,
    *,
    requests: int = 20,
    concurrency: int = 4,
    limit: float = asking.ANSWER_SECONDS,
) -> Iterator[Finding]:
    """Ask ``requests`` questions, ``concurrency`` at a time; the starter questions in turn."""
    _check("requests", requests, MOST_REQUESTS)
    _check("concurrency", concurrency, MOST_AT_ONCE)
    chosen = assistants.chosen(assistant)
    in_all = min(LONGEST, limit * (requests // concurrency + 1))
    work = Check(
        "requests", lambda: _run(chosen, requests, concurrency, limit), in_all, chosen.name
    )
    yield from run([work], "stress")


def _run(assistant: Assistant, requests: int, concurrency: int, limit: float) -> Iterator[Finding]:
    told = _("{n} questions, {m} at a time").format(n=number(requests), m=number(concurrency))
    yield Finding("question", "good", told, subject=assistant.name)
    before, begun = _memory(), monotonic()
    done: list[Done] = []
    for one in _asked(assistant, requests, concurrency, limit):
        done.append(one)
        if len(done) % max(1, requests // 10) == 0 and len(done) < requests:
            yield Finding(PROGRESS, "good", f"{len(done)}/{requests}", subject=assistant.name)
    took = monotonic() - begun
    yield _answered(done)
    yield _timed(done, took)
    yield _grown(before, _memory())
    yield _left()


def _asked(assistant: Assistant, requests: int, concurrency: int, limit: float) -> Iterator[Done]:
    questions = islice(cycle(assistant.starters or [first_question(assistant)]), requests)
    with ThreadPoolExecutor(concurrency, "stress") as pool:
        waiting = [
            pool.submit(copy_context().run, _one, said, assistant.id, limit) for said in questions
        ]
        try:
            for one in as_completed(waiting):
                yield one.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _one(said: str, assistant_id: str, limit: float) -> Done:
    begun = monotonic()
    try:
        row = asking.answer(said, assistant_id, limit=limit).message
    except CicloError as error:
        return Done(monotonic() - begun, code=error.code)
    bad = row.outcome in ("error", "cut_off")
    code = (row.error_code or row.finish_reason or "error") if bad else ""
    fallback = row.routing_reason.startswith("fallback")
    return Done(monotonic() - begun, row.first_token_seconds, code, fallback)


def _answered(done: list[Done]) -> Finding:
    codes = Counter(one.code for one in done if one.code)
    given = sum(one.fallback for one in done)
    n = len(done) - codes.total()
    told = _("{n} of {all} answered").format(n=number(n), all=number(len(done)))
    if given:
        told += " · " + _("{n} by a fallback").format(n=number(given))
    if codes:
        told += " · " + ", ".join(f"{code} {count}" for code, count in codes.items())
    state: State = "bad" if codes else "note" if given else "good"
    advice = (
        "" if state == "good" else _("Fewer at a time, a smaller model or another fallback help.")
    )
    return Finding("requests", state, told, advice)


def _timed(done: list[Done], took: float) -> Finding:
    shares = ((0.5, "p50"), (0.95, "p95"))
    whole = [
        f"{name} {_time(percentile((d.seconds for d in done), share))}" for share, name in shares
    ]
    first = [
        f"{name} {_time(percentile((d.first for d in done), share))}" for share, name in shares
    ]
    told = _("whole: {whole}; first token: {first}; {rate} a second").format(
        whole=", ".join(whole), first=", ".join(first), rate=number(len(done) / took, 1)
    )
    slow = (percentile((d.first for d in done), 0.95) or 0.0) > SLOW
    advice = _("People wait long for the first word: fewer at a time, or a smaller model.")
    return Finding("time", "note" if slow else "good", told, advice if slow else "", seconds=took)


def _grown(before: int, after: int) -> Finding:
    grown = after - before
    told = _("{size} MB more than before").format(size=number(max(0, grown) / 1e6))
    good = grown < GROWN
    advice = "" if good else _("Run it once more: it should not grow again.")
    return Finding("memory", "good" if good else "note", told, advice)


def _left() -> Finding:
    kept = (
        select(func.count()).select_from(Conversation).where(Conversation.channel == asking.CHANNEL)
    )
    with db.session() as session:
        n = session.scalar(kept) or 0
    told = ngettext("{n} question is left", "{n} questions are left", n).format(n=number(n))
    if not n:
        return Finding("left", "good", _("question and answer were deleted"))
    advice = _(
        "Another check may be running; what one leaves is deleted by the next after an hour."
    )
    return Finding("left", "note", told, advice)


def _memory() -> int:
    """Bytes this process holds now (where the system does not tell: at most so far)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _time(value: float | None) -> str:
    return "?" if value is None else seconds(value)


def _check(field: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise InvalidInput(
            _("{name}={value} is not possible.").format(name=field, value=value),
            hint=_("Allowed: {allowed}.").format(allowed=f"1..{most}"),
            field=field,
        )
