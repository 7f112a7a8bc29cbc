"""Keys of providers are kept sealed, come out where they are used alone, and lose nothing to a kill."""

import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from core import access, backup, db, llm, secrets
from core.config import settings
from core.db.tables import Secret
from core.errors import InvalidInput, NotAllowed, NotFound, Unavailable
from core.llm import endpoints
from core.secrets import sealing
from tests.conftest import Run

NAME, VALUE = "OPENAI_API_KEY", "sk-a-key-that-nobody-sees"


def key(name: str = "openai") -> str:
    return endpoints.endpoint(name)[0].key.get_secret_value()


def sealed() -> str:
    with db.session() as session:
        return session.scalars(select(Secret.sealed)).one()


def test_a_kept_key_is_the_one_that_the_provider_gets(home: Path) -> None:
    assert key() == ""
    secrets.put(NAME, f" {VALUE}\n")
    assert key() == VALUE
    secrets.put(NAME, "sk-another")
    assert key() == "sk-another"
    secrets.forget(NAME)
    assert key() == ""


def test_the_environment_goes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.put(NAME, VALUE)
    assert llm.source(NAME) == "settings"
    monkeypatch.setenv(NAME, "sk-from-outside")
    assert key() == "sk-from-outside"
    assert llm.source(NAME) == "environment"


def test_a_provider_whose_key_is_kept_lacks_none(home: Path) -> None:
    def missing() -> str:
        return next(one.missing for one in llm.providers() if one.name == "anthropic")

    assert missing() == "key"
    secrets.put("ANTHROPIC_API_KEY", VALUE)
    assert missing() == ""


def test_the_home_holds_the_value_nowhere_in_plain_and_the_key_is_its_owners_alone(
    home: Path,
) -> None:
    secrets.put(NAME, VALUE)
    db.close()
    for file in home.rglob("*"):
        assert not file.is_file() or VALUE.encode() not in file.read_bytes()
    assert stat.S_IMODE((home / secrets.FILE).stat().st_mode) == 0o600


def test_a_key_file_that_others_may_read_is_refused_with_the_way_out(home: Path) -> None:
    secrets.put(NAME, VALUE)
    (home / secrets.FILE).chmod(0o644)
    with pytest.raises(Unavailable, match=r"secret\.key") as caught:
        secrets.value(NAME)
    assert caught.value.code == "key_readable"
    assert "chmod 600" in caught.value.hint


def test_a_lost_key_is_told_and_breaks_no_list(home: Path) -> None:
    secrets.put(NAME, VALUE)
    (home / secrets.FILE).unlink()
    with pytest.raises(Unavailable) as caught:
        secrets.value(NAME)
    assert caught.value.code == "key_lost"
    assert secrets.opens(NAME) is False
    assert next(one.missing for one in llm.providers() if one.name == "openai") == "key"
    secrets.put(NAME, VALUE)
    assert key() == VALUE


def test_what_was_sealed_for_one_name_opens_under_no_other(home: Path) -> None:
    secrets.put(NAME, VALUE)
    with db.writing() as session:
        session.add(Secret(name="GOOGLE_API_KEY", sealed=session.get_one(Secret, NAME).sealed))
    with pytest.raises(Unavailable):
        secrets.value("GOOGLE_API_KEY")


def test_the_environments_key_seals_and_an_older_one_still_opens(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = backup.new_key(), backup.new_key()
    monkeypatch.setenv("CICLO_SECRET_KEY", old)
    settings.cache_clear()
    secrets.put(NAME, VALUE)
    assert not (home / secrets.FILE).exists()
    monkeypatch.setenv("CICLO_SECRET_KEY", f"{new}, {old}")
    settings.cache_clear()
    assert secrets.rotate() == 1
    monkeypatch.setenv("CICLO_SECRET_KEY", new)
    settings.cache_clear()
    assert key() == VALUE


def test_sealing_anew_takes_another_key_and_loses_nothing(home: Path) -> None:
    secrets.put(NAME, VALUE)
    before, kept = sealed(), (home / secrets.FILE).read_text()
    assert secrets.rotate() == 1
    assert sealed() != before
    assert (home / secrets.FILE).read_text() != kept
    assert not (home / sealing.NEXT).exists()
    assert key() == VALUE


def test_a_kill_between_the_steps_of_sealing_anew_loses_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets.put(NAME, VALUE)
    monkeypatch.setattr(sealing, "settle", lambda: None)  # dead before the new key is the key
    secrets.rotate()
    assert key() == VALUE
    secrets.put("GOOGLE_API_KEY", "sk-more")  # sealed with the old one
    monkeypatch.undo()
    monkeypatch.setenv("CICLO_HOME", str(home))
    settings.cache_clear()
    assert secrets.rotate() == 2
    assert (key(), key("google")) == (VALUE, "sk-more")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("openai", "x"),
        ("PATH", "x"),
        (NAME, ""),
        (NAME, "two words"),
        (NAME, "é"),
        (NAME, "x" * 5000),
    ],
)
def test_what_can_be_no_key_is_refused_without_being_repeated(
    home: Path, name: str, value: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        secrets.put(name, value)
    assert not value or len(value) < 3 or value not in caught.value.message + caught.value.hint
    assert secrets.names() == []


def test_a_key_that_is_not_there_cannot_be_deleted(home: Path) -> None:
    with pytest.raises(NotFound, match=NAME):
        secrets.forget(NAME)


def test_only_an_admin_puts_lists_and_deletes_them(home: Path) -> None:
    ana = access.set_roles(access.person("Ana").id, ["analyst"])
    with access.as_person(ana):
        for deed in (lambda: secrets.put(NAME, VALUE), secrets.names, lambda: secrets.forget(NAME)):
            with pytest.raises(NotAllowed):
                deed()


def test_the_command_reads_the_value_from_its_input_and_shows_it_nowhere(
    ciclo: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    typed = tmp_path / "typed"
    typed.write_text(f"{VALUE}\n")
    with typed.open() as given:
        monkeypatch.setattr("sys.stdin", given)
        told = ciclo("secrets", "set", NAME)
    assert told.code == 0
    assert key() == VALUE
    listed = ciclo("secrets", "list", "--json")
    assert {one["name"]: one["source"] for one in listed.data["data"]}[NAME] == "settings"
    assert VALUE not in told.out + told.err + listed.out
    assert ciclo("secrets", "remove", NAME).code == 0
    assert ciclo("secrets", "remove", NAME).code == 3


def test_two_who_need_a_key_at_once_get_the_same(home: Path) -> None:
    sealing._write(home / secrets.FILE)
    first = (home / secrets.FILE).read_text()
    sealing._write(home / secrets.FILE)
    assert (home / secrets.FILE).read_text() == first
    assert [name for name in os.listdir(home) if name.startswith("secret")] == [secrets.FILE]
