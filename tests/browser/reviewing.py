"""A house with a review queue, and what reviewers do at its desk, for the tests in Chromium."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from tests.browser.conftest import HOURS, visit
from tests.conftest import ROOT, Server, clean_environment, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = "<img src=x onerror=alert(1)> **negrito** <script>alert(2)</script>"
FURNISH = """
import json
from core import access, assistants, chat, db, retrieval
from core.db import migrate
from core.db.tables import Citation, Message, Passage
migrate.upgrade()

def normal(id_):
    '''Four citations, six passages, a text of some lines.'''
    line = "O prazo de troca é de trinta dias corridos, contados da entrega, com a nota fiscal. "
    with db.writing() as session:
        answer = session.get_one(Message, id_)
        answer.text, answer.outcome, answer.quoted, answer.sentences = "", "answered", False, []
        for model in (Citation, Passage):
            for row in session.query(model).filter_by(message_id=id_):
                session.delete(row)
        session.flush()
        for n in range(6):
            text = f"Capítulo {{n}}. " + line * 4
            passage = Passage(message_id=id_, rank=n + 1, document_name=f"manual-{{n}}.md", text=text,
                              heading=f"Trocas > Parte {{n}}", start=0, end=len(text), score=1.0)
            session.add(passage)
            session.flush()
            if n < 4:
                answer.text += line
                at = len(answer.text)
                answer.text += f"[{{n + 1}}] "
                session.add(Citation(message_id=id_, passage_id=passage.id, number=n + 1, quote=line,
                                     answer_start=at, answer_end=at + 3, start=12, end=12 + len(line)))

shop = assistants.create("Loja")
retrieval.add(shop.id, "horarios.md", {hours!r}.encode(), now=True)
for n in range(24):
    chat.ask(f"Quando a loja abre aos sábados, pergunta {{n}}?", assistant=shop.id)
chat.ask({hostile!r}, assistant=shop.id)
people = {{name: access.person(name).id for name in ("Ana", "Bia")}}
for id_ in people.values():
    access.set_roles(id_, ["reviewer"])
people[""] = access.local_person().id
normal(chat.ask("Pergunta comum?", assistant=shop.id).message.id)
print(json.dumps(people))
retrieval.close()
"""
DESK = "section.desk"


@contextmanager
def furnished(folder: Path) -> Iterator[Server]:
    """A server with 26 answered questions and two reviewers."""
    script = FURNISH.format(hours=HOURS, hostile=HOSTILE)
    environment = clean_environment(folder / "home")
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    (folder / "people.json").write_bytes(done.stdout.splitlines()[-1])
    with serving(folder) as running:
        yield running


def call(house: Server, method: str, path: str, body: Any = None, person: str = "") -> Any:
    """A call of the API as somebody."""
    headers = {"X-Ciclo-Person": person} if person else {}
    url = f"{house.url}/api/v1/{path}"
    done = httpx.request(method, url, json=body, headers=headers, timeout=30)
    assert done.is_success, done.text
    return done.json() if done.content else None


def queue(house: Server, name: str, most: int = 25, asked: str = "", **facts: Any) -> str:
    """A queue of its own for a test, with the conversations in which ``asked`` was said."""
    body = {"name": name, "random_share": 0, **facts}  # nothing comes in by itself
    made: str = call(house, "POST", "annotation/queues", body)["id"]
    talks = call(house, "GET", "conversations?limit=100")["data"]
    ids = [one["id"] for one in talks if asked in one["title"]][:most]
    call(house, "POST", f"annotation/queues/{made}/items", {"conversation_ids": ids})
    return made


def people(house: Server) -> dict[str, str]:
    """The ids of those who have a name, and of whoever has none ("")."""
    return dict(json.loads((house.home.parent / "people.json").read_text()))


def named(page: "Page", house: Server, name: str = "") -> None:
    """Somebody was picked in this browser before."""
    port = house.url.rsplit(":", 1)[1]
    cookie = {"name": f"ciclo_person_{port}", "value": people(house)[name], "url": house.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def desk(page: "Page", house: Server, queue_id: str, **more: str) -> None:
    """Open a queue's desk (as nobody in particular, unless a name was picked) and wait for its item."""
    if not page.context.cookies():
        named(page, house)
    query = "".join(f"&{name}={value}" for name, value in more.items())
    visit(page, f"{house.url}/annotation?queue={queue_id}{query}")
    page.locator(f"{DESK} .turn.focus").wait_for()


def number(page: "Page") -> str:
    """Which item lies on the desk."""
    return page.locator(f"{DESK} .number").inner_text()


def judge(page: "Page", *keys: str) -> None:
    """Press the keys, and wait for another item or none."""
    before = number(page)
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function(
        """(before) => [...document.querySelectorAll('*')].some((e) => {
            const desk = e.shadowRoot?.querySelector('section.desk');
            return desk && !desk.ariaBusy && desk.querySelector('.number')?.textContent !== before;
        })""",
        arg=before,
    )


def progress(house: Server, queue_id: str) -> dict[str, Any]:
    return dict(call(house, "GET", f"annotation/queues/{queue_id}/progress"))


def as_person(browser: "Browser", house: Server, name: str) -> "Page":
    """A page in the browser of somebody who has picked their name there."""
    context = browser.new_context(locale="pt-BR", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    named(page, house, name)
    return page
