"""The layer that asks who it is before anything else is served, in the modes with sign-in.

Takes every request that the guard has let through. Gives: the request with its ``Caller``, or a way to
/login for people and a 401 for programs. Always holds: without a sign-in nothing is served but what
``is_open`` names; a write with a cookie has come from our own page; a websocket dies with its sign-in.
"""

import re
from typing import NamedTuple
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import clock, i18n, sign_in
from core.access import Origin
from core.api import bearing, connection
from core.api.security import OWN_ORIGIN as OWN_ORIGIN
from core.api.security import POLICY_VIOLATION
from core.config import settings
from core.db.tables import Person
from core.errors import CicloError, NotAllowed, NotSignedIn
from core.i18n import _

OPEN = re.compile(
    r"/login|/login/now|/login/files/[a-z0-9_.-]{1,60}|/logout|/link/[A-Za-z0-9_-]{1,100}"
    r"|/health|/ready"
)
BY_PROVIDER = ("/login/oidc", "/login/oidc/back")  # without one there is no such route
WATCHED_BY = ("/health", "/ready")  # by programs that watch the process, over plain HTTP as well
PROGRAMS = re.compile(r"/(api|v1)(/.*)?|/metrics", re.DOTALL)
STREAMLITS = re.compile(
    r"/(_stcore|media|component|static|app|auth|oauth2callback)(/.*)?", re.DOTALL
)
PAGES_TOO = ("/metrics", "/api", "/api/docs")
SAFE = ("GET", "HEAD", "OPTIONS")
OVER = 4401  # the code with which a websocket of an ended sign-in is closed
UNREAD = (
    "unread"  # the reason where a message came after the end: static/over.js gives its words back
)

KEY = "ciclo.caller"

EVERY = 1.0  # seconds after which a socket that is written to is looked at again
MOST_NEXT = 2000


class Caller(NamedTuple):
    """Who has sent a request and from where; ``secret`` is that of the cookie, "" with a token."""

    person: Person
    origin: Origin
    secret: str = ""


def caller(scope: Scope) -> Caller | None:
    """Who has sent this request; None without sign-in, and where nobody has signed in."""
    found: Caller | None = scope.get(KEY)
    return found


def is_open(path: str) -> bool:
    """Whether a stranger is served at this path, in the present mode."""
    by_provider = settings().auth == "oidc" and path in BY_PROVIDER
    return by_provider or OPEN.fullmatch(path) is not None


class SigningIn:
    """Lets through who is signed in, and everybody to what is ``OPEN``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look who it is, then pass on, lead to /login, or refuse."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        scope.pop(KEY, None)
        with i18n.speaking(i18n.choose(Headers(scope=scope).get("accept-language"))):
            refusal = await self._refusal(scope)
        if scope["type"] == "websocket":
            return await self._socket(scope, receive, send, refusal)
        if refusal is not None:
            return await refusal(scope, receive, send)
        await self.app(scope, receive, Answer(scope, send).send)

    async def _refusal(self, scope: Scope) -> Response | None:
        path = scope["path"]
        if path not in WATCHED_BY and not connection.may_carry_secrets(scope):
            return refused(scope, plain_http())
        try:
            found = await run_in_threadpool(_who, scope)
        except CicloError as error:
            return refused(scope, error)
        if found is not None:
            scope[KEY] = found
        if scope["type"] == "http" and is_open(path):
            return None
        if found is None:
            return _to_sign_in(scope)
        if found.secret and not scope.get(OWN_ORIGIN) and not _only_reads(scope):
            return refused(scope, foreign())
        return None

    async def _socket(
        self, scope: Scope, receive: Receive, send: Send, refusal: Response | None
    ) -> None:
        found = caller(scope)
        if refusal is not None or found is None or not found.secret:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        watched = Watched(found, receive, send)
        await self.app(scope, watched.receive, watched.send)


class Watched:
    """A websocket's two ends, closed at the next message once its sign-in is over."""

    def __init__(self, found: Caller, receive: Receive, send: Send) -> None:
        self._found, self._receive, self._send = found, receive, send
        self._seen, self._over = clock.seconds(), False

    async def receive(self) -> Message:
        """What the browser sends, while the sign-in holds."""
        message = await self._receive()
        if message["type"] == "websocket.receive" and not await self._holds(UNREAD):
            return {"type": "websocket.disconnect", "code": OVER}
        return message

    async def send(self, message: Message) -> None:
        """What goes to the browser; of a long answer nothing more than a second after the end."""
        if message["type"] == "websocket.send" and clock.seconds() - self._seen > EVERY:
            await self._holds()
        if not self._over:
            await self._send(message)

    async def _holds(self, reason: str = "") -> bool:
        if self._over:
            return False
        self._seen = clock.seconds()
        now = await run_in_threadpool(sign_in.signed_in, self._found.secret)
        if now is None and not self._over:
            self._over = True
            await self._send({"type": "websocket.close", "code": OVER, "reason": reason})
        return not self._over


def refused(scope: Scope, error: CicloError) -> Response:
    """An error as the reader of this path takes it: JSON for programs (OpenAI's shape at /v1), a plain
    sentence for the rest."""
    from core.api import errors
    from core.api.gateway.errors import reshaped

    if not PROGRAMS.fullmatch(scope["path"]):
        said = f"{error.message} {error.hint}".strip()
        return PlainTextResponse(said, errors.status_of(error), {"cache-control": "no-store"})
    fields = {"cache-control": "no-store", **errors.told_beside(error)}
    told = errors.respond(errors.status_of(error), error.code, error.message, error.hint)
    answer: JSONResponse = reshaped(told) if scope["path"].startswith("/v1") else told
    answer.headers.update(fields)
    return answer


def own_path(wanted: str) -> str:
    """Where to go after sign-in: a path of ours, else the first page. Never another site."""
    bad = not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or len(wanted) > MOST_NEXT
    if bad or "\\" in wanted or not wanted.isascii() or not wanted.isprintable():
        return "/"
    return "/" if is_open(wanted.partition("?")[0]) else wanted


def plain_http() -> NotAllowed:
    """The error of a connection that anybody between here and there can read."""
    return NotAllowed(
        _("This connection is not encrypted, so nobody can sign in by it."),
        hint=_("Reach Ciclo by https:// (CICLO_PUBLIC_URL); CICLO_PLAIN_HTTP=true lifts this."),
        code="plain_http",
    )


def foreign() -> NotAllowed:
    """The error of a write that no page of ours has sent."""
    return NotAllowed(
        _("A request that changes something names our own page as its Origin."),
        hint=_("Programs use a token instead of the browser's cookie."),
        code="origin_refused",
    )


def _who(scope: Scope) -> Caller | None:
    where = connection.address(scope)
    program = PROGRAMS.fullmatch(scope["path"]) is not None
    if program and (shown := bearing.bearer(Headers(scope=scope), where)):
        return Caller(*shown)
    secret = connection.cookie(scope)
    found = sign_in.signed_in(secret) if secret else None
    if found is None:
        return None
    door = "api" if program else "page"
    return Caller(found.person, Origin(door, where, sign_in_id=found.sign_in.id), secret)


def _to_sign_in(scope: Scope) -> Response:
    """The way to /login for whoever wants a page, else 401."""
    path = scope["path"]
    reads = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
    for_people = "text/html" in Headers(scope=scope).get("accept", "")
    if (
        reads
        and not STREAMLITS.fullmatch(path)
        and (not PROGRAMS.fullmatch(path) or _a_page(scope))
    ):
        query = scope.get("query_string", b"").decode("latin-1")
        wanted = own_path(quote(path, safe="/") + (f"?{query}" if query else ""))
        target = "/login" if wanted == "/" else f"/login?next={quote(wanted, safe='/')}"
        return RedirectResponse(target, 303, {"cache-control": "no-store"})
    hint = _("Sign in at /login.") if for_people else _("Show a token: Authorization: Bearer ...")
    return refused(scope, NotSignedIn(_("Nobody is signed in here."), hint=hint))


def _a_page(scope: Scope) -> bool:
    """What people open in a browser among the programs' paths."""
    return scope["path"] in PAGES_TOO and "text/html" in Headers(scope=scope).get("accept", "")


def _only_reads(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] in SAFE


class Answer:
    """What goes out over HTTP: a program's in no cache, where it would outlive the sign-in; a long one no
    longer than a second after the end of the sign-in, or of the token, that asked for it."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._seen, self._over = clock.seconds(), False

    async def send(self, message: Message) -> None:
        """Pass on what may go out."""
        if self._over:
            return
        if message["type"] == "http.response.start":
            if PROGRAMS.fullmatch(self._scope["path"]):
                MutableHeaders(scope=message).setdefault("cache-control", "no-store")
        elif clock.seconds() - self._seen > EVERY and caller(self._scope):
            self._seen = clock.seconds()
            self._over = not await run_in_threadpool(_still, self._scope)
            message = {**message, "body": b"", "more_body": False} if self._over else message
        await self._send(message)


def _still(scope: Scope) -> bool:
    try:
        return _who(scope) is not None
    except CicloError:
        return False


def on() -> bool:
    """Whether this server has sign-in."""
    return settings().auth != "local"
