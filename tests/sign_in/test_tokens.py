"""API tokens: what is kept of them, what they may, and how they end."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from core import access, clock, db, sign_in
from core.db.tables import Account, ApiToken, Person
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotSignedIn
from tests.conftest import ENGINES


def somebody(name: str, *roles: str) -> Person:
    """A person with these roles, beside the local one who has all."""
    access.local_person()
    return access.set_roles(access.person(name).id, roles)


def made(person: Person, *scopes: str, days: int = 90) -> tuple[ApiToken, str]:
    """A token that this person has made."""
    with access.as_person(person):
        return sign_in.make_token("planilha", scopes or ("ask",), days)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_token_stands_for_its_person_with_its_deeds_and_assistants(home: Path) -> None:
    from core import assistants

    desk, ana = assistants.create("Suporte"), somebody("Ana", "analyst")
    with access.as_person(ana):
        row, secret = sign_in.make_token("planilha", ["read", "ask"], 30, [desk.id, desk.id])
    person, origin = sign_in.by_token(secret, "10.0.0.7")
    assert person.id == ana.id
    assert origin.scopes == frozenset({"ask", "read"})
    assert origin.assistants == frozenset({desk.id})
    assert (origin.door, origin.address, origin.token_id) == ("api", "10.0.0.7", row.id)


def test_a_token_without_named_assistants_is_for_all(home: Path) -> None:
    _row, secret = made(somebody("Ana", "viewer"))
    assert sign_in.by_token(secret)[1].assistants is None


def test_nothing_that_could_be_shown_again_is_stored(home: Path) -> None:
    _row, secret = made(somebody("Ana", "viewer"))
    db.engine().dispose()
    stored = b"".join(file.read_bytes() for file in home.glob("ciclo.db*"))
    assert secret.encode() not in stored
    assert secret[12:].encode() not in stored


def test_two_tokens_never_have_the_same_secret(home: Path) -> None:
    ana = somebody("Ana", "viewer")
    assert len({made(ana)[1] for _n in range(20)}) == 20


@pytest.mark.parametrize("wrong", ["", "ciclo_", "ciclo_" + "x" * 43, "é\x00\ud800", "x" * 10**6])
def test_what_is_no_token_stands_for_nobody(home: Path, wrong: str) -> None:
    made(somebody("Ana", "viewer"))
    with pytest.raises(NotSignedIn):
        sign_in.by_token(wrong)


def test_a_letter_more_less_or_other_stands_for_nobody(home: Path) -> None:
    _row, secret = made(somebody("Ana", "viewer"))
    for wrong in (secret + "a", secret[:-1], secret[:-1] + "~", secret.upper(), f" {secret}"):
        with pytest.raises(NotSignedIn):
            sign_in.by_token(wrong)


def test_a_token_ends_at_its_time(home: Path) -> None:
    _row, secret = made(somebody("Ana", "viewer"), days=1)
    now = clock.now()
    with clock.held(now + timedelta(hours=23)):
        sign_in.by_token(secret)
    with clock.held(now + timedelta(hours=25)), pytest.raises(NotSignedIn):
        sign_in.by_token(secret)


def test_a_revoked_token_is_dead_at_once_and_stays_listed(home: Path) -> None:
    ana = somebody("Ana", "viewer")
    row, secret = made(ana)
    with access.as_person(ana):
        first = sign_in.revoke_token(row.id).revoked_at
        assert sign_in.revoke_token(row.id).revoked_at == first
        assert [one.id for one in sign_in.tokens()] == [row.id]
    with pytest.raises(NotSignedIn):
        sign_in.by_token(secret)


def test_the_tokens_of_a_disabled_account_are_dead(home: Path) -> None:
    ana = somebody("Ana", "viewer")
    _row, secret = made(ana)
    with db.writing() as session:
        session.add(Account(person_id=ana.id, login="ana", disabled_at=clock.now()))
    with pytest.raises(NotSignedIn):
        sign_in.by_token(secret)


def test_a_token_may_less_when_its_person_may_less(home: Path) -> None:
    ana = somebody("Ana", "analyst")
    _row, secret = made(ana, "change", "ask")
    access.set_roles(ana.id, ["viewer"])
    person, origin = sign_in.by_token(secret)
    access.act(person, origin)
    assert access.may("ask")
    assert not access.may("change")
    assert not access.may("rate")  # its person may, it may not
    assert not access.may("rate", person)  # nor where the person is named


def test_the_last_use_is_written_once_a_minute_with_the_address(home: Path) -> None:
    ana = somebody("Ana", "viewer")
    row, secret = made(ana)
    now = clock.now()
    for seconds, address in ((0, "10.0.0.1"), (59, "10.0.0.2"), (61, "10.0.0.3")):
        with clock.held(now + timedelta(seconds=seconds)):
            sign_in.by_token(secret, address)
        kept = sign_in.tokens(ana.id)[0]
        expected = "10.0.0.1" if seconds < 60 else "10.0.0.3"
        assert (kept.id, kept.last_address) == (row.id, expected)


def test_a_database_that_cannot_be_written_hinders_no_token(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.errors import Unavailable

    _row, secret = made(somebody("Ana", "viewer"))

    def full() -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(db, "writing", full)
    assert sign_in.by_token(secret)[0].name == "Ana"


def test_one_sees_and_revokes_ones_own_and_an_admin_everybodys(home: Path) -> None:
    ana, bia, boss = (
        somebody("Ana", "viewer"),
        somebody("Bia", "viewer"),
        somebody("Chefe", "admin"),
    )
    row, secret = made(ana)
    with access.as_person(bia):
        assert sign_in.tokens() == []
        with pytest.raises(NotAllowed):
            sign_in.tokens(ana.id)
        with pytest.raises(NotFound):
            sign_in.revoke_token(row.id)
    sign_in.by_token(secret)
    with access.as_person(boss):
        assert [one.id for one in sign_in.tokens(ana.id)] == [row.id]
        sign_in.revoke_token(row.id)


def test_nobody_makes_a_token_that_stands_for_somebody_else(home: Path) -> None:
    ana, boss = somebody("Ana", "viewer"), somebody("Chefe", "admin")
    with access.as_person(boss), pytest.raises(NotAllowed):
        sign_in.make_token("planilha", person_id=ana.id)


def test_where_nobody_acts_a_token_is_made_for_whoever_is_named(home: Path) -> None:
    ana = somebody("Ana", "viewer")
    assert sign_in.make_token("planilha", person_id=ana.id)[0].person_id == ana.id
    assert sign_in.make_token("planilha")[0].person_id == access.local_person().id
    with pytest.raises(NotFound):
        sign_in.make_token("planilha", person_id="nobody")


def test_a_token_makes_and_revokes_no_tokens(home: Path) -> None:
    boss = somebody("Chefe", "admin")
    row, secret = made(boss, *access.DEEDS)
    access.act(*sign_in.by_token(secret))
    for act in (lambda: sign_in.make_token("x"), lambda: sign_in.revoke_token(row.id)):
        with pytest.raises(NotAllowed) as caught:
            act()
        assert caught.value.code == "token_by_token"


def test_a_deed_that_its_person_may_not_do_or_that_there_is_not_is_refused(home: Path) -> None:
    ana = somebody("Ana", "viewer")
    for wrong in (["change"], ["fly"], ["ask", "people"], []):
        with access.as_person(ana), pytest.raises(InvalidInput) as caught:
            sign_in.make_token("planilha", wrong)
        assert caught.value.field == "scopes"


@pytest.mark.parametrize("days", [0, -1, 3651, 10**12])
def test_a_token_holds_for_a_day_at_least_and_ten_years_at_most(home: Path, days: int) -> None:
    with pytest.raises(InvalidInput):
        sign_in.make_token("planilha", days=days)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\x00b", "a\u202eb"])
def test_a_token_has_a_name_that_can_be_read(home: Path, name: str) -> None:
    with pytest.raises(InvalidInput):
        sign_in.make_token(name)


def test_a_token_for_an_assistant_that_there_is_not_is_refused(home: Path) -> None:
    with pytest.raises(NotFound):
        sign_in.make_token("planilha", assistants=["nobody"])


def test_a_token_whose_assistants_are_gone_is_for_none_and_not_for_all(home: Path) -> None:
    _row, secret = made(somebody("Ana", "viewer"))
    with db.writing() as session:
        session.execute(update(ApiToken).values(assistants=["gone"]))
    assert sign_in.by_token(secret)[1].assistants == frozenset({"gone"})


def test_a_person_has_a_hundred_tokens_at_most_and_ended_ones_do_not_count(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.sign_in.api_tokens.MOST_TOKENS", 2)
    ana = somebody("Ana", "viewer")
    first, _second = made(ana), made(ana)
    with pytest.raises(Conflict):
        made(ana)
    sign_in.revoke_token(first[0].id)
    made(ana)
