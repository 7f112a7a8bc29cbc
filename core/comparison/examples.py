"""One side of a comparison as scorers see it, read from what is stored."""

from core import chat, db
from core.access import allowed
from core.chat import citations
from core.comparison.types import Cited, Example, Reference, Seen, Side, failed
from core.db.tables import Comparison, Message


@allowed("read")
def example(row: Comparison, side: Side) -> Example | None:
    """One side's answer with all that a scorer may ask of it; None while it has not ended."""
    answer_id = getattr(row, f"{side}_answer_id")
    with db.session() as session:
        message = session.get(Message, answer_id)
    if message is None or message.state != "done":
        return None
    return of_answer(row, chat.answer(answer_id))


def of_answer(row: Comparison, answer: chat.Answer) -> Example:
    """The same of an answer at hand."""
    message = answer.message
    seen = tuple(Seen(p.document_name, p.text, p.chunk_id or "") for p in answer.passages)
    names = {passage.id: passage.document_name for passage in answer.passages}
    figures = {
        name: getattr(message, name)
        for name in (
            "groundedness",
            "quoted",
            "first_token_seconds",
            "total_seconds",
            "load_seconds",
            "generation_seconds",
            "tokens_in",
            "tokens_out",
            "cost",
        )
    }
    return Example(
        question=row.question,
        text=citations.without_marks(message.text),
        marked=message.text,
        reference=Reference.of(row.reference),
        language=row.language,
        outcome=message.outcome or "",
        passages=seen,
        citations=tuple(Cited(names[c.passage_id], c.quote) for c in answer.citations),
        failed=failed(message),
        model=f"{message.provider}:{message.model_name}",
        assistant_id=row.assistant_id,
        message_id=message.id,
        **figures,
    )
