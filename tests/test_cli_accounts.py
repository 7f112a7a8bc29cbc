"""Accounts at the command line: links, who is signed in, and who no longer is."""

import pytest

from core import access, sign_in
from tests.conftest import Run
from tests.sign_in.accounts import WORDS, first_admin, member, secret_of, with_accounts


@pytest.fixture(autouse=True)
def accounts(ciclo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with_accounts(monkeypatch)


def test_an_invitation_is_printed_alone_and_opens(ciclo: Run) -> None:
    done = ciclo("people", "invite", "Bia", "viewer", "reviewer", "--login", "bia@example.org")
    assert done.code == 0
    assert "works once" in done.err
    sign_in.accept(secret_of(done.out.strip()), "", WORDS)
    assert access.find("Bia").roles == ["viewer", "reviewer"]


def test_a_reset_and_the_first_admins_link_are_printed(ciclo: Run) -> None:
    first = ciclo("people", "first-admin")
    sign_in.accept(secret_of(first.out.strip()), "ana", WORDS, name="Ana")
    assert ciclo("people", "first-admin").code == 1
    reset = ciclo("people", "reset", "Ana", "--json").data
    assert sign_in.link(secret_of(reset["url"])).kind == "reset"


def test_who_has_no_account_is_told_by_name(ciclo: Run) -> None:
    person = access.person("Rui Alves")
    for command in ("disable", "enable", "reset"):
        told = ciclo("people", command, "Rui Alves")
        assert told.code == 3
        assert "Rui Alves" in told.err
        assert person.id not in told.err


def test_somebody_is_disabled_enabled_and_signed_out(ciclo: Run) -> None:
    first_admin()
    bia, cookie = member("Bia", "viewer")
    assert len(ciclo("people", "sign-ins", "Bia", "--json").data["data"]) == 1
    assert ciclo("people", "end", "Bia").out == "1 sign-in has ended.\n"
    assert sign_in.signed_in(cookie) is None
    assert ciclo("people", "disable", bia.id).out == "Bia can no longer sign in.\n"
    assert ciclo("people", "enable", "Bia", "--json").data["disabled_at"] is None


def test_the_last_admin_and_who_has_no_account_are_told(ciclo: Run) -> None:
    first_admin()
    access.person("Caio")
    assert ciclo("people", "disable", "Ana").code == 1
    assert ciclo("people", "reset", "Caio").code == 3
    assert ciclo("people", "invite", "Ana", "viewer").code == 1
    assert ciclo("people", "invite", "Duda", "boss").code == 2


def test_whoever_may_not_change_people_may_not_here_either(ciclo: Run) -> None:
    first_admin()
    member("Bia", "viewer")
    for command in (("invite", "Duda", "viewer"), ("reset", "Ana"), ("disable", "Ana")):
        assert ciclo("--as", "Bia", "people", *command).code == 1
    assert ciclo("--as", "Bia", "people", "sign-ins", "Ana").code == 1
    assert ciclo("--as", "Bia", "people", "sign-ins", "Bia").code == 0
