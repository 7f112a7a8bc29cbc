"""The REST door: ``mounted()`` gives the application of ``create_app()``, mounted at ``/api``.

Takes JSON (files as multipart), gives JSON or server-sent events; every route parses, calls one
verb and renders. Always holds: a failure is ``{code, message, hint}`` with a fitting status, and
no input, however bad, is answered with a 5xx.
"""

import re

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route

TITLE = "Ciclo API"
DESCRIPTION = """\
Ask assistants that answer from your documents, with citations; bring in what other bots said;
rate answers; add documents.

* Errors are `{code, message, hint}`. `code` never changes with the language.
* Messages follow `Accept-Language` (pt-BR or en).
* Lists come in pages: hand `next_cursor` back as `cursor`.
* A token (`ciclo tokens make`) says who acts: `Authorization: Bearer ciclo_...` or `X-API-Key`. Without
  sign-in the header `X-Ciclo-Person` may name them. What they may not do is refused with 403.
* An assistant is named by its id or by its name.
* OpenAI's clients find each assistant as a model at `/v1`.
"""
PREFIX = "/api"


def create_app() -> FastAPI:
    """The API with its documentation; all routes lie under ``/v1``."""
    from core.api import acting, asked, docs, errors, gate
    from core.api.routes import (
        advice,
        agreement,
        alerts,
        annotation,
        assistants,
        audit,
        cache,
        comparison,
        comparison_judge,
        conversations,
        diagnose,
        documents,
        embedder,
        evaluation,
        feedback,
        judge,
        members,
        memory,
        metrics,
        models,
        operations,
        outcomes,
        people,
        privacy,
        query,
        search,
        secrets,
        selection,
        stats,
        tokens,
        topics,
        traces,
        votes,
    )

    app = gate.gated(TITLE, DESCRIPTION)
    errors.install(app)
    for subject in (
        *(
            query,
            conversations,
            outcomes,
            feedback,
            annotation,
            selection,
            agreement,
            judge,
            advice,
        ),
        *(documents, search, embedder, assistants, models, diagnose, stats, traces, cache, memory),
        *(privacy, metrics, topics, alerts, votes, comparison, comparison_judge, evaluation),
        *(members, secrets, audit, operations, tokens, people),
    ):
        app.include_router(
            subject.router,
            prefix="/v1",
            dependencies=[*acting.ACTING, asked.KNOWN],
            responses=errors.answers(401, 403),
        )
    app.include_router(docs.router)
    return app


def mounted() -> list[BaseRoute]:
    """The API at ``/api``, and at ``/v1`` the door for OpenAI's clients, for the server's own list
    of routes: every path below them is ours."""
    from core.api import gateway

    mounts = [Mount(PREFIX, create_app()), Mount(gateway.PREFIX, gateway.create_app())]
    for mount in mounts:
        # a line break in a path would else slip past, and be answered with a page
        mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return [Route(PREFIX, lambda request: RedirectResponse(f"{PREFIX}/docs")), *mounts]
