"""/login, /logout and /link/<secret>: what people see before they are signed in.

Takes forms (never JSON, never more than 64 KiB), gives HTML in the reader's language, or a way on with a
cookie. Always holds: each write has come from our own page; a new sign-in has a new secret and ends the
one that this browser had; where to go afterwards is a path of ours.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from core import access, i18n, limits, sign_in
from core.access import Origin
from core.api import connection, errors, oidc_routes, signing_in
from core.api import sign_in_pages as html
from core.config import ROOT, settings
from core.errors import CicloError, InvalidInput, NotSignedIn, TooMany
from core.i18n import _
from core.sign_in import Purpose
from core.sign_in.passwords import AT_ONCE

STATIC = Path(__file__).parent / "static"
FILES = {
    "sign_in.css": (STATIC / "sign_in.css", "text/css"),
    "over.js": (STATIC / "over.js", "text/javascript"),
    "logo.svg": (ROOT / "pages/ui/assets/logo.svg", "image/svg+xml"),
    "mark.svg": (ROOT / "pages/ui/assets/mark.svg", "image/svg+xml"),
    "inter-latin.woff2": (ROOT / "static/fonts/inter-latin.woff2", "font/woff2"),
}
LANGUAGE = "ciclo_language"
AGAIN = "/login?again=1"  # in a tab beside the page whose sign-in is over
MOST = 64 * 1024  # bytes of a form
YEAR = 31_536_000  # seconds
FORM = "application/x-www-form-urlencoded"
UNCACHED = {"cache-control": "no-store"}
Answer = Callable[[Request], Awaitable[Response]]
_few = ThreadPoolExecutor(AT_ONCE, "ciclo-sign-in")


def routes() -> list[Route]:
    """The routes of this module, for the server's root; without sign-in a link leads home."""
    if not signing_in.on():
        return [Route("/link/{secret}", _home, methods=["GET"])]
    return [
        Route("/login", _spoken(_login), methods=["GET"]),
        Route("/login", _spoken(_sign_in), methods=["POST"]),
        Route("/login/now", _now, methods=["GET"]),
        Route("/login/files/{name}", _file, methods=["GET"]),
        Route("/logout", _spoken(_leaving), methods=["GET"]),
        Route("/logout", _spoken(_sign_out), methods=["POST"]),
        Route("/link/{secret}", _spoken(_link), methods=["GET"]),
        Route("/link/{secret}", _spoken(_accept), methods=["POST"]),
        *oidc_routes.routes(),
    ]


async def _login(request: Request) -> Response:
    wanted = signing_in.own_path(request.query_params.get("next", "/"))
    if signing_in.caller(request.scope):
        if "again" in request.query_params:
            body = html.paragraph(_("Close this tab: the page before goes on where it was."))
            return _page(html.document(_("You are signed in again"), body, AGAIN))
        return RedirectResponse(wanted, 303, UNCACHED)
    if "again" in request.query_params:
        wanted = AGAIN
    out, problem = "out" in request.query_params, request.query_params.get("problem", "")
    first = await run_in_threadpool(sign_in.nobody_yet)
    error = oidc_routes.problem(problem)
    return _page(_sign_in_page(wanted, error=error, out=out, first=first))


async def _sign_in(request: Request) -> Response:
    typed = await _typed(request)
    again = typed.get("next") == AGAIN
    wanted = AGAIN if again else signing_in.own_path(typed.get("next", "/"))
    try:
        secret = await _apart(_begin, request, typed)
    except CicloError as error:
        return _page(_sign_in_page(wanted, typed.get("login", ""), error), error)
    return _signed_in(request, secret, wanted)


async def _leaving(request: Request) -> Response:
    if not signing_in.caller(request.scope):
        return RedirectResponse("/login", 303, UNCACHED)
    shown = html.Form("/logout", [], _("Sign out"))
    return _page(html.document(_("Sign out?"), html.form(shown), "/logout"))


async def _sign_out(request: Request) -> Response:
    await _typed(request)
    if secret := connection.cookie(request.scope):
        await run_in_threadpool(_end, request, secret)
    gone = RedirectResponse("/login?out=1", 303, UNCACHED)
    gone.headers.append("set-cookie", connection.set_cookie(request.scope, ""))
    return gone


async def _link(request: Request) -> Response:
    secret = request.path_params["secret"]
    try:
        purpose = await run_in_threadpool(sign_in.link, secret)
    except CicloError as error:
        return _page(_over_page(secret, error), error)
    return _page(_link_page(secret, purpose, {}))


async def _accept(request: Request) -> Response:
    secret, typed = request.path_params["secret"], await _typed(request)
    try:
        purpose = await run_in_threadpool(sign_in.link, secret)
    except CicloError as error:
        return _page(_over_page(secret, error), error)
    try:
        begun = await _apart(_use, request, secret, typed)
    except CicloError as error:
        return _page(_link_page(secret, purpose, typed, error), error)
    return _signed_in(request, begun, "/")


async def _home(request: Request) -> Response:
    return RedirectResponse("/", 303, UNCACHED)


async def _now(request: Request) -> Response:
    """Whether this browser is signed in: a page whose sign-in is over waits for it."""
    return JSONResponse({"signed_in": signing_in.caller(request.scope) is not None}, 200, UNCACHED)


async def _file(request: Request) -> Response:
    path, kind = FILES.get(request.path_params["name"], (None, ""))
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type=kind, headers={"cache-control": "public, max-age=86400"})


async def _apart(verb: Callable[..., str], *given: Any) -> str:
    """Run a verb that makes a hash among few: a flood of tries keeps no other request waiting."""
    done = partial(copy_context().run, verb, *given)
    return await asyncio.get_running_loop().run_in_executor(_few, done)


def _begin(request: Request, typed: dict[str, str]) -> str:
    """The secret of a new sign-in by password; the one this browser had is over."""
    if settings().auth != "accounts":
        raise NotSignedIn(_("Nobody signs in with a password here."))
    access.act(None, Origin("page", connection.address(request.scope)))
    limits.demand("sign_in")
    agent = request.headers.get("user-agent", "")
    _row, secret = sign_in.sign_in(typed.get("login", ""), typed.get("password", ""), agent=agent)
    _leave(request)
    return secret


def _use(request: Request, secret: str, typed: dict[str, str]) -> str:
    """The secret of a new sign-in by a one-time link."""
    if typed.get("password", "") != typed.get("again", ""):
        raise InvalidInput(_("The two passwords are not the same."), field="again")
    access.act(None, Origin("page", connection.address(request.scope)))
    limits.demand("sign_in")
    _row, begun = sign_in.accept(
        secret,
        typed.get("login", ""),
        typed.get("password", ""),
        name=typed.get("name", ""),
        agent=request.headers.get("user-agent", ""),
    )
    _leave(request)
    return begun


def _end(request: Request, secret: str) -> None:
    """End the sign-in of this browser; the audit log says from where."""
    if here := signing_in.caller(request.scope):
        access.act(here.person, here.origin)
    sign_in.sign_out(secret)


def _leave(request: Request) -> None:
    if before := connection.cookie(request.scope):
        sign_in.sign_out(before)


def _signed_in(request: Request, secret: str, wanted: str) -> Response:
    answer = RedirectResponse(wanted, 303, UNCACHED)
    answer.headers.append("set-cookie", connection.set_cookie(request.scope, secret))
    return answer


def _sign_in_page(
    wanted: str,
    login: str = "",
    error: CicloError | None = None,
    *,
    out: bool = False,
    first: bool = False,
) -> str:
    here = f"/login?next={quote(wanted, safe='/')}"
    here = wanted if wanted == AGAIN else "/login" if wanted == "/" else here
    parts = [html.told(_("You are signed out."))] if out and error is None else []
    if first:
        begins = _("The first admin begins with the link that the server printed at its start.")
        parts.append(html.told(_("Nobody has an account here yet."), begins))
    if settings().auth == "accounts":
        fields, hidden = html.sign_in_fields(login), {"next": wanted}
        parts.append(html.form(html.Form("/login", fields, _("Sign in"), error, hidden)))
        parts.append(
            html.paragraph(_("Forgotten the password? An admin has a link for a new one."))
        )
    else:
        parts.append(oidc_routes.ways(wanted, error, out=out))
    return html.document(_("Sign in"), "".join(parts), here)


def _link_page(
    secret: str, purpose: Purpose, typed: dict[str, str], error: CicloError | None = None
) -> str:
    titles = {
        "first_admin": (_("The first admin"), _("You set this Ciclo up and invite the others.")),
        "invitation": (_("Welcome, {name}"), _("Choose how you will sign in to Ciclo.")),
        "reset": (_("A new password"), _("Every browser you are signed in with is signed out.")),
    }
    title, said = titles[purpose.kind]
    shown = html.Form(f"/link/{secret}", html.link_fields(purpose, typed), _("Sign in"), error)
    body = html.paragraph(said) + html.form(shown)
    return html.document(title.format(name=purpose.name), body, f"/link/{secret}")


def _over_page(secret: str, error: CicloError) -> str:
    body = html.told(error.message, error.hint, wrong=True) + html.button(_("Sign in"), "/login")
    return html.document(_("This link is over"), body, f"/link/{secret}")


async def _typed(request: Request) -> dict[str, str]:
    """The fields of a form that our own page has sent."""
    if not request.scope.get(signing_in.OWN_ORIGIN):
        raise HTTPException(403, signing_in.foreign().message)
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
        raise HTTPException(415)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            raise HTTPException(413)
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), True, max_num_fields=20))
    except ValueError:  # more fields than any form of ours
        raise HTTPException(413) from None


def _spoken(answer: Answer) -> Answer:
    """A route whose words are in the reader's language; one chosen on the page is kept in a cookie."""

    async def spoken(request: Request) -> Response:
        chosen = request.query_params.get("lang", "")
        kept = request.cookies.get(LANGUAGE, "")
        wanted = request.headers.get("accept-language", "")
        with i18n.speaking(i18n.choose(chosen, kept, settings().language, wanted)):
            given = await answer(request)
        if chosen in i18n.LANGUAGES:
            given.set_cookie(LANGUAGE, chosen, max_age=YEAR, httponly=True, samesite="lax")
        return given

    return spoken


def _page(html_: str, error: CicloError | None = None) -> Response:
    """A page; a failure has its own status."""
    answer = HTMLResponse(html_, 200, dict(UNCACHED))
    answer.headers["content-language"] = i18n.language()
    if error is not None:
        answer.status_code, fields = _failed(error)
        answer.headers.update(fields)
    return answer


def _failed(error: CicloError) -> tuple[int, dict[str, Any]]:
    if isinstance(error, TooMany):
        return 429, {"retry-after": str(max(1, round(error.retry_after + 0.5)))}
    return (401 if error.code == "sign_in_failed" else errors.status_of(error)), {}
