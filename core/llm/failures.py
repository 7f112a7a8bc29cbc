"""The one place where what a model's server does wrong becomes ``ModelFailed``.

In: the unrelated exceptions that the providers' clients let through (Ollama's ResponseError, those
of openai and anthropic, transport and time-out errors of httpx and httpx2, JSON errors, the
built-in ConnectionError). Out: ModelFailed with one of these codes:

    not_reachable   nobody answers at the address
    model_missing   the server does not have the model
    busy            too many requests; trying again later helps (``retry_after`` where told)
    refused         the server will not run it (no memory, no permission, a bad parameter)
    timed_out       silence for longer than the limit
    cut_off         the answer began, or was about to, and ended without its done mark
    bad_answer      what came is not the protocol (a proxy's page, broken JSON) or is empty

Errors that are not of this kind (our own mistakes) pass through untouched. The sentences are ours,
in the reader's language; only a refusal quotes its server, which alone knows the reason. What a
library said is kept beside it (``said``), for log and trace. No key is in what comes out: what a
server echoes is blanked, and an error that holds it is not kept as the cause.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from core.errors import CicloError, ModelFailed
from core.i18n import N_, _

MESSAGES = {
    "not_reachable": N_("No model server answers at {server}."),
    "model_missing": N_("Model '{model}' is not on the server at {server}."),
    "busy": N_("The server at {server} is busy."),
    "refused": N_("The server at {server} refused to run '{model}': {detail}"),
    "timed_out": N_("Model '{model}' was silent for too long."),
    "cut_off": N_("The answer of '{model}' was cut off. {detail}"),
    "bad_answer": N_("What came from {server} is no answer of a model. {detail}"),
}
HINTS = {
    "not_reachable": N_("Check the address, and whether this machine may reach it."),
    "model_missing": N_("Choose one of the models that it offers."),
    "busy": N_("Try again in a moment."),
    "refused": N_("Choose another model; what the server says names the reason."),
    "timed_out": N_(
        "CICLO_ANSWER_SILENCE_S sets how long a model may be silent, CICLO_ANSWER_TOTAL_S how long an "
        "answer may take."
    ),
    "cut_off": N_("Ask again."),
    "bad_answer": N_("Check that the model's server itself listens there, and not a proxy."),
}
OF_SERVER = {  # where no model was asked for
    "timed_out": N_("The server at {server} takes connections and says nothing."),
    "cut_off": N_("The server at {server} broke off. {detail}"),
    "refused": N_("The server at {server} refused: {detail}"),
}
HINTS_OF_SERVER = {"timed_out": N_("Restart it there; other programs may hold it up.")}
OLLAMA_HINTS = {
    "not_reachable": N_("Start Ollama there, or set CICLO_OLLAMA_URL to where it runs."),
    "model_missing": N_("Pull it on the models page or with: ollama pull {model}"),
    "refused": N_("Choose a smaller or another model."),
    "timed_out": N_(
        "A first answer may wait for the model to load; CICLO_ANSWER_SILENCE_S sets the limit."
    ),
    "bad_answer": N_("Check that Ollama itself listens there, and not a proxy or another program."),
}
OTHERS = {  # of answers that ended without a call of a model
    "breaker_open": N_("It is tried again by itself."),
    "no_key": N_("Set the key that it needs, or choose another model."),
    "not_installed": N_("Install the package that it needs, or choose another model."),
    "not_configured": N_("Name its server in CICLO_SERVERS, or choose another model."),
    "internal": N_("Ask again."),
}
QUOTED = ("refused",)
WORDS = MESSAGES.keys()
NO_ENTRY = N_("Check the key in {key_name}: the server does not accept it.")
DETAIL_LENGTH = 200
LONGEST_WAIT = 3600.0  # seconds; a server that says more means "not today"
SECRETS = re.compile(r"\b(sk|pk|gsk|AIza|xai|hf)[-_A-Za-z0-9*.]{8,}|(?i:bearer) +[^\s\"',}]+")
MISSING = ("not found", "does not exist", "no such model", "not_found", "unknown model")
CROWDED = ("overloaded", "rate_limit", "rate limit", "too many requests", "unavailable", "capacity")
STATUS_CODES = {
    401: "refused",
    402: "refused",
    403: "refused",
    408: "timed_out",
    409: "busy",
    413: "refused",
    422: "refused",
    429: "busy",
    502: "not_reachable",
    503: "busy",
    504: "timed_out",
    529: "busy",  # Anthropic: overloaded
}


def failed(
    code: str,
    *,
    model: str,
    server: str,
    detail: str = "",
    provider: str = "ollama",
    hint: str = "",
    retry_after: float | None = None,
    said: str = "",
) -> ModelFailed:
    """The ModelFailed of ``code``, in the reader's language, without credentials of ``server``.

    ``detail`` is a sentence of ours, or the server's reason for refusing; ``said`` is not shown.
    """
    messages, hints = MESSAGES, HINTS | OLLAMA_HINTS if provider == "ollama" else HINTS
    if not model:
        messages, hints = messages | OF_SERVER, hints | HINTS_OF_SERVER
    values = {"model": model, "server": shown(server), "detail": _short(detail)}
    return ModelFailed(
        _(messages[code]).format(**values).strip(),
        hint=hint or _(hints[code]).format(**values),
        code=code,
        retry_after=retry_after,
        said=_short(said),
    )


def way_out(code: str) -> str:
    """What to do about a stored failure, in the reader's language; "" where there is nothing."""
    known = HINTS | OTHERS
    return _(known[code]) if code in known else ""


@contextmanager
def translating(
    *, model: str, server: str, provider: str = "ollama", key: str = "", key_name: str = ""
) -> Iterator[None]:
    """Within the block, a server's misbehaviour is raised as ModelFailed.

    ``key`` is what must not show; ``key_name`` the variable it was read from.
    """
    try:
        yield
    except CicloError:
        raise
    except Exception as error:
        code = code_of(error)
        if not code:
            raise
        denied = key_name and _status(error) in (401, 403)
        said = redacted(_detail(error), key)
        failure = failed(
            code,
            model=model,
            server=server,
            detail=said if code in QUOTED else "",
            said=said,
            provider=provider,
            hint=_(NO_ENTRY).format(key_name=key_name) if denied else "",
            retry_after=retry_after(error),
        )
        raise failure from (None if key and key in _whole(error) else error)


def code_of(error: BaseException) -> str:
    """The code of a client library's ``error``, or "" when it is none of theirs."""
    for each in _with_causes(error):
        code = _code(each)
        if code:
            return code
    return ""


def retry_after(error: BaseException) -> float | None:
    """Seconds to wait, where the server has said so; never negative."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    seconds = _seconds(str(headers.get("retry-after", "")).strip())
    return None if seconds is None else max(0.0, min(seconds, LONGEST_WAIT))


def redacted(text: str, key: str = "") -> str:
    """``text`` without ``key`` and without what looks like one."""
    return SECRETS.sub("…", text.replace(key, "…") if key else text)


def shown(server: str) -> str:
    """The address as it may be shown: without user and password."""
    parts = urlsplit(server)
    return (
        server
        if "@" not in parts.netloc
        else server.replace(parts.netloc.rpartition("@")[0] + "@", "")
    )


def _seconds(told: str) -> float | None:
    """Seconds until what a Retry-After says: seconds or a date (RFC 9110); None for neither."""
    try:
        return float(told)
    except ValueError:
        return _seconds_until(told)


def _seconds_until(date: str) -> float | None:
    try:
        return (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):  # no date, or one without a zone
        return None


def _code(error: BaseException) -> str:
    status = _status(error)
    if status is not None and not (200 <= status < 300 and getattr(error, "body", None)):
        return _of_response(status, _detail(error))
    if status or (hasattr(error, "body") and hasattr(error, "request") and not error.__cause__):
        return _of_event(_detail(error))  # openai and anthropic: an error in mid-stream
    return next((code for code, kinds in _families() if isinstance(error, kinds)), "")


def _families() -> list[tuple[str, tuple[type[BaseException], ...]]]:
    # an error of a library that nobody has loaded does not exist
    kits = [sys.modules[name] for name in ("httpx", "httpx2") if name in sys.modules]

    def both(*names: str) -> tuple[type[BaseException], ...]:
        return tuple(getattr(kit, name) for kit in kits for name in names)

    return [
        ("not_reachable", (*both("ConnectError", "ConnectTimeout"), ConnectionError)),
        ("not_reachable", both("UnsupportedProtocol", "InvalidURL", "ProxyError")),
        ("busy", both("PoolTimeout")),
        ("timed_out", (*both("TimeoutException"), TimeoutError)),
        ("bad_answer", both("DecodingError")),
        ("cut_off", both("TransportError", "StreamError")),
        # what the client library trips over when the bytes are not the protocol
        ("bad_answer", (ValueError, TypeError, LookupError, AttributeError)),
        ("bad_answer", (RecursionError, OverflowError)),
    ]


def _with_causes(error: BaseException) -> list[BaseException]:
    """The error and what it came from: openai's "connection error" alone says little."""
    found = [error]
    while found[-1].__cause__ and found[-1].__cause__ not in found:
        found.append(found[-1].__cause__)
    return found


def _status(error: BaseException) -> int | None:
    """The status of the server's answer; -1 for Ollama's error line; None without an answer."""
    response = getattr(error, "response", None)
    status = getattr(error, "status_code", None) or getattr(response, "status_code", None)
    return status if isinstance(status, int) else None


def _of_response(status: int, text: str) -> str:
    words = text.lower()
    if status in (404, -1):
        missing = any(sign in words for sign in MISSING)
        if missing and "page not found" not in words and "<html" not in words:
            return "model_missing"
    if status == -1:  # an error line in the middle of a stream
        return "refused" if "memory" in words else "cut_off"
    if status == 429 and "insufficient_quota" in words:
        return "refused"  # coming back does not help
    if status in STATUS_CODES:
        return STATUS_CODES[status]
    return "refused" if status in (400, 500) and "<html" not in words else "bad_answer"


def _of_event(text: str) -> str:
    words = text.lower()
    if any(sign in words for sign in CROWDED):
        return "busy"
    return "model_missing" if any(sign in words for sign in MISSING) else "cut_off"


def _detail(error: BaseException) -> str:
    """What the server said, as text."""
    body: Any = getattr(error, "body", None)
    if isinstance(body, dict):
        inner = body.get("error", body)
        told = inner if isinstance(inner, dict) else {"message": inner}
        named = [told.get("message"), told.get("code") or told.get("type")]
        return " · ".join(str(each) for each in named if each) or str(body)
    if body:
        return str(body)
    response = getattr(error, "response", None)
    try:
        text = str(response.text) if response is not None and response.text else str(error)
    except Exception:  # its body was never read
        text = str(error)
    return _unwrapped(text)


def _unwrapped(text: str) -> str:
    """The sentence in Ollama's {"error": "..."}; any other text as it is."""
    try:
        told = json.loads(text)
    except ValueError:
        return text
    return str(told["error"]) if isinstance(told, dict) and told.get("error") else text


def _whole(error: BaseException) -> str:
    """All that a log would show of ``error``."""
    return " ".join(f"{each!r} {each}" for each in [*_with_causes(error), error.__context__])


def _short(detail: str) -> str:
    flat = " ".join(detail.split())
    return flat if len(flat) <= DETAIL_LENGTH else flat[: DETAIL_LENGTH - 1] + "…"
