"""What is held about somebody as one file: a zip with a page to read and JSON to take along.

In: a ``Subject``. Out: an open binary file at its beginning. Always holds: the page needs no network and
runs nothing, whatever was typed; the file is written to disk piece by piece where it is large.
"""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from html import escape
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from core import clock
from core.access import ROLE_NAMES
from core.audit import words
from core.i18n import N_, _, language, moment
from core.personal.holding import Row, Section, held
from core.personal.subjects import Subject

IN_MEMORY = 16 * 2**20
SHOWN = {  # columns in the page, by their names there; the rest is in the JSON
    "name": N_("name"),
    "login": N_("login"),
    "roles": N_("roles"),
    "language": N_("language"),
    "title": N_("title"),
    "created_at": N_("when"),
    "given_at": N_("when"),
    "at": N_("when"),
    "seen_at": N_("last seen"),
    "address": N_("address"),
    "agent": N_("browser"),
    "channel": N_("channel"),
    "rating": N_("rating"),
    "stars": N_("stars"),
    "solved": N_("solved"),
    "problem": N_("problem"),
    "reasons": N_("reasons"),
    "reason": N_("reason"),
    "text": N_("text"),
    "comment": N_("comment"),
    "verdict": N_("verdict"),
    "note": N_("note"),
    "correction": N_("correction"),
    "choice": N_("choice"),
    "question": N_("question"),
    "answer": N_("answer"),
    "door": N_("from"),
    "action": N_("action"),
    "kind": N_("kind"),
    "withdrawn_at": N_("withdrawn"),
    "removed_at": N_("removed"),
    "ended_at": N_("ended"),
}
WORDS = {  # what columns hold that is ours, by their names
    "roles": ROLE_NAMES,
    "kind": {
        "invitation": N_("invitation"),
        "reset": N_("new password"),
        "first_admin": N_("first admin"),
        **words.KINDS,
    },
    "rating": {"up": N_("thumbs up"), "down": N_("thumbs down")},
}
SPOKEN = {"action": words.action, "door": words.door}
STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem}article{border-top:1px solid #8888;padding:.75rem 0}
dl{display:grid;grid-template-columns:10rem 1fr;gap:.1rem 1rem;margin:0}dt{opacity:.7}
dd,p{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}:root{color-scheme:light dark}"""


def packed(who: Subject) -> IO[bytes]:
    """The zip, to be closed by whoever takes it."""
    sections = held(who)
    made = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - who takes it closes it
    try:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(archive, "index.html", _page(who, sections))
            for section in sections:
                rows = section.rows()
                if (first := next(rows, None)) is not None:
                    _write(archive, f"{section.name}.json", _json(first, rows))
    except BaseException:
        made.close()
        raise
    made.seek(0)
    return made


def file_name(who: Subject) -> str:
    """What the file is called: the day, and nobody's name."""
    return f"ciclo-{clock.now():%Y-%m-%d}-{(who.person_id or 'user')[:8]}.zip"


def _write(archive: zipfile.ZipFile, name: str, pieces: Iterator[str]) -> None:
    with archive.open(name, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece.encode(errors="replace"))


def _json(first: Row, others: Iterator[Row]) -> Iterator[str]:
    yield "[\n" + json.dumps(first, ensure_ascii=False, indent=1)
    for row in others:
        yield ",\n" + json.dumps(row, ensure_ascii=False, indent=1)
    yield "\n]\n"


def _page(who: Subject, sections: list[Section]) -> Iterator[str]:
    name = _("whoever sits here") if who.is_local else who.name
    title = escape(_("What Ciclo holds about {name}").format(name=name))
    yield f'<!doctype html><html lang="{escape(language())}"><meta charset="utf-8">'
    yield f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1>"
    yield f"<p>{escape(moment(clock.now()))}</p>"
    beside = _("The files beside this page hold the same and all details, as JSON.")
    yield f"<p>{escape(beside)}</p>"
    for section in sections:
        yield from _part(section)


def _part(section: Section) -> Iterator[str]:
    """A section's rows below its title; nothing where there are none."""
    for n, row in enumerate(section.rows()):
        if not n:
            title = _(section.title)  # "chaves de API": only its first letter is made large
            yield f"<h2>{escape(title[:1].upper() + title[1:])}</h2>"
        yield f"<article>{_facts(row)}"
        yield from (_said(message) for message in row.get("messages", ()))
        yield "</article>"


def _facts(row: Row) -> str:
    told = [(_(SHOWN[name]), _value(name, row[name])) for name in SHOWN if row.get(name)]
    return f"<dl>{''.join(f'<dt>{escape(k)}</dt><dd>{escape(v)}</dd>' for k, v in told)}</dl>"


def _said(message: Row) -> str:
    who = _("Question") if message["role"] == "user" else _("Answer")
    return f"<h3>{escape(who)}</h3><p>{escape(str(message['text']))}</p>"


def _value(name: str, value: Any) -> str:
    if name.endswith("_at") or name == "at":
        return moment(datetime.fromisoformat(value))
    if isinstance(value, list):
        return ", ".join(_word(name, one) for one in value)
    return _("yes") if value is True else _word(name, value)


def _word(name: str, value: Any) -> str:
    """A value in the reader's words, where it is one of ours."""
    if name in SPOKEN:
        return SPOKEN[name](str(value))
    known = WORDS.get(name, {}).get(str(value))
    return _(known) if known else str(value)
