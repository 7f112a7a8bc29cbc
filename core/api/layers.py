"""The layers every request passes, outermost first; inside them lie Streamlit and the routes."""

from starlette.middleware import Middleware

from core.api import page, security
from core.api.requests import Requests
from core.config import Settings


def layers(settings: Settings) -> list[Middleware]:
    """Name and count, protect, refuse, and only then rewrite the page."""
    return [
        Middleware(Requests),
        Middleware(security.Headers, fields=security.policy(page.script_hashes())),
        Middleware(security.Guard, hosts=settings.hosts),
        Middleware(page.Page),
    ]
