"""What the codes of traces are called: outcomes, reasons of a choice, failures, steps, attributes.

In: stable codes, as they are stored. Out: words in the reader's language; a code that is new to us
is shown as it is.
"""

from core import i18n
from core.i18n import N_, _
from pages.ui import models

OUTCOMES = {
    "answered": N_("answered"),
    "related": N_("related passages only"),
    "not_found": N_("not in the documents"),
    "cut_off": N_("cut off"),
    "error": N_("failed"),
}
MARKS = {"answered": "good", "related": "note", "not_found": "note", "cut_off": "bad"}
REASONS = {
    "champion": N_("champion"),
    "pinned": N_("chosen by the asker"),
    "rule": N_("a rule"),
    "experiment": N_("experiment: the challenger’s share"),
    "fallback": N_("fallback"),
}
CODES = {
    "not_reachable": N_("the server could not be reached"),
    "model_missing": N_("the model is not installed"),
    "busy": N_("the server was busy"),
    "refused": N_("the request was refused"),
    "timed_out": N_("too long a silence"),
    "cut_off": N_("the stream broke off"),
    "bad_answer": N_("no usable answer"),
    "no_key": N_("there was no key"),
    "not_installed": N_("a package is missing"),
    "not_configured": N_("the server is not configured"),
    "breaker_open": N_("resting after failures"),
    "stopped": N_("stopped by the asker"),
    "internal": N_("a mistake inside Ciclo"),
}
STEPS = {
    "route": N_("Choice of the model"),
    "memory": N_("Approved answers"),
    "cache": N_("Kept answers"),
    "wait": N_("In line"),
    "search": N_("Search in the documents"),
    "prompt": N_("Prompt"),
    "model": N_("Model"),
    "check": N_("Check against the documents"),
    "store": N_("Storing"),
}
ROLES = {"system": N_("Rules"), "human": N_("Question"), "ai": N_("Answer before")}
READ = {
    "cut": N_("The server read less than was sent: it cut the prompt."),
    "more": N_("The server counted more tokens than we did."),
}
ATTRIBUTES = {
    "gen_ai.provider.name": N_("Provider"),
    "gen_ai.request.model": N_("Model"),
    "gen_ai.usage.input_tokens": N_("Tokens read"),
    "gen_ai.usage.output_tokens": N_("Tokens written"),
    "gen_ai.usage.cache_read.input_tokens": N_("Tokens the provider had kept"),
    "gen_ai.response.finish_reasons": N_("Why it ended"),
    "ciclo.route.reason": N_("Reason"),
    "ciclo.version.number": N_("Version"),
    "ciclo.route.passed_over": N_("Passed over"),
    "ciclo.attempt": N_("Attempt"),
    "ciclo.load_seconds": N_("Loading the model"),
    "ciclo.prompt_seconds": N_("Reading the prompt"),
    "ciclo.generation_seconds": N_("Writing"),
    "ciclo.prompt.messages": N_("Messages"),
    "ciclo.prompt.tokens.limit": N_("Room for the prompt (tokens)"),
    "ciclo.prompt.dropped": N_("Left out"),
    "ciclo.search.passages": N_("Passages"),
    "ciclo.outcome": N_("Outcome"),
    "ciclo.citations": N_("Citations"),
    "ciclo.citations.removed": N_("Citations taken out"),
    "ciclo.groundedness": N_("Share of supported sentences"),
    "ciclo.cache.hit": N_("Given before"),
    "ciclo.memory.hit": N_("Approved before"),
    "ciclo.memory.lifted": N_("Approved questions like it"),
    "error.message": N_("What happened"),
    "ciclo.error.said": N_("What the server or its library said"),
}


def outcome(name: str | None) -> str:
    """How an answer ended."""
    return said(OUTCOMES, name) if name else _("being written")


def reason(code: str) -> str:
    """Why a model was chosen: "fallback: too long a silence", "rule 2"."""
    first, _colon, rest = code.partition(":")
    if first == "rule" and rest:
        return _("rule {n}").format(n=rest)
    if first == "fallback" and rest:
        return _("fallback: {why}").format(why=said(CODES, rest))
    return said(REASONS, code)


def passed(told: str) -> str:
    """A route that was passed over ("champion ollama:llama3.2 breaker_open"), in words."""
    parts = told.split(" ")
    if len(parts) < 3:
        return told
    return _("{model} ({reason}): {why}").format(
        model=named(" ".join(parts[1:-1])), reason=reason(parts[0]), why=said(CODES, parts[-1])
    )


def who(provider: str, name: str) -> str:
    """Who answered."""
    return models.title(provider, name) if name else provider


def named(model: str) -> str:
    """ "provider:model" as people read it."""
    provider, _colon, name = model.partition(":")
    return who(provider, name)


def said(words: dict[str, str], code: str) -> str:
    """The word for a code, else the code."""
    return _(words[code]) if code in words else code


def duration(value: float) -> str:
    """A duration as short as it is precise: "0,4 ms", "38 ms", "1,25 s"."""
    if value < 0.01:
        return f"{i18n.number(value * 1000, 1)} ms"
    if value < 1:
        return f"{i18n.number(value * 1000)} ms"
    return f"{i18n.number(value, 2)} s" if value < 10 else i18n.seconds(value)
