"""An Ollama server that is none: it speaks the real protocol over HTTP, with faults to switch on.

    with FakeOllama() as server:
        server.says = "Uma resposta."
        server.faults["/api/chat"] = "tcp_cut"

It listens on 127.0.0.1 alone and is used with the real clients. ``asked`` holds every request as
(path, body); ``hung_up`` counts the streams that the client left before their end. Words go out
one line each, ``pause`` seconds apart. Vectors count the words of a text, each as what it
``means`` if that is given; a text that holds ``poison`` makes the server fail.
"""

import hashlib
import json
import re
import socket
import sys
import threading
import time
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOMENT = "2026-11-20T12:00:00.123456Z"
LAYERS = (("sha256:" + "a" * 64, 2_000_000), ("sha256:" + "b" * 64, 12_000))
FAULTS = {
    "missing": "404, as for a model that is not there",
    "busy": "503, too many requests waiting",
    "refused": "500, the model does not fit into memory",
    "silence": "the request is taken and nothing comes",
    "slow_start": "the first word comes after ``delay`` seconds",
    "stall": "two words, then nothing more",
    "tcp_cut": "two words, then the connection breaks",
    "early_end": "two words, then a clean end without the done line",
    "dropped": "a clean end before the first word",
    "drip": "one blank after another, never a line",
    "broken_json": "two words, then half a line",
    "error_line": "two words, then a line with an error",
    "empty": "the done line and no word",
    "load_only": "the model was loaded and generated nothing",
    "redirect": "307 to another server, at ``elsewhere``",
    "html": "200 and a web page, as some proxies answer",
    "html_502": "502 and a web page, as proxies answer for a server that is down",
    "few": "a vector less than texts",
    "nan": "vectors of no numbers",
    "zeros": "vectors of length 0",
    "huge": "vectors of endless length",
    "same": "the same vector for every text",
    "other_size": "vectors of another dimension than usual",
    "words": "words in place of vectors",
    "no_embeddings": "400, as newer servers answer for a chat model",
}
PAGE = "<html><body><h1>It works!</h1></body></html>"


@dataclass
class FakeModel:
    """A model as the server tells of it. ``size`` in bytes."""

    name: str
    parameters: str = "3.2B"
    family: str = "llama"
    capabilities: tuple[str, ...] = ("completion", "tools")
    size: int = 2_000_000_000
    context_tokens: int = 131_072
    modified_at: str = MOMENT

    @property
    def digest(self) -> str:
        return hashlib.sha256((self.name + self.parameters).encode()).hexdigest()

    @property
    def details(self) -> dict[str, Any]:
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameters,
            "quantization_level": "Q4_K_M",
        }


def embedding_model(name: str, parameters: str = "0.6B") -> FakeModel:
    """A model that gives vectors and does not talk."""
    return FakeModel(name, parameters, family="bert", capabilities=("embedding",))


@dataclass
class FakeOllama:
    """The server; start it with ``with``. Everything may be changed while it runs."""

    models: list[FakeModel] = field(default_factory=lambda: [FakeModel("llama3.2:latest")])
    says: str = "A loja abre às nove horas [1]."
    thinks: str = "Let me look at the passages."
    pause: float = 0.0
    paces: dict[str, float] = field(default_factory=dict)  # the pause of a model of its own
    delay: float = 0.5
    faults: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    hung_up: int = 0
    connected: set[int] = field(default_factory=set)  # ports of those who are
    elsewhere: str = ""
    tells_capabilities: bool = True
    dimension: int = 64
    means: dict[str, str] = field(default_factory=dict)
    poison: str = ""
    port: int = 0
    raw: bytes | None = None
    in_memory: list[str] | None = None  # None: the first of ``models``
    blobs: set[str] = field(default_factory=set)

    def __enter__(self) -> "FakeOllama":
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", self.port), _handler_of(self))
        self.port = self._server.server_address[1]
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
        return f"http://127.0.0.1:{self.port}"

    def bodies(self, path: str) -> list[dict[str, Any]]:
        """What was sent to ``path``, in order."""
        return [body for asked, body in self.asked if asked == path]

    def find(self, name: str) -> FakeModel | None:
        names = (name, f"{name}:latest")
        return next((model for model in self.models if model.name in names), None)

    # what the paths answer: one object, or lines one by one

    def tags(self) -> dict[str, Any]:
        return {"models": [_listed(model) for model in self.models]}

    def running(self) -> dict[str, Any]:
        expires = {"expires_at": MOMENT, "size_vram": 0, "context_length": 8192}
        names = [model.name for model in self.models[:1]]
        names = names if self.in_memory is None else self.in_memory
        return {"models": [_listed(m) | expires for m in self.models if m.name in names]}

    def show(self, model: FakeModel) -> dict[str, Any]:
        told: dict[str, Any] = {
            "license": "",
            "modelfile": "",
            "template": "{{ .Prompt }}",
            "details": model.details,
            "model_info": {f"{model.family}.context_length": model.context_tokens},
            "modified_at": model.modified_at,
        }
        return told | (
            {"capabilities": list(model.capabilities)} if self.tells_capabilities else {}
        )

    def embed(self, model: FakeModel, body: dict[str, Any], fault: str) -> dict[str, Any]:
        given = body.get("input", [])
        texts = [given] if isinstance(given, str) else given
        vectors = [self._vector(model, text) for text in texts]
        bad: dict[str, Callable[[], list[Any]]] = {
            "few": lambda: vectors[:-1],
            "nan": lambda: [[float("nan")] * self.dimension for _ in texts],
            "zeros": lambda: [[0.0] * self.dimension for _ in texts],
            "huge": lambda: [[1e300] * self.dimension for _ in texts],
            "same": lambda: [vectors[0] for _ in texts],
            "other_size": lambda: [vector + vector for vector in vectors],
            "words": lambda: [["a"] * self.dimension for _ in texts],
        }
        vectors = bad.get(fault, lambda: vectors)()
        return {"model": body["model"], "embeddings": vectors, "prompt_eval_count": len(texts)}

    def _vector(self, model: FakeModel, text: str) -> list[float]:
        counts = [0.01] * self.dimension
        bare = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
        for word in re.findall(r"\w+", bare):
            said = self.means.get(word, word)[:6] + model.digest
            counts[zlib.crc32(said.encode()) % self.dimension] += 1.0
        return counts

    def chat(self, model: FakeModel, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        name = body["model"]
        silenced = body.get("think") is False and "gpt-oss" not in model.name
        if "thinking" in model.capabilities and not silenced:
            for word in _words(self.thinks):
                yield _line(name, {"role": "assistant", "content": "", "thinking": word})
        for word in _words(self.says):
            yield _line(name, {"role": "assistant", "content": word})
        yield self.done(body)

    def done(self, body: dict[str, Any], reason: str = "stop") -> dict[str, Any]:
        read = sum(len(str(m.get("content", "")).split()) for m in body.get("messages", []))
        room = body.get("options", {}).get("num_ctx", 4096)
        return _line(body["model"], {"role": "assistant", "content": ""}) | {
            "done": True,
            "done_reason": reason,
            "total_duration": 900_000_000,
            "load_duration": 100_000_000,
            "prompt_eval_count": read if read <= room else room // 2,  # as silent as the real one
            "prompt_eval_duration": 300_000_000,
            "eval_count": len(self.says.split()),
            "eval_duration": 500_000_000,
        }

    def pulled(self, name: str) -> Iterator[dict[str, Any]]:
        yield {"status": "pulling manifest"}
        for digest, total in LAYERS:
            for part in (0, total // 2, total):
                told = {"digest": digest, "total": total, "completed": part}
                yield {"status": f"pulling {digest[7:19]}"} | told
        yield {"status": "verifying sha256 digest"}
        yield {"status": "writing manifest"}
        if not self.find(name):
            self.models.append(FakeModel(name if ":" in name else f"{name}:latest"))
        yield {"status": "success"}

    def create(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """A model made of files whose blobs are here, or of another model."""
        made = self.find(body.get("from") or "") or FakeModel(body["model"])
        for digest in (body.get("files") or {}).values():
            yield {"status": f"using existing layer {digest}"}
        yield {"status": "writing manifest"}
        name = body["model"] if ":" in body["model"] else f"{body['model']}:latest"
        self.models = [model for model in self.models if model.name != name]
        self.models.append(replace(made, name=name))
        yield {"status": "success"}

    def not_creatable(self, body: dict[str, Any]) -> str:
        """Why it will not be made, as the real one says it (0.34.1 and later)."""
        if body.get("adapters"):
            return "LoRA adapters are no longer supported"
        lacking = set((body.get("files") or {}).values()) - self.blobs
        if lacking:
            return f"blob {min(lacking)} not found"
        if not body.get("files") and not self.find(body.get("from") or ""):
            return "neither 'from' or 'files' was specified"
        return ""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # many may call at once

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the game; anything else is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _handler_of(fake: FakeOllama) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        server_fake = fake

    return Handler


class _Handler(BaseHTTPRequestHandler):
    server_fake: FakeOllama
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def setup(self) -> None:
        super().setup()
        self.server_fake.connected.add(self.client_address[1])

    def finish(self) -> None:
        self.server_fake.connected.discard(self.client_address[1])
        super().finish()

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        sent = self.rfile.read(length)
        if len(sent) < length:  # whoever asked was killed in the middle: nothing was asked
            self.close_connection = True
            return None
        if self.path.startswith("/api/blobs/"):
            return self._blob(sent)
        return self._answer(json.loads(sent or b"{}"))

    def do_DELETE(self) -> None:
        self.do_POST()

    def do_HEAD(self) -> None:
        self._send(200 if self.path.rpartition("/")[2] in self.server_fake.blobs else 404, "")

    def _blob(self, sent: bytes) -> None:
        digest = self.path.rpartition("/")[2]
        if digest != f"sha256:{hashlib.sha256(sent).hexdigest()}":
            return self._send(400, {"error": "digest mismatch"})
        self.server_fake.blobs.add(digest)
        return self._send(201, "")

    def _answer(self, body: dict[str, Any]) -> None:
        fake = self.server_fake
        fake.asked.append((self.path, body))
        fault = fake.faults.get(self.path, "")
        assert not fault or fault in FAULTS, fault
        try:
            if not self._refused(fault, body):
                self._served(fault, body)
        except (BrokenPipeError, ConnectionResetError):
            fake.hung_up += 1
            self.close_connection = True

    def _refused(self, fault: str, body: dict[str, Any]) -> bool:
        """Whether a fault has answered instead of the server."""
        said: dict[str, tuple[int, dict[str, Any] | str]] = {
            "missing": (404, {"error": f"model '{body.get('model')}' not found"}),
            "busy": (503, {"error": "server busy, please try again"}),
            "refused": (500, {"error": "model requires more system memory (9.1 GiB)"}),
            "html": (200, PAGE),
            "html_502": (502, PAGE),
        }
        if fault == "silence":
            self.server_fake.closing.wait(60)
            self.close_connection = True
        elif fault == "redirect":
            self._send(307, {}, Location=self.server_fake.elsewhere + self.path)
        elif fault in said:
            self._send(*said[fault])
        elif fault == "slow_start":
            self.server_fake.closing.wait(self.server_fake.delay)
        return fault in ("silence", "redirect", *said)

    def _served(self, fault: str, body: dict[str, Any]) -> None:
        fake = self.server_fake
        plain: dict[str, Callable[[], dict[str, Any]]] = {
            "/api/tags": fake.tags,
            "/api/ps": fake.running,
            "/api/version": lambda: {"version": "0.34.2"},
        }
        if self.path in plain:
            return self._send(200, plain[self.path]())
        if self.path == "/api/pull":
            return self._stream(fake.pulled(body["model"]), fault, body)
        if self.path == "/api/create":
            refused = fake.not_creatable(body)
            if refused:
                return self._send(400, {"error": refused})
            return self._stream(fake.create(body), fault, body)
        model = fake.find(body.get("model", ""))
        if model is None:
            return self._send(404, {"error": f"model '{body.get('model')}' not found"})
        return self._of_model(model, fault, body)

    def _of_model(self, model: FakeModel, fault: str, body: dict[str, Any]) -> None:
        fake = self.server_fake
        if self.path == "/api/show":
            return self._send(200, fake.show(model))
        if self.path == "/api/delete":
            fake.models.remove(model)
            return self._send(200, {})
        if self.path == "/api/embed":
            if "embedding" not in model.capabilities or fault == "no_embeddings":
                return self._send(501, {"error": "this model does not support embeddings"})
            if fake.poison and fake.poison in str(body.get("input")):
                return self._send(500, {"error": "failed to encode response: unsupported value"})
            return self._send(200, fake.embed(model, body, fault))
        if body.get("think") and "thinking" not in model.capabilities:
            return self._send(400, {"error": f'"{model.name}" does not support thinking'})
        if fake.raw is not None:
            return self._bytes(fake.raw)
        if fault == "drip":
            return self._drip()
        if fault in ("empty", "load_only"):
            reason = "stop" if fault == "empty" else "load"
            return self._stream(iter([fake.done(body, reason)]), "", body)
        if body.get("stream", True):
            return self._stream(fake.chat(model, body), fault, body)
        whole = fake.done(body)
        return self._send(200, whole | {"message": {"role": "assistant", "content": fake.says}})

    def _send(self, status: int, said: dict[str, Any] | str, **headers: str) -> None:
        data = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        kind = "text/html" if isinstance(said, str) else "application/json; charset=utf-8"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _bytes(self, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while not self.server_fake.closing.wait(0.02):
            self._chunk(" ")
        self.close_connection = True

    def _stream(self, lines: Iterator[dict[str, Any]], fault: str, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        begins = 0 if fault == "dropped" else 2
        for number, line in enumerate(lines):
            if number == begins and self._broken(fault):
                return
            self._chunk(json.dumps(line) + "\n")
            time.sleep(self.server_fake.paces.get(body.get("model", ""), self.server_fake.pause))
        self._chunk("")

    def _broken(self, fault: str) -> bool:
        """Whether ``fault`` has ended the stream."""
        if fault == "stall":
            self.server_fake.closing.wait(60)
            self.close_connection = True
        elif fault == "tcp_cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif fault in ("early_end", "dropped"):
            self._chunk("")
        elif fault == "broken_json":
            self._chunk('{"model": "x", "mess\n')
            self._chunk("")
        elif fault == "error_line":
            self._chunk(json.dumps({"error": "an error was encountered: unexpected EOF"}) + "\n")
            self._chunk("")
        return fault in ("stall", "tcp_cut", "early_end", "dropped", "broken_json", "error_line")

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):X}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def _listed(model: FakeModel) -> dict[str, Any]:
    return {
        "name": model.name,
        "model": model.name,
        "modified_at": model.modified_at,
        "size": model.size,
        "digest": model.digest,
        "details": model.details,
    }


def _line(model: str, message: dict[str, Any]) -> dict[str, Any]:
    return {"model": model, "created_at": MOMENT, "message": message, "done": False}


def _words(text: str) -> list[str]:
    return [word if n == 0 else " " + word for n, word in enumerate(text.split())]
