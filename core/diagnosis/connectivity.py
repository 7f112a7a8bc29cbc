"""``ciclo diagnose connectivity``: everything Ciclo talks to, one after the other.

Looked at are the database, the index, Ollama, the servers that CICLO_SERVERS names, Redis where it
is set, and hosted providers that an assistant uses; no other hosted provider is called.
"""

from collections.abc import Iterator
from functools import partial
from time import monotonic

from core import llm, retrieval
from core.access import allowed
from core.config import settings
from core.diagnosis import machine
from core.diagnosis.finding import Finding, failed
from core.diagnosis.inventory import uses
from core.diagnosis.running import Check, run
from core.errors import CicloError, ModelFailed
from core.i18n import _, ngettext, number
from core.llm import ollama
from core.llm.endpoints import COMPATIBLE

OURS = ("embedded", "fake", "huggingface", "ollama")  # those within this process, and one above


@allowed("change")
def connectivity() -> Iterator[Finding]:
    """Findings about all that is outside this process."""
    checks = [
        Check("database", machine.database),
        Check("index", machine.index),
        Check("embedder", _embedder),
        Check("server", _ollama, subject="ollama"),
    ]
    if settings().redis_url:
        checks.append(Check("server", _redis, subject="redis"))
    named = uses()
    for one in llm.providers():
        used = any(name.startswith(one.prefix) for name in named)
        if one.name not in OURS and (one.ready or used):
            checks.append(Check("provider", partial(_provider, one, used), subject=_called(one)))
    yield from run(checks, "connectivity")


def _embedder() -> Finding:
    status = retrieval.embedder()
    name = status.embedder.key
    if status.error_code:
        advice = _("`ciclo documents embedder` shows and changes who makes the vectors.")
        return Finding("embedder", "bad", status.error, advice, name)
    told = f"{number(status.done)}/{number(status.total)}"
    return Finding("embedder", "good", told, subject=name)


def _ollama() -> Finding:
    """Ollama answers; where it does not, that is bad if an assistant is meant to use it."""
    server, begun = settings().ollama, monotonic()
    try:
        version = ollama.version()
        models = ollama.installed()
    except ModelFailed as failure:
        if any(name.startswith("ollama:") for name in uses()):
            return failed("server", failure, "ollama")
        advice = _("No assistant uses it: Ciclo quotes your documents. {hint}")
        advice = advice.format(hint=failure.hint)
        return Finding("server", "note", failure.message, advice, "ollama")
    took = monotonic() - begun
    n = len(models)
    told = ngettext("{n} model", "{n} models", n).format(n=number(n))
    return Finding("server", "good", f"{server} · {version} · {told}", "", "ollama", took)


def _redis() -> Finding:
    try:
        import redis
    except ImportError:
        advice = _("Install it: {command}").format(command="python3 dev.py add redis")
        told = _("CICLO_REDIS_URL is set, and the package redis is not installed.")
        return Finding("server", "bad", told, advice, "redis")
    patience = {"socket_timeout": machine.PATIENCE, "socket_connect_timeout": machine.PATIENCE}
    begun = monotonic()
    try:
        redis.Redis.from_url(settings().redis_url, **patience).ping()
    except redis.RedisError as error:
        advice = _("Answers are kept in the process alone until it is back. See CICLO_REDIS_URL.")
        return Finding("server", "note", str(error), advice, "redis")
    return Finding("server", "good", _("answers"), subject="redis", seconds=monotonic() - begun)


def _provider(one: llm.Provider, used: bool) -> Finding:
    """A provider that could be reached: its list of models, where it may be asked."""
    subject = _called(one)
    if not one.ready:
        lacking = _("lacks: {what}").format(what=one.missing)
        return Finding("provider", "bad", lacking, one.hint, subject)
    if not used and one.name != COMPATIBLE:
        told = _("ready; no assistant uses it, so it was not called")
        return Finding("provider", "good", told, subject=subject)
    begun = monotonic()
    try:
        n = len(llm.models(one.name, subject.partition("/")[2]))
    except CicloError as error:
        return failed("provider", error, subject)
    told = ngettext("{n} model", "{n} models", n).format(n=number(n))
    return Finding("provider", "good", told, "", subject, monotonic() - begun)


def _called(one: llm.Provider) -> str:
    """ "openai", "openai-compatible/lab"."""
    return one.prefix.rstrip(":/").replace(":", "/")
