"""Somebody who has left something in every place, and a walk over all that is stored."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core import access, chat, clock, db, feedback
from core.comparison import explain_vote
from core.db.tables import (
    Account,
    Alert,
    AlertRule,
    ApiToken,
    Assistant,
    Base,
    Consent,
    Draft,
    Erasure,
    EvaluationRun,
    Flag,
    Gate,
    Guideline,
    Item,
    Judgement,
    Member,
    OneTimeLink,
    PassedOn,
    Person,
    Queue,
    Seat,
    Secret,
    SignIn,
    SignInFailures,
)
from core.retrieval import memory
from tests.comparison.voting import cast, compared, house

WORD = "quaresmeira"  # in everything that they type
LATER = timedelta(days=1)


@dataclass(frozen=True)
class Full:
    """Ana, who is everywhere; Bia, whose things stay; their assistant."""

    ana: Person
    bia: Person
    assistant: Assistant


def full() -> Full:
    """Ana in every place, with WORD in all that she typed."""
    ana, bia = access.person("Ana Jacarandá"), access.person("Bia")
    shop = house()
    with access.as_person(ana):
        mine = asked(shop.assistant, ana)
    theirs = asked(shop.assistant, bia, "Qual é o prazo?")
    _says(ana, mine, theirs)
    _reviews(shop.assistant, ana, bia, mine, theirs)
    _compares(shop, ana)
    _signs_in(shop.assistant, ana)
    return Full(ana, bia, shop.assistant)


def asked(assistant: Assistant, who: Person, text: str = f"Onde fica a {WORD}?") -> chat.Answer:
    """An answered question of somebody."""
    return chat.ask(text, assistant=assistant.id, person_id=who.id)


def _says(ana: Person, mine: chat.Answer, theirs: chat.Answer) -> None:
    for answer in (mine, theirs):
        said = feedback.Saying(answer.message.id, rating="down", comment=f"Sem {WORD}.")
        feedback.say(said, person_id=ana.id, key=answer.message.id)
        store(Flag(message_id=answer.message.id, person_id=ana.id, problem="other", text=WORD))
        about = feedback.Saying(conversation=answer.conversation.id, stars=2, comment=WORD)
        feedback.say(about, person_id=ana.id)


def _reviews(
    assistant: Assistant, ana: Person, bia: Person, mine: chat.Answer, theirs: chat.Answer
) -> None:
    queue = store(Queue(assistant_id=assistant.id, name="Fila"))
    store(Guideline(queue_id=queue.id, number=1, text="Seja justo.", person_id=ana.id))
    for answer, judge in ((mine, bia), (theirs, ana)):
        item = store(_item(queue, answer, removed_by=ana.id, known=_known(ana)))
        note = WORD if judge is ana else "Bom."
        judged = Judgement(
            item_number=item.number,
            message_id=answer.message.id,
            person_id=judge.id,
            verdict="corrected",
            note=note,
            correction="Sete dias.",
        )
        with db.writing() as session:
            session.add(judged)
            session.flush()
            memory.learn(session, judged)
        for table in (Draft, PassedOn):
            facts = (
                {"data": {"note": WORD}} if table is Draft else {"kind": "skipped", "reason": WORD}
            )
            store(table(item_number=item.number, person_id=ana.id, **facts))
        store(_seat(item, queue, ana))
    rule = store(AlertRule(name="Regra", measure="satisfaction"))
    by = {"acknowledged_by": ana.id, "resolved_by": ana.id, "state": "resolved"}
    store(Alert(rule_id=rule.id, value=0.1, n=30, **by))


def _item(queue: Queue, answer: chat.Answer, **facts: Any) -> Item:
    of = {"conversation_id": answer.conversation.id, "message_id": answer.message.id}
    return Item(queue_id=queue.id, **of, **facts)


def _known(who: Person) -> dict[str, Any]:
    return {"verdict": "approved", "note": WORD, "person_id": who.id}


def _seat(item: Item, queue: Queue, who: Person) -> Seat:
    state = "judged" if item.number % 2 else "held"
    return Seat(
        item_number=item.number, queue_id=queue.id, place=0, state=state, person_id=who.id, token=3
    )


def _compares(shop: Any, ana: Person) -> None:
    with db.writing() as session:
        run = EvaluationRun(
            assistant_id=shop.assistant.id,
            a_version_id=shop.versions[0].id,
            b_version_id=shop.versions[1].id,
            person_id=ana.id,
        )
        session.add_all([run, Gate(assistant_id=shop.assistant.id, person_id=ana.id)])
    of_file = compared(shop, question="De um arquivo?", source="run", person=ana)
    compared(shop, question=f"Por mão: {WORD}?", source="hand", person=ana)
    told = cast(of_file, ana, "a")
    with access.as_person(ana):
        explain_vote(told.vote.id, [], WORD)


def _signs_in(assistant: Assistant, ana: Person) -> None:
    until = clock.now() + LATER
    store(Account(person_id=ana.id, login=f"{WORD}@casa.br", password_hash="$argon2id$x"))
    store(SignIn(person_id=ana.id, secret_hash="s" * 64, method="password", expires_at=until))
    store(SignInFailures(key=f"account:{WORD}@casa.br", n=3))
    store(SignInFailures(key="account:other@casa.br", n=3))
    store(ApiToken(person_id=ana.id, name=WORD, prefix="ciclo_abc", secret_hash="t" * 64))
    for n, facts in enumerate(({"person_id": ana.id}, {"made_by": ana.id})):
        link = {"kind": "reset", "secret_hash": str(n) * 64, "expires_at": until}
        store(OneTimeLink(**link, **facts))
    store(Member(assistant_id=assistant.id, person_id=ana.id))
    store(Consent(assistant_id=assistant.id, person_id=ana.id, digest="d" * 64))
    store(Secret(name="openai", sealed="x", set_by=ana.id))
    store(Erasure(person_id="somebody", by_id=ana.id, done_at=clock.now()))


def store(row: Any) -> Any:
    """Write one row; the row."""
    with db.writing() as session:
        session.add(row)
    return row


def walk() -> Iterator[tuple[str, str]]:
    """("table.column", the value as text) of everything that is stored."""
    with db.session() as session:
        for table in Base.metadata.tables.values():
            for row in session.execute(select(table)).mappings():
                for column, value in row.items():
                    yield f"{table.name}.{column}", _text(value)


def holding(*words: str) -> set[str]:
    """The columns in which one of the words stands."""
    return {place for place, text in walk() if any(word in text for word in words)}


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            return zlib.decompress(value).decode()
        except zlib.error:
            return value.decode("latin-1")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
