"""Tokens at the command line: made once, listed, revoked."""

import pytest

from core import access, sign_in
from core.errors import NotSignedIn
from core.sign_in import secret
from tests.conftest import Run


def test_a_secret_stands_alone_on_stdout_and_signs_its_person_in(ciclo: Run) -> None:
    ana = access.person("Ana")
    made = ciclo("tokens", "make", "planilha", "--may", "ask", "--person", "Ana", "--days", "7")
    assert made.code == 0, made.err
    assert "shown this once" in made.err
    person, origin = sign_in.by_token(made.out.strip())
    assert person.id == ana.id
    assert origin.scopes == frozenset({"ask"})


def test_whoever_acts_makes_a_token_of_their_own_alone(ciclo: Run) -> None:
    ana, _bia = access.person("Ana"), access.person("Bia")
    made = ciclo("--as", "Ana", "tokens", "make", "planilha", "--json")
    assert made.data["person_id"] == ana.id
    assert sign_in.is_token(made.data["secret"])
    assert ciclo("--as", "Ana", "tokens", "make", "x", "--person", "Bia").code == 1


def test_a_token_is_narrowed_to_an_assistant_by_name(ciclo: Run) -> None:
    from core import assistants

    desk = assistants.create("Suporte")
    made = ciclo("tokens", "make", "planilha", "-a", "Suporte", "--json")
    assert made.data["assistants"] == [desk.id]
    assert ciclo("tokens", "make", "planilha", "-a", "Nobody").code == 3


def test_tokens_are_listed_without_their_secrets_and_revoked_by_their_first_letters(
    ciclo: Run,
) -> None:
    secret = ciclo("tokens", "make", "planilha").out.strip()
    listed = ciclo("tokens", "list")
    assert "planilha" in listed.out
    assert secret[:12] in listed.out
    assert secret not in listed.out + ciclo("tokens", "list", "--json").out
    assert ciclo("tokens", "revoke", secret[:12]).code == 0
    assert "revoked" in ciclo("tokens", "list").out
    try:
        sign_in.by_token(secret)
    except NotSignedIn:
        return
    raise AssertionError("the token still holds")


def test_a_beginning_of_eight_letters_revokes_where_it_is_one_tokens_alone(
    ciclo: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, letters in (("one", "AAb"), ("two", "AAc"), ("three", "BBd")):
        monkeypatch.setattr(secret, "made", lambda letters=letters: letters + "x" * 40)
        assert ciclo("tokens", "make", name).code == 0
    assert ciclo("tokens", "revoke", "ciclo_B").code == 2
    several = ciclo("tokens", "revoke", "ciclo_AA")
    assert (several.code, "Several tokens" in several.err) == (2, True)
    assert "three" in ciclo("tokens", "revoke", "ciclo_BB").out
    assert "one" in ciclo("tokens", "revoke", "ciclo_AAb").out
    assert "two" in ciclo("tokens", "revoke", "ciclo_AA").out  # the other one is revoked already


def test_what_cannot_be_is_told(ciclo: Run) -> None:
    assert ciclo("tokens", "make", "planilha", "--days", "0").code == 2
    assert ciclo("tokens", "make", "planilha", "--may", "fly").code == 2
    assert ciclo("tokens", "make", "").code == 2
    assert ciclo("tokens", "revoke", "nobody").code == 3
    refused = ciclo("tokens", "revoke", "ciclo_" + "x" * 43)
    assert refused.code == 3
    assert "x" * 20 not in refused.err  # a whole token is not repeated on the screen
