"""Traces show no personal data, unless the operator has said so."""

from pathlib import Path

import pytest

from core import assistants, chat
from core.chat.covering import covered
from core.chat.traces import Traced
from core.config import settings
from core.db.tables import Message
from core.tracing import SAID

WORDS = "Sou ana@casa.br, CPF 529.982.247-25."


def _traced() -> Traced:
    spans = [{"kind": "model", "attributes": {SAID: WORDS, "ciclo.search.passages": 6}}, {}]
    prompt = [{"role": "human", "content": WORDS}]
    return Traced(Message(), WORDS, "a", False, spans, prompt)


def test_question_errors_and_prompt_are_masked_and_figures_stay() -> None:
    told = covered(_traced())
    assert told.question == "Sou [EMAIL], CPF [CPF]."
    assert told.prompt == [{"role": "human", "content": "Sou [EMAIL], CPF [CPF]."}]
    assert told.spans[0]["attributes"] == {
        SAID: "Sou [EMAIL], CPF [CPF].",
        "ciclo.search.passages": 6,
    }


def test_the_setting_shows_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICLO_SHOW_PERSONAL_DATA", "true")
    settings.cache_clear()
    assert covered(_traced()).question == WORDS


@pytest.mark.slow
def test_what_is_read_back_is_covered_in_one_and_in_many(home: Path) -> None:
    shop = assistants.create("Loja")
    answer = chat.ask(f"Onde fica? {WORDS}", assistant=shop.id)
    assert "ana@casa.br" not in str(chat.trace(answer.message.id))
    assert all("ana@casa.br" not in one.question for one in chat.traces())
    assert "ana@casa.br" in answer.question.text
