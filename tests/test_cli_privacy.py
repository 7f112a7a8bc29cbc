"""``ciclo privacy``: what is held about somebody; erasure, retention, consent."""

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from core import access, assistants, clock
from core.db.tables import Conversation
from tests.conftest import Run
from tests.personal.full import store


def _talk(person: str = "Ana", days: int = 0) -> None:
    at = clock.now() - timedelta(days=days)
    who = access.person(person).id
    shop = assistants.default() or assistants.create("Loja")
    store(Conversation(assistant_id=shop.id, person_id=who, updated_at=at))


def test_what_is_held_is_written_once_into_a_file(ciclo: Run, tmp_path: Path) -> None:
    _talk()
    to = str(tmp_path / "ana.zip")
    assert ciclo("privacy", "export", "Ana", "--to", to).code == 0
    with zipfile.ZipFile(to) as archive:
        assert "conversations.json" in archive.namelist()
    assert ciclo("privacy", "export", "Ana", "--to", to).code != 0  # nothing is overwritten
    assert ciclo("privacy", "export", "Zé", "--to", to + "2").code == 3
    assert ciclo("privacy", "export", "Ana", "-o", to + "3").code == 0


def test_what_is_held_lies_in_the_home_for_its_owner_where_no_place_is_named(
    ciclo: Run, home: Path
) -> None:
    _talk()
    assert ciclo("privacy", "export", "Ana").code == 0
    (made,) = (home / "exports").iterdir()
    assert made.stat().st_mode & 0o777 == 0o600


def test_an_erasure_asks_first_and_says_what_it_did(ciclo: Run) -> None:
    _talk()
    assert ciclo("privacy", "plan", "Ana", "--json").data["goes"] == {"conversations": 1}
    assert ciclo("privacy", "erase", "Ana").code == 2  # nobody can be asked here
    done = ciclo("privacy", "erase", "Ana", "--yes")
    assert done.code == 0
    assert "conversations  1" in done.out
    assert "Backups" in done.out
    assert len(ciclo("privacy", "erasures", "--json").data["data"]) == 1
    assert ciclo("privacy", "erase", "Ana", "--yes").code == 3


def test_a_retention_that_would_let_go_at_once_asks_first(ciclo: Run) -> None:
    _talk(days=31)
    assert ciclo("privacy", "retention", "--days", "30").code == 2
    told = ciclo("privacy", "retention", "--days", "30", "--yes", "--json").data
    assert told == {"days": 30, "due": {"conversations": 1}}
    assert "30 days" in ciclo("privacy", "retention").out
    assert "for good" in ciclo("privacy", "retention", "--forever").out


@pytest.mark.slow
def test_consent_is_asked_given_and_taken_back(ciclo: Run, tmp_path: Path) -> None:
    assistants.create("Loja")
    text = tmp_path / "texto.txt"
    text.write_text("Guardamos 30 dias.", encoding="utf-8")
    assert not ciclo("privacy", "consent", "--text", str(text), "--json").data["agreed"]
    refused = ciclo("--as", "Ana", "ask", "Onde fica?")
    assert refused.code == 1
    assert "Guardamos 30 dias." in refused.err
    assert ciclo("--as", "Ana", "privacy", "agree", "--yes", "--json").data["agreed"]
    assert ciclo("--as", "Ana", "ask", "Onde fica?").code == 0
    assert "Not agreed." in ciclo("--as", "Ana", "privacy", "withdraw").out
    assert "Nothing is asked" in ciclo("privacy", "consent", "--none").out
