"""What a turn costs beside the model itself: the fake model through Ciclo, and called directly.

Prints milliseconds (p50, p95) and their ratio to the direct call of the same run, for 300 turns on
the sample documents. The fake says 40 words without pausing, so that only the overhead is left.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable

TURNS = 300
WORDS = "palavra " * 40


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home, "CICLO_OLLAMA_URL": "http://127.0.0.1:9"}
        _measure()


def _measure() -> None:
    from core import assistants, chat, registry
    from core.db import migrate
    from core.llm import fake

    migrate.upgrade()
    assistant = assistants.load_sample("suporte")
    questions = [row["question"] for row in assistants.questions("suporte")]
    _print("quoted answer, embedded engine", _timed(lambda i: _ask(questions, assistant.id, i)))

    registry.choose_model(assistant.id, "fake:echo")

    def asked(i: int) -> None:
        fake.queue(WORDS)
        chat.ask(questions[i % len(questions)], assistant=assistant.id)

    direct = asyncio.run(_direct())
    through = _timed(asked)
    _print("fake model called directly", direct)
    _print("fake model through Ciclo", through)
    ratio = statistics.median(through) / statistics.median(direct)
    print(f"{'ratio through / direct (p50)':<34} {ratio:8.1f} x")


def _ask(questions: list[str], assistant_id: str, i: int) -> None:
    from core import chat

    chat.ask(questions[i % len(questions)], assistant=assistant_id)


def _timed(turn: Callable[[int], None]) -> list[float]:
    for i in range(20):
        turn(i)
    return [_milliseconds(turn, i) for i in range(TURNS)]


def _milliseconds(turn: Callable[[int], None], i: int) -> float:
    begun = time.perf_counter()
    turn(i)
    return (time.perf_counter() - begun) * 1000


async def _direct() -> list[float]:
    from core.llm import fake, open_model

    model = open_model("fake:echo")

    async def turn() -> None:
        fake.queue(WORDS)
        async for _chunk in model.astream("oi"):
            pass

    return [await _awaited(turn) for _ in range(TURNS)]


async def _awaited(turn: Callable[[], Awaitable[None]]) -> float:
    begun = time.perf_counter()
    await turn()
    return (time.perf_counter() - begun) * 1000


def _print(what: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=20)
    print(f"{what:<34} p50 {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms")


if __name__ == "__main__":
    main()
