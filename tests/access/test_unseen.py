"""Whoever is no member is answered as if the assistant, and all that hangs on it, were not there.

Two assistants with something of everything; the second is for its members only. What the API, the
command line and the verbs tell somebody with every role but admin is compared with what they told
before the second one was made, and looked through for its ids and its own word.
"""

import inspect
import re
from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from core import access, assistants, chat, clock, db, loop
from core.access.guarding import DEED, THERE
from core.api.acting import HEADER
from core.db.tables import Base, Person
from core.errors import NotFound
from tests.access.asking import LONG, NAMED, application, description, operations
from tests.access.test_guarded import FREE, verbs
from tests.access.test_roles import somebody
from tests.access.world import Ids, built

pytestmark = pytest.mark.slow
OPEN, SECRET = "abacate", "jabuticaba"
ASKED = {"measure": "answers", "by": "assistant", "period": "all"}
# what changes by itself, and what the whole process counts, which is told to who finds everything
FLEETING = re.compile(
    r'"(uptime_seconds|rests_for|seconds_left|seconds|bytes|hits|misses|rate)": ?[^,}]+'
)
# files that hold the time at which they were made, events in the order in which they came; the
# embedder's is one for the whole index: how many of its texts are done names nobody
LEFT_OUT = re.compile(r"/export$|/held$|/events$|/embedder$")


@pytest.fixture
def ana(home: Path) -> Person:
    """Somebody with every role but admin."""
    return somebody("Ana", "viewer", "analyst", "reviewer")


@pytest.fixture
def client(ana: Person) -> Iterator[TestClient]:
    headers = {"accept-language": "en", HEADER: ana.name}
    with TestClient(application(), raise_server_exceptions=False, headers=headers) as client:
        yield client


@dataclass(frozen=True)
class Look:
    """A path of the API that is read, and the words that may be asked of it."""

    path: str
    takes: frozenset[str]

    def at(self, ids: Ids) -> str:
        """With the ids of one assistant; parts that name nothing of one are left."""
        return re.sub(r"{(\w+)}", lambda one: ids.get(NAMED.get(one[1], one[1]), one[0]), self.path)

    def answer(self, client: TestClient, ids: Ids, **asked: str) -> Any:
        """What it answers, on the path and in the words that it takes."""
        wanted = {name: value for name, value in (ASKED | asked).items() if name in self.takes}
        return client.get(f"/api{self.at(ids)}", params=wanted)


def _looks(ids: Ids) -> list[Look]:
    """All that is read by paths that can be filled."""
    return [look for look in _read() if "{" not in look.at(ids)]


@cache
def _read() -> list[Look]:
    paths = description()["paths"]
    read = {path: operations["get"] for path, operations in paths.items() if "get" in operations}
    return [
        Look(path, frozenset(one["name"] for one in told.get("parameters", ())))
        for path, told in read.items()
    ]


def _told(client: TestClient, looks: list[Look], ids: Ids) -> dict[str, str]:
    """What each answers, but for what changes by the second."""
    found = {look.path: look.answer(client, ids) for look in looks}
    found["/v1/models of OpenAI's clients"] = client.get("/v1/models")
    assert all(one.status_code < 500 for one in found.values())
    return {path: f"{one.status_code} {FLEETING.sub('', one.text)}" for path, one in found.items()}


def _hide(assistant_id: str) -> None:
    with access.as_person(access.local_person()):
        access.set_members_only(assistant_id, True)


def test_what_is_told_is_the_same_as_before_it_was_there(client: TestClient) -> None:
    moment, shown = clock.now() + timedelta(minutes=2), built("Loja", OPEN)
    looks = [look for look in _looks(shown) if not LEFT_OUT.search(look.path)]
    with clock.held(moment):
        before = _told(client, looks, shown)
    _hide(built("Folha", SECRET)["assistant_id"])
    with clock.held(moment):
        after = _told(client, looks, shown)
    assert sum(told.startswith("200") for told in after.values()) > 80
    assert [path for path in before if before[path] != after[path]] == []


def test_what_is_its_own_is_not_there(client: TestClient) -> None:
    hidden = built("Folha", SECRET)
    _hide(hidden["assistant_id"])
    looks = [look for look in _looks(hidden) if "{" in look.path]
    assert len(looks) > 50
    for look in looks:
        answer = look.answer(client, hidden)
        assert answer.status_code == 404, (look, answer.text)
        assert SECRET not in answer.text


def test_no_list_and_no_figure_is_led_to_it_by_name(client: TestClient) -> None:
    hidden = built("Folha", SECRET)
    _hide(hidden["assistant_id"])
    for look in (one for one in _looks(hidden) if "{" not in one.path and "assistant" in one.takes):
        for name in (hidden["assistant_id"], "Folha"):
            answer = look.answer(client, hidden, assistant=name)
            assert answer.status_code in (200, 403, 404), (look, answer.text)
            told = answer.text.replace(name, "")
            assert not any(one in told for one in (SECRET, *hidden.values())), look


def _named_by(verb: Any, person: Person) -> list[tuple[str, list[str]]]:
    """(what the verb takes that belongs to an assistant, what else it cannot do without); none for a
    verb that the person may not call."""
    if not access.may(vars(verb).get(DEED, "ask"), person):
        return []
    needed = [
        one.name
        for one in inspect.signature(verb).parameters.values()
        if one.default is one.empty and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)
    ]
    return [(name, needed) for name in vars(verb).get(THERE, ())]


def test_no_verb_takes_what_is_its_own(ana: Person) -> None:
    hidden = built("Folha", SECRET)
    _hide(hidden["assistant_id"])
    before, tried = _rows(), 0
    for package in sorted(FREE):
        for _name, verb in verbs(package):
            for name, needed in _named_by(verb, ana):
                given = dict.fromkeys(needed, "") | {name: hidden[name]}
                with access.as_person(ana), pytest.raises(NotFound) as caught:
                    verb(**given)
                assert SECRET not in f"{caught.value.message} {caught.value.hint}"
                tried += 1
    assert tried > 150
    assert _rows() == before


def _rows() -> dict[str, list[Any]]:
    with db.session() as session:
        tables = Base.metadata.sorted_tables
        return {one.name: [tuple(row) for row in session.execute(select(one))] for one in tables}


def test_no_route_changes_anything_of_it(client: TestClient, ana: Person) -> None:
    built("Loja", OPEN)
    hidden = built("Folha", SECRET)
    _hide(hidden["assistant_id"])
    before = _rows_of(hidden)
    named = {*NAMED, *hidden}
    for name, one in operations().items():
        if one.method == "get" or name in LONG:
            continue
        answer = one.ask(client, hidden, {})
        assert SECRET not in answer.text, name
        if named & set(re.findall(r"{(\w+)}", one.path)):
            assert answer.status_code in (403, 404), (name, answer.text)
    assert _rows_of(hidden) == before


def _rows_of(ids: Ids) -> list[str]:
    """All that is stored of these, but the log of who was refused."""
    told = [f"{name} {row}" for name, rows in _rows().items() for row in rows]
    ours = [row for row in told if any(one in row for one in ids.values())]
    return sorted(row for row in ours if not row.startswith("audit_events"))


def test_a_member_and_an_admin_and_nobody_find_all_of_it(client: TestClient, ana: Person) -> None:
    hidden = built("Folha", SECRET)
    _hide(hidden["assistant_id"])
    with access.as_person(access.local_person()):
        access.set_members(hidden["assistant_id"], [ana.id])
        assert access.sees_all()
    assert access.sees_all()
    for look in (one for one in _looks(hidden) if "{" in one.path):
        assert look.answer(client, hidden).status_code in (200, 204), look


def test_a_token_for_other_assistants_finds_none_of_it(ana: Person) -> None:
    shown, hidden = built("Loja", OPEN), built("Folha", SECRET)
    only = access.Origin("api", assistants=frozenset({shown["assistant_id"]}))
    for person in (ana, access.local_person()):
        copy_context().run(_looked, person, only, hidden)


def _looked(person: Person, origin: access.Origin, hidden: Ids) -> None:
    access.act(person, origin)
    assert [one.name for one in assistants.all()] == ["Loja"]
    assert loop.snapshot().documents == 1
    with pytest.raises(NotFound):
        chat.conversation(hidden["conversation_id"])
    assert {talk.assistant_id for talk in chat.conversations()} <= (origin.assistants or set())
