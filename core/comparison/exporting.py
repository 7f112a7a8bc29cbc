"""A comparison as a file: Markdown to read, JSON to take along.

In: a ``Compared``. Out: plain data, or text. Always holds: what a model or a person wrote stays as it
was written; in Markdown it stands quoted, so that it can begin no part of its own.
"""

from typing import Any

from core.comparison.scorers import SCORERS
from core.comparison.types import SIDES, Compared, Shown
from core.i18n import _, moment, money, number, percent, seconds

FIGURES = (
    *("outcome", "groundedness", "quoted", "first_token_seconds", "total_seconds", "load_seconds"),
    *("generation_seconds", "tokens_in", "tokens_out", "cost", "finish_reason", "error_code"),
)


def told(found: Compared) -> dict[str, Any]:
    """As plain data; times in ISO 8601, UTC, durations in seconds, cost in US dollars."""
    row = found.row
    return {
        "comparison_id": row.id,
        "assistant_id": row.assistant_id,
        "source": row.source,
        "question": row.question,
        "language": row.language,
        "reference": row.reference,
        "settings": row.settings,
        "learned": row.learned,
        "created_at": row.created_at.isoformat(),
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "sides": {side: _side(found.side(side), row.scores.get(side) or {}) for side in SIDES},
    }


def markdown(found: Compared) -> str:
    """As Markdown: the question, both answers with their sources, a table of figures."""
    way = found.row.settings
    same = _("same passages for both") if way.get("same_passages") else _("each its own search")
    parts = [f"# {_('Comparison')}", _quoted(found.row.question)]
    parts += [f"{moment(found.row.created_at)} · {same}"]
    for side in SIDES:
        parts += _answer(found.side(side))
    return "\n\n".join([*parts, _table(found)]) + "\n"


def _side(side: Shown, scores: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "version_id": side.version.id,
        "version": side.version.number,
        "model": side.name,
        "state": side.state,
        "scores": scores,
    }
    if side.answer:
        message = side.answer.message
        told |= {"answer_id": message.id, "text": message.text, "error": message.error}
        told |= {name: getattr(message, name) for name in FIGURES}
        told["citations"] = _citations(side)
        told["passages"] = [
            {"document": one.document_name, "rank": one.rank, "text": one.text}
            for one in side.answer.passages
        ]
    return told


def _citations(side: Shown) -> list[dict[str, Any]]:
    if side.answer is None:
        return []
    names = {one.id: one.document_name for one in side.answer.passages}
    return [
        {"number": one.number, "document": names[one.passage_id], "quote": one.quote}
        for one in side.answer.citations
    ]


def _answer(side: Shown) -> list[str]:
    head = f"## {side.side.upper()} · {side.version.number} · {side.name}"
    if side.answer is None:
        return [head, _("No answer.")]
    message = side.answer.message
    sources = [
        f"> [{one['number']}] {_flat(one['document'])}: “{_flat(one['quote'])}”"
        for one in _citations(side)
    ]
    error = f"*{_flat(message.error)}*" if message.error else ""
    return [part for part in (head, _quoted(message.text), *sources, error) if part]


def _table(found: Compared) -> str:
    """Every score that one of them has, side by side."""
    measure = _("Measure")
    rows = [f"| {measure} | A | B |", "|---|---:|---:|"]
    for name, one in SCORERS.items():
        values = [(found.row.scores.get(side) or {}).get(name) for side in SIDES]
        if any(value is not None for value in values):
            said = [_said(one.unit, value) for value in values]
            rows.append(f"| {_(one.title)} | {said[0]} | {said[1]} |")
    return "\n".join(rows) if len(rows) > 2 else ""


def _said(unit: str, value: float | None) -> str:
    if value is None:
        return "–"
    if unit == "dollars":
        return money(value, "USD", 6)
    return {"share": percent, "seconds": seconds}.get(unit, _plain)(value)


def _plain(value: float) -> str:
    return number(value, 1)


def _quoted(text: str) -> str:
    """As a quotation: a heading or table of the text is none of the file's."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _flat(text: str) -> str:
    return " ".join(text.split())
