"""Records and settings as Argilla 2 reads them (``dataset.records.from_json``, ``rg.Settings.from_json``).

Reviewers' judgements become responses under our ids of people, which Argilla takes for those of its
users; what the lead decided becomes the suggestions, else what was suggested to the reviewers.
"""

from typing import Any

from core.annotation.exported import Exported
from core.annotation.outside import VERDICTS, Scored, scored, sources
from core.db.tables import Judgement
from core.i18n import N_, _

RATING = range(11)  # what a rating of Argilla takes
FIELDS = {
    "question": N_("Question"),
    "answer": N_("Answer"),
    "passages": N_("Passages"),
}


def record(one: Exported, criteria: list[dict[str, Any]]) -> dict[str, Any]:
    """An item as a record."""
    questions = scored(criteria)
    given: dict[str, list[dict[str, Any]]] = {}
    suggested: dict[str, dict[str, Any]] = {}
    for judged, name in one.judged:
        values = _values(judged, questions)
        if judged.id == one.item.gold_id:
            suggested = {which: {"value": value, "agent": name} for which, value in values.items()}
        if judged.kind == "adjudication":
            continue
        user = judged.person_id or judged.id  # of somebody who is gone: an id of its own
        for which, value in values.items():
            told = {"value": value, "user_id": user, "status": "submitted"}
            given.setdefault(which, []).append(told)
    return {
        "id": one.item.id,
        "fields": {"question": one.question, "answer": one.answer, "passages": sources(one)},
        "metadata": {
            "conversation_id": one.item.conversation_id,
            "message_id": one.item.message_id,
            "state": one.item.state,
            "priority": one.item.priority,
        },
        "suggestions": suggested or _suggested(one),
        "responses": given,
        "vectors": {},
    }


def _suggested(one: Exported) -> dict[str, dict[str, Any]]:
    """What was suggested to the first reviewer who was suggested a verdict."""
    told = [judged.suggestion.get("verdict") for judged, _name in one.judged]
    verdicts = [verdict for verdict in told if verdict in VERDICTS]
    return {"verdict": {"value": verdicts[0], "agent": "ciclo"}} if verdicts else {}


def settings(criteria: list[dict[str, Any]], guidelines: str, reviewers: int) -> dict[str, Any]:
    """What a dataset for these records is made with."""
    verdicts = [{"value": value, "text": _(text)} for value, text in VERDICTS.items()]
    choice = {"type": "label_selection", "options": verdicts, "visible_options": None}
    text = {"type": "text", "use_markdown": False}
    questions = [_question("verdict", _("Verdict"), choice, required=True)]
    questions += [_question(one.name, one.title, *_scale(one)) for one in scored(criteria)]
    questions += [
        _question("correction", _("Corrected answer"), text),
        _question("note", _("Note"), text),
    ]
    return {
        "guidelines": guidelines or None,
        "questions": questions,
        "fields": [
            {
                "name": name,
                "title": _(title),
                "required": name != "passages",
                "type": "text",
                "settings": text,
            }
            for name, title in FIELDS.items()
        ],
        "vectors": [],
        "metadata": [
            *({"name": name, "settings": {"type": "terms"}} for name in ("state", "message_id")),
            {"name": "conversation_id", "settings": {"type": "terms"}},
            {"name": "priority", "settings": {"type": "float"}},
        ],
        "allow_extra_metadata": True,
        "distribution": {"strategy": "overlap", "min_submitted": reviewers},
        "mapping": None,
    }


def _question(
    name: str, title: str, settings: dict[str, Any], description: str = "", required: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "description": description or None,
        "required": required,
        "type": settings["type"],
        "settings": settings,
    }


def _scale(one: Scored) -> tuple[dict[str, Any], str]:
    """A rating where Argilla has one for these points, else labels; and what the points mean."""
    anchors = "\n".join(f"{point['value']}: {_(point['anchor'])}" for point in one.scale)
    values = [point["value"] for point in one.scale]
    if _rates(one):
        return {"type": "rating", "options": [{"value": value} for value in values]}, anchors
    options = [{"value": str(value), "text": str(value)} for value in values]
    return {"type": "label_selection", "options": options, "visible_options": None}, anchors


def _rates(one: Scored) -> bool:
    return all(point["value"] in RATING for point in one.scale)


def _values(judged: Judgement, questions: list[Scored]) -> dict[str, Any]:
    """{question: what was answered}; nothing where nothing was."""
    values: dict[str, Any] = {"verdict": judged.verdict}
    for one in questions:
        if (score := judged.scores.get(one.key)) is not None:
            values[one.name] = score if _rates(one) else str(score)
    texts = {"correction": judged.correction, "note": judged.note}
    return values | {name: text for name, text in texts.items() if text}
