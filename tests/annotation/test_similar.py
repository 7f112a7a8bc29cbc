"""Items like one are found by the words of their questions and by the documents of their answers."""

from typing import Any

from core import access, annotation, db
from core.db.tables import Document, Item, Message, Passage, Queue
from tests.annotation.conftest import Made


def ask(queue: Queue, questions: list[str]) -> list[Item]:
    """Give the queue's items these questions."""
    items = annotation.items(queue.id)
    with db.writing() as session:
        for item, text in zip(items, questions, strict=True):
            answer = session.get_one(Message, item.message_id)
            session.get_one(Message, answer.parent_id).text = text
    return items


def test_the_likest_question_comes_first_and_an_other_not_at_all(made: Made) -> None:
    first, second, third, _fourth = ask(
        made(4),
        [
            "Qual é o prazo de entrega?",
            "Prazo da entrega do presente?",
            "Qual o prazo da entrega?",
            "Aceita cartão?",
        ],
    )
    found = annotation.similar(first.id)
    assert [one.item.id for one in found] == [third.id, second.id]
    assert found[0].words > found[1].words > 0.3


def test_answers_from_the_same_document_are_alike(made: Made) -> None:
    first, second, _third = ask(made(3), ["Abre domingo?", "Aceita cartão?", "Faz entrega?"])
    file: dict[str, Any] = {
        "name": "loja.md",
        "media_type": "text/markdown",
        "digest": "x",
        "size": 1,
    }
    with db.writing() as session:
        document = Document(assistant_id=annotation.queues()[0].assistant_id, **file)
        session.add(document)
        session.flush()
        for item in (first, second):
            where: dict[str, Any] = {"rank": 1, "start": 0, "end": 1, "score": 1.0}
            session.add(
                Passage(
                    message_id=item.message_id,
                    document_id=document.id,
                    document_name="loja.md",
                    text="x",
                    **where,
                )
            )
    (found,) = annotation.similar(first.id)
    assert (found.item.id, found.documents) == (second.id, 1)


def test_a_reviewer_sees_no_personal_data_in_them(made: Made) -> None:
    text = "Meu CPF é 529.982.247-25, qual o prazo?"
    first, _second = ask(made(2), [text, text])
    with access.as_person(access.set_roles(access.person("Bia").id, ["reviewer"])):
        (found,) = annotation.similar(first.id)
    assert "529.982" not in found.question
    (found,) = annotation.similar(first.id)
    assert "529.982" in found.question


def test_removed_items_and_other_queues_stay_out(made: Made) -> None:
    first, second, _third = ask(made(3), ["Qual o prazo?"] * 3)
    ask(made(1), ["Qual o prazo?"])
    annotation.remove(second.id)
    assert len(annotation.similar(first.id)) == 1
    assert len(annotation.similar(first.id, k=0)) == 0
