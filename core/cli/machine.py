"""``ciclo serve``, ``status``, ``demo``, ``migrate`` and ``doctor``."""

import os
import sys
from typing import Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, fields, say, table
from core.config import ROOT, settings
from core.i18n import N_, _, number

STATUS = {
    "ready": N_("ready"),
    "missing": N_("not installed"),
    "not_reachable": N_("not reachable"),
    "not_ready": N_("its provider is not ready"),
}


def serve(
    host: Annotated[str | None, typer.Option(help="Else CICLO_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Else CICLO_PORT.")] = None,
) -> None:
    """Start Ciclo: pages, API and background work in one process."""
    if host:
        os.environ["CICLO_HOST"] = host
    if port:
        os.environ["CICLO_PORT"] = str(port)
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, str(ROOT / "app.py")])  # signals reach the server


def status(as_json: AsJson = False) -> None:
    """The database's size and growth, documents, index, models, and what waits."""
    terminal.ready()
    facts = _status()
    if as_json:
        document(facts)
        return
    size, growth, index = facts["database"], facts["database"]["growth"], facts["index"]
    rows = [
        (_("version"), facts["version"]),
        (_("home"), facts["home"]),
        (_("database"), f"{_mb(size['bytes'])} ({size['url']})"),
        (_("growth"), _grown(growth)),
        (_("documents"), _waiting(facts["documents"], facts["documents_waiting"])),
        (_("index"), f"{index['chunks']} · {_mb(index['bytes'])}"),
        (_("conversations"), _sampled(facts["conversations"], facts["sample"])),
    ]
    rows += [(one["label"], str(one["n"])) for one in facts["waiting"]]
    for one in facts["models"]:
        said = STATUS[one["status"]]
        rows.append((f"{one['provider']}:{one['name']}", _(said)))
    table(rows)


def demo(
    remove: Annotated[bool, typer.Option("--remove", help="Take all sample data away.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load the sample assistants and replay a month of questions through the real engine."""
    terminal.ready()
    from core import demo

    if remove:
        demo.remove()
        document({"removed": True}) if as_json else say(_("The sample data is gone."))
        return
    done = demo.load(lambda n, total: terminal.progress(f"{n}/{total}"))
    terminal.progress("")
    if as_json:
        document(fields(done, "assistants", "conversations", "questions", "judged"))
        return
    say(
        _("{assistants} assistants, {conversations} conversations, {questions} questions.").format(
            **fields(done, "assistants", "conversations", "questions")
        )
    )
    say(_("`ciclo demo --remove` takes all of it away again."))


def migrate(as_json: AsJson = False) -> None:
    """Bring the database to the tables this version knows (every start does that too)."""
    from core import logs
    from core.db import migrate

    logs.start("warning")
    before, after = migrate.current(), migrate.upgrade()
    if as_json:
        document({"before": before, "after": after})
    elif before == after:
        say(_("The database is at {number}; nothing to do.").format(number=after))
    else:
        say(
            _("The database went from {before} to {after}.").format(
                before=before or "-", after=after
            )
        )


def doctor(as_json: AsJson = False) -> None:
    """Check Python, database, index, disk, Ollama, port and who vouches; say what to do where one is not well.

    Exit code 1 where something keeps Ciclo from working.
    """
    from core import logs
    from core.diagnosis import MARKS, machine, vouching

    logs.start("error")
    found = [*(check() for check in machine.ALL), *vouching.issuers()]
    if as_json:
        document({"checks": [fields(one, "name", "state", "found", "advice") for one in found]})
    else:
        table((MARKS[one.state], one.title, one.found) for one in found)
        for one in found:
            if one.advice:
                say(f"{one.title}: {one.advice}")
    if any(one.state == "bad" for one in found):
        raise terminal.stop(terminal.FAILED)


def _waiting(n: int, waiting: int) -> str:
    return _("{n} (and {waiting} waiting)").format(n=number(n), waiting=number(waiting))


def _sampled(n: int, sample: int) -> str:
    return _("{n} (samples among them: {sample})").format(n=number(n), sample=number(sample))


def _status() -> dict[str, Any]:
    from core import __version__, loop, registry, retrieval
    from core.db import growth

    grown, now = growth.growth(), loop.snapshot()
    return {
        "version": __version__,
        "home": str(settings().home),
        "database": {
            "url": settings().database.split("@")[-1],
            "bytes": grown.size,
            "growth": {"days": grown.days, "bytes_per_day": round(grown.per_day)},
        },
        **fields(now, "documents", "documents_waiting", "conversations", "sample"),
        "index": {"chunks": retrieval.chunk_count(), "bytes": _index_bytes()},
        "models": [fields(one, "provider", "name", "status") for one in registry.listing()],
        "waiting": [fields(one, "stage", "label", "n", "since") for one in now.counts],
    }


def _index_bytes() -> int:
    files = (settings().home / "index").rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def _grown(growth: dict[str, Any]) -> str:
    if not growth["days"]:
        return _("not known before tomorrow")
    rate = _mb(growth["bytes_per_day"])
    return _("{size} a day over {days} days").format(size=rate, days=growth["days"])


def _mb(size: float) -> str:
    return f"{number(size / 1e6, 1)} MB"
