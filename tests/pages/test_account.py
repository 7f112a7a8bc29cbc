"""One's own account, and other people's accounts on the page of people."""

import pytest

from core import access, assistants, chat, i18n, loop, personal, sign_in
from core.db.tables import Assistant
from core.errors import NotAllowed, NotSignedIn
from pages.ui import agents
from tests.pages.conftest import PASSWORD, Enters, Opens, elements, keys, said

ACCOUNT = "pages/manage/account.py"
PEOPLE = "pages/manage/people.py"


def test_everybody_has_an_account_page_also_without_a_role(opens: Opens, enters: Enters) -> None:
    enters("admin")
    enters("ana", [])
    told = said(opens(ACCOUNT, language="en"))
    assert "You have no role yet" in told
    assert "Login: ana" in told


def test_who_has_no_role_yet_is_told_so_on_the_first_page(opens: Opens, enters: Enters) -> None:
    enters("admin")
    enters("ana", [])
    assert "Você ainda não tem papel" in said(opens())
    enters("bia", ["viewer"])
    assert "Você ainda não tem papel" not in said(opens())


def test_who_has_no_role_yet_is_shown_no_figures(
    opens: Opens, enters: Enters, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[loop.Snapshot] = []

    def show(now: loop.Snapshot) -> str:
        shown.append(now)
        return ""

    monkeypatch.setattr("pages.ui.ring.show", show)
    enters("admin")
    assistants.create("Folha")
    chat.ask("Quando?")
    for roles in ([], ["analyst"]):
        enters("x".join(["ana", *roles]), roles)
        opens()
    assert [now.conversations for now in shown] == [0, 1]
    assert shown[0].counts == []


def test_the_password_is_changed_by_who_knows_the_present_one(opens: Opens, enters: Enters) -> None:
    enters("ana")
    app = opens(ACCOUNT, language="en")
    fields = {"old": "not this one at all", "new": "another long password", "again": "another"}
    for name, typed in fields.items():
        app.text_input(key=f"account.password.{name}").set_value(typed)
    app.button[0].click().run()
    assert "must be the same" in said(app)
    assert app.text_input(key="account.password.new").value == "another long password"
    app.text_input(key="account.password.again").set_value("another long password")
    app.button[0].click().run()
    assert "not this one" in said(app)
    app.text_input(key="account.password.old").set_value(PASSWORD)
    app.button[0].click().run()
    assert "The password is changed" in said(app)
    assert app.text_input(key="account.password.old").value == ""
    sign_in.sign_in("ana", "another long password")
    with pytest.raises(NotAllowed):
        sign_in.sign_in("ana", PASSWORD)


def test_another_browser_is_signed_out_and_this_one_cannot_be(opens: Opens, enters: Enters) -> None:
    ana = enters("ana")
    other, secret = sign_in.begin(ana.id, "password", agent="Mozilla/5.0 (Windows) Firefox/1")
    app = opens(ACCOUNT, language="en")
    assert "Firefox, Windows" in said(app)
    assert [key for key in keys(app) if key.startswith("sign_ins.end.")] == [
        f"sign_ins.end.{other.id}"
    ]
    app.button(key=f"sign_ins.end.{other.id}").click().run()
    assert sign_in.signed_in(secret) is None


def test_a_token_is_shown_once_works_and_is_revoked(opens: Opens, enters: Enters) -> None:
    ana = enters("ana")
    app = opens(ACCOUNT, language="en")
    app.text_input(key="account.token.name").set_value("Bot")
    _press(app, "Make a token")
    secret = app.code[0].value
    assert sign_in.by_token(secret)[0].id == ana.id
    app.button(key="account.token.once.gone").click().run()
    assert not app.code
    (row,) = sign_in.tokens(ana.id)
    app.button(key=f"account.token.revoke.{row.id}").click().run()
    with pytest.raises(NotSignedIn):
        sign_in.by_token(secret)
    assert "No token holds" in said(app)


def test_without_sign_in_there_are_tokens_and_no_password(opens: Opens) -> None:
    app = opens(ACCOUNT, language="en")
    assert "Tokens for programs" in said(app)
    assert "Login" not in said(app)


def test_what_was_agreed_to_is_told_and_taken_back(
    opens: Opens, enters: Enters, shop: Assistant
) -> None:
    enters("admin")
    ana = enters("ana", ["viewer"])
    personal.set_consent(shop.id, "We keep what you ask for a year.")
    with access.as_person(ana):
        personal.agree(shop.id, personal.consent(shop.id).digest)
        (given,) = personal.agreements()
    app = opens(ACCOUNT, language="en")
    assert "you agreed" in said(app)
    app.button(key=f"account.withdraw.{given.row.id}").click().run()
    assert "withdrawn on" in said(app)
    with access.as_person(ana):
        assert not personal.consent(shop.id).agreed


def test_who_is_invited_gets_a_link_that_is_shown_once(opens: Opens, enters: Enters) -> None:
    enters("admin")
    app = opens(PEOPLE, language="en")
    app.text_input(key="people.invite.name").set_value("Zé *da* Silva")
    _press(app, "Invite")
    link = app.code[0].value
    assert sign_in.link(link.rsplit("/", 1)[1]).name == "Zé *da* Silva"
    assert app.text_input(key="people.invite.name").value == ""
    assert "invited until" in said(app)
    app.button(key="people.invite.once.gone").click().run()
    assert not app.code


def test_an_invitation_that_cannot_be_made_keeps_what_was_typed(
    opens: Opens, enters: Enters
) -> None:
    enters("admin")
    app = opens(PEOPLE, language="en")
    app.text_input(key="people.invite.name").set_value("Ana")
    app.text_input(key="people.invite.login").set_value("admin")
    _press(app, "Invite")
    assert "signs in as “admin” already" in said(app)
    assert app.text_input(key="people.invite.name").value == "Ana"
    assert app.text_input(key="people.invite.login").value == "admin"


def test_roles_can_be_taken_from_all_but_the_last_admin(opens: Opens, enters: Enters) -> None:
    me = enters("admin")
    app = opens(PEOPLE, language="en")
    chips = next(one for one in app.button_group if str(one.key).startswith("people.roles"))
    with i18n.speaking("en"):  # as the page, which is where their names come from
        chips.set_value(["viewer"]).run()
    assert "is the last" in said(app)
    assert "admin" in access.known(me.id).roles


def test_whoever_sits_there_is_not_listed_where_people_sign_in(
    opens: Opens, enters: Enters
) -> None:
    access.local_person()
    enters("admin")
    assert "Whoever sits here" not in said(opens(PEOPLE, language="en"))


def test_a_viewer_finds_neither_people_nor_settings(opens: Opens, enters: Enters) -> None:
    enters("admin")
    enters("ana", ["viewer"])
    for page in (PEOPLE, "pages/manage/settings.py"):
        app = opens(page, language="en")
        assert "may not" in app.error[0].value
        assert not app.title
        assert not elements(app)


def test_browsers_are_named_by_what_they_say_of_themselves() -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/120 Safari/537 Edg/120"
    assert agents.named(edge) == "Edge, Windows"
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Version/17 Safari/604"
    assert agents.named(iphone) == "Safari, iPhone"
    assert agents.named("curl/8 <b>") == "curl/8 <b>"
    assert agents.named("") == ""


def _press(app: object, label: str) -> None:
    next(one for one in app.button if one.label == label).click().run()  # type: ignore[attr-defined]
