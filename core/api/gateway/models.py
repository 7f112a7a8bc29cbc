"""``/v1/models``: the assistants, by name."""

from typing import Any

from fastapi import APIRouter

from core import assistants
from core.db.tables import Assistant

router = APIRouter(prefix="/models")


@router.get("", summary="Assistants, as models")
def listing() -> dict[str, Any]:
    """Every assistant; its name is the model's id."""
    return {"object": "list", "data": [_model(one) for one in assistants.all()]}


@router.get("/{name:path}", summary="An assistant, as a model")
def one(name: str) -> dict[str, Any]:
    """The assistant of that name or id."""
    return _model(assistants.by_name_or_id(name))


def _model(assistant: Assistant) -> dict[str, Any]:
    return {
        "id": assistant.name,
        "object": "model",
        "created": int(assistant.created_at.timestamp()),
        "owned_by": "ciclo",
        "ciclo": {"assistant_id": assistant.id, "language": assistant.language},
    }
