"""What a turn costs beside the model itself: the fake model through Ciclo, and called directly.

Prints milliseconds (p50, p95), the CPU time of a turn and the ratio to the direct call of the same
run, on an index of 10,000 chunks: whole turns, the first word, an answer given before, 50 streams at
once, and the memory over 1,000 turns. The fake says 40 words without pausing, so that only the
overhead is left.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

TURNS, LONG_RUN, AT_ONCE, CHUNKS = 300, 1000, 50, 10_000
WORDS = "palavra " * 40
NAMES = (
    "loja curso prazo troca entrega suporte pedido fatura recibo cliente sistema horário".split()
)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home, "CICLO_OLLAMA_URL": "http://127.0.0.1:9"}
        _measure()
        from core import chat, db, retrieval

        for package in (chat, retrieval, db):
            package.close()


def _measure() -> None:
    from core import assistants, chat, registry
    from core.api import warming
    from core.db import migrate

    migrate.upgrade()
    assistant = assistants.load_sample("suporte")
    _fill(assistant.id)
    questions = [row["question"] for row in assistants.questions("suporte")]
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    _print("quoted answer, embedded engine", _timed(lambda i: _ask(questions, assistant.id, i)))

    registry.choose_model(assistant.id, "fake:echo")
    fresh = chat.Options(fresh=True)

    def turn(i: int) -> chat.Answer:
        return _scripted(questions[i % len(questions)], assistant.id, fresh)

    direct = asyncio.run(_direct())
    turn(0)
    warming.freeze()  # as a server does
    spent = time.process_time()
    through = _timed(turn)
    spent = (time.process_time() - spent) / len(through) * 1000
    _print("fake model called directly", direct)
    _print("fake model through Ciclo", through)
    print(f"{'its CPU time':<34} {spent:12.1f} ms a turn")
    print(f"{'ratio through / direct (p50)':<34} {_ratio(through, direct):8.1f} x")
    _print("first word after the model's own", [_first_word(turn(i)) for i in range(TURNS)])
    _scripted(questions[0], assistant.id, chat.Options())
    again = _timed(lambda i: chat.ask(questions[0], assistant=assistant.id))
    _print("an answer given before", again)
    _at_once(questions, assistant.id)
    _long_run(turn)


def _fill(assistant_id: str) -> None:
    """Add documents until there are as many chunks as are promised for."""
    from sqlalchemy import func, select

    from core import db, retrieval
    from core.db.tables import Chunk

    document = 0
    while True:
        with db.session() as session:
            if (session.scalar(select(func.count()).select_from(Chunk)) or 0) >= CHUNKS:
                return
        text = "\n\n".join(_paragraph(document, n) for n in range(500))
        retrieval.add(assistant_id, f"manual-{document}.md", text.encode(), now=True)
        document += 1


def _paragraph(document: int, n: int) -> str:
    named = [NAMES[(document * 7 + n * 3 + k * k) % len(NAMES)] for k in range(6)]
    lines = [
        f"O {name} {document}.{n} vale {n + k} dias para {named[k - 1]}."
        for k, name in enumerate(named)
    ]
    return f"## Seção {document}.{n}\n\n" + " ".join(lines * 4)


def _ask(questions: list[str], assistant_id: str, i: int) -> None:
    from core import chat

    chat.ask(questions[i % len(questions)], assistant=assistant_id)


def _scripted(question: str, assistant_id: str, options: "chat.Options") -> "chat.Answer":  # type: ignore[name-defined]  # noqa: F821
    from core import chat
    from core.llm import fake

    fake.reset()  # it remembers what it was asked
    fake.queue(WORDS)
    return chat.ask(question, assistant=assistant_id, options=options)


def _first_word(answer: "chat.Answer") -> float:  # type: ignore[name-defined]  # noqa: F821
    """Milliseconds from the question to the first word; the fake's own is immediate."""
    return float(answer.message.first_token_seconds) * 1000


def _at_once(questions: list[str], assistant_id: str) -> None:
    """Fifty answers followed live at the same time: none may fail."""
    from core import chat
    from core.llm import fake

    fake.queue(*[fake.Reply(WORDS, pause=0.005)] * AT_ONCE)
    outcomes: list[str | None] = []

    def follow(i: int) -> None:
        options = chat.Options(fresh=True)
        started = chat.start(questions[i % len(questions)], assistant=assistant_id, options=options)
        *_events, done = chat.follow(started.answer_id)
        outcomes.append(done.data["answer"].message.outcome)

    threads = [threading.Thread(target=follow, args=(i,)) for i in range(AT_ONCE)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, failed = time.perf_counter() - begun, sum(o != "answered" for o in outcomes)
    print(f"{f'{AT_ONCE} streams at once':<34} {took:8.2f} s    {failed} failed")


def _long_run(turn: Callable[[int], object]) -> None:
    before = _memory()
    for i in range(LONG_RUN):
        turn(i)
    grown = _memory() - before
    print(f"{f'memory grown over {LONG_RUN} turns':<34} {grown:8.1f} MB   ({before:.0f} MB before)")


def _memory() -> float:
    """Resident megabytes of this process."""
    if sys.platform != "linux":
        return 0.0
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _timed(turn: Callable[[int], object]) -> list[float]:
    for i in range(20):
        turn(i)
    return [_milliseconds(turn, i) for i in range(TURNS)]


def _milliseconds(turn: Callable[[int], object], i: int) -> float:
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


def _ratio(through: list[float], direct: list[float]) -> float:
    return statistics.median(through) / statistics.median(direct)


def _print(what: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=20)
    print(f"{what:<34} p50 {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms")


if __name__ == "__main__":
    main()
