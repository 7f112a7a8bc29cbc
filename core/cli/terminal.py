"""What all commands share: readiness, output as text or as one JSON document, failures.

Always holds: with ``--json`` stdout carries exactly one JSON document; a failure is one sentence
(and a hint) on stderr with an exit code that says what kind it was, never a traceback.
"""

import json
import os
import sys
import traceback
import unicodedata
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from core import i18n
from core.config import settings
from core.errors import CicloError, InvalidInput, ModelFailed, NotFound, TooMany, Unavailable
from core.i18n import _

FAILED, BAD_INPUT, NOT_FOUND, UNAVAILABLE, TOO_MANY = 1, 2, 3, 4, 5
YES = {"y", "yes", "s", "sim"}  # in any language that Ciclo speaks
INTERRUPTED = 130  # as shells tell of Ctrl+C
EXIT_CODES: tuple[tuple[type[CicloError], int], ...] = (
    (InvalidInput, BAD_INPUT),
    (NotFound, NOT_FOUND),
    (ModelFailed, UNAVAILABLE),
    (Unavailable, UNAVAILABLE),
    (TooMany, TOO_MANY),
)
TURNS = {chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
EXIT_HELP = (
    "Exit codes: 0 done, 1 failed, 2 bad input or usage, 3 not found, "
    "4 a model or a part of Ciclo is not available, 5 too often: try again later."
)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_named: ContextVar[str | None] = ContextVar("named", default=None)
Of = Annotated[
    str | None, typer.Option("--assistant", "-a", help="Id or name; else the default one.")
]


def speak() -> None:
    """From here on in the operator's language: CICLO_LANGUAGE, else LC_ALL, else LANG."""
    wanted = settings().language or os.environ.get("LC_ALL") or os.environ.get("LANG")
    i18n.use(i18n.choose(wanted))


def named(name: str | None) -> None:
    """Who acts from here on (an unknown name becomes a person); None is the machine's owner."""
    _named.set(name)


def ready() -> None:
    """Logs on stderr, a database that this code knows, and whoever acts acting."""
    from core import access, backup, logs
    from core.db import migrate

    logs.start("warning")
    backup.occupy()
    migrate.upgrade()
    name = _named.get()
    access.act(None if name is None else access.person(name), access.Origin("cli"))


def say(text: str = "") -> None:
    """A line on stdout."""
    sys.stdout.write(printable(text) + "\n")
    sys.stdout.flush()


def piece(text: str) -> None:
    """A part of a line on stdout, at once."""
    sys.stdout.write(printable(text))
    sys.stdout.flush()


def pour(pieces: Iterable[str]) -> None:
    """A file on stdout: into a pipe goes what the file would hold, UTF-8, line ends as they are."""
    if sys.stdout.isatty():
        for part in pieces:
            piece(part)
        return
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    sys.stdout.writelines(pieces)


def note(text: str) -> None:
    """A line for the person at the terminal, on stderr."""
    sys.stderr.write(printable(text) + "\n")


def progress(text: str) -> None:
    """A line on stderr that the next one overwrites; nothing where no person is watching."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{printable(text)}")
        sys.stderr.flush()


def document(data: Any) -> None:
    """The one JSON document of a command."""
    narrow = (sys.stdout.encoding or "ascii").lower().replace("-", "") != "utf8"
    text = json.dumps(data, ensure_ascii=narrow, indent=2, default=_plain)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def fields(row: Any, *names: str) -> dict[str, Any]:
    """The named attributes of a row."""
    return {name: getattr(row, name) for name in names}


def table(rows: Iterable[Sequence[Any]]) -> None:
    """Rows with aligned columns."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)] if cells else []
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        say(line.rstrip())


def printable(text: str) -> str:
    """``text`` without what could steer the terminal, or what it cannot show."""
    kept = "".join(c for c in text if c in "\n\t" or not _steers(c))
    encoding = sys.stdout.encoding or "utf-8"
    return kept.encode(encoding, "replace").decode(encoding)


def _steers(character: str) -> bool:
    """Control characters, lone surrogates, and what turns the direction of writing."""
    return unicodedata.category(character) in ("Cc", "Cs") or character in TURNS


def fail(error: CicloError, as_json: bool) -> int:
    """Tell of an error; the exit code for it."""
    note(f"ciclo: {error.message}")
    if error.hint:
        note(f"       {error.hint}")
    if as_json:
        failed(error.code, error.message, error.hint)
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), FAILED)


def failed(code: str, message: str, hint: str = "") -> None:
    """A failure as the one JSON document of a command."""
    document({"error": {"code": code, "message": message, "hint": hint}})


def told(error: Exception) -> CicloError:
    """What the machine refused, or a fault of ours, as an error a person can act on."""
    if os.environ.get("CICLO_LOG_LEVEL") == "debug":
        traceback.print_exception(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        reason = f"{where}{error.strerror or error}."
        return Unavailable(reason, hint=_("`ciclo doctor` checks the machine."))
    if type(error).__module__.startswith("sqlalchemy."):
        first = str(getattr(error, "orig", None) or error).splitlines()[0]
        reason = _("The database failed: {reason}.").format(reason=first)
        return Unavailable(reason, hint=_("`ciclo doctor` checks the machine."))
    reason = _("Ciclo failed at this: {kind}: {reason}").format(
        kind=type(error).__name__, reason=error
    )
    return CicloError(reason, hint=_("CICLO_LOG_LEVEL=debug shows where."))


def day(text: str | None) -> date | None:
    """A written day, or InvalidInput; None stays None."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        message = _("'{text}' is no day.").format(text=text)
        raise InvalidInput(message, hint=_("Write it as 2026-03-01.")) from None


def agreed(question: str, yes: bool, as_json: bool) -> bool:
    """Whether the person agrees: anything but a yes is a no, and so is the end of what they type. Where
    nobody can be asked, --yes must say so."""
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        raise InvalidInput(
            _("Nobody can be asked here: {question}").format(question=question),
            hint=_("Say yes beforehand: --yes"),
        )
    keys = _("y/N")
    sys.stderr.write(printable(f"{question} [{keys}]: "))
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in YES


def stop(code: int) -> typer.Exit:
    """What a command raises to end with ``code`` after it has told why."""
    return typer.Exit(code)


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a moment is one, too
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")
