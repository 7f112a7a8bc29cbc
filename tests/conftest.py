"""Each test lives in a world of its own.

``home``     a temporary CICLO_HOME with a freshly migrated, empty database; none of the machine's
             own settings, and no Ollama, shows through. Marked with ``ENGINES``, a test has it on
             SQLite and on PostgreSQL.
``ciclo``    runs a command of the command line in such a world.
``server``   the real server, started once a run on a free port with a home of its own.
``browser``  Debian's Chromium (or CICLO_TEST_BROWSER), with every other host cut off; the one without
             windows where it is there.
``page``     a fresh page of it on the server; a script error on the page fails the test.
"""

import contextlib
import functools
import gc
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import hypothesis
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from sqlalchemy import Engine

    from tests.postgres import Postgres

ROOT = Path(__file__).resolve().parent.parent
# speed is measured in bench/: a busy machine must not fail a test
hypothesis.settings.register_profile("ciclo", deadline=None)
hypothesis.settings.register_profile("check", deadline=None, max_examples=25)  # `make check`
hypothesis.settings.load_profile("ciclo")
ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))
NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing answers, and at once
MANY = 100  # modules
LONG = {"browser": 10.0, "prove": 3.0, "slow": 0.3}  # seconds, about; with what is made before
SHORT = 0.02


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who takes the real server or runs a whole page is slow, who takes the browser is marked so;
    nobody can forget.

    A browser test that fails is done once more, and the run says so (R): a page that draws itself
    anew at the moment of a click is nothing that the next change has done.
    """
    for item in items:
        taken = getattr(item, "fixturenames", ())
        for fixture, mark in (("server", "slow"), ("opens", "slow"), ("browser", "browser")):
            if fixture in taken:
                item.add_marker(mark)
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    _longest_first(items)


def _longest_first(items: list[pytest.Item]) -> None:
    """Order files by about how long they take, so that no process is left with a long one alone at
    the end; within a file nothing changes."""
    seconds: defaultdict[Path, float] = defaultdict(float)
    for item in items:
        marked = (LONG[mark] for mark in LONG if item.get_closest_marker(mark))
        seconds[item.path] += next(marked, SHORT)
    items.sort(key=lambda item: (-seconds[item.path], str(item.path)))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect tests without collecting garbage: nearly all of what they import stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        _set_aside()


def pytest_runtest_logfinish() -> None:
    """Set aside what a test has imported; ``core.api.warming`` does the same in a server."""
    if len(sys.modules) > _known[0] + MANY:
        _set_aside()


def _set_aside() -> None:
    """Garbage is looked for among what comes from now on: a seventh of the time went there."""
    gc.collect()
    gc.freeze()
    _known[0] = len(sys.modules)


_known = [0]  # modules that are set aside


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of a world whose home is ``home``: no setting of the machine's user."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CICLO_", "OLLAMA_"))}
    return kept | {"CICLO_HOME": str(home), "CICLO_OLLAMA_URL": NOWHERE}


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file, made once a run."""
    from core import db
    from core.config import settings
    from core.db import migrate

    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        _enter(patch, folder)
        migrate.upgrade()
        _compiled[:] = db.engine().dialect, db.engine()._compiled_cache
        db.close()
        settings.cache_clear()
    return folder / "ciclo.db"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Postgres]":
    """A PostgreSQL with a migrated, empty database that others are copied from."""
    from core import db
    from core.config import settings
    from core.db import migrate
    from tests.postgres import TEMPLATE, serving

    with serving() as server:
        with pytest.MonkeyPatch.context() as patch:
            _enter(patch, tmp_path_factory.mktemp("home"))
            patch.setenv("CICLO_DATABASE_URL", server.address(TEMPLATE))
            db.close()
            migrate.upgrade()
            db.close()
            settings.cache_clear()
        yield server


@pytest.fixture
def engine() -> str:
    """Which database ``home`` has; ``pytest.mark.parametrize("engine", ENGINES)``: each in turn."""
    return "sqlite"


@pytest.fixture
def database(engine: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty, migrated database; "" is that of a file in ``home``."""
    if engine == "sqlite":
        yield ""
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh() as address:
        yield address


@pytest.fixture
def home(
    database: str, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A home of its own with an empty, migrated database, in which nobody acts; everything is closed
    afterwards."""
    from core import access
    from core.config import settings

    folder = tmp_path / "home"
    folder.mkdir()
    if not database:  # whole before a thread of the last test can find its way here
        shutil.copyfile(template, folder / "ciclo.db")
    _enter(monkeypatch, folder)
    if database:
        monkeypatch.setenv("CICLO_DATABASE_URL", database)
    monkeypatch.setattr("core.db.create_engine", _create_engine)
    _close()  # a thread of the last test may have opened its home again after the end
    access.act(None, access.NOWHERE)  # whoever acted in the last test is nobody here
    yield folder
    _close()
    settings.cache_clear()


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def ciclo(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process, in English, in a home of its own."""
    from core.cli import main

    monkeypatch.setenv("CICLO_LANGUAGE", "en")
    monkeypatch.setattr("typer.main.get_command", _commands())
    monkeypatch.setattr(logging.root, "handlers", list(logging.root.handlers))

    def run(*arguments: str | Path) -> Done:
        from core.config import settings

        settings.cache_clear()
        with pytest.raises(SystemExit) as ended:
            copy_context().run(
                main, [str(argument) for argument in arguments]
            )  # it sets a language
        told = capsys.readouterr()
        return Done(int(ended.value.code or 0), told.out, told.err)

    return run


@functools.cache
def _commands() -> Callable[[Any], Any]:
    """What makes the tree of commands of its functions' signatures; a second time it is at hand, as
    in a shell, where every command makes it once."""
    from typer.main import get_command

    return functools.cache(get_command)


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, where it keeps its things, what it has logged."""

    url: str
    home: Path
    log: Path
    pid: int


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server with an empty home, warm; one for all tests of this process."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@contextlib.contextmanager
def serving(folder: Path, **variables: str) -> Iterator[Server]:
    """A server on a free port whose home is ``folder``/home, for tests that need one of their own."""
    port, log = free_port(), folder / "server.log"
    url = f"http://127.0.0.1:{port}"
    environment = clean_environment(folder / "home") | {"CICLO_PORT": str(port)} | variables
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, ROOT / "app.py"], env=environment, stdout=output, stderr=output
        )
    try:
        wait_until_ready(url, process, log)
        yield Server(url, folder / "home", log, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server at ``url`` is warm, or fail with what it has logged."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/ready").status_code == 200:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not get ready:\n{log.read_text()}")


@pytest.fixture(scope="module")  # while it is open its event loop occupies the thread
def browser() -> "Iterator[Browser]":
    """Chromium; every host but this machine is cut off."""
    from playwright.sync_api import sync_playwright

    named = os.environ.get("CICLO_TEST_BROWSER")
    path = named or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    alone = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", alone]
        )
        yield launched
        launched.close()


@pytest.fixture
def page(server: Server, browser: "Browser") -> "Iterator[Page]":
    """A fresh pt-BR page at 1440 px.

    Fails where it breaks its content policy, throws, shows a stack trace or loads from elsewhere.
    """
    context = browser.new_context(
        base_url=server.url, locale="pt-BR", viewport={"width": 1440, "height": 900}
    )
    opened, wrong = context.new_page(), list[str]()
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda sent: None if is_ours(sent.url, server) else wrong.append(sent.url))
    opened.on(
        "console",
        lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None,
    )
    yield opened
    failed = opened.get_by_test_id("stException").all_inner_texts()
    context.close()
    assert wrong + failed == []


def is_ours(url: str, server: Server) -> bool:
    """Whether a request stays with this server, or never leaves the page."""
    return url.startswith(
        (server.url, server.url.replace("http", "ws"), "data:", "blob:", "about:")
    )


def _enter(patch: pytest.MonkeyPatch, home: Path) -> None:
    from core.config import Settings, settings

    for name in [name for name in os.environ if name.startswith(("CICLO_", "OLLAMA_"))]:
        patch.delenv(name)
    for name, value in clean_environment(home).items():
        if name.startswith("CICLO_"):
            patch.setenv(name, value)
    patch.setitem(Settings.model_config, "env_file", None)
    settings.cache_clear()


_compiled: list[Any] = []  # the dialect and the statements of the template's engine


def _create_engine(url: str, **options: Any) -> "Engine":
    """An engine that knows the statements that tests before have compiled: a third of the time."""
    from sqlalchemy import create_engine

    made = create_engine(url, **options)
    if made.dialect.name == "sqlite":
        made.dialect, made._compiled_cache = _compiled
    return made


def _close() -> None:
    """Let go of what a process keeps of a home: only packages that a test has loaded."""
    ends = {"core.metrics.keeping": "forget", "core.metrics.kept": "forget"}
    ends |= {"core.limits.counting": "forget"}  # what the last test did counts for none after it
    ends |= dict.fromkeys(("core.chat", "core.retrieval", "core.db"), "close")
    for name, verb in ends.items():
        end = getattr(sys.modules.get(name), verb, None)
        if end:
            end()
