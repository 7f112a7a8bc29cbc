"""Several processes on one home: the database is the truth, and none sees half of anything."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock, db, retrieval
from core.db.tables import Embedding
from core.retrieval import index
from tests.fake_ollama import FakeOllama
from tests.retrieval.conftest import embedded
from tests.retrieval.test_index import a_fresh_build, answers, text_of

ROOT = Path(__file__).resolve().parents[2]
TIMES = 20 if os.environ.get("CICLO_PROVE") == "1" else 2

ADD = """
import sys
from core import retrieval
from tests.retrieval.test_index import text_of
assistant, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for n in range(first, last):
    retrieval.add(assistant, f"{n}.md", text_of(n), now=True)
    print(n, flush=True)
"""

CHURN = """
import sys
from core import retrieval
from core.retrieval import index
from tests.retrieval.test_index import text_of
print("begins", flush=True)
for n in range(400):
    added = retrieval.add(sys.argv[1], f"{n % 12}.md", text_of(n), now=True)
    retrieval.search("prazo", assistant_id=sys.argv[1])
    if n % 3 == 2:
        retrieval.embed_waiting(1)
    if n % 5 == 4:
        retrieval.remove(added.id)
    index.current().save(now=True)
"""


def child(script: str, *arguments: object) -> "subprocess.Popen[str]":
    """A process of its own on the same home."""
    said = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(said, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def ended_well(*children: "subprocess.Popen[str]") -> bool:
    """Whether all have ended (we wait) without an error."""
    for one in children:
        one.communicate()
    return all(one.returncode == 0 for one in children)


def names(question: str, assistant_id: str) -> list[str]:
    found = retrieval.search(question, assistant_id=assistant_id)
    return [one.document_name for one in found.passages]


@pytest.mark.slow
def test_a_search_sees_what_another_process_has_added(assistant: str) -> None:
    retrieval.add(assistant, "0.md", text_of(0), now=True)
    assert names("codigo7x", assistant) == ["0.md"]
    assert ended_well(child(ADD, assistant, 7, 8))
    assert names("codigo7x", assistant)[0] == "7.md"


@pytest.mark.slow
def test_two_processes_add_at_once_and_nothing_is_lost(
    assistant: str, home: Path, embedder: str
) -> None:
    adding = [child(ADD, assistant, first, first + 15) for first in (0, 15)]
    while any(one.poll() is None for one in adding):
        names("prazo", assistant)
    assert ended_well(*adding)
    rows = retrieval.documents(assistant, limit=100)
    assert {row.state for row in rows} == {"ready"}
    assert {row.name for row in rows} == {f"{n}.md" for n in range(30)}
    embedded()
    kept = answers(assistant)
    with a_fresh_build(home):
        assert answers(assistant) == kept


@pytest.mark.slow
def test_two_processes_that_read_the_same_document_store_it_once(assistant: str) -> None:
    adding = [child(ADD, assistant, 0, 10) for _ in range(2)]
    assert ended_well(*adding)
    rows = retrieval.documents(assistant, limit=100)
    assert [(row.state, row.chunks) for row in rows] == [("ready", 1)] * 10
    assert retrieval.chunk_count(assistant) == 10


@pytest.mark.slow
def test_two_processes_that_add_the_same_folder_give_each_document_once(
    home: Path, tmp_path: Path
) -> None:
    from core import assistants

    assistant = assistants.create("Loja").id
    folder = tmp_path / "docs"
    folder.mkdir()
    for n in range(12):
        (folder / f"{n}.md").write_bytes(text_of(n))
    command = [sys.executable, "-m", "core", "documents", "add", str(folder), "--json"]
    adding = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    told = [json.loads(one.communicate()[0])["data"] for one in adding]
    assert [one.returncode for one in adding] == [0, 0]
    rows = retrieval.documents(assistant, limit=100)
    assert sorted(row.name for row in rows) == sorted(f"{n}.md" for n in range(12))
    assert {(row.state, row.version, row.newest) for row in rows} == {("ready", 1, 1)}
    for documents in told:
        assert {one["id"] for one in documents} == {row.id for row in rows}
    assert retrieval.chunk_count(assistant) == 12


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(TIMES))
def test_killed_while_the_index_is_written_the_next_start_is_clean(
    assistant: str, home: Path, embedder: str, seed: int
) -> None:
    churning = child(CHURN, assistant)
    assert churning.stdout
    churning.stdout.readline()
    time.sleep(random.Random(seed).uniform(0.0, 1.2))
    churning.send_signal(signal.SIGKILL)
    churning.communicate()
    with clock.held(clock.now() + timedelta(minutes=10)):
        embedded()
    kept = answers(assistant)
    left = {path.name.split("-")[0] for path in (home / "index").iterdir()}
    assert left <= {"current.json", "current.tmp", "lock", "snapshot", "work"}
    assert len(list((home / "index").glob("work-*.lock"))) == 1  # ours; the dead one's is gone
    with a_fresh_build(home):
        assert answers(assistant) == kept


EMBEDDING = """
import sys
from core import retrieval
from core.retrieval import index
from core.retrieval.embedders import feeding
feeding.BATCH = 2
print("begins", flush=True)
for n in range(30):
    retrieval.use_embedder("ollama:bge-m3" if n % 2 else "embedded:lexical-512")
    retrieval.add(sys.argv[1], f"more{n}.md", open(sys.argv[2]).read().replace("{n}", str(n)).encode(), now=True)
    while retrieval.embed_waiting(1):
        retrieval.search("prazo", assistant_id=sys.argv[1])
        index.current().save(now=True)
"""


@pytest.mark.slow
def test_two_processes_embed_at_once_and_no_text_twice(
    assistant: str, ollama: FakeOllama, home: Path
) -> None:
    for n in range(40):
        retrieval.add(assistant, f"{n}.md", text_of(n), now=True)
    retrieval.use_embedder("ollama:bge-m3")
    script = """
from core import retrieval
from core.retrieval.embedders import feeding
feeding.BATCH = 3
while retrieval.embedder().coming:
    retrieval.embed_waiting(1)
"""
    assert ended_well(child(script), child(script))
    sent = [text for text in _texts(ollama) if "\n" in text]
    assert sorted(sent) == sorted(set(sent))
    assert len(sent) == 40
    kept = answers(assistant)
    assert index.current().embedder.key == "ollama:bge-m3"
    with a_fresh_build(home):
        assert answers(assistant) == kept


@pytest.mark.slow
def test_every_process_switches_by_itself(assistant: str, ollama: FakeOllama) -> None:
    retrieval.add(assistant, "a.md", text_of(1), now=True)
    assert index.current().embedder.is_embedded
    script = """
from core import retrieval
retrieval.use_embedder("ollama:bge-m3")
retrieval.embed_waiting()
"""
    assert ended_well(child(script))
    names("prazo", assistant)
    assert index.current().embedder.key == "ollama:bge-m3"


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(TIMES))
def test_killed_while_embedding_switching_or_publishing(
    assistant: str, ollama: FakeOllama, home: Path, tmp_path: Path, seed: int
) -> None:
    for n in range(12):
        retrieval.add(assistant, f"{n}.md", text_of(n), now=True)
    retrieval.close()
    (tmp_path / "text").write_text("# Texto {n}\n\nO prazo {n} vale para a loja codigo{n}y.\n")
    working = child(EMBEDDING, assistant, tmp_path / "text")
    assert working.stdout
    working.stdout.readline()
    time.sleep(random.Random(seed).uniform(0.0, 1.5))
    working.send_signal(signal.SIGKILL)
    working.communicate()
    sent = len([text for text in _texts(ollama) if "\n" in text])
    with db.session() as session:
        kept_rows = session.query(Embedding).count()
    assert sent - kept_rows <= 2  # the batch in which it died
    with clock.held(clock.now() + timedelta(minutes=10)):  # every lease of the dead has lapsed
        retrieval.process_waiting()
        retrieval.use_embedder("ollama:bge-m3")
        retrieval.embed_waiting()
        retrieval.settle()
        texts = [text for text in _texts(ollama) if "\n" in text]
        assert len(texts) - len(set(texts)) <= 2
        assert index.current().embedder.key == "ollama:bge-m3"
        kept = answers(assistant)
        with a_fresh_build(home):
            assert answers(assistant) == kept


def _texts(server: FakeOllama) -> list[str]:
    return [text for body in server.bodies("/api/embed") for text in body["input"]]
