"""The OpenAI-compatible door at ``/v1``: each assistant is a model that any client can talk to.

Takes what ``openai``, LangChain or Open WebUI send, gives what they expect; between the two lies
``chat.start``, so their traffic is searched, routed, cited and stored like every other. Always
holds: errors have OpenAI's shape, and what a client asked for that we do not do is either refused
or named in the answer (``ciclo.ignored``), never passed over in silence.
"""

from fastapi import FastAPI

from core import __version__

PREFIX = "/v1"


def create_app() -> FastAPI:
    """The two addresses every client knows: ``/models`` and ``/chat/completions``."""
    from core.api import NO_TELEMETRY, gate
    from core.api.gateway import completions, errors, models

    app = FastAPI(
        title="Ciclo for OpenAI clients",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,  # type: ignore[arg-type]
    )
    errors.install(app)
    app.include_router(models.router)
    app.include_router(completions.router)
    app.add_middleware(gate.BodyLimit)
    app.add_middleware(gate.Language)
    return app
