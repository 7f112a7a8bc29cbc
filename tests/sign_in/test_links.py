"""One-time links: the first admin, invitations, new passwords."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from pathlib import Path

import pytest

from core import access, clock, sign_in
from core.config import settings
from core.errors import CicloError, Conflict, InvalidInput, NotFound
from tests.conftest import ENGINES
from tests.sign_in.accounts import WORDS, first_admin, member, secret_of, with_accounts


@pytest.fixture(autouse=True)
def accounts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_accounts(monkeypatch)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_first_admin_begins_with_a_link_and_there_is_no_default_password(home: Path) -> None:
    link = secret_of(sign_in.first_admin_link())
    assert sign_in.link(link).kind == "first_admin"
    sign_in.accept(link, "ana", WORDS, name="Ana Lima")
    assert access.find("Ana Lima").roles == list(access.ROLES)
    assert sign_in.first_admin_link() is None


def test_each_start_puts_out_the_first_admins_link_of_the_one_before(home: Path) -> None:
    before, now = sign_in.first_admin_link(), sign_in.first_admin_link()
    with pytest.raises(NotFound):
        sign_in.link(secret_of(before))
    assert sign_in.link(secret_of(now))


def test_there_is_a_link_again_where_no_admin_can_sign_in(home: Path) -> None:
    first_admin()
    bia, _cookie = member("Bia", "admin")
    sign_in.disable(access.find("Ana").id)
    assert sign_in.first_admin_link() is None
    assert bia.roles == ["admin"]


@pytest.mark.parametrize("mode", ["local", "oidc"])
def test_without_accounts_there_is_no_link(
    home: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv("CICLO_AUTH", mode)
    for name, value in (("ISSUER", "https://id.example"), ("CLIENT_ID", "c"), ("ROLES", "a=admin")):
        monkeypatch.setenv(f"CICLO_OIDC_{name}", value)
    settings.cache_clear()
    assert sign_in.first_admin_link() is None
    with pytest.raises(Conflict) as caught:  # it would be a way past the provider
        sign_in.invite("Bia", ["viewer"])
    assert caught.value.code == "no_accounts"


def test_an_invited_person_has_the_roles_of_the_invitation_and_no_others(home: Path) -> None:
    first_admin()
    bia, cookie = member("Bia", "reviewer")
    found = sign_in.signed_in(cookie)
    assert found is not None
    assert found.person.roles == bia.roles == ["reviewer"]


def test_nobody_is_invited_whose_name_another_has_but_for_its_capitals(home: Path) -> None:
    first_admin("Ângela")
    with pytest.raises(Conflict):
        sign_in.invite("ângela", ["viewer"])
    with pytest.raises(InvalidInput):
        sign_in.invite("Quem está neste computador", ["viewer"])


def test_a_link_works_once(home: Path) -> None:
    first_admin()
    link = secret_of(sign_in.invite("Bia", ["viewer"]).url)
    sign_in.accept(link, "bia", WORDS)
    for use in (lambda: sign_in.link(link), lambda: sign_in.accept(link, "bia", WORDS)):
        with pytest.raises(NotFound) as caught:
            use()
        assert caught.value.code == "link_over"


@pytest.mark.parametrize("engine", ENGINES)
def test_of_many_who_use_a_link_at_once_one_gets_in(home: Path) -> None:
    link = secret_of(sign_in.first_admin_link())

    def use(n: int) -> bool:
        try:
            sign_in.accept(link, f"login{n}", WORDS, name=f"Pessoa {n}")
        except CicloError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda n: copy_context().run(use, n), range(8)))
    assert sum(done) == 1
    assert len(sign_in.standing()) == 1


def test_a_link_ends(home: Path) -> None:
    first_admin()
    link = sign_in.invite("Bia", ["viewer"])
    with clock.held(link.expires_at - timedelta(seconds=1)):
        assert sign_in.link(secret_of(link.url)).name == "Bia"
    with clock.held(link.expires_at), pytest.raises(NotFound):
        sign_in.link(secret_of(link.url))


def test_a_new_invitation_puts_out_the_one_before(home: Path) -> None:
    first_admin()
    before, now = sign_in.invite("Bia", ["viewer"]), sign_in.invite("Bia", ["analyst"])
    with pytest.raises(NotFound):
        sign_in.link(secret_of(before.url))
    sign_in.accept(secret_of(now.url), "bia", WORDS)
    assert access.find("Bia").roles == ["analyst"]


@pytest.mark.parametrize("wrong", ["", "x", "é\x00\ud800", "x" * 10**6, "x" * 43])
def test_what_is_no_link_opens_nothing(home: Path, wrong: str) -> None:
    with pytest.raises(NotFound):
        sign_in.link(wrong)


def test_a_reset_ends_the_old_password_every_browser_and_the_waiting(home: Path) -> None:
    first_admin()
    bia, cookie = member("Bia", "viewer")
    for _try in range(5):
        with pytest.raises(CicloError):
            sign_in.sign_in("bia", "errada errada")
    link = secret_of(sign_in.reset(bia.id).url)
    assert sign_in.signed_in(cookie)  # until it is used
    assert sign_in.link(link).login == "bia"
    sign_in.accept(link, "", "outra coisa bem longa")
    assert sign_in.signed_in(cookie) is None
    sign_in.sign_in("bia", "outra coisa bem longa")  # and no wait is left


def test_a_reset_does_not_open_a_disabled_account(home: Path) -> None:
    first_admin()
    bia, _cookie = member("Bia", "viewer")
    link = secret_of(sign_in.reset(bia.id).url)
    sign_in.disable(bia.id)
    with pytest.raises(NotFound):
        sign_in.accept(link, "", "outra coisa bem longa")


def test_a_login_is_one_persons(home: Path) -> None:
    first_admin()
    link = secret_of(sign_in.invite("Bia", ["viewer"]).url)
    with pytest.raises(Conflict) as caught:
        sign_in.accept(link, "ANA", "outra coisa bem longa")
    assert caught.value.code == "login_taken"
    sign_in.accept(link, "bia", WORDS)


@pytest.mark.parametrize("bad", ["", " ", "a b", "a\x00b", "x" * 201, "\u202ea"])
def test_what_is_no_login_is_refused(home: Path, bad: str) -> None:
    with pytest.raises(InvalidInput):
        sign_in.accept(secret_of(sign_in.first_admin_link()), bad, WORDS, name="Ana")


def test_who_can_sign_in_already_is_not_invited_again(home: Path) -> None:
    first_admin()
    with pytest.raises(Conflict) as caught:
        sign_in.invite("Ana", ["viewer"])
    assert caught.value.code == "has_account"
    assert access.find("Ana").roles == list(access.ROLES)


def test_links_begin_with_the_public_address(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICLO_PUBLIC_URL", "https://ciclo.example.org/")
    settings.cache_clear()
    assert str(sign_in.first_admin_link()).startswith("https://ciclo.example.org/link/")


def test_somebody_of_the_samples_is_not_invited(home: Path) -> None:
    first_admin()
    access.person("Lia", is_sample=True)  # goes away with the samples
    with pytest.raises(Conflict):
        sign_in.invite("Lia", ["viewer"])
