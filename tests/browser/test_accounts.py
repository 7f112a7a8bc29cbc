"""People who sign in, as they and their admin see it: one server, from its first link on."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest

from tests.browser.conftest import press, settled, visit
from tests.conftest import Server, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "three words and more"
LINK = re.compile(r"http://\S+/link/[\w-]+")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with sign-in whose first admin is called Ana."""
    with serving(tmp_path_factory.mktemp("office"), CICLO_AUTH="accounts") as running:
        found = LINK.search(running.log.read_text())
        assert found is not None
        typed = {"name": "Ana", "login": "ana", "password": PASSWORD, "again": PASSWORD}
        own = {"origin": running.url}
        assert httpx.post(found[0], data=typed, headers=own).status_code == 303
        yield running


def sign_in(page: "Page", url: str, login: str, path: str = "/") -> None:
    """Sign in and come to that page."""
    page.goto(f"{url}/login?next={path}")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.locator("form [type=submit]").last.click()
    settled(page)


def invited(page: "Page", name: str) -> str:
    """The link of an invitation, made on the page of people in English."""
    form = page.get_by_test_id("stForm")
    form.get_by_label("Name").fill(name)
    form.get_by_role("button", name="Invite").click()
    page.get_by_text(f"Give {name} this link").wait_for()
    return page.get_by_test_id("stCode").inner_text().strip()


@pytest.fixture
def ana(office: Server, browser: "Browser") -> "Iterator[Page]":
    """The admin's page of people, in English."""
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    sign_in(page, office.url, "ana", "/people")
    page.get_by_role("heading", name="People").wait_for()
    yield page
    context.close()


def test_who_is_invited_comes_in_with_their_roles_and_goes_when_disabled(
    office: Server, ana: "Page", opened: "Page"
) -> None:
    login = f"ze{uuid4().hex[:8]}"
    link = invited(ana, f"Zé {login}")
    opened.goto(link)
    opened.fill("[name=login]", login)
    opened.fill("[name=password]", PASSWORD)
    opened.fill("[name=again]", PASSWORD)
    opened.locator("form [type=submit]").last.click()
    settled(opened)
    opened.locator(".st-key-frame-who").get_by_text(f"Zé {login}").wait_for()
    navigation = opened.get_by_test_id("stSidebarNav")
    assert navigation.get_by_text("Métricas").count() == 1
    assert navigation.get_by_text("Pessoas").count() == 0
    visit(opened, f"{office.url}/people")
    opened.get_by_text("não pode mudar as pessoas").wait_for()
    ana.reload()
    settled(ana)
    disable = ana.get_by_role("button", name="Disable")
    account = ana.get_by_role("button", name="Account")
    rows = ana.get_by_test_id("stVerticalBlock").filter(has_text=login).filter(has=account)
    press(ana, rows.last.get_by_role("button", name="Account"), disable)
    press(ana, disable, ana.get_by_text("is signed out everywhere"))
    opened.goto(f"{office.url}/chat")
    opened.wait_for_url(re.compile("/login"))


def test_a_token_made_on_the_account_page_opens_the_api_until_it_is_revoked(
    office: Server, opened: "Page"
) -> None:
    sign_in(opened, office.url, "ana", "/account")
    summary = opened.get_by_test_id("stExpander").filter(has_text="Criar um token")
    name = opened.get_by_label("Para quê")
    press(opened, summary.locator("summary"), name)
    name.fill("Robô")
    make = opened.get_by_test_id("stForm").get_by_role("button", name="Criar um token")
    press(opened, make, opened.get_by_text("O token “Robô”"))
    shown = {"authorization": f"Bearer {opened.get_by_test_id('stCode').inner_text().strip()}"}
    asked = f"{office.url}/api/v1/assistants"
    assert httpx.get(asked, headers=shown).status_code == 200
    press(
        opened,
        opened.get_by_role("button", name="Revogar"),
        opened.get_by_text("foi revogado"),
    )
    assert httpx.get(asked, headers=shown).status_code == 401


def test_whoever_signs_out_in_the_frame_is_out(office: Server, opened: "Page") -> None:
    sign_in(opened, office.url, "ana", "/account")
    opened.get_by_role("heading", name="Sua conta", exact=True).wait_for()
    out = opened.get_by_role("button", name="Sair", exact=True)
    press(opened, opened.locator(".st-key-frame-who button").first, out)
    settled(opened)  # the menu is drawn anew when it opens
    out.click()
    opened.wait_for_url(re.compile(r"/login\?out=1$"))
    opened.goto(f"{office.url}/account")
    opened.wait_for_url(re.compile("/login"))
