"""The models that can answer: ``/models``."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from core import diagnosis, llm, registry
from core.api.acting import OF_A_ROLE
from core.api.errors import answers
from core.api.routes.metrics import Limit, Which
from core.api.schemas import Page
from core.api.schemas.knowledge import Model
from core.api.schemas.metrics import Engine, ModelStats, Value
from core.api.schemas.models import (
    Models,
    ModelsHealth,
    NamedServer,
    NewModel,
    NewPull,
    NewServer,
    RegisteredModel,
    ServerName,
)
from core.api.streaming import described, streamed
from core.diagnosis.inventory import of_ollama
from core.metrics import engines, naming
from core.metrics.measures import MEASURES

router = APIRouter(prefix="/models", tags=["models"], dependencies=OF_A_ROLE)


@router.get("", summary="Models")
def listing() -> list[Model]:
    """Every model that is installed or registered, and whether it can answer now."""
    return [Model.model_validate(one) for one in registry.listing()]


@router.post("", summary="Register a model", responses=answers(413, 415))
def register(body: NewModel) -> RegisteredModel:
    """Register a model that exists elsewhere, or say more of one: what is left out stays."""
    given = body.model_dump(exclude={"name"}, exclude_none=True)
    return RegisteredModel.model_validate(registry.describe_model(body.name, **given))


@router.get("/servers", summary="Servers")
def servers() -> Page[NamedServer]:
    """Those that speak OpenAI's protocol: named in the settings, or entered here."""
    here = llm.entered()
    rows = [NamedServer(name=n, url=u, entered=here.get(n) == u) for n, u in llm.servers().items()]
    return Page[NamedServer](data=rows, next_cursor=None)


@router.put("/servers/{name}", summary="Name a server", responses=answers(409, 413, 415, 503))
def add_server(name: ServerName, body: NewServer) -> NamedServer:
    """Where people sign in, an address in a private network takes CICLO_REACHABLE."""
    return NamedServer(name=name, url=llm.add_server(name, body.url)[name], entered=True)


@router.delete(
    "/servers/{name}", status_code=204, summary="Forget a server", responses=answers(404)
)
def remove_server(name: ServerName) -> None:
    """One that was entered here; those of the settings stay."""
    llm.remove_server(name)


@router.get("/details", summary="Models in detail")
def details() -> Models:
    """Every provider and model: size, context, price, and which assistant uses it as what."""
    told = {"providers": diagnosis.providers(), "models": diagnosis.models()}
    return Models.model_validate(told)


@router.get("/health", summary="How the models do")
def health() -> ModelsHealth:
    """Servers, loaded models, this process's breakers, and the last hour's failures by version."""
    return ModelsHealth.model_validate(diagnosis.health())


@router.get("/stats", summary="What the models did", responses=answers(404))
def stats(which: Which, limit: Limit = 100) -> ModelStats:
    """By version and model: answers, their share, satisfaction, times, tokens, cost, failures."""
    rows = engines.engines(which)[:limit]
    names = naming.names("version", [one.version_id for one in rows])
    return ModelStats(
        view=which.said(),
        units={name: MEASURES[name].unit for name in engines.TOLD},  # type: ignore[misc]
        data=[_engine(one, names[one.version_id]) for one in rows],
    )


def _engine(one: engines.Engine, name: str) -> Engine:
    figures = {key: Value.model_validate(told) for key, told in one.figures.items()}
    return Engine.model_validate(vars(one) | {"version": name, "figures": figures})


@router.post(
    "/pull",
    summary="Fetch a model",
    response_class=StreamingResponse,
    responses={**answers(415), **described("progress", "error", "done")},
)
def pull(body: NewPull) -> StreamingResponse:
    """Fetch a model into Ollama. `progress` tells bytes, speed (a second) and seconds left.

    What came stays on the server where it breaks off; fetching it again goes on from there.
    """
    name = of_ollama(body.name)
    return streamed("progress", diagnosis.pull(name), _progress, lambda: {"name": name})


def _progress(one: diagnosis.Pulling) -> dict[str, Any]:
    names = ("name", "status", "done", "total", "share", "seconds", "speed", "left")
    return {name: getattr(one, name) for name in names}
