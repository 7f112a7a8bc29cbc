"""An assistant with something of everything that can hang on one, told apart by a word of its own."""

from typing import Any

from core import annotation, assistants, chat, comparison, db, feedback, registry, retrieval
from core.access import local_person
from core.annotation import Judged
from core.comparison import Question
from core.db.tables import Alert, Topic, TopicQuestion
from core.metrics import outcomes
from core.metrics.alerts import rules as alert_rules
from core.retrieval import approved

Ids = dict[str, str]


def built(name: str, word: str) -> Ids:
    """Made where nobody acts; the ids of what was made, by the names under which verbs take them."""
    made = assistants.create(name, starters=[f"O que é {word}?"])
    text = (
        f"# {word}\n\nO {word} atende das 9h às 18h.\n\n# Prazo\n\nO prazo do {word} é de 7 dias."
    )
    document = retrieval.add(made.id, f"{word}.md", text.encode(), now=True)
    answer = chat.ask(f"Quando atende o {word}?", assistant=made.id, person_id=local_person().id)
    lost = chat.ask("Quem descobriu Saturno?", assistant=made.id, person_id=local_person().id)
    talk, message = answer.conversation.id, answer.message.id
    said = _said(message, talk, word)
    return {
        "assistant_id": made.id,
        "document_id": document.id,
        "document_ids": document.id,
        "conversation_id": talk,
        "conversation_ids": talk,
        "message_id": message,
        "answer_id": message,
        "other_id": message,
        "parent_id": message,
        "question_id": answer.question.id,
        "lost_id": lost.message.id,
        **said,
        **_reviewed(made.id, talk, word),
        **_compared(made.id, word),
        **_watched(made.id, talk, answer.question.id, word),
    }


def _said(message: str, talk: str, word: str) -> Ids:
    me = local_person().id
    feedback.give(message, "up", person_id=me, comment=f"Do {word}.")
    feedback.flag(message, "tone", person_id=me, text=f"Sobre {word}.")
    feedback.rate_conversation(talk, person_id=me, stars=4, comment=f"{word}!")
    outcomes.report(talk, "converted", 10.0, "BRL", note=f"Do {word}.")
    return {}


def _reviewed(assistant_id: str, talk: str, word: str) -> Ids:
    queue = annotation.create_queue(assistant_id, f"Fila {word}")
    annotation.add(queue.id, [talk])
    claim = annotation.claim_next(queue.id, local_person().id)
    assert claim
    annotation.submit(claim.item.id, claim.claim_token, Judged("approved", note=f"{word}."))
    return {
        "queue_id": queue.id,
        "item_id": claim.item.id,
        "approved_id": approved.listed(assistant_id)[0].id,
    }


def _compared(assistant_id: str, word: str) -> Ids:
    rival = registry.challenge(assistant_id, "fake:echo")
    found = comparison.wait(comparison.ask_both(f"Prazo do {word}?", assistant=assistant_id).id)
    run = comparison.start([Question(f"E o {word}?")], assistant=assistant_id, name=f"Sobre {word}")
    comparison.work(run.id)
    row = found.row
    voted = comparison.vote(row.id, "left", shown_left=row.a_answer_id, comment=f"{word}.")
    return {
        "comparison_id": row.id,
        "run_id": run.id,
        "vote_id": voted.vote.id,
        "version_id": rival.id,
        "pinned_version_id": rival.id,
        "a_version_id": row.a_version_id,
        "b_version_id": row.b_version_id,
    }


def _watched(assistant_id: str, talk: str, question: str, word: str) -> Ids:
    facts: dict[str, Any] = {"measure": "errors", "bound": 0.1, "name": f"Erros {word}"}
    rule = alert_rules.create_rule(**facts, filters={"assistant": assistant_id})
    alert = Alert(rule_id=rule.id, value=0.5, n=31, conversations=[talk])
    topic = Topic(assistant_id=assistant_id, label=f"{word} e prazo", terms=[word])
    with db.writing() as session:
        session.add_all([alert, topic])
        session.flush()
        session.merge(TopicQuestion(message_id=question, topic_id=topic.id))
    return {"rule_id": rule.id, "alert_id": alert.id, "topic_id": topic.id}
