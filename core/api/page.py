"""The one HTML page that Streamlit serves, made ours on its way out.

``script_hashes()`` names its inline scripts for the content policy, computed from the installed
file. ``Page`` writes the reader's language into ``<html lang>`` (Streamlit always says "en") and
our name into the title that stands before the first run; with sign-in it adds the script that tells of
its end (``static/over.js``).
"""

import base64
import hashlib
import re
from html import escape
from importlib.util import find_spec
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import access, i18n
from core.api import signing_in
from core.config import settings
from core.i18n import _

UNCACHED = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
STALE = ("etag", "last-modified", "accept-ranges")  # true of the file, not of what we make of it


def script_hashes() -> list[str]:
    """A "sha256-..." for each inline script of Streamlit's index.html."""
    spec = find_spec("streamlit")  # finds the folder without importing it
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    html = (folder / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    return [f"sha256-{_digest(script)}" for script in scripts]


class Page:
    """Rewrites HTML answers outside ``/api`` and ``/v1``; everything else passes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold an HTML answer back until it is complete, then send it rewritten."""
        if not _asks_for_page(scope):
            return await self.app(scope, receive, send)
        wanted, found = Headers(scope=scope).get("accept-language", ""), signing_in.caller(scope)
        theirs = found.person.language if found else None
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in UNCACHED]
        held: list[Message] = []

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_html(message):
                held.append(message)
            elif held:
                held.append(message)
                if not message.get("more_body"):
                    await _send_rewritten(
                        held, await run_in_threadpool(language, wanted, theirs), send
                    )
            else:
                await send(message)

        await self.app(scope, receive, sending)


def language(wanted: str = "", theirs: str | None = None) -> str:
    """The reader's language: what the person chose (``theirs``; None: whoever sits here), else
    CICLO_LANGUAGE, else the browser's."""
    chosen = access.local_person().language if theirs is None else theirs
    return i18n.choose(chosen, settings().language, wanted)


async def _send_rewritten(held: list[Message], language: str, send: Send) -> None:
    start, *parts = held
    body = b"".join(part.get("body", b"") for part in parts)
    body = body.replace(b'<html lang="en">', f'<html lang="{language}">'.encode(), 1)
    body = body.replace(b"<title>Streamlit</title>", b"<title>Ciclo</title>", 1)
    if signing_in.on():
        body = body.replace(b"<head>", b"<head>" + _when_over(language).encode(), 1)
    headers = MutableHeaders(scope=start)
    for name in STALE:
        del headers[name]
    headers["content-language"] = language
    if "content-length" in headers and body:  # a HEAD answer has none
        headers["content-length"] = str(len(body))
    headers.add_vary_header("Accept-Language")
    if signing_in.on():  # "back" after a sign-out asks the server again
        headers["cache-control"] = "no-store"
    await send(start)
    await send({"type": "http.response.body", "body": body})


def _when_over(language: str) -> str:
    """The script that tells of a sign-in's end, before Streamlit's own, with its words."""
    with i18n.speaking(language):
        said = _("Your sign-in is over. What you typed stays here: sign in again in a new tab.")
        link = _("Sign in again")
    words = f'data-said="{escape(said)}" data-link="{escape(link)}"'
    return f'<script src="/login/files/over.js" {words}></script>'


def _asks_for_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    own = ("/api/", "/v1/", "/static/", "/_stcore/", "/media/", "/login", "/logout", "/link/")
    return not scope["path"].startswith(own)


def _is_html(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
