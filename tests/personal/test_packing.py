"""What somebody takes along: everything that names them, readable, without a secret."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core import access, assistants, i18n, personal
from core.db.tables import Conversation
from core.errors import NotAllowed
from core.personal import holding
from core.personal.places import OF_PEOPLE
from tests.personal.full import full, store


def _taken(**named: str) -> dict[str, Any]:
    with personal.packed(personal.subject(**named)) as file, zipfile.ZipFile(file) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    told = {name: json.loads(text) for name, text in texts.items() if name.endswith(".json")}
    return {"page": texts["index.html"], **told}


@pytest.mark.slow
def test_every_place_is_in_the_file_and_no_secret(home: Path) -> None:
    world = full()
    taken = _taken(person=world.ana.id)
    files = {section.name for section in holding.held(personal.subject(world.ana.id))}
    assert len(files) == len(OF_PEOPLE) + 1
    missing = {name for name in files if f"{name}.json" not in taken}
    assert missing <= {"erasures"}
    (talk,) = [one for one in taken["conversations.json"] if one["title"].startswith("Onde")]
    assert [one["role"] for one in talk["messages"]] == ["user", "assistant"]
    for secret in ("ssssssss", "tttttttt", "$argon2id", "password_hash", "secret_hash"):
        assert secret not in json.dumps(taken)


def test_what_was_typed_runs_nothing_in_the_page(home: Path) -> None:
    ana, shop = access.person("Ana <script>alert(1)</script>"), assistants.create("Loja")
    store(
        Conversation(assistant_id=shop.id, person_id=ana.id, title="<img src=x onerror=alert(1)>")
    )
    page = _taken(person=ana.id)["page"]
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_one_takes_ones_own_whatever_ones_roles_and_others_where_one_operates(home: Path) -> None:
    ana = access.set_roles(access.person("Ana").id, [])
    bia = access.person("Bia")
    with access.as_person(ana):
        assert _taken(person=ana.id)["person.json"][0]["name"] == "Ana"
        with pytest.raises(NotAllowed):
            _taken(person=bia.id)
    with access.as_person(bia):
        assert _taken(person=ana.id)


def test_a_user_of_an_outside_system_is_taken_along_by_who_operates(home: Path) -> None:
    shop, ana = assistants.create("Loja"), access.set_roles(access.person("Ana").id, ["viewer"])
    store(Conversation(assistant_id=shop.id, user_id="u-1", channel="api", title="Oi"))
    assert _taken(user_id="u-1")["conversations.json"][0]["title"] == "Oi"
    with access.as_person(ana), pytest.raises(NotAllowed):
        _taken(user_id="u-1")


def test_more_rows_than_are_read_at_once_all_come_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "AT_ONCE", 3)
    ana, shop = access.person("Ana"), assistants.create("Loja")
    for n in range(7):
        store(Conversation(assistant_id=shop.id, person_id=ana.id, title=str(n)))
    titles = [one["title"] for one in _taken(person=ana.id)["conversations.json"]]
    assert sorted(titles) == list("0123456")


def test_the_page_speaks_the_readers_language(home: Path) -> None:
    ana, shop = access.person("Ana"), assistants.create("Loja")
    store(Conversation(assistant_id=shop.id, person_id=ana.id, title="Oi"))
    with i18n.speaking("pt-BR"):
        page = _taken(person=ana.id)["page"]
        assert "<h2>Conversas</h2>" in page
        assert "observador(a)" in page  # their roles
        assert "viewer" not in page
    with i18n.speaking("en"):
        assert "<h2>Conversations</h2>" in _taken(person=ana.id)["page"]


def test_a_token_that_is_for_less_carries_nothing_away(home: Path) -> None:
    ana = access.person("Ana")
    for scopes, may in ((frozenset({"ask"}), False), (frozenset({"operate"}), True)):
        access.act(ana, access.Origin("api", token_id="t", scopes=scopes))
        if may:
            assert _taken(person=ana.id)
        else:
            with pytest.raises(NotAllowed):
                _taken(person=ana.id)
    access.act(None, access.NOWHERE)
