"""``ciclo ask`` and ``ciclo search``."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import explaining, terminal
from core.cli.terminal import AsJson, Of, document, fields, note, piece, say
from core.i18n import _, ordinal, percent, seconds

if TYPE_CHECKING:
    from core import chat
    from core.db.tables import Citation, Message, Passage


def ask(
    question: Annotated[str, typer.Argument(help="3 to 4,000 characters.")],
    assistant: Of = None,
    conversation: Annotated[
        str | None, typer.Option(help="Go on with the conversation of this id.")
    ] = None,
    mode: Annotated[str, typer.Option(help="One of the assistant's modes, by name.")] = "",
    level: Annotated[str, typer.Option(help="A level of the mode.")] = "",
    model: Annotated[
        str | None, typer.Option(help="Who answers this time: ollama:llama3.2.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask a question and watch the cited answer arrive."""
    terminal.ready()
    from core import access, chat, registry

    registry.follow_ollama()
    started = chat.start(
        question,
        assistant=assistant,
        conversation_id=conversation,
        options=chat.Options(model=model, mode=mode, level=level),
        person_id=access.present().id,
        channel="cli",
    )
    for event in chat.follow(started.answer_id):
        if event.kind == "text" and not as_json:
            piece(event.text)
        elif event.kind != "status":
            continue
        elif event.text == "waiting":
            note(in_line(event.data["place"]))
        elif event.text == "fallback":
            note(took_over(event.data["message"], event.data["model"]))
    found: chat.Answer = event.data["answer"]
    document(shape(found)) if as_json else _sources(found)
    if found.message.outcome in ("error", "cut_off"):
        note(" ".join(filter(None, [found.message.error, chat.way_out(found.message)])))
        raise terminal.stop(terminal.UNAVAILABLE)


def in_line(place: int) -> str:
    """That the model is busy, and who comes before."""
    return _("The model is busy: {place} in line.").format(place=ordinal(place))


def took_over(why: str, model: str) -> str:
    """That another model answers, or goes on with an answer."""
    said = _("The model did not finish: {why} What follows is the answer of {model}.")
    return said.format(why=why, model=model)


def search(
    query: Annotated[str, typer.Argument(help="Words to look for.")],
    assistant: Of = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="How many passages.")] = 6,
    at: Annotated[str | None, typer.Option("--at", help="What held on a day: 2026-03-01.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each was found.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find passages in an assistant's documents."""
    terminal.ready()
    from core import access, assistants, limits, retrieval

    access.demand("ask")
    limits.demand("search")
    chosen = assistants.chosen(assistant)
    if explain:
        told = retrieval.explain(query, assistant_id=chosen.id, k=k, at=terminal.day(at))
        explaining.show(told, as_json)
        return
    found = retrieval.search(query, assistant_id=chosen.id, k=k, at=terminal.day(at))
    if as_json:
        hits = [explaining.hit(one) for one in found.passages]
        document({"data": hits, "meaning": found.meaning})
        return
    for rank, one in enumerate(found.passages, 1):
        say(explaining.passage(rank, one) + "\n")
    if not found.passages:
        say(_("Nothing was found."))
    if found.meaning:
        note(found.meaning)


def shape(found: "chat.Answer") -> dict[str, Any]:
    """An answer as plain data, with the names that the API uses."""
    row = found.message
    passages = {passage.id: passage for passage in found.passages}
    return {
        "answer": row.text,
        **fields(row, "outcome", "provider", "model_name"),
        "model_version": row.version_id,
        "latency_seconds": row.total_seconds,
        "first_token_seconds": row.first_token_seconds,
        "routing_reason": row.routing_reason,
        "estimated_cost": row.cost or 0.0,
        "citations": [_citation(one, passages[one.passage_id]) for one in found.citations],
        "passages": [_passage(one) for one in found.passages],
        **fields(row, "attempts", "breaks", "load_seconds", "generation_seconds"),
        **fields(row, "groundedness", "quoted", "cached"),
        "error": _error(row),
        "approved": _approved(found),
        "message_id": row.id,
        "conversation_id": row.conversation_id,
        "success": row.outcome in ("answered", "related", "not_found"),
        "timestamp": row.created_at,
    }


def _error(row: "Message") -> dict[str, str] | None:
    from core import chat

    if not row.error_code:
        return None
    return {"code": row.error_code, "message": row.error, "hint": chat.way_out(row)}


def _approved(found: "chat.Answer") -> dict[str, Any] | None:
    return fields(found.approved, "id", "name", "at", "corrected") if found.approved else None


def _citation(row: "Citation", passage: "Passage") -> dict[str, Any]:
    place = {"document": passage.document_name, "document_id": passage.document_id}
    return fields(row, "number", "quote", "start", "end") | place | {"page": row.page}


def _passage(row: "Passage") -> dict[str, Any]:
    names = ("document_id", "heading", "text", "page", "start", "end", "score")
    return {"number": row.rank, "document": row.document_name, **fields(row, *names)}


def _sources(found: "chat.Answer") -> None:
    row = found.message
    passages = {passage.id: passage for passage in found.passages}
    say("\n")
    for one in found.citations:
        passage = passages[one.passage_id]
        say(f"[{one.number}] {explaining.place(passage.document_name, one.page)}: “{one.quote}”")
    who = f"{row.provider}:{row.model_name}"
    if found.approved:
        from core import chat

        who = chat.who_approved(found.approved)
    facts = [who, seconds(row.total_seconds or 0.0)]
    if row.quoted and row.outcome == "answered":
        facts.append(_("quoted"))
    elif row.groundedness is not None:
        share = percent(row.groundedness)
        facts.append(_("{share} supported by the documents").format(share=share))
    say(" · ".join([*facts, row.conversation_id]))
