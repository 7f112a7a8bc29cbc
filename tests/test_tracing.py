"""Steps are timed and closed, whatever happens in them; a collector gets them where one is named."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from core import tracing
from core.errors import ModelFailed
from core.tracing import otlp


def test_a_step_lasts_as_long_as_its_block() -> None:
    trace = tracing.Trace()
    with trace.span("search", "search", {"a": 1}) as span:
        span.attributes["b"] = 2
    (told,) = trace.told()
    assert (told["kind"], told["status"], told["attributes"]) == ("search", "ok", {"a": 1, "b": 2})
    assert 0 <= told["start"] <= told["start"] + told["seconds"] <= trace.elapsed()


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (ModelFailed("caiu", code="cut_off"), "cut_off"),
        (ValueError("x"), "internal"),
        (KeyboardInterrupt(), "stopped"),
    ],
)
def test_a_step_that_raises_is_closed_with_the_code(raised: BaseException, code: str) -> None:
    trace = tracing.Trace()
    with pytest.raises(type(raised)), trace.span("model", "chat"):
        raise raised
    (told,) = trace.told()
    assert (told["status"], told["code"]) == ("error", code)


class Collector(HTTPServer):
    """Takes what OpenTelemetry's exporter sends."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: list[bytes] = []


class Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        otlp._provider.cache_clear()
        yield server
        if made := otlp._provider():
            made.shutdown()
        otlp._provider.cache_clear()
        server.shutdown()
        thread.join()


def test_a_collector_gets_the_answer_with_its_steps_below_it(collector: Collector) -> None:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    trace = tracing.Trace()
    with trace.span("search", "search", {"ciclo.search.passages": 6, "left": None}):
        pass
    with pytest.raises(ModelFailed), trace.span("model", "chat llama3.2"):
        raise ModelFailed("caiu", code="cut_off", said="half an answer")
    otlp.export(trace, {tracing.CONVERSATION: "c"})
    otlp.flush()
    (body,) = collector.bodies
    assert b"half an answer" not in body
    (resource,) = ExportTraceServiceRequest.FromString(body).resource_spans
    assert "ciclo" in str(resource.resource)
    spans = {span.name: span for span in resource.scope_spans[0].spans}
    assert set(spans) == {"answer", "search", "chat llama3.2"}
    assert spans["search"].parent_span_id == spans["answer"].span_id
    assert spans["chat llama3.2"].status.code == 2  # error
    assert "cut_off" in str(spans["chat llama3.2"].attributes)
    assert spans["answer"].start_time_unix_nano <= spans["search"].start_time_unix_nano
    assert spans["answer"].end_time_unix_nano >= spans["chat llama3.2"].end_time_unix_nano


def test_without_an_address_nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in otlp.ADDRESSES:
        monkeypatch.delenv(name, raising=False)
    otlp.export(tracing.Trace(), {})
    assert otlp._provider.cache_info().currsize == 0


def test_a_collector_that_fails_reaches_no_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("broken")

    monkeypatch.setenv(otlp.ADDRESSES[0], "http://127.0.0.1:9")
    monkeypatch.setattr(otlp, "_provider", broken)
    otlp.export(tracing.Trace(), {})
    assert "was not exported" in caplog.text
