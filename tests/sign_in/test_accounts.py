"""Accounts: who may sign in with what, and what ends it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from core import access, db, sign_in
from core.db.tables import Account, AuditEvent
from core.errors import CicloError, Conflict, InvalidInput, NotAllowed, NotFound
from core.sign_in import passwords
from tests.conftest import ENGINES
from tests.sign_in.accounts import WORDS, first_admin, looked_at, member, secret_of, with_accounts

REAL = passwords.HASHER


@pytest.fixture(autouse=True)
def accounts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_accounts(monkeypatch)


def failed(login: str, password: str) -> CicloError:
    with pytest.raises(CicloError) as caught:
        sign_in.sign_in(login, password)
    return caught.value


@pytest.mark.parametrize("engine", ENGINES)
def test_login_and_password_sign_in_whoever_they_are_of(home: Path) -> None:
    ana, _cookie = first_admin()
    row, secret = sign_in.sign_in(" ANA ", WORDS)
    found = sign_in.signed_in(secret)
    assert found is not None
    assert (found.person.id, found.sign_in.id) == (ana.id, row.id)


def test_each_sign_in_has_a_secret_of_its_own(home: Path) -> None:
    first_admin()
    assert len({sign_in.sign_in("ana", WORDS)[1] for _n in range(5)}) == 5


def test_a_wrong_password_and_an_unknown_login_are_refused_alike(home: Path) -> None:
    first_admin()
    wrong, unknown = failed("ana", "outra coisa longa"), failed("bia", WORDS)
    assert (wrong.message, wrong.code) == (unknown.message, unknown.code)
    assert isinstance(wrong, NotAllowed)


def test_an_unknown_login_takes_a_hash_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = looked_at(monkeypatch)
    failed("nobody", WORDS)
    assert seen == [""]


def test_nothing_that_could_be_shown_again_is_stored(home: Path) -> None:
    link = sign_in.first_admin_link()
    _row, cookie = sign_in.accept(secret_of(link), "ana", WORDS)
    db.engine().dispose()
    stored = b"".join(file.read_bytes() for file in home.glob("ciclo.db*"))
    for secret in (WORDS, cookie, secret_of(link)):
        assert secret.encode() not in stored


def test_a_hash_costs_what_rfc_9106_recommends() -> None:
    found = REAL.time_cost, REAL.memory_cost, REAL.parallelism, REAL.type.name
    assert found == (3, 64 * 1024, 4, "ID")


def test_a_hash_of_another_cost_is_made_anew_at_sign_in(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher

    ana, _cookie = first_admin()
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(2, 16, 1))
    sign_in.sign_in("ana", WORDS)
    with db.session() as session:
        row = session.get(Account, ana.id)
    assert row is not None
    assert "m=16,t=2" in row.password_hash
    sign_in.sign_in("ana", WORDS)


@pytest.mark.parametrize(
    "bad",
    [
        "curta demais"[:11],
        "x" * 1025,
        "aaaaaaaaaaaa",
        "123456789012",
        "password1234",
        "senhasenha12",
        "Administrador1",
        "abcdefghijklmnop",
        "qwertyuiop12",
        "ana lima 2026",
        "AnaLima!!!!!!",
    ],
)
def test_a_password_that_others_would_try_is_refused(home: Path, bad: str) -> None:
    link = secret_of(sign_in.first_admin_link())
    with pytest.raises(InvalidInput) as caught:
        sign_in.accept(link, "ana", bad, name="Ana Lima")
    assert caught.value.field == "password"
    sign_in.accept(link, "ana", WORDS, name="Ana Lima")  # and the link still works


@pytest.mark.parametrize("good", ["correto cavalo", "ção ñandú öß 東京都", "T9$kq!w2Zr4m"])
def test_no_rule_of_composition_is_asked_for(good: str) -> None:
    assert passwords.checked(good)


def test_the_same_letters_written_in_two_ways_are_one_password(home: Path) -> None:
    first_admin()
    decomposed, composed = "maca\u0303 e pera no cesto", "macã e pera no cesto"
    ana = access.find("Ana")
    with access.as_person(ana):
        sign_in.set_password(WORDS, decomposed)
    sign_in.sign_in("ana", composed)


def test_a_new_password_takes_the_old_one_and_ends_every_other_browser(home: Path) -> None:
    ana, here = first_admin()
    _row, elsewhere = sign_in.sign_in("ana", WORDS)
    found = sign_in.signed_in(here)
    assert found is not None
    access.act(ana, access.Origin("page", sign_in_id=found.sign_in.id))
    with pytest.raises(NotAllowed):
        sign_in.set_password("errada errada", "outra coisa bem longa")
    assert sign_in.signed_in(elsewhere)
    sign_in.set_password(WORDS, "outra coisa bem longa")
    assert sign_in.signed_in(here)
    assert sign_in.signed_in(elsewhere) is None
    assert failed("ana", WORDS).code == "sign_in_failed"


def test_a_disabled_account_is_out_at_once_and_back_only_by_a_new_sign_in(home: Path) -> None:
    first_admin()
    bia, cookie = member("Bia", "viewer")
    sign_in.disable(bia.id)
    assert sign_in.signed_in(cookie) is None
    assert failed("bia", WORDS).message == failed("bia", "errada errada").message
    sign_in.enable(bia.id)
    assert sign_in.signed_in(cookie) is None
    sign_in.sign_in("bia", WORDS)


def test_other_roles_end_every_sign_in(home: Path) -> None:
    first_admin()
    bia, cookie = member("Bia", "viewer")
    access.set_roles(bia.id, ["viewer"])
    assert sign_in.signed_in(cookie)
    access.set_roles(bia.id, ["analyst"])
    assert sign_in.signed_in(cookie) is None


def test_somebody_who_can_sign_in_stays_an_admin(home: Path) -> None:
    access.local_person()  # an admin too, who cannot sign in
    ana, cookie = first_admin()
    for act in (lambda: sign_in.disable(ana.id), lambda: access.set_roles(ana.id, ["viewer"])):
        with pytest.raises(Conflict) as caught:
            act()
        assert caught.value.code == "last_admin"
    assert sign_in.signed_in(cookie)
    member("Bia", "admin")
    sign_in.disable(ana.id)


def test_who_may_not_change_people_reaches_only_what_is_their_own(home: Path) -> None:
    ana, anas = first_admin()
    bia, _cookie = member("Bia", "viewer")
    theirs = sign_in.signed_in(anas)
    assert theirs is not None
    with access.as_person(bia):
        assert [row.person_id for row in sign_in.sign_ins(bia.id)] == [bia.id]
        with pytest.raises(NotAllowed):
            sign_in.sign_ins(ana.id)
        with pytest.raises(NotAllowed):
            sign_in.end_all(ana.id)
        with pytest.raises(NotFound):
            sign_in.end(theirs.sign_in.id)
    assert sign_in.signed_in(anas)


def test_the_list_of_people_says_how_each_may_sign_in_and_shows_no_hash(home: Path) -> None:
    ana, _cookie = first_admin()
    sign_in.invite("Bia", ["viewer"], "bia@example.org")
    told = sign_in.standing()
    assert (told[ana.id].login, told[ana.id].has_password, told[ana.id].browsers) == (
        "ana",
        True,
        1,
    )
    waiting = told[access.find("Bia").id]
    assert waiting.login == "bia@example.org"
    assert not waiting.has_password
    assert waiting.invited_until is not None
    assert "argon2" not in repr(told)


def test_the_audit_log_tells_of_sign_ins_and_of_failures_without_the_password(home: Path) -> None:
    ana, cookie = first_admin()
    failed("ana", "minha senha errada")
    sign_in.sign_out(cookie)
    with db.session() as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
    told = [(row.action, row.person_id) for row in rows if "sign" in row.action]
    assert told == [("sign_in", ana.id), ("sign_in_failed", ""), ("sign_out", ana.id)]
    assert "minha senha errada" not in "".join(f"{row.before}{row.after}" for row in rows)
