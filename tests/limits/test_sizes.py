"""What a page hands to a verb is bounded there: a page's own bound is its browser's word alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import access, annotation, assistants, chat, comparison, feedback, registry, retrieval
from core.errors import LONGEST, CicloError, InvalidInput

HUGE = "palavra " * 50_000

REFUSED: dict[str, Callable[[dict[str, str]], Any]] = {
    "an assistant's name": lambda at: assistants.create(HUGE),
    "a persona": lambda at: assistants.update(at["assistant"], persona=HUGE),
    "a rule": lambda at: assistants.update(at["assistant"], rules=[HUGE]),
    "rules without end": lambda at: assistants.update(at["assistant"], rules=["a"] * 100_000),
    "a starter": lambda at: assistants.update(at["assistant"], starters=[HUGE]),
    "a fallback": lambda at: assistants.update(at["assistant"], routing={"fallbacks": [HUGE]}),
    "a model": lambda at: registry.choose_model(at["assistant"], HUGE),
    "a challenger": lambda at: registry.challenge(at["assistant"], HUGE),
    "a question": lambda at: chat.start(HUGE, assistant=at["assistant"]),
    "an assistant that is asked": lambda at: chat.start("Oi?", assistant=HUGE),
    "a question in other words": lambda at: chat.rephrase(at["question"], HUGE),
    "a conversation's title": lambda at: chat.rename(at["conversation"], HUGE),
    "a comment": lambda at: feedback.give(at["answer"], "down", comment=HUGE, person_id=at["ana"]),
    "a reason": lambda at: feedback.give(at["answer"], "down", reasons=[HUGE], person_id=at["ana"]),
    "a problem": lambda at: feedback.flag(at["answer"], HUGE, person_id=at["ana"]),
    "a problem's words": lambda at: feedback.flag(
        at["answer"], "tone", text=HUGE, person_id=at["ana"]
    ),
    "a queue's name": lambda at: annotation.create_queue(at["assistant"], HUGE),
    "a judge": lambda at: annotation.create_queue(at["assistant"], "J", judge=HUGE),
    "a guideline": lambda at: annotation.write_guideline(at["queue"], HUGE),
    "a document's name": lambda at: retrieval.take(at["assistant"], f"{HUGE}.md", b"x"),
    "a question for two": lambda at: comparison.ask_both(HUGE, assistant=at["assistant"]),
    "somebody's name": lambda at: access.person(HUGE),
}
CUT: dict[str, Callable[[dict[str, str]], Any]] = {
    "conversations": lambda at: chat.conversations(search=HUGE),
    "documents": lambda at: retrieval.listed(search=HUGE),
    "passages": lambda at: retrieval.search(HUGE, assistant_id=at["assistant"]).passages,
}


@pytest.fixture
def at(home: Path) -> dict[str, str]:
    """The ids of one of each."""
    made = assistants.create("Loja")
    retrieval.add(made.id, "horas.md", b"# Horas\n\nA loja abre das 9h.", now=True)
    found = chat.ask("Que horas a loja abre?", assistant=made.id)
    queue = annotation.create_queue(made.id, "Fila")
    return {
        "assistant": made.id,
        "answer": found.message.id,
        "question": found.question.id,
        "conversation": found.conversation.id,
        "queue": queue.id,
        "ana": access.person("Ana").id,
    }


@pytest.mark.slow
def test_no_verb_takes_a_text_without_end_nor_says_it_back(at: dict[str, str]) -> None:
    for verb in REFUSED.values():
        with pytest.raises(CicloError) as refused:
            verb(at)
        assert len(refused.value.message) <= LONGEST + 1


@pytest.mark.slow
def test_what_is_looked_for_is_cut_where_nobody_asks_so_much(at: dict[str, str]) -> None:
    for verb in CUT.values():
        verb(at)


def test_an_error_that_names_a_value_without_end_has_one() -> None:
    assert len(InvalidInput(f"'{HUGE}' is no day.").message) == LONGEST + 1
