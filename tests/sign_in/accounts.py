"""People who can sign in, made for a test; hashes that cost next to nothing."""

import pytest
from argon2 import PasswordHasher

from core import access, sign_in
from core.config import settings
from core.db.tables import Person
from core.sign_in import passwords

WORDS = "um cavalo azul no telhado"


def with_accounts(patch: pytest.MonkeyPatch, **variables: str) -> None:
    """The mode with accounts in this test, and quick hashes."""
    patch.setenv("CICLO_AUTH", "accounts")
    patch.setenv("CICLO_LIMIT_SIGN_IN", "100000/minute")  # all tests come from one address
    for name, value in variables.items():
        patch.setenv(name, value)
    settings.cache_clear()
    patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()


def secret_of(url: str | None) -> str:
    """The secret of a one-time link."""
    assert url is not None
    return url.rsplit("/", 1)[1]


def first_admin(name: str = "Ana") -> tuple[Person, str]:
    """The first admin, and the secret of their cookie."""
    _row, cookie = sign_in.accept(secret_of(sign_in.first_admin_link()), name, WORDS, name=name)
    found = sign_in.signed_in(cookie)
    assert found is not None
    return found.person, cookie


def member(name: str, *roles: str) -> tuple[Person, str]:
    """Somebody invited with these roles, and the secret of their cookie."""
    link = sign_in.invite(name, roles)
    _row, cookie = sign_in.accept(secret_of(link.url), name.lower(), WORDS)
    return access.find(name), cookie


def looked_at(patch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that a password is compared with from here on; none fits."""
    seen: list[str] = []

    def note(password_hash: str, password: str) -> bool:
        seen.append(password_hash)
        return False

    patch.setattr(passwords, "fits", note)
    return seen
