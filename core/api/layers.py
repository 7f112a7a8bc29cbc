"""The layers every request passes, outermost first; inside them lie Streamlit and the routes."""

from starlette.middleware import Middleware

from core.api import page, security, signing_in
from core.api.requests import Requests
from core.config import Settings


def layers(settings: Settings) -> list[Middleware]:
    """Name and count, protect, refuse, ask who it is where there is sign-in, and only then rewrite the
    page."""
    who = [Middleware(signing_in.SigningIn)] if settings.auth != "local" else []
    return [
        Middleware(Requests),
        Middleware(security.Headers, fields=security.policy(page.script_hashes())),
        Middleware(security.Guard, hosts=settings.hosts, proxied=settings.proxied_hosts),
        *who,
        Middleware(page.Page),
    ]
