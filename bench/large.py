"""Ciclo with 100,000 chunks (COUNT): the whole search, adding, memory, start.

Prints what it takes to search (the question read, words and vectors looked up, passages loaded),
to add 1,000 small documents until they are found, to start with all that, and what the process
then holds. Texts are those of bench.texts; everything goes the way of a person's documents.
"""

import json
import os
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from itertools import islice

from bench import server, texts

COUNT = int(os.environ.get("COUNT", "100000"))
IN_ONE = 250  # chunks a document
SMALL = 1_000
ASKED = 30  # questions put to the server before its memory is looked at


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home, "CICLO_OLLAMA_URL": "http://127.0.0.1:9"}
        os.environ |= {"PORT": str(server.PORT), "CICLO_LOG_LEVEL": "error"}
        assistant_id = _filled()
        _searches(assistant_id)
        _small(assistant_id)
        _searches(assistant_id)
        _close()
        _start(assistant_id)


def _filled() -> str:
    from core import assistants, retrieval
    from core.db import migrate

    migrate.upgrade()
    assistant = assistants.create("Large")
    began = time.perf_counter()
    for name, text in _documents():
        retrieval.add(assistant.id, name, text.encode())
    retrieval.process_waiting()
    retrieval.warm()
    seconds = time.perf_counter() - began
    _print(f"{retrieval.chunk_count()} chunks searchable", f"{seconds:8.1f} s")
    return assistant.id


def _documents() -> Iterator[tuple[str, str]]:
    """Documents of a chunk a heading."""
    source = texts.chunks(max(COUNT - 2 * SMALL, COUNT // 2))  # with the small ones just below
    number = 0
    while some := list(islice(source, IN_ONE)):
        sections = (f"# {' '.join(text.split()[:4])}\n\n{text}\n" for text in some)
        yield f"{number}.md", "\n".join(sections)
        number += 1


def _searches(assistant_id: str) -> None:
    from core import retrieval

    times = []
    for question in texts.questions():
        began = time.perf_counter()
        retrieval.search(question, assistant_id=assistant_id)
        times.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(times[20:], n=20)
    _print("whole search", f"p50 {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms")


def _small(assistant_id: str) -> None:
    from core import retrieval

    began = time.perf_counter()
    for number, text in enumerate(texts.chunks(SMALL)):
        told = f"{text}\n\nA senha é miudeza{number}."
        retrieval.add(assistant_id, f"small-{number}.txt", told.encode())
    retrieval.process_waiting()
    found = retrieval.search(f"miudeza{SMALL - 1}", assistant_id=assistant_id).passages
    seconds = time.perf_counter() - began
    assert found[0].document_name == f"small-{SMALL - 1}.txt"
    _print(f"{SMALL} small documents searchable", f"{seconds:8.1f} s")


def _close() -> None:
    from core import retrieval

    retrieval.close()


def _start(assistant_id: str) -> None:
    began = time.perf_counter()
    with server._serving() as process:
        server._wait_for("/health")
        _print("start to healthy", f"{time.perf_counter() - began:8.1f} s")
        server._wait_for("/ready")
        _print("  and to ready", f"{time.perf_counter() - began:8.1f} s")
        server._print_memory("memory when ready", process.pid)
        for question in texts.questions()[:ASKED]:
            _ask(question, assistant_id)
        server._print_memory(f"memory after {ASKED} answers", process.pid)


def _ask(question: str, assistant_id: str) -> None:
    body = json.dumps({"question": question, "assistant": assistant_id}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.URL}/api/v1/query", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


def _print(what: str, figures: str) -> None:
    print(f"{what:<34} {figures}", flush=True)


if __name__ == "__main__":
    main()
