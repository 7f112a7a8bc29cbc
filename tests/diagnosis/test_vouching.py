"""What the doctor says of whoever vouches for people."""

import pytest

from tests.conftest import Run
from tests.fake_oidc import CLIENT, serving


def set_up(patch: pytest.MonkeyPatch, issuer: str, host: str = "127.0.0.1") -> None:
    """A server with sign-in by this issuer."""
    patch.setenv("CICLO_AUTH", "oidc")
    patch.setenv("CICLO_HOST", host)
    patch.setenv("CICLO_OIDC_ISSUER", issuer)
    patch.setenv("CICLO_OIDC_CLIENT_ID", CLIENT)


def found(ciclo: Run) -> list[tuple[str, str]]:
    """The state of each issuer, and what is said of it."""
    checks = ciclo("doctor", "--json").data["checks"]
    return [(one["state"], one["found"]) for one in checks if one["name"] == "issuer"]


@pytest.mark.slow
def test_a_provider_that_answers_is_good_and_one_that_names_itself_otherwise_is_bad(
    ciclo: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(ciclo) == []
    with serving() as fake:
        set_up(monkeypatch, fake.url)
        monkeypatch.setenv("CICLO_JWT_ISSUER", fake.url)
        monkeypatch.setenv("CICLO_JWT_AUDIENCE", "ciclo")
        assert found(ciclo) == [("good", fake.url)]  # the same is asked once
        set_up(monkeypatch, f"{fake.url}/")
        (state, said), _jwt = found(ciclo)
        assert state == "bad"
        assert f"it calls itself {fake.url}" in said


@pytest.mark.slow
def test_a_server_for_others_without_a_public_address_is_bad(
    ciclo: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as fake:
        set_up(monkeypatch, fake.url, host="0.0.0.0")
        assert [state for state, _said in found(ciclo)] == ["good", "bad"]
