"""A conversation as a file: Markdown to read, JSON to take along."""

from typing import Any

from core.access import there
from core.chat import breaks
from core.chat.conversations import conversation
from core.chat.reading import path
from core.chat.types import Answer, Turn
from core.i18n import _, moment


@there
def export_markdown(conversation_id: str) -> str:
    """The branch shown, as Markdown with its sources."""
    talk = conversation(conversation_id)
    parts = [f"# {talk.title or _('Conversation')}", moment(talk.created_at)]
    parts += [_turn(turn) for turn in path(conversation_id)]
    return "\n\n".join(parts) + "\n"


@there
def export_json(conversation_id: str) -> dict[str, Any]:
    """The branch shown, as plain data; times in ISO 8601, UTC."""
    talk = conversation(conversation_id)
    return {
        "conversation_id": talk.id,
        "title": talk.title,
        "channel": talk.channel,
        "created_at": talk.created_at.isoformat(),
        "messages": [_message(turn) for turn in path(conversation_id)],
    }


def _turn(turn: Turn) -> str:
    who = _("Question") if turn.message.role == "user" else _("Answer")
    lines = [f"## {who}", *_parts(turn)]
    if turn.answer:
        lines += [_source(turn.answer, i) for i in range(len(turn.answer.citations))]
    return "\n\n".join(line for line in lines if line)


def _parts(turn: Turn) -> list[str]:
    """The text; where another model took over, that is said between its parts."""
    text, parts, start = turn.message.text, list[str](), 0
    for at, sentence in breaks.told(turn.message.breaks or []):
        parts += [text[start:at].rstrip(), f"*{sentence}*"]
        start = at
    return [*parts, text[start:]]


def _source(answer: Answer, i: int) -> str:
    mark = answer.citations[i]
    passage = next(p for p in answer.passages if p.id == mark.passage_id)
    page = _(", page {n}").format(n=mark.page) if mark.page else ""
    return f"> [{mark.number}] {passage.document_name}{page}: “{mark.quote}”"


def _message(turn: Turn) -> dict[str, Any]:
    message, answer = turn.message, turn.answer
    row: dict[str, Any] = {
        "id": message.id,
        "role": message.role,
        "text": message.text,
        "created_at": message.created_at.isoformat(),
    }
    if answer:
        row |= {
            "outcome": message.outcome,
            "model": f"{message.provider}:{message.model_name}",
            "groundedness": message.groundedness,
            "breaks": message.breaks,
            "citations": [_citation(answer, i) for i in range(len(answer.citations))],
            "rating": answer.feedback.rating if answer.feedback else None,
        }
    return row


def _citation(answer: Answer, i: int) -> dict[str, Any]:
    mark = answer.citations[i]
    passage = next(p for p in answer.passages if p.id == mark.passage_id)
    return {
        "number": mark.number,
        "document": passage.document_name,
        "page": mark.page,
        "quote": mark.quote,
    }
