"""Tasks and a labeling configuration as Label Studio imports them.

Reviewers' judgements become annotations, the lead's is the one with ``ground_truth``; what was
suggested beforehand becomes a prediction. Who judged stands in the task's data, since Label Studio
takes only users of its own for the authors of annotations.
"""

from typing import Any
from xml.sax.saxutils import quoteattr

from core.annotation.exported import Exported
from core.annotation.outside import VERDICTS, scored, sources
from core.db.tables import Judgement
from core.i18n import _

ON = "answer"  # the part of the screen that controls belong to


def task(one: Exported, criteria: list[dict[str, Any]]) -> dict[str, Any]:
    """An item as a task."""
    told = one.item
    return {
        "data": {
            "question": one.question,
            "answer": one.answer,
            "passages": sources(one),
            "item_id": told.id,
            "conversation_id": told.conversation_id,
            "message_id": told.message_id,
            "state": told.state,
            "reviewers": [name for _judged, name in one.judged],
        },
        "annotations": [
            {
                "result": _result(judged, criteria),
                "lead_time": judged.seconds,
                "ground_truth": judged.id == told.gold_id,
                "was_cancelled": False,
            }
            for judged, _name in one.judged
        ],
        "predictions": _predictions(one),
    }


def config(criteria: list[dict[str, Any]]) -> str:
    """The labeling configuration that fits these tasks."""
    verdicts = "".join(
        f"\n    <Choice value={_quoted(_(text))} alias={_quoted(value)}/>"
        for value, text in VERDICTS.items()
    )
    parts = [
        _head(_("Question")),
        '  <Text name="question" value="$question"/>',
        _head(_("Answer")),
        f'  <Text name="{ON}" value="$answer"/>',
        _head(_("Passages")),
        '  <Text name="passages" value="$passages"/>',
        _head(_("Verdict")),
        f'  <Choices name="verdict" toName="{ON}" choice="single" required="true" '
        f'showInline="true">{verdicts}\n  </Choices>',
        *(part for one in scored(criteria) for part in (_head(one.title), _choices(one))),
        _head(_("Corrected answer")),
        _area("correction"),
        _head(_("Note")),
        _area("note"),
    ]
    return "<View>\n" + "\n".join(parts) + "\n</View>\n"


def _choices(one: Any) -> str:
    points = "".join(
        f"\n    <Choice value={_quoted(str(point['value']))} hint={_quoted(_(point['anchor']))}/>"
        for point in one.scale
    )
    head = f'  <Choices name={_quoted(one.name)} toName="{ON}" choice="single" showInline="true">'
    return f"{head}{points}\n  </Choices>"


def _head(text: str) -> str:
    return f"  <Header value={_quoted(text)}/>"


def _area(name: str) -> str:
    return f'  <TextArea name="{name}" toName="{ON}" rows="4" maxSubmissions="1" editable="true"/>'


def _quoted(text: str) -> str:
    """As an attribute of XML, without what XML has no place for."""
    return quoteattr("".join(c for c in text if c >= " " or c in "\t\n"))


def _result(judged: Judgement, criteria: list[dict[str, Any]]) -> list[dict[str, Any]]:
    given = [_chosen("verdict", judged.verdict)]
    for one in scored(criteria):
        if (score := judged.scores.get(one.key)) is not None:
            given.append(_chosen(one.name, str(score)))
    for name in ("correction", "note"):
        if text := getattr(judged, name):
            given.append(_region(name, "textarea", {"text": [text]}))
    return given


def _predictions(one: Exported) -> list[dict[str, Any]]:
    """What was suggested to the first reviewer who was suggested anything."""
    told = [judged.suggestion for judged, _name in one.judged if judged.suggestion.get("verdict")]
    if not told or told[0]["verdict"] not in VERDICTS:
        return []
    score = told[0].get("confidence")
    return [
        {
            "model_version": "suggestion",
            "score": score if isinstance(score, (int, float)) else None,
            "result": [_chosen("verdict", told[0]["verdict"])],
        }
    ]


def _chosen(name: str, value: str) -> dict[str, Any]:
    return _region(name, "choices", {"choices": [value]})


def _region(name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": name, "to_name": ON, "type": kind, "value": value}
