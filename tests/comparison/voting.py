"""Comparisons whose answers are there already, for the tests of votes: no model is asked."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from core import access, assistants, chat, clock, db, registry
from core.comparison import vote
from core.comparison.ballots import left_of
from core.db.tables import Assistant, Comparison, Message, Person, Version

_n = count(1)


@dataclass(frozen=True)
class House:
    """An assistant with some versions."""

    assistant: Assistant
    versions: list[Version]


def house(versions: int = 2, name: str = "Loja") -> House:
    """An assistant with so many versions of the embedded engine."""
    made = assistants.create(name, language="pt-BR")
    first = registry.pointed(made.id, "champion")
    assert first
    more = [registry.variant(first.id, retrieval={"k": n + 7}) for n in range(versions - 1)]
    return House(made, [first, *more])


def compared(
    of: House,
    texts: tuple[str, str] = ("Das 9h às 18h.", "Só com hora marcada, de manhã."),
    *,
    pair: tuple[int, int] = (0, 1),
    question: str = "",
    topic: str = "",
    source: str = "run",
    person: Person | None = None,
    outcomes: tuple[str, str] = ("answered", "answered"),
    learned: str = "",
) -> Comparison:
    """A comparison with both answers."""
    asked, who = question or f"Quando abre, pergunta {next(_n)}?", person.id if person else None
    with db.writing() as session:
        talk_id, question_id = chat.set_apart(session, of.assistant, asked, who)
        row = Comparison(
            assistant_id=of.assistant.id,
            source=source,
            conversation_id=talk_id,
            question_id=question_id,
            question=asked,
            language="pt-BR",
            topic=topic,
            a_version_id=of.versions[pair[0]].id,
            b_version_id=of.versions[pair[1]].id,
            a_answer_id=db.new_id(),
            b_answer_id=db.new_id(),
            settings={},
            learned=learned,
            person_id=who,
            done_at=clock.now(),
        )
        session.add(row)
        session.flush()
        versions = [of.versions[n] for n in pair]
        for side, text, version, outcome in zip("ab", texts, versions, outcomes, strict=True):
            session.add(_answer(row, side, text, version, outcome))
        return row


def _answer(row: Comparison, side: str, text: str, version: Version, outcome: str) -> Message:
    return Message(
        id=getattr(row, f"{side}_answer_id"),
        conversation_id=row.conversation_id,
        parent_id=row.question_id,
        role="assistant",
        text=text,
        state="done",
        outcome=outcome,
        version_id=version.id,
        provider="embedded",
        model_name="extractive",
        created_at=clock.now(),
    )


def reviewer(name: str) -> Person:
    """Somebody who may vote."""
    return access.set_roles(access.person(name).id, ["reviewer"])


def cast(row: Comparison, who: Person, better: str, **more: Any) -> Any:
    """A vote of somebody for a side (a | b | tie | bad), as they see it."""
    left = left_of(row, who.id)
    choice = better if better in ("tie", "bad") else "left" if better == left else "right"
    with access.as_person(who):
        return vote(row.id, choice, shown_left=getattr(row, f"{left}_answer_id"), **more)
