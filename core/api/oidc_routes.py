"""/login/oidc and the way back from the provider, in the mode ``oidc``.

Takes a browser that wants in, gives it on to the provider, and a cookie with its new sign-in when it is
back. Always holds: a try belongs to the browser that began it, for ten minutes; a failure is told at
/login, with nothing of the provider's answer left in the address; where to go afterwards is a path of ours.
"""

import logging
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from core import access, limits, sign_in
from core.access import Origin
from core.api import connection, signing_in
from core.api import sign_in_pages as html
from core.config import settings
from core.errors import CicloError, NotSignedIn, Unavailable
from core.i18n import N_, _
from core.sign_in import cookie_name, oidc

log = logging.getLogger("ciclo.sign_in")
MINUTES = 10  # that a try lasts
UNCACHED = {"cache-control": "no-store"}
PROBLEMS = {  # codes that /login tells in words
    "sign_in_failed": (N_("Your provider did not sign you in."), ""),
    "sign_in_lost": (
        N_("That took too long, or was begun in another browser."),
        N_("Begin again."),
    ),
    "bad_token": (N_("What your provider said of you could not be checked."), N_("Begin again.")),
    "no_role": (N_("None of your groups has a role in Ciclo."), N_("Ask whoever runs it.")),
    "too_many": (
        N_("Too many sign in from your address at once."),
        N_("Try again in a minute."),
    ),
    "too_many": (N_("Too many tries to sign in."), N_("Try again in a minute.")),
    "disabled": (N_("Your account here is disabled."), N_("An admin can enable it.")),
}
AWAY = N_("Your provider cannot be asked at the moment."), N_("Try again in a minute.")


def routes() -> list[Route]:
    """The routes of this module; none where nobody signs in by a provider."""
    if settings().auth != "oidc":
        return []
    return [
        Route("/login/oidc", _begin, methods=["GET"]),
        Route("/login/oidc/back", _back, methods=["GET"]),
    ]


def ways(wanted: str, error: CicloError | None = None, *, out: bool = False) -> str:
    """The part of /login by which one goes to the provider; ``error`` is why the last try failed.

    After signing out the provider asks anew who it is: else whoever sits here next would be let in.
    """
    told = html.told(error.message, error.hint, wrong=True) if error else ""
    name = urlsplit(settings().oidc_issuer).hostname or ""
    label = _("Sign in with {provider}").format(provider=name)
    query = {"next": wanted} | ({"anew": "1"} if out else {})
    return told + html.button(label, f"/login/oidc?{urlencode(query)}")


def problem(code: str) -> CicloError | None:
    """Why the last try failed, in words of the present language; None for no code."""
    if not code:
        return None
    message, hint = PROBLEMS.get(code, AWAY)
    kind = NotSignedIn if code in PROBLEMS else Unavailable
    return kind(_(message), hint=_(hint), code=code[:40])


async def _begin(request: Request) -> Response:
    wanted = signing_in.own_path(request.query_params.get("next", "/"))
    anew = "anew" in request.query_params
    if elsewhere := _public(request):
        query = urlencode({"next": wanted} | ({"anew": "1"} if anew else {}))
        return RedirectResponse(f"{elsewhere}/login/oidc?{query}", 303, UNCACHED)
    try:
        back = oidc.back_address(str(request.base_url))
        url, begun = await run_in_threadpool(oidc.begin, back, wanted, anew=anew)
    except CicloError as error:
        return _failed(error, wanted)
    led = RedirectResponse(url, 303, UNCACHED)
    led.headers.append("set-cookie", _kept(request.scope, begun.kept()))
    return led


async def _back(request: Request) -> Response:
    kept = connection.cookies(request.scope).get(_name(request.scope), "")
    try:
        secret, wanted = await run_in_threadpool(_sign_in, request, kept)
    except CicloError as error:
        answer = _failed(error, signing_in.own_path(oidc.wanted(kept)))
    else:
        answer = RedirectResponse(signing_in.own_path(wanted), 303, UNCACHED)
        answer.headers.append("set-cookie", connection.set_cookie(request.scope, secret))
    answer.headers.append("set-cookie", _kept(request.scope, ""))
    return answer


def _sign_in(request: Request, kept: str) -> tuple[str, str]:
    """The secret of a new sign-in, and where to go; the one that this browser had is over."""
    access.act(None, Origin("page", connection.address(request.scope)))
    limits.demand("sign_in")
    back = oidc.back_address(str(request.base_url))
    person, wanted = oidc.finish(back, request.query_params, kept)
    agent = request.headers.get("user-agent", "")
    _row, secret = sign_in.begin(person.id, "oidc", agent=agent)
    if before := connection.cookie(request.scope):
        sign_in.sign_out(before)
    return secret, wanted


def _failed(error: CicloError, wanted: str) -> RedirectResponse:
    level = logging.WARNING if isinstance(error, Unavailable) else logging.INFO
    facts = {"code": error.code, "reason": error.message}
    log.log(level, "sign-in by the provider failed", extra=facts)
    query = urlencode({"problem": error.code, "next": wanted}, quote_via=quote)
    return RedirectResponse(f"/login?{query}", 303, UNCACHED)


def _public(request: Request) -> str:
    """CICLO_PUBLIC_URL, where this browser came by another name: the cookie would be lost on the way."""
    public = settings().public_url.rstrip("/")
    here = (urlsplit(public).hostname or "") == connection.host(request.scope)[0]
    return "" if here else public


def _name(scope: Scope) -> str:
    name = cookie_name(connection.is_encrypted(scope), connection.host(scope)[1])
    return f"{name}-oidc"


def _kept(scope: Scope, value: str) -> str:
    """The Set-Cookie line of a try; for "" the one that takes it away."""
    made: SimpleCookie = SimpleCookie()
    name = _name(scope)
    made[name] = value
    facts = {"path": "/", "httponly": True, "samesite": "Lax"}
    for fact, told in {**facts, "max-age": MINUTES * 60 if value else 0}.items():
        made[name][fact] = told
    if connection.is_encrypted(scope):
        made[name]["secure"] = True
    return made[name].OutputString()
