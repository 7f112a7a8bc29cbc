"""A queue as a file: JSONL, CSV, and what Argilla and Label Studio import. In pieces, however many.

JSONL has a line per item with all its judgements, in our own words and times in UTC. CSV has a line
per judgement in the reader's language; no cell can be taken for a formula. Both tools want their
settings beside the records: formats of their own (``argilla-settings``, ``label-studio-config``).
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from core import access, audit
from core.annotation import argilla, label_studio
from core.annotation.exported import Exported, pages, rubric
from core.annotation.outside import VERDICTS, scored
from core.annotation.queues import guideline, queue
from core.annotation.types import DRAFTED
from core.db.tables import Judgement
from core.errors import InvalidInput
from core.i18n import N_, _, zone
from core.i18n.sheets import lines, safe

FORMATS = (
    "jsonl",
    "csv",
    "argilla",
    "argilla-settings",
    "label-studio",
    "label-studio-config",
)
KINDS = {
    "review": N_("review"),
    "calibration": N_("calibration"),
    "adjudication": N_("decision of the lead"),
}
FACTS = ("id", "kind", "supersedes_id", "person_id", "seconds", *DRAFTED)


@access.allowed("lead")
def export(queue_id: str, format: str) -> Iterator[str]:
    """A queue in pieces of a file; NotFound for an unknown queue, InvalidInput for a format."""
    if format not in FORMATS:
        raise InvalidInput(
            _("Judgements are not exported as “{value}”.").format(value=format),
            field="format",
            hint=_("Use one of: {formats}.").format(formats=", ".join(FORMATS)),
        )
    criteria = rubric(queue_id)
    audit.did("export", "queue", queue_id, after={"format": format})
    if format == "jsonl":
        return _jsonl(queue_id)
    if format == "csv":
        return _csv(queue_id, criteria)
    if format == "argilla":
        return _array(argilla.record(one, criteria) for page in pages(queue_id) for one in page)
    if format == "label-studio":
        return _array(label_studio.task(one, criteria) for page in pages(queue_id) for one in page)
    if format == "argilla-settings":
        told = guideline(queue_id).text
        made = argilla.settings(criteria, told, queue(queue_id).reviewers_per_item)
        return iter([json.dumps(made, ensure_ascii=False, indent=2) + "\n"])
    return iter([label_studio.config(criteria)])


def plain(one: Exported) -> dict[str, Any]:
    """An item with its judgements as plain data."""
    row = one.item
    return {
        "item_id": row.id,
        "state": row.state,
        "priority": row.priority,
        "reasons": row.reasons,
        "protected": row.protected,
        "conversation_id": row.conversation_id,
        "message_id": row.message_id,
        "created_at": row.created_at.isoformat(),
        "question": one.question,
        "answer": one.answer,
        "passages": [
            {
                "id": passage.id,
                "document_id": passage.document_id,
                "document": passage.document_name,
                "heading": passage.heading,
                "text": passage.text,
            }
            for passage in one.passages
        ],
        "gold_id": row.gold_id,
        "known": row.known or None,
        "judgements": [_judgement(judged, name) for judged, name in one.judged],
    }


def _judgement(judged: Judgement, name: str) -> dict[str, Any]:
    told = {fact: getattr(judged, fact) for fact in FACTS}
    return told | {"person": name, "created_at": judged.created_at.isoformat()}


def _jsonl(queue_id: str) -> Iterator[str]:
    for page in pages(queue_id):
        yield "".join(json.dumps(plain(one), ensure_ascii=False) + "\n" for one in page)


def _array(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Rows as one JSON array, a line each: as a whole it is what the tools read."""
    yield "["
    for place, row in enumerate(rows):
        yield (",\n" if place else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def _csv(queue_id: str, criteria: list[dict[str, Any]]) -> Iterator[str]:
    titles = [safe(one.title) for one in scored(criteria)]
    heads = [_(head) for head in COLUMNS]
    yield "\ufeff" + lines([[*heads[:FIRST], *titles, *heads[FIRST:]]])
    names = [one["name"] for one in criteria]
    for page in pages(queue_id):
        yield lines(_line(one, judged, who, names) for one in page for judged, who in one.judged)


def _line(one: Exported, judged: Judgement, who: str, names: list[str]) -> list[str]:
    cells = [safe(cell(one, judged, who)) for cell in COLUMNS.values()]
    scores = [safe(judged.scores.get(name)) for name in names]
    return [*cells[:FIRST], *scores, *cells[FIRST:]]


def _marked(one: Exported, judged: Judgement, mark: str) -> str:
    """The documents of the passages that were marked so."""
    marked = {id_ for id_, given in judged.passages.items() if given == mark}
    return ", ".join(passage.document_name for passage in one.passages if passage.id in marked)


FIRST = 8  # columns before the scores
COLUMNS: dict[str, Callable[[Exported, Judgement, str], Any]] = {
    N_("When"): lambda _one, judged, _who: (
        f"{judged.created_at.astimezone(zone()):%Y-%m-%d %H:%M:%S}"
    ),
    N_("Reviewer"): lambda _one, _judged, who: who,
    N_("Kind"): lambda _one, judged, _who: _(KINDS[judged.kind]),
    N_("Question"): lambda one, _judged, _who: one.question,
    N_("Answer"): lambda one, _judged, _who: one.answer,
    N_("Verdict"): lambda _one, judged, _who: _(VERDICTS[judged.verdict]),
    N_("Decides"): lambda one, judged, _who: judged.id == one.item.gold_id,
    N_("Corrected answer"): lambda _one, judged, _who: judged.correction,
    N_("Stars"): lambda _one, judged, _who: judged.stars,
    N_("Failure"): lambda _one, judged, _who: judged.failure_type,
    N_("Problems"): lambda _one, judged, _who: ", ".join(judged.problems),
    N_("Note"): lambda _one, judged, _who: judged.note,
    N_("Wrong passages"): lambda one, judged, _who: _marked(one, judged, "wrong"),
    N_("Outdated passages"): lambda one, judged, _who: _marked(one, judged, "outdated"),
    N_("Seconds"): lambda _one, judged, _who: round(judged.seconds or 0),
    "item_id": lambda one, _judged, _who: one.item.id,
    "conversation_id": lambda one, _judged, _who: one.item.conversation_id,
    "message_id": lambda one, _judged, _who: one.item.message_id,
    "judgement_id": lambda _one, judged, _who: judged.id,
}
