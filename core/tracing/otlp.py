"""Traces to an OpenTelemetry collector: only where OTEL_EXPORTER_OTLP_ENDPOINT names one.

In: the trace of an answer that has ended. Out: an "answer" span with the steps below it, handed to
OpenTelemetry's own exporter (HTTP, protobuf), which sends from a thread of its own and obeys the
usual OTEL_* variables. Always holds: neither questions nor prompts nor answers are sent; without an
address nothing is imported, and no failure here reaches an answer.
"""

import logging
import os
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from core.privacy.showing import shown
from core.tracing import SAID, Span, Trace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

log = logging.getLogger("ciclo.tracing")
ADDRESSES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
NANOSECONDS = 1_000_000_000


def export(trace: Trace, attributes: Mapping[str, Any]) -> None:
    """Hand the trace over; ``attributes`` are those of the whole answer."""
    if not any(os.environ.get(name) for name in ADDRESSES):
        return
    try:
        provider = _provider()
        if provider:
            _hand_over(provider, trace, attributes)
    except Exception:
        log.exception("a trace was not exported")


def flush(seconds: float = 5.0) -> None:
    """Send what waits (end of the process, a test)."""
    if _provider.cache_info().currsize and (provider := _provider()):
        provider.force_flush(int(seconds * 1000))


@cache
def _provider() -> "TracerProvider | None":
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("traces are not exported: install the extra with `python3 dev.py add otel`")
        return None
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "ciclo"}
    made = TracerProvider(resource=Resource.create(named))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made


def _hand_over(provider: "TracerProvider", trace: Trace, attributes: Mapping[str, Any]) -> None:
    from opentelemetry.trace import set_span_in_context

    tracer = provider.get_tracer("ciclo")
    begun = int(trace.at.timestamp() * NANOSECONDS)
    whole = tracer.start_span("answer", start_time=begun, attributes=_plain(attributes))
    below = set_span_in_context(whole)
    ended = begun
    for step in trace.spans:
        start = begun + int(step.start * NANOSECONDS)
        end = start + int(step.seconds * NANOSECONDS)
        span = tracer.start_span(step.name, below, start_time=start, attributes=_told(step))
        _close(span, step, end)
        ended = max(ended, end)
    whole.end(ended)


def _told(step: Span) -> dict[str, Any]:
    known = {name: value for name, value in step.attributes.items() if name != SAID}
    return _plain({"ciclo.step": step.kind, **shown(known)})


def _close(span: Any, step: Span, end: int) -> None:
    from opentelemetry.trace import Status, StatusCode

    if step.status == "error":
        span.set_attribute("error.type", step.code)
        span.set_status(Status(StatusCode.ERROR, step.code))
    span.end(end)


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What the protocol takes: no None, lists of texts."""
    kept = {name: value for name, value in attributes.items() if value is not None}
    return {n: [str(v) for v in x] if isinstance(x, list) else x for n, x in kept.items()}
