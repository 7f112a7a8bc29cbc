"""Consent: asked before the first question, to this very text, and taken back."""

from pathlib import Path

import pytest

from core import access, assistants, chat, personal
from core.db.tables import Assistant, Person
from core.errors import Conflict, InvalidInput, NotAllowed
from core.personal import ConsentNeeded
from tests.conftest import ENGINES

TEXT = "Guardamos o que você pergunta por 30 dias."


@pytest.fixture
def shop(home: Path) -> Assistant:
    made = assistants.create("Loja")
    return personal.set_consent(made.id, TEXT)


@pytest.fixture
def ana(shop: Assistant) -> Person:
    """Somebody who acts."""
    made = access.set_roles(access.person("Ana").id, ["viewer"])
    access.act(made)
    return made


def _ask(shop: Assistant, who: Person, user_id: str | None = None) -> chat.Started:
    return chat.start("Onde fica?", assistant=shop.id, person_id=who.id, user_id=user_id)


def test_nobody_asks_before_they_have_agreed(shop: Assistant, ana: Person) -> None:
    with pytest.raises(ConsentNeeded) as refused:
        _ask(shop, ana)
    assert TEXT in refused.value.message
    assert chat.conversations() == []


@pytest.mark.slow
def test_who_has_agreed_asks_until_they_take_it_back(shop: Assistant, ana: Person) -> None:
    text = personal.consent(shop.id)
    assert not text.agreed
    assert personal.agree(shop.id, text.digest).agreed
    answer = chat.answer(_ask(shop, ana).answer_id)
    list(chat.follow(answer.message.id))
    assert not personal.withdraw(shop.id).agreed
    with pytest.raises(ConsentNeeded):
        _ask(shop, ana)
    with pytest.raises(ConsentNeeded):
        chat.again(answer.message.id)
    assert personal.agree(shop.id, text.digest).agreed


def test_another_text_asks_anew(shop: Assistant, ana: Person) -> None:
    before = personal.consent(shop.id).digest
    personal.agree(shop.id, before)
    access.act(None)
    personal.set_consent(shop.id, TEXT + " Ou 60.")
    access.act(ana)
    assert not personal.consent(shop.id).agreed
    with pytest.raises(Conflict) as refused:
        personal.agree(shop.id, before)
    assert refused.value.code == "consent_changed"


@pytest.mark.parametrize("engine", ENGINES)
def test_an_outside_systems_user_agrees_for_themself_alone(shop: Assistant, ana: Person) -> None:
    text = personal.consent(shop.id, "u-1")
    for _twice in range(2):
        assert personal.agree(shop.id, text.digest, "u-1").agreed
    assert not personal.consent(shop.id).agreed
    assert not personal.consent(shop.id, "u-2").agreed
    with pytest.raises(ConsentNeeded):
        _ask(shop, ana, user_id="u-2")
    assert not personal.withdraw(shop.id, "u-1").agreed


def test_where_there_is_no_text_nothing_is_asked(home: Path) -> None:
    made = assistants.create("Loja")
    assert personal.consent(made.id).agreed
    with pytest.raises(Conflict):
        personal.agree(made.id, personal.consent(made.id).digest)


def test_ones_agreements_are_listed(shop: Assistant, ana: Person) -> None:
    personal.agree(shop.id, personal.consent(shop.id).digest)
    ((given, name, holds),) = [(one.row, one.assistant, one.holds) for one in personal.agreements()]
    assert (given.person_id, name, holds) == (ana.id, "Loja", True)
    personal.withdraw(shop.id)
    assert [one.holds for one in personal.agreements()] == [False]


def test_only_who_operates_sets_the_text_and_it_is_bounded(shop: Assistant, ana: Person) -> None:
    with pytest.raises(NotAllowed):
        personal.set_consent(shop.id, "")
    access.act(None)
    with pytest.raises(InvalidInput):
        personal.set_consent(shop.id, "x" * 8001)
    assert personal.set_consent(shop.id, "x" * 8000).consent
