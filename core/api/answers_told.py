"""What Prometheus is told of answers: counted as each one ends, in the process that wrote it.

In: what was stored of an answer, and its trace. Out: counters and histograms in ``figures``. Always
holds: base units (seconds, dollars, shares from 0 to 1), few labels, each with few values: beyond
MOST_MODELS names the rest is "other". Nothing here is read from the database; counters begin at 0
with the process, as ``rate()`` expects.
"""

from collections.abc import Mapping
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from core.api.requests import figures
from core.chat import line, listeners, runs
from core.chat.types import FINISH
from core.tracing import INPUT_TOKENS, MODEL, OUTPUT_TOKENS, PROVIDER, Span, Trace

MOST_MODELS, MOST_CODES = 30, 60
OTHER, NOBODY = "other", "none"
AGAIN = {"cached": "cache", FINISH: "memory"}  # by the answer's finish_reason
# from a cached answer to one that a slow machine writes for minutes
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 300)
SHARES = tuple(n / 10 for n in range(1, 11))
# https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
CALL_SECONDS = tuple(0.01 * 2**n for n in range(14))
CALL_TOKENS = tuple(4**n for n in range(14))

answers = Counter("ciclo_answers", "Answers that ended.", ("outcome", "model"), registry=figures)
duration = Histogram(
    "ciclo_answer_duration_seconds",
    "From the question to the end of its answer, without the time in line; those given again apart.",
    ("model",),
    buckets=SECONDS,
    registry=figures,
)
first_token = Histogram(
    "ciclo_answer_first_token_seconds",
    "From the question to the first word of its answer; answers given again apart.",
    ("model",),
    buckets=SECONDS,
    registry=figures,
)
loading = Histogram(
    "ciclo_model_load_seconds", "Waiting for a model to load.", buckets=SECONDS, registry=figures
)
given_again = Counter(
    "ciclo_answers_given_again", "Answers that cache or memory gave.", ("source",), registry=figures
)
tokens = Counter("ciclo_answer_tokens", "Tokens of answers.", ("model", "type"), registry=figures)
dollars = Counter(
    "ciclo_answer_cost_dollars", "Cost of answers, US dollars.", ("model",), registry=figures
)
failed = Counter(
    "ciclo_answer_errors",
    "Answers that failed or were cut off, by reason.",
    ("code",),
    registry=figures,
)
fallbacks = Counter(
    "ciclo_answer_fallbacks",
    "Answers of another model than the one meant.",
    ("reason",),
    registry=figures,
)
waited = Histogram(
    "ciclo_answer_wait_seconds",
    "In line before a busy model; no part of the other times.",
    ("model",),
    buckets=SECONDS,
    registry=figures,
)
in_line = Gauge("ciclo_answers_waiting", "Answers that wait in line.", registry=figures)
grounded = Histogram(
    "ciclo_answer_groundedness_ratio",
    "Share of an answer's sentences that its passages support; quoted answers apart.",
    buckets=SHARES,
    registry=figures,
)
writing = Gauge("ciclo_answers_running", "Answers that are being written.", registry=figures)
calls = Histogram(
    "gen_ai_client_operation_duration_seconds",
    "Calls of models, as OpenTelemetry names them.",
    ("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "error_type"),
    buckets=CALL_SECONDS,
    registry=figures,
)
usage = Histogram(
    "gen_ai_client_token_usage",
    "Tokens of calls of models, as OpenTelemetry names them.",
    ("gen_ai_token_type", "gen_ai_provider_name", "gen_ai_request_model"),
    buckets=CALL_TOKENS,
    registry=figures,
)
writing.set_function(runs.running)
in_line.set_function(line.waiting)


class Few:
    """At most ``most`` different words; each further one becomes "other"."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._known: set[str] = set()

    def __call__(self, word: str) -> str:
        if word in self._known:
            return word
        if len(self._known) >= self.most:
            return OTHER
        self._known.add(word)
        return word


_model, _code, _reason = Few(MOST_MODELS), Few(MOST_CODES), Few(MOST_CODES)


def count(stored: Mapping[str, Any], trace: Trace) -> None:
    """An answer has ended: ``stored`` are columns of its row."""
    named = _model(f"{stored['provider']}:{stored['model_name']}") if _told(stored) else NOBODY
    answers.labels(stored["outcome"], named).inc()
    _failures(stored)
    if source := AGAIN.get(stored.get("finish_reason", "")):
        given_again.labels(source).inc()
    elif _told(stored):
        _measured(stored, named)
    for span in trace.spans:
        if span.kind == "model":
            _call(span)
        elif span.kind == "wait":
            waited.labels(named).observe(span.seconds)


def _told(stored: Mapping[str, Any]) -> bool:
    """Whether a model is known to have answered: none is where memory did, or we failed."""
    return bool(stored.get("model_name"))


def _failures(stored: Mapping[str, Any]) -> None:
    if stored["outcome"] in ("error", "cut_off"):
        failed.labels(_code(stored.get("error_code") or stored["outcome"])).inc()
    kind, _colon, why = str(stored.get("routing_reason", "")).partition(":")
    if kind == "fallback":
        fallbacks.labels(_reason(why)).inc()


def _measured(stored: Mapping[str, Any], named: str) -> None:
    duration.labels(named).observe(stored["total_seconds"])
    if (seconds := stored.get("first_token_seconds")) is not None:
        first_token.labels(named).observe(seconds)
    if seconds := stored.get("load_seconds"):
        loading.observe(seconds)
    for kind, column in (("input", "tokens_in"), ("output", "tokens_out")):
        tokens.labels(named, kind).inc(stored.get(column) or 0)
    tokens.labels(named, "cached_input").inc(stored.get("cached_tokens") or 0)
    dollars.labels(named).inc(max(stored.get("cost") or 0.0, 0.0))
    if (share := stored.get("groundedness")) is not None:
        grounded.observe(share)


def _call(span: Span) -> None:
    told = span.attributes
    provider = str(told.get(PROVIDER, ""))
    model = _model(f"{provider}:{told.get(MODEL, '')}").removeprefix(f"{provider}:")
    error = _code(span.code) if span.status == "error" else ""
    calls.labels("chat", provider, model, error).observe(span.seconds)
    for kind, name in (("input", INPUT_TOKENS), ("output", OUTPUT_TOKENS)):
        if (n := told.get(name)) is not None:
            usage.labels(kind, provider, model).observe(n)


listeners.listen(count)
