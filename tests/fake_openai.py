"""Servers that speak OpenAI's and Anthropic's protocols over HTTP, with faults to switch on.

    with FakeOpenAI() as server:
        server.says, server.fault = "Uma resposta.", "tcp_cut"

They listen on 127.0.0.1 alone and are used with the real clients. ``asked`` holds every request as
(path, body), ``headers`` those of each; ``hung_up`` counts the streams that the client left before
their end. ``raw`` is sent as it is instead of an answer. Words go out one event each.
"""

import hashlib
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGE = "<html><body><h1>It works!</h1></body></html>"
STATUSES = {
    "denied": (401, "Incorrect API key provided: {key}. You can find your key in your account."),
    "forbidden": (403, "This key may not use the model."),
    "missing": (404, "The model '{model}' does not exist or you do not have access to it."),
    "too_long": (400, "This model's maximum context length is 8192 tokens."),
    "busy": (429, "Rate limit reached, slow down."),
    "quota": (429, "insufficient_quota: You exceeded your current quota."),
    "broken": (500, "The server had an error while processing your request."),
    "down": (503, "The engine is currently overloaded."),
}
FAULTS = {
    **{name: f"{status}, as JSON" for name, (status, _words) in STATUSES.items()},
    "html_502": "502 and a web page",
    "html": "200 and a web page",
    "redirect": "307 to another server, at ``elsewhere``",
    "silence": "the request is taken and nothing comes",
    "comments": "comments that keep the connection alive, and nothing else, for ever",
    "drip": "one byte after another, never a line",
    "stall": "two words, then nothing more",
    "tcp_cut": "two words, then the connection breaks",
    "early_end": "two words, then a clean end without a reason",
    "broken_json": "two words, then half an event",
    "error_event": "two words, then an event with an error",
    "busy_event": "two words, then an event that says it is overloaded",
    "empty": "an end and no word",
    "packed": "a body that says it is packed",
}


@dataclass
class FakeOpenAI:
    """The server; start it with ``with``. Everything may be changed while it runs."""

    says: str = "A loja abre às nove horas [1]."
    thinks: str = ""
    thinks_as: str = "reasoning_content"  # or reasoning, or tags
    reason: str = "stop"
    models: tuple[str, ...] = ("llama-3.3-70b", "gpt-4o-mini")
    cached: int = 0
    fault: str = ""
    raw: bytes | None = None
    raw_type: str = "text/event-stream"
    retry_after: str = ""
    pause: float = 0.0
    elsewhere: str = ""
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list, repr=False)
    headers: list[dict[str, str]] = field(default_factory=list, repr=False)
    hung_up: int = 0

    def __enter__(self) -> "FakeOpenAI":
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def body(self) -> dict[str, Any]:
        """The last request that was not a list of models."""
        return [body for _path, body in self.asked if body][-1]

    def error(self, message: str, status: int) -> dict[str, Any]:
        return {"error": {"message": message, "type": "server_error", "code": None}}

    def usage(self, body: dict[str, Any]) -> dict[str, Any]:
        read = len(json.dumps(body["messages"]).split())
        return {
            "prompt_tokens": read,
            "completion_tokens": len(self.says.split()),
            "total_tokens": read + len(self.says.split()),
            "prompt_tokens_details": {"cached_tokens": self.cached},
        }

    def events(self, body: dict[str, Any], *, words: bool = True) -> Iterator[str]:
        """The stream of a chat, event by event."""
        yield self._event(body, {"role": "assistant", "content": ""})
        for word in _words(self.thinks) if self.thinks_as != "tags" else ():
            yield self._event(body, {self.thinks_as: word})
        tagged = f"<think>{self.thinks}</think>\n\n{self.says}" if self.thinks else self.says
        for word in _words(tagged if self.thinks_as == "tags" else self.says) if words else ():
            yield self._event(body, {"content": word})
        yield self._event(body, {}, finish_reason=self.reason)
        if (body.get("stream_options") or {}).get("include_usage"):
            whole = self._shape(body) | {"choices": [], "usage": self.usage(body)}
            yield f"data: {json.dumps(whole)}\n\n"
        yield "data: [DONE]\n\n"

    def error_event(self, message: str) -> str:
        return f"data: {json.dumps(self.error(message, 500))}\n\n"

    def whole(self, body: dict[str, Any]) -> dict[str, Any]:
        message = {"role": "assistant", "content": self.says}
        choice = {"index": 0, "message": message, "finish_reason": self.reason}
        shape = self._shape(body) | {"object": "chat.completion"}
        return shape | {"choices": [choice], "usage": self.usage(body)}

    def embeddings(self, body: dict[str, Any]) -> dict[str, Any]:
        given = body["input"]
        texts = [given] if isinstance(given, str) else given
        vectors = [[b / 255 for b in hashlib.sha256(str(t).encode()).digest()[:8]] for t in texts]
        data = [{"object": "embedding", "index": n, "embedding": v} for n, v in enumerate(vectors)]
        used = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
        return {"object": "list", "model": body["model"], "data": data, "usage": used}

    def listing(self) -> dict[str, Any]:
        facts = {"object": "model", "created": 1, "owned_by": "us", "max_model_len": 32_768}
        return {"object": "list", "data": [{"id": name} | facts for name in self.models]}

    def _shape(self, body: dict[str, Any]) -> dict[str, Any]:
        kind = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1}
        return kind | {"model": body.get("model", "")}

    def _event(self, body: dict[str, Any], delta: dict[str, Any], **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": None} | more
        return f"data: {json.dumps(self._shape(body) | {'choices': [choice]})}\n\n"


@dataclass
class FakeAnthropic(FakeOpenAI):
    """The same with Anthropic's words."""

    reason: str = "end_turn"
    models: tuple[str, ...] = ("claude-sonnet-4-6", "claude-opus-5")

    @property
    def url(self) -> str:
        return super().url.removesuffix("/v1")

    def error(self, message: str, status: int) -> dict[str, Any]:
        return {"type": "error", "error": {"type": "api_error", "message": message}}

    def error_event(self, message: str) -> str:
        return _named("error", self.error(message, 500))

    def events(self, body: dict[str, Any], *, words: bool = True) -> Iterator[str]:
        read = len(json.dumps(body["messages"]).split())
        used = {"input_tokens": read, "cache_read_input_tokens": self.cached, "output_tokens": 1}
        message: dict[str, Any] = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "content": [],
        }
        message |= {"model": body["model"], "stop_reason": None, "usage": used}
        yield _named("message_start", {"type": "message_start", "message": message})
        parts = [("thinking", self.thinks)] if self.thinks and body.get("thinking") else []
        parts += [("text", self.says)] if words else []
        for index, (kind, text) in enumerate(parts):
            yield from self._part(index, kind, text)
        end = {"stop_reason": self.reason, "stop_sequence": None}
        spent = used | {"output_tokens": len(self.says.split())}
        yield _named("message_delta", {"type": "message_delta", "delta": end, "usage": spent})
        yield _named("message_stop", {"type": "message_stop"})

    def listing(self) -> dict[str, Any]:
        data = [{"id": name, "type": "model", "display_name": name} for name in self.models]
        return {"data": data, "has_more": False, "first_id": "", "last_id": ""}

    def _part(self, index: int, kind: str, text: str) -> Iterator[str]:
        at = {"index": index}
        empty = {"type": kind, kind: ""} | ({"signature": ""} if kind == "thinking" else {})
        opening = {"type": "content_block_start", "content_block": empty} | at
        yield _named("content_block_start", opening)
        for word in _words(text):
            delta = {"type": f"{kind}_delta", kind: word}
            yield _named(
                "content_block_delta", {"type": "content_block_delta", "delta": delta} | at
            )
        yield _named("content_block_stop", {"type": "content_block_stop"} | at)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the game; anything else is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    fake: FakeOpenAI
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(json.loads(sent or b"{}"))

    def _answer(self, body: dict[str, Any]) -> None:
        fake = self.fake
        fake.asked.append((self.path, body))
        fake.headers.append({name.lower(): value for name, value in self.headers.items()})
        assert not fake.fault or fake.fault in FAULTS, fake.fault
        try:
            if not self._refused(body):
                self._served(body)
        except (BrokenPipeError, ConnectionResetError):
            fake.hung_up += 1
            self.close_connection = True

    def _refused(self, body: dict[str, Any]) -> bool:
        """Whether a fault has answered instead of the server."""
        fault = self.fake.fault
        if fault in STATUSES:
            status, words = STATUSES[fault]
            key = self.fake.headers[-1].get("authorization", "").removeprefix("Bearer ")
            key = key or self.fake.headers[-1].get("x-api-key", "")
            said = words.format(key=key, model=body.get("model"))
            self._send(status, json.dumps(self.fake.error(said, status)))
        elif fault in ("html", "html_502"):
            self._send(200 if fault == "html" else 502, PAGE, "text/html; charset=utf-8")
        elif fault == "redirect":
            self._send(307, "{}", Location=self.fake.elsewhere)
        elif fault == "packed":
            self._send(200, "x" * 40, "text/event-stream", **{"Content-Encoding": "gzip"})
        elif fault == "silence":
            self.fake.closing.wait(60)
            self.close_connection = True
        return fault in (*STATUSES, "html", "html_502", "redirect", "silence", "packed")

    def _served(self, body: dict[str, Any]) -> None:
        fake, path = self.fake, self.path.partition("?")[0]
        if fake.raw is not None:
            return self._send(200, fake.raw.decode("latin-1"), fake.raw_type)
        if path.endswith("/models"):
            return self._send(200, json.dumps(fake.listing()))
        if path.endswith("/embeddings"):
            return self._send(200, json.dumps(fake.embeddings(body)))
        if not path.endswith(("/chat/completions", "/messages")):
            return self._send(404, json.dumps(fake.error("Not Found", 404)))
        if not body.get("stream"):
            return self._send(200, json.dumps(fake.whole(body)))
        return self._stream(fake.events(body, words=fake.fault != "empty"))

    def _stream(self, events: Iterator[str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if self.fake.fault in ("comments", "drip"):
            return self._keep_alive(": still here\n\n" if self.fake.fault == "comments" else "x")
        words = 0
        for event in events:
            if words == 2 and self._broken():
                return None
            self._chunk(event)
            words += '"content": "' in event and '"content": ""' not in event
            words += '"text_delta"' in event
            time.sleep(self.fake.pause)
        return self._chunk("")

    def _keep_alive(self, text: str) -> None:
        while not self.fake.closing.wait(0.02):
            self._chunk(text)
        self.close_connection = True

    def _broken(self) -> bool:
        """Whether the fault has ended the stream."""
        fault = self.fake.fault
        if fault == "stall":
            self.fake.closing.wait(60)
            self.close_connection = True
        elif fault == "tcp_cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif fault in ("early_end", "broken_json", "error_event", "busy_event"):
            if fault == "broken_json":
                self._chunk('event: content_block_delta\ndata: {"id": "x", "cho\n\n')
            if fault.endswith("_event"):
                said = "Overloaded" if fault == "busy_event" else "unexpected EOF"
                self._chunk(self.fake.error_event(said))
            self._chunk("")
        return fault in "stall tcp_cut early_end broken_json error_event busy_event".split()

    def _send(self, status: int, said: str, kind: str = "application/json", **more: str) -> None:
        data = said.encode("latin-1" if self.fake.raw is not None else "utf-8")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if self.fake.retry_after:
            self.send_header("Retry-After", self.fake.retry_after)
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):X}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def _named(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _words(text: str) -> list[str]:
    return [word if n == 0 else " " + word for n, word in enumerate(text.split())]
