"""kill -9 at any moment: nothing acknowledged is lost, and the next start is clean.

A child process does the work and prints each acknowledgement; it is killed at a random moment,
and this process, as the next start, looks at what is left. `make prove` does it 20 times each.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from core import assistants, chat, clock, db, retrieval
from core.db.tables import Assistant, Message

ROOT = Path(__file__).resolve().parent.parent
TIMES = 20 if os.environ.get("CICLO_PROVE") == "1" else 2
WORDS = "casa loja prazo troca entrega sábado livro nota fiscal cliente pedido frete".split()

ADDING = """
import sys
from core import retrieval
for i in range(60):
    name, body = f"doc{i}.md", open(sys.argv[2]).read() + f"\\n\\nO documento {i} tem o código K{i}X."
    print(retrieval.add(sys.argv[1], name, body.encode()).id, flush=True)
    if i % 3 == 0:
        retrieval.process_waiting(1)
retrieval.process_waiting()
"""

REPLACING = """
import sys
from core import retrieval
for n in range(2, 200):
    name = f"doc{n % 4}.md"
    body = f"# Tabela {n}\\n\\nO plano custa R$ {n},00 por mes. Telefone (11) 90000-1234."
    row = retrieval.add(sys.argv[1], name, body.encode())
    print("added", row.id, n, flush=True)
    if n % 3:
        retrieval.process_waiting()
        print("read", row.id, n, flush=True)
    if n % 7 == 0:
        retrieval.set_masks([row.id], ["phone"] if n % 2 else [])
"""

REMOVING = """
import sys
from core import retrieval
ids = sys.argv[2:]
for n in range(300):
    chosen = ids[n % 5 : n % 5 + 3]
    (retrieval.restore_many if n % 2 else retrieval.remove_many)(chosen)
    print("back" if n % 2 else "gone", *chosen, flush=True)
    retrieval.search("plano", assistant_id=sys.argv[1])
"""

ANSWERING = """
import sys
from core import chat, registry
from core.llm import fake
from core.llm.fake import Reply
for i in range(50):
    fake.queue(Reply("palavra " * 40, pause=0.01))
    started = chat.start(f"Pergunta número {i}?", assistant=sys.argv[1])
    print("asked", started.question_id, started.answer_id, flush=True)
    list(chat.follow(started.answer_id))
    print("ended", started.question_id, started.answer_id, flush=True)
"""


@pytest.fixture
def assistant(home: Path) -> Assistant:
    return assistants.create("Loja")


def _killed(script: str, *arguments: str, after: float) -> Iterator[str]:
    """Run ``script`` in a child, kill it ``after`` seconds from its first word; what it said."""
    command = [sys.executable, "-c", script, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        first = child.stdout.readline()
        time.sleep(after)
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read()
    return iter([line for line in (first + rest).splitlines() if line])


def _sound(home: Path) -> None:
    with closing(sqlite3.connect(home / "ciclo.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(TIMES))
def test_killed_while_adding_a_folder(
    home: Path, tmp_path: Path, assistant: Assistant, seed: int
) -> None:
    dice = random.Random(seed)
    body = tmp_path / "body.md"
    body.write_text(
        "# Texto\n\n" + ". ".join(" ".join(dice.choices(WORDS, k=9)) for _ in range(80))
    )
    added = list(_killed(ADDING, assistant.id, str(body), after=dice.uniform(0.0, 1.5)))
    _sound(home)
    with clock.held(clock.now() + timedelta(minutes=10)):  # every lease of the dead has lapsed
        retrieval.process_waiting()
    states = {row.id: row.state for row in retrieval.documents(assistant.id, limit=100)}
    assert set(added) <= set(states)
    assert set(states.values()) == {"ready"}
    for document_id in added:
        number = retrieval.document(document_id).name.removeprefix("doc").removesuffix(".md")
        found = retrieval.search(f"código K{number}X", assistant_id=assistant.id).passages
        assert found[0].document_id == document_id


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(TIMES))
def test_killed_while_replacing_documents(home: Path, assistant: Assistant, seed: int) -> None:
    after = random.Random(seed).uniform(0.0, 1.5)
    said = [line.split() for line in _killed(REPLACING, assistant.id, after=after)]
    _sound(home)
    acknowledged = {id_: int(n) for word, id_, n in said if word == "added"}
    read = {id_: int(n) for word, id_, n in said if word == "read"}
    for id_, n in read.items():  # before anything is mended, what served last serves
        assert int(_price(retrieval.text(id_))) >= n
    with clock.held(clock.now() + timedelta(minutes=10)):
        retrieval.process_waiting()
    retrieval.purge()
    rows = retrieval.documents(assistant.id)
    assert set(acknowledged) <= {row.id for row in rows}
    found = retrieval.search("quanto custa o plano", assistant_id=assistant.id, k=50).passages
    assert sorted(one.document_id for one in found) == sorted(row.id for row in rows)
    for row in rows:
        assert (row.state, row.version) == ("ready", row.newest)
        assert int(_price(retrieval.text(row.id))) >= acknowledged.get(row.id, 0)
        numbers = [version.number for version in retrieval.versions(row.id)]
        assert numbers == list(range(row.newest, 0, -1))
    files = {file.name for file in (home / "documents").iterdir() if file.name[0] != "."}
    assert files == {row.digest for row in rows}


def _price(text: str) -> str:
    return text.partition("R$ ")[2].partition(",")[0]


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(TIMES))
def test_killed_while_removing_and_bringing_back(
    home: Path, assistant: Assistant, seed: int
) -> None:
    ids = [
        retrieval.add(assistant.id, f"{n}.md", f"O plano {n} custa R$ {n}.".encode(), now=True).id
        for n in range(8)
    ]
    retrieval.close()
    after = random.Random(seed).uniform(0.0, 0.8)
    said = [line.split() for line in _killed(REMOVING, assistant.id, *ids, after=after)]
    _sound(home)
    live = {row.id for row in retrieval.documents(assistant.id)}
    gone = set[str]()
    for word, *chosen in said[:-1]:  # the one after the last word may be done or not, but whole
        gone = gone - set(chosen) if word == "back" else gone | set(chosen)
    word, *chosen = said[-1]
    last = gone - set(chosen) if word == "back" else gone | set(chosen)
    step = len(said) % 5
    following = {*ids[step : step + 3]}
    undone = last - following if word == "gone" else last | following
    assert set(ids) - live in (last, undone)
    found = retrieval.search("plano", assistant_id=assistant.id, k=50).passages
    assert {one.document_id for one in found} == live


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(TIMES))
def test_killed_while_writing_an_answer(home: Path, assistant: Assistant, seed: int) -> None:
    from core import registry

    registry.choose_model(assistant.id, "fake:echo")
    after = random.Random(seed).uniform(0.0, 2.0)
    said = [line.split() for line in _killed(ANSWERING, assistant.id, after=after)]
    _sound(home)
    with clock.held(clock.now() + timedelta(seconds=11)):  # the lease of the dead has lapsed
        chat.close_abandoned()
    ended = {answer for word, _question, answer in said if word == "ended"}
    with db.session() as session:
        for _word, question_id, answer_id in said:
            assert session.get_one(Message, question_id).text.startswith("Pergunta número")
            answer = session.get_one(Message, answer_id)
            assert answer.state == "done"
            assert answer.outcome == ("answered" if answer_id in ended else answer.outcome)
            assert answer.outcome in ("answered", "cut_off")
        assert not session.query(Message).filter_by(state="running").all()
    assert chat.ask("E agora?", assistant=assistant.id).message.state == "done"
