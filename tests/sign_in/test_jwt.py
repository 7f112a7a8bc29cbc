"""Signed tokens of an issuer: whose count, for how long, and what they may."""

import base64
import contextlib
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from core import access, clock, sign_in
from core.config import settings
from core.errors import NotAllowed, NotSignedIn, Unavailable
from tests.conftest import ENGINES
from tests.fake_oidc import FakeOidc, new_key, serving

AUDIENCE = "https://ciclo.example/api"
ANA = {"sub": "u-1", "name": "Ana Souza", "aud": AUDIENCE, "roles": ["staff"]}


@pytest.fixture
def issuer(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOidc]:
    """An issuer whose staff may what analysts may."""
    with serving() as fake:
        monkeypatch.setenv("CICLO_JWT_ISSUER", fake.url)
        monkeypatch.setenv("CICLO_JWT_AUDIENCE", AUDIENCE)
        mapped(monkeypatch, "staff=analyst,bosses=admin analyst")
        yield fake


def mapped(monkeypatch: pytest.MonkeyPatch, roles: str, **more: str) -> None:
    """From here on with this mapping."""
    for name, value in {"CICLO_OIDC_ROLES": roles, **more}.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


def segment(told: dict[str, Any]) -> str:
    """A part of a token as it is written."""
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def by_hand(head: dict[str, Any], claims: dict[str, Any], issuer: FakeOidc) -> str:
    """A token as the library would not write it, rightly signed."""
    from joserfc.jws import JWSRegistry

    text = f"{segment(head)}.{segment(claims)}"
    signature = JWSRegistry.algorithms["ES256"].sign(text.encode(), issuer.keys[0])
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_token_of_the_issuer_stands_for_the_same_person_each_time(issuer: FakeOidc) -> None:
    first, origin = sign_in.by_jwt(issuer.signed(ANA), "10.0.0.7")
    assert (first.name, first.roles) == ("Ana Souza", ["analyst"])
    assert (origin.door, origin.address) == ("api", "10.0.0.7")
    assert origin.token_id == f"jwt:{first.id}"[:36]
    assert sign_in.by_jwt(issuer.signed(ANA | {"name": "Somebody"}))[0].id == first.id
    assert sign_in.by_jwt(issuer.signed(ANA | {"sub": "u-2"}))[0].id != first.id


def test_nobody_is_found_by_a_name_or_a_mail_address(issuer: FakeOidc) -> None:
    boss = access.person("Ana Souza")
    told = ANA | {"email": "ana@example.com", "email_verified": True}
    theirs = sign_in.by_jwt(issuer.signed(told))[0]
    assert theirs.id != boss.id
    assert theirs.name == "Ana Souza 2"
    assert sign_in.by_jwt(issuer.signed(told | {"sub": "u-2"}))[0].name == "Ana Souza 3"


def test_the_local_persons_name_is_nobody_elses(issuer: FakeOidc) -> None:
    theirs = sign_in.by_jwt(issuer.signed(ANA | {"name": "local"}))[0]
    assert theirs.name == "local 2"
    assert not theirs.is_local


@pytest.mark.parametrize("name", [None, "", 7, ["x"], "\u202e\u0000", "x" * 5000])
def test_a_name_that_is_none_hinders_nobody(issuer: FakeOidc, name: object) -> None:
    assert 0 < len(sign_in.by_jwt(issuer.signed(ANA | {"name": name}))[0].name) <= 200


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "somebody else"},
        {"aud": None},
        {"aud": []},
        {"aud": {"x": AUDIENCE}},
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": 2**40},
        {"iat": 2**40},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 300},
    ],
    ids=str,
)
def test_a_token_for_somebody_else_or_another_time_is_refused(
    issuer: FakeOidc, claims: dict[str, Any]
) -> None:
    issuer.changes = claims
    with pytest.raises(NotSignedIn):
        sign_in.by_jwt(issuer.signed(ANA))


def test_one_of_several_audiences_is_enough(issuer: FakeOidc) -> None:
    sign_in.by_jwt(issuer.signed(ANA | {"aud": ["elsewhere", AUDIENCE]}))


def test_clocks_may_differ_by_a_minute(issuer: FakeOidc) -> None:
    now = int(time.time())
    sign_in.by_jwt(issuer.signed(ANA | {"exp": now - 30, "nbf": now + 30}))
    with pytest.raises(NotSignedIn):
        sign_in.by_jwt(issuer.signed(ANA | {"exp": now - 90}))


def test_a_token_that_is_not_signed_or_with_a_shared_secret_is_refused(issuer: FakeOidc) -> None:
    from joserfc import jwt
    from joserfc.jwk import OctKey

    claims = ANA | {"iss": issuer.url, "exp": int(time.time()) + 60}
    bare = f"{segment({'alg': 'none'})}.{segment(claims)}."
    public = json.dumps(issuer.keys[0].as_dict(private=False))
    confused = jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(public))
    for token in (bare, confused):
        with pytest.raises(NotSignedIn):
            sign_in.by_jwt(token)


def test_a_key_that_the_issuer_does_not_publish_signs_nothing(issuer: FakeOidc) -> None:
    issuer.published = [new_key("one")]  # the same name, another key
    with pytest.raises(NotSignedIn):
        sign_in.by_jwt(issuer.signed(ANA))


def test_a_changed_token_is_refused(issuer: FakeOidc) -> None:
    head, _claims, signature = issuer.signed(ANA).split(".")
    boss = segment(ANA | {"iss": issuer.url, "exp": 2**40, "roles": ["bosses"]})
    with pytest.raises(NotSignedIn):
        sign_in.by_jwt(f"{head}.{boss}.{signature}")


@pytest.mark.parametrize(
    "token", ["eyJ..", "eyJ.eyJ.eyJ", "eyJhbGciOiJFUzI1NiJ9.W10.x", "eyJ" + "x" * 10**6 + ".a.b"]
)
def test_what_is_no_token_is_refused(issuer: FakeOidc, token: str) -> None:
    with pytest.raises(NotSignedIn):
        sign_in.by_jwt(token)


def test_a_header_that_must_be_understood_and_is_not_is_refused(issuer: FakeOidc) -> None:
    head = {"alg": "ES256", "kid": "one", "crit": ["x"], "x": 1}
    claims = ANA | {"iss": issuer.url, "exp": int(time.time()) + 60}
    assert sign_in.by_jwt(by_hand({"alg": "ES256", "kid": "one"}, claims, issuer))
    with pytest.raises(NotSignedIn):
        sign_in.by_jwt(by_hand(head, claims, issuer))


def test_new_keys_are_asked_for_when_one_is_unknown_once_a_minute_at_most(issuer: FakeOidc) -> None:
    now = clock.now()
    sign_in.by_jwt(issuer.signed(ANA))
    issuer.rotate("two")
    asked = issuer.asked.count("/keys")
    for _n in range(20):  # somebody floods us with keys that nobody has
        with pytest.raises(NotSignedIn):
            sign_in.by_jwt(issuer.signed(ANA))
    assert issuer.asked.count("/keys") == asked
    with clock.held(now + timedelta(seconds=61)):
        sign_in.by_jwt(issuer.signed(ANA))
        issuer.rotate("three")
        with pytest.raises(NotSignedIn):
            sign_in.by_jwt(issuer.signed(ANA))
    assert issuer.asked.count("/keys") == asked + 1


def test_keys_are_kept_for_an_hour_and_a_day_where_the_issuer_is_away(issuer: FakeOidc) -> None:
    now = clock.now()
    lasting = ANA | {"exp": int(time.time()) + 10**6}
    token = issuer.signed(lasting)
    sign_in.by_jwt(token)
    sign_in.by_jwt(token)
    assert issuer.asked.count("/keys") == 1
    issuer.faults["/keys"] = "refused"
    with clock.held(now + timedelta(hours=2)):
        sign_in.by_jwt(token)
        sign_in.by_jwt(token)
    assert issuer.asked.count("/keys") == 2
    with clock.held(now + timedelta(hours=26)), pytest.raises(Unavailable):
        sign_in.by_jwt(token)


@pytest.mark.parametrize("fault", ["html", "huge", "redirect", "refused", "broken"])
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys"])
def test_an_issuer_that_cannot_be_asked_is_told_and_not_asked_by_everybody(
    issuer: FakeOidc, fault: str, path: str
) -> None:
    issuer.faults[path] = fault
    for _n in range(3):
        with pytest.raises(Unavailable) as caught:
            sign_in.by_jwt(issuer.signed(ANA))
        assert caught.value.code == "issuer_not_reachable"
    assert issuer.asked.count(path) == 1
    issuer.faults.clear()
    with clock.held(clock.now() + timedelta(seconds=6)):
        sign_in.by_jwt(issuer.signed(ANA))


@pytest.mark.parametrize(
    "facts",
    [
        {"issuer": "https://elsewhere.example"},
        {"jwks_uri": "http://elsewhere.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_an_issuer_that_names_others_is_not_believed(
    issuer: FakeOidc, facts: dict[str, Any]
) -> None:
    issuer.facts = facts
    with pytest.raises(Unavailable):
        sign_in.by_jwt(issuer.signed(ANA))


def test_a_key_that_is_not_understood_hides_no_other(
    issuer: FakeOidc, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = [{"kty": "AKP", "kid": "new"}, {"kty": "RSA"}, "x", None, {"kty": "oct", "k": "eA"}]
    whole = issuer.jwks()
    monkeypatch.setattr(issuer, "jwks", lambda: {"keys": odd + whole["keys"]})
    sign_in.by_jwt(issuer.signed(ANA))


def test_groups_give_roles_and_take_them(issuer: FakeOidc) -> None:
    access.local_person()
    ana = sign_in.by_jwt(issuer.signed(ANA | {"roles": ["bosses", "choir"]}))[0]
    assert ana.roles == ["analyst", "admin"]
    assert sign_in.by_jwt(issuer.signed(ANA))[0].roles == ["analyst"]
    with pytest.raises(NotAllowed):
        sign_in.by_jwt(issuer.signed(ANA | {"roles": ["choir"]}))
    assert access.known(ana.id).roles == []


@pytest.mark.parametrize("roles", [[], None, "choir", {"x": 1}, [["staff"]], 7])
def test_somebody_without_a_known_group_is_not_even_made(issuer: FakeOidc, roles: object) -> None:
    with pytest.raises(NotAllowed) as caught:
        sign_in.by_jwt(issuer.signed(ANA | {"roles": roles}))
    assert caught.value.code == "no_role"
    assert access.people() == []


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("roles", {"roles": "choir staff"}),
        ("realm_access.roles", {"realm_access": {"roles": ["staff"]}}),
        ("https://ours.example/roles", {"https://ours.example/roles": ["staff"]}),
    ],
)
def test_groups_are_found_where_providers_write_them(
    issuer: FakeOidc, monkeypatch: pytest.MonkeyPatch, claim: str, told: dict[str, Any]
) -> None:
    mapped(monkeypatch, "staff=analyst", CICLO_JWT_ROLES_CLAIM=claim)
    token = issuer.signed({"sub": "u-1", "aud": AUDIENCE} | told)
    assert sign_in.by_jwt(token)[0].roles == ["analyst"]


def test_the_last_admin_stays_one_whatever_the_groups_say(issuer: FakeOidc) -> None:
    boss = sign_in.by_jwt(issuer.signed(ANA | {"roles": ["bosses"]}))[0]
    access.set_roles(access.local_person().id, [])
    person, origin = sign_in.by_jwt(issuer.signed(ANA))
    assert access.known(boss.id).roles == ["analyst", "admin"]
    access.act(person, origin)
    assert not access.may("people")  # this token's groups do not


def test_without_a_mapping_somebody_new_waits_for_a_role(
    issuer: FakeOidc, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapped(monkeypatch, "")
    ana, origin = sign_in.by_jwt(issuer.signed(ANA))
    assert ana.roles == []
    assert origin.scopes is None
    access.local_person()
    access.set_roles(ana.id, ["viewer"])
    assert sign_in.by_jwt(issuer.signed(ANA))[0].roles == ["viewer"]


def test_a_disabled_account_gets_in_by_no_token(issuer: FakeOidc) -> None:
    access.local_person()
    ana = sign_in.by_jwt(issuer.signed(ANA))[0]
    sign_in.disable(ana.id)
    with pytest.raises(NotSignedIn):
        sign_in.by_jwt(issuer.signed(ANA))


def test_two_first_requests_at_once_make_one_person(issuer: FakeOidc) -> None:
    from concurrent.futures import ThreadPoolExecutor

    tokens = [issuer.signed(ANA) for _n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = {person.id for person, _origin in pool.map(sign_in.by_jwt, tokens)}
    assert len(found) == 1


def test_only_what_looks_like_one_is_taken_for_one(
    issuer: FakeOidc, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sign_in.is_jwt(issuer.signed(ANA))
    assert not sign_in.is_jwt("sk-none")
    monkeypatch.setenv("CICLO_JWT_ISSUER", "")
    settings.cache_clear()
    assert not sign_in.is_jwt(issuer.signed(ANA))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "size", "algorithms"),
    [
        ("RSA", 2048, ("RS256", "RS512", "PS256")),
        ("EC", "P-384", ("ES384",)),
        ("OKP", "Ed25519", ("Ed25519",)),
    ],
)
def test_every_kind_of_public_key_counts_with_its_own_algorithms_alone(
    issuer: FakeOidc, kind: str, size: Any, algorithms: tuple[str, ...]
) -> None:
    from joserfc.jwk import JWKRegistry

    issuer.keys = [JWKRegistry.generate_key(kind, size, {"kid": "k"})]
    for algorithm in algorithms:
        assert sign_in.by_jwt(issuer.signed(ANA, {"alg": algorithm}))
    claims = ANA | {"iss": issuer.url, "exp": int(time.time()) + 60}
    for other in {"RS256", "ES256", "ES384", "HS256", "EdDSA", "Ed25519"} - {*algorithms}:
        signature = issuer.signed(ANA, {"alg": algorithms[0]}).split(".")[2]
        with pytest.raises(NotSignedIn):
            sign_in.by_jwt(f"{segment({'alg': other, 'kid': 'k'})}.{segment(claims)}.{signature}")


@pytest.mark.parametrize("told", [{}, {"keys": 5}, {"keys": "abc"}, {"keys": []}, {"keys": {}}])
def test_an_issuer_without_keys_vouches_for_nobody(
    issuer: FakeOidc, monkeypatch: pytest.MonkeyPatch, told: dict[str, Any]
) -> None:
    monkeypatch.setattr(issuer, "jwks", lambda: told)
    with pytest.raises(Unavailable):
        sign_in.by_jwt(issuer.signed(ANA))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
CLAIMS = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "roles", "name", "email")
HEADERS = ("alg", "kid", "typ", "cty", "crit", "jwk", "jku", "x5c", "b64", "zip", "enc")


@pytest.mark.slow
@hypothesis.settings(
    max_examples=150, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(
    claims=st.dictionaries(st.sampled_from(CLAIMS), JSON, max_size=4),
    header=st.dictionaries(st.sampled_from(HEADERS), JSON, max_size=2),
)
def test_whatever_an_issuer_signs_is_taken_or_refused_in_words(
    issuer: FakeOidc, claims: dict[str, Any], header: dict[str, Any]
) -> None:
    told = {**ANA, "iss": issuer.url, "exp": int(time.time()) + 60, **claims}
    token = by_hand({"alg": "ES256", "kid": "one"} | header, told, issuer)
    with contextlib.suppress(NotSignedIn, NotAllowed):
        person, _origin = sign_in.by_jwt(token)
        assert set(person.roles) <= {"analyst", "admin"}


@pytest.mark.slow
@hypothesis.settings(
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture], max_examples=100
)
@hypothesis.given(text=st.text(max_size=400))
def test_whatever_is_shown_as_a_token_is_refused_in_words(issuer: FakeOidc, text: str) -> None:
    for shown in (text, "eyJ" + text, f"eyJ{text}.{text}.{text}"):
        with pytest.raises(NotSignedIn):
            sign_in.by_jwt(shown)
        with pytest.raises(NotSignedIn):
            sign_in.by_token(shown)
