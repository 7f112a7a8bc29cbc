"""The whole app as Streamlit runs it, without a browser, in a home of its own."""

import functools
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core import access, assistants, chat, retrieval, sign_in
from core.config import settings
from core.db.tables import Assistant, Person
from pages.ui import arriving, person
from tests.conftest import ROOT

Opens = Callable[..., AppTest]
Enters = Callable[..., Person]
PASSWORD = "three words and more"
HOURS = """# Horários

A loja abre de segunda a sexta, das 9h às 18h.

Aos sábados a loja abre das 9h às 13h.
"""


@pytest.fixture(scope="session", autouse=True)
def _scanned() -> Iterator[None]:
    """Which installed packages bring elements is looked up once, as a server does, and not in
    every run of a page."""
    scan = functools.cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        patch.setattr(ContextProxy, "ip_address", None)  # of a runtime that is none
        yield


@pytest.fixture
def opens(home: Path) -> Iterator[Opens]:
    """``opens("pages/loop/chat.py", language="en", conversation=id)`` runs that page; nothing that
    it follows outlives the test."""

    def opened(page: str = "", language: str = "pt-BR", **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=15)
        app.context = {"locale": language, "timezone": "America/Sao_Paulo"}
        app.run()
        if page or query:
            app.switch_page(page)
            for name, value in query.items():
                app.query_params[name] = value
            app.run()
        assert not app.exception
        return app

    yield opened
    chat.close()
    for thread in threading.enumerate():
        if thread.name == arriving.THREAD:
            thread.join(10)


@pytest.fixture
def enters(home: Path, monkeypatch: pytest.MonkeyPatch) -> Enters:
    """``enters("ana", ["viewer"])``: with sign-in, Ana is signed in here from now on."""
    monkeypatch.setenv("CICLO_AUTH", "accounts")
    settings.cache_clear()

    def entered(name: str, roles: Iterable[str] = access.ROLES) -> Person:
        link = sign_in.invite(name, roles, name)
        begun, secret = sign_in.accept(link.url.rsplit("/", 1)[1], "", PASSWORD)
        monkeypatch.setattr(person, "secret", lambda: secret)
        return access.known(begun.person_id)

    return entered


@pytest.fixture
def shop(home: Path) -> Assistant:
    """An assistant that quotes one document about opening hours."""
    made = assistants.create("Loja", language="pt-BR", starters=["Quando a loja abre?"])
    retrieval.add(made.id, "horarios.md", HOURS.encode(), now=True)
    return made


def said(app: AppTest) -> str:
    """Everything the page says in titles, texts, captions and notices, without Markdown's escapes."""
    kinds = ("title", "subheader", "markdown", "caption", "error", "info", "success", "warning")
    texts = (str(getattr(one, "value", "")) for kind in kinds for one in app.get(kind))
    return "\n".join(texts).replace("\\", "")


def elements(app: AppTest) -> list[dict[str, Any]]:
    """What our own elements on the page (not in the sidebar) were given."""
    return [json.loads(one.proto.json) for one in app.main.get("bidi_component")]


def keys(app: AppTest) -> list[str]:
    """The keys of the buttons on the page."""
    return [one.key or "" for one in app.button]
