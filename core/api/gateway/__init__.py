"""The OpenAI-compatible door at ``/v1``: each assistant is a model that any client can talk to.

Takes what ``openai``, LangChain or Open WebUI send, gives what they expect; between the two lies
``chat.start``, so their traffic is searched, routed, cited and stored like every other. Always
holds: errors have OpenAI's shape, and what a client asked for that we do not do is either refused
or named in the answer (``ciclo.ignored``), never passed over in silence.
"""

from fastapi import FastAPI

PREFIX = "/v1"


def create_app() -> FastAPI:
    """The two addresses every client knows: ``/models`` and ``/chat/completions``."""
    from core.api import acting, gate
    from core.api.gateway import completions, errors, models

    app = gate.gated("Ciclo for OpenAI clients")
    errors.install(app)
    app.include_router(models.router, dependencies=[*acting.ACTING, *acting.OF_A_ROLE])
    app.include_router(completions.router, dependencies=acting.ACTING)
    return app
