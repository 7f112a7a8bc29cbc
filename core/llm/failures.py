"""The one place where what a model's server does wrong becomes ``ModelFailed``.

In: the unrelated exceptions that Ollama's clients let through (their own ResponseError, httpx's
transport and time-out errors, JSON errors, the built-in ConnectionError). Out: ModelFailed with
one of these codes:

    not_reachable   nobody answers at the address
    model_missing   the server does not have the model
    busy            too many requests; trying again later helps
    refused         the server will not run it (no memory, no permission, a bad parameter)
    timed_out       silence for longer than the limit
    cut_off         the answer began, or was about to, and ended without its done mark
    bad_answer      what came is not the protocol (a proxy's page, broken JSON) or is empty

Errors that are not of this kind (our own mistakes) pass through untouched.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from core.errors import CicloError, ModelFailed
from core.i18n import N_, _

WORDS = {
    "not_reachable": (
        N_("No model server answers at {server}."),
        N_("Start Ollama there, or set CICLO_OLLAMA_URL to where it runs."),
    ),
    "model_missing": (
        N_("Model '{model}' is not on the server at {server}."),
        N_("Pull it on the models page or with: ollama pull {model}"),
    ),
    "busy": (
        N_("The server at {server} is busy."),
        N_("Try again in a moment."),
    ),
    "refused": (
        N_("The server at {server} refused to run '{model}': {detail}"),
        N_("Choose a smaller or another model."),
    ),
    "timed_out": (
        N_("Model '{model}' was silent for too long."),
        N_("A first answer may wait for the model to load; CICLO_ANSWER_SILENCE_S sets the limit."),
    ),
    "cut_off": (
        N_("The answer of '{model}' was cut off. {detail}"),
        N_("Ask again."),
    ),
    "bad_answer": (
        N_("What came from {server} is no answer of a model: {detail}"),
        N_("Check that Ollama itself listens there, and not a proxy or another program."),
    ),
}
DETAIL_LENGTH = 200
STATUS_CODES = {
    401: "refused",
    403: "refused",
    408: "timed_out",
    413: "refused",
    429: "busy",
    502: "not_reachable",
    503: "busy",
    504: "timed_out",
}


def failed(code: str, *, model: str, server: str, detail: str = "") -> ModelFailed:
    """The ModelFailed of ``code``, in the reader's language, without credentials of ``server``."""
    message, hint = WORDS[code]
    values = {"model": model, "server": shown(server), "detail": _short(detail)}
    return ModelFailed(
        _(message).format(**values).strip(), hint=_(hint).format(**values), code=code
    )


@contextmanager
def translating(*, model: str, server: str) -> Iterator[None]:
    """Within the block, a server's misbehaviour is raised as ModelFailed."""
    try:
        yield
    except CicloError:
        raise
    except Exception as error:
        code = code_of(error)
        if not code:
            raise
        raise failed(code, model=model, server=server, detail=str(error)) from error


def code_of(error: Exception) -> str:
    """The code of a client library's ``error``, or "" when it is none of theirs."""
    import httpx
    import ollama

    if isinstance(error, ollama.ResponseError):
        return _of_response(error.status_code, error.error)
    if isinstance(error, httpx.HTTPStatusError):
        return _of_response(error.response.status_code, error.response.text)
    families: list[tuple[str, tuple[type[Exception], ...]]] = [
        ("not_reachable", (httpx.ConnectError, httpx.ConnectTimeout, ConnectionError)),
        ("not_reachable", (httpx.UnsupportedProtocol, httpx.InvalidURL)),
        ("busy", (httpx.PoolTimeout,)),
        ("timed_out", (httpx.TimeoutException, TimeoutError)),
        ("bad_answer", (httpx.DecodingError,)),
        ("cut_off", (httpx.TransportError, httpx.StreamError)),
        # what the client library trips over when the bytes are not the protocol
        ("bad_answer", (ValueError, TypeError, KeyError, AttributeError)),
    ]
    return next((code for code, kinds in families if isinstance(error, kinds)), "")


def shown(server: str) -> str:
    """The address as it may be shown: without user and password."""
    parts = urlsplit(server)
    return (
        server
        if "@" not in parts.netloc
        else server.replace(parts.netloc.rpartition("@")[0] + "@", "")
    )


def _of_response(status: int, text: str) -> str:
    words = text.lower()
    if status == 404 or status == -1:
        missing = "not found" in words or "does not exist" in words
        if missing and "page not found" not in words and "<html" not in words:
            return "model_missing"
    if status == -1:  # an error line in the middle of a stream
        return "refused" if "memory" in words else "cut_off"
    if status in STATUS_CODES:
        return STATUS_CODES[status]
    return "refused" if status in (400, 500) and "<html" not in words else "bad_answer"


def _short(detail: str) -> str:
    flat = " ".join(detail.split())
    return flat if len(flat) <= DETAIL_LENGTH else flat[: DETAIL_LENGTH - 1] + "…"
