"""The models that can answer: ``/models``."""

from fastapi import APIRouter

from core import registry
from core.api.schemas.knowledge import Model

router = APIRouter(prefix="/models", tags=["models"])


@router.get("", summary="Models")
def listing() -> list[Model]:
    """Every model that is installed or registered, and whether it can answer now."""
    return [Model.model_validate(one) for one in registry.listing()]
