"""Privacy on the pages: consent before the first question, retention, what is held, erasure."""

from datetime import timedelta

import pytest

from core import access, assistants, clock, personal
from core.db.tables import Assistant, Conversation
from tests.pages.conftest import Opens, keys, said
from tests.personal.full import store

TEXT = "Guardamos o que você pergunta por **30 dias**. <script>alert(1)</script>"
CHAT, SETTINGS = "pages/loop/chat.py", "pages/manage/settings.py"
ASSISTANTS = "pages/manage/assistants.py"


@pytest.fixture
def desk(home: object) -> Assistant:
    """An assistant that asks for an agreement."""
    return personal.set_consent(assistants.create("Loja").id, TEXT)


def _agree(key: str) -> bool:
    return key.startswith("chat.consent.")


def test_the_text_stands_before_the_first_question_and_goes_once_agreed(
    opens: Opens, desk: Assistant
) -> None:
    app = opens(CHAT, language="en", assistant=desk.id)
    assert app.chat_input[0].disabled
    assert "Loja asks for your agreement first" in said(app)
    (button,) = [one for one in app.button if _agree(one.key or "")]
    button.click().run()
    assert not app.exception
    assert not app.chat_input[0].disabled
    assert not any(_agree(key) for key in keys(app))


def test_a_retention_says_what_goes_before_it_is_saved(opens: Opens, desk: Assistant) -> None:
    old = clock.now() - timedelta(days=40)
    store(Conversation(assistant_id=desk.id, updated_at=old))
    app = opens(ASSISTANTS, assistant=desk.id)
    (days,) = [one for one in app.number_input if (one.key or "").startswith("assistants.privacy")]
    days.set_value(30).run()
    assert "1 conversa é mais antiga" in said(app)
    app.button(key=f"assistants.privacy.keep.{desk.id}").click().run()
    assert assistants.get(desk.id).retention_days == 30
    assert "As conversas somem 30 dias depois" in said(app)


def test_who_does_not_operate_reads_what_holds_and_changes_nothing(
    opens: Opens, desk: Assistant
) -> None:
    access.person("Admin")
    access.set_roles(access.local_person().id, ["analyst"])
    app = opens(ASSISTANTS, language="en", assistant=desk.id)
    assert "Conversations are kept for good." in said(app)
    assert not any(key.startswith("assistants.privacy") for key in keys(app))


@pytest.mark.slow
def test_somebody_is_erased_once_their_name_is_typed(opens: Opens, desk: Assistant) -> None:
    ana = access.person("Ana *Maria*")
    store(Conversation(assistant_id=desk.id, person_id=ana.id))
    app = opens(SETTINGS, language="en", view="privacy")
    app.selectbox(key="settings.privacy.person").set_value(ana.id).run()
    assert "conversations: 1" in said(app)
    assert app.button(key="settings.privacy.go").disabled
    app.text_input(key="settings.privacy.typed").set_value(ana.name).run()
    app.button(key="settings.privacy.go").click().run()
    assert not app.exception
    for _look in range(50):
        if not [one for one in access.people() if one.name == ana.name]:
            break
        app.run()
    assert ana.name not in [one.name for one in access.people()]


def test_a_user_that_nobody_knows_is_told_of(opens: Opens, desk: Assistant) -> None:
    app = opens(SETTINGS, language="en", view="privacy")
    app.text_input(key="settings.privacy.user").set_value("u-<b>1</b>").run()
    assert "Nothing is held about the user" in app.error[0].value
