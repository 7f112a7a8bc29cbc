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
