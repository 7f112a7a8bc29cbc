"""``ciclo models benchmark``: how fast a model is here, measured and nothing else.

In: a model, how often, how many at once. Out: a ``Phase`` each for cold, warm and every concurrency,
as they are measured. Each question begins with another number, so that no server can answer from
the prompt it saw before. A failed call counts as failed and in no time.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

from core.access import allowed
from core.diagnosis import probing
from core.diagnosis.figures import median, percentile
from core.diagnosis.inventory import full
from core.errors import InvalidInput, ModelFailed
from core.i18n import N_, _
from core.llm import ollama, split
from core.llm.failures import failed

CONCURRENT = (1, 2, 4)
REPETITIONS = 5
COLD = 2  # each loads the model from disk
TOKENS = 128
LIMIT = 300.0  # seconds for one call
MOST = 1000
PROMPT = N_("Question {n}: explain in five sentences why a bookstore keeps an index of its books.")


@dataclass(frozen=True)
class Phase:
    """What was measured. ``name``: cold | warm | concurrent. ``n`` calls, ``failures`` of them.

    Times in seconds, speeds in tokens a second: ``speed`` of one answer while it is written,
    ``throughput`` of all together by the wall clock; None where nobody counted. ``cold`` says
    whether the model was really out of memory before each call; None where nobody can tell.
    """

    name: str
    concurrency: int
    n: int
    failures: int
    wall: float
    codes: dict[str, int] = field(default_factory=dict)
    first_p50: float | None = None
    first_p95: float | None = None
    total_p50: float | None = None
    total_p95: float | None = None
    load_p50: float | None = None
    speed: float | None = None
    throughput: float | None = None
    cold: bool | None = None


@dataclass(frozen=True)
class _Calls:
    replies: list[probing.Reply]
    failed: list[str]
    wall: float
    cold: bool | None = None


@allowed("change")
def benchmark(
    name: str,
    *,
    repetitions: int = REPETITIONS,
    cold: int = COLD,
    concurrent: tuple[int, ...] = CONCURRENT,
    tokens: int = TOKENS,
    limit: float = LIMIT,
) -> Iterator[Phase]:
    """Cold, warm, then ``repetitions`` rounds of each concurrency. InvalidInput, ModelFailed before
    the first phase where the model cannot be opened or is not there."""
    _bounds(repetitions=repetitions, tokens=tokens, concurrency=max(concurrent, default=1))
    model = _there(full(name))
    if cold and model.startswith("ollama:"):
        yield _phase("cold", 1, _cold(model, cold, tokens, limit))
    else:  # one call that nobody counts: connections, caches of the client
        _together(model, 1, 1, tokens, limit, 0)
    yield _phase("warm", 1, _together(model, repetitions, 1, tokens, limit, 100))
    for width in concurrent:
        calls = _together(model, repetitions * width, width, tokens, limit, 1000 * width)
        yield _phase("concurrent", width, calls)


def _there(model: str) -> str:
    provider, name = split(model)
    known = {one.name for one in ollama.installed()} if provider == "ollama" else set()
    if provider == "ollama" and not known & {name, f"{name}:latest"}:
        raise failed("model_missing", model=name, server="Ollama")
    return model


def _cold(model: str, n: int, tokens: int, limit: float) -> _Calls:
    begun, replies, codes, unloaded = monotonic(), [], [], True
    for number in range(n):
        try:
            unloaded &= ollama.unload(split(model)[1])
        except ModelFailed:
            unloaded = False
        one = _together(model, 1, 1, tokens, limit, number)
        replies += one.replies
        codes += one.failed
    return _Calls(replies, codes, monotonic() - begun, unloaded)


def _together(model: str, n: int, width: int, tokens: int, limit: float, first: int) -> _Calls:
    """``n`` calls, ``width`` of them at a time."""

    async def one(number: int, gate: asyncio.Semaphore) -> probing.Reply | str:
        said = _(PROMPT).format(n=first + number)
        async with gate:
            try:
                return await probing.acall(
                    model, said, limit=limit, max_tokens=tokens, temperature=0.2
                )
            except ModelFailed as failure:
                return failure.code

    async def every() -> list[probing.Reply | str]:
        gate = asyncio.Semaphore(width)
        return await asyncio.gather(*(one(number, gate) for number in range(n)))

    begun = monotonic()
    ended = asyncio.run(every())
    wall = monotonic() - begun
    replies = [one for one in ended if isinstance(one, probing.Reply)]
    return _Calls(replies, [one for one in ended if isinstance(one, str)], wall)


def _phase(name: str, concurrency: int, calls: _Calls) -> Phase:
    first, whole = [one.first for one in calls.replies], [one.seconds for one in calls.replies]
    written = sum(one.tokens or 0 for one in calls.replies)
    return Phase(
        name,
        concurrency,
        n=len(calls.replies) + len(calls.failed),
        failures=len(calls.failed),
        wall=calls.wall,
        codes=dict(Counter(calls.failed)),
        first_p50=median(first),
        first_p95=percentile(first, 0.95),
        total_p50=median(whole),
        total_p95=percentile(whole, 0.95),
        load_p50=median(one.load for one in calls.replies),
        speed=median(one.speed for one in calls.replies),
        throughput=written / calls.wall if written and name != "cold" else None,
        cold=calls.cold,
    )


def _bounds(**values: int) -> None:
    for name, value in values.items():
        if not 1 <= value <= MOST * (10 if name == "tokens" else 1):
            raise InvalidInput(
                _("{name}={value} is not possible.").format(name=name, value=value),
                hint=_("Allowed: {allowed}.").format(allowed=f"1..{MOST}"),
                field=name,
            )
