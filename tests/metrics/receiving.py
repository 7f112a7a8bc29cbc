"""A webhook's and a mail server's receivers for tests: real ones, on this machine, that keep what came."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """What came, in order; ``mode`` is what the server does next ("200", "500", "302", "silent", ...)."""

    url: str = ""
    mode: str = "200"
    elsewhere: str = ""
    bodies: list[bytes] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def webhook() -> Iterator[Received]:
    """A server that takes POSTs."""
    told = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told.bodies.append(body)
            told.heads.append({name.lower(): value for name, value in self.headers.items()})
            if told.mode == "silent":
                told.over.wait(10)
                return
            self.send_response(int(told.mode))
            if told.mode == "302":
                self.send_header("location", told.elsewhere)
            self.send_header("content-length", "12")
            self.end_headers()
            self.wfile.write(b"secret words")

        def log_message(self, *_args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, _served(server, told):
        told.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield told


@contextmanager
def mail_server() -> Iterator[Received]:
    """A server that takes mail; ``mode``: "200", "no_login", "no_recipient", "refuse", "silent", "drip"."""
    told = Received()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if told.mode == "silent":
                told.over.wait(10)
                return
            self.say("220 here")
            while line := self.rfile.readline():
                if not self.answer(line.decode("latin-1").strip()):
                    return

        def answer(self, line: str) -> bool:
            word = line.split(" ")[0].upper().split(":")[0]
            if told.mode == "drip":
                while not told.over.wait(0.05):
                    self.say("250-more", quiet=True)
                return False
            if word == "DATA":
                return self.data()
            if word == "AUTH":
                told.heads.append({"auth": line})
            replies = {
                "EHLO": "250-here\r\n250 AUTH PLAIN",
                "AUTH": "535 no" if told.mode == "no_login" else "235 yes",
                "RCPT": "550 no" if told.mode == "no_recipient" else "250 yes",
                "QUIT": "221 bye",
            }
            self.say(replies.get(word, "250 yes"))
            return word != "QUIT"

        def data(self) -> bool:
            if told.mode == "refuse":
                self.say("554 no")
                return True
            self.say("354 go on")
            lines = iter(self.rfile.readline, b".\r\n")
            told.bodies.append(b"".join(lines))
            self.say("250 taken")
            return True

        def say(self, line: str, quiet: bool = False) -> None:
            try:
                self.wfile.write(f"{line}\r\n".encode())
            except OSError:
                told.over.set() if quiet else None

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server, _served(server, told):
        told.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        yield told


@contextmanager
def _served(server: socketserver.BaseServer, told: Received) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        told.over.set()
        server.shutdown()
        thread.join()
