"""A document as a row of the table: plain words for every column.

In: ``Document`` rows with their use and what is left of their reading. Out: data for the ``shelf``
element, all texts plain (the element writes them as text, never as HTML).
"""

from datetime import date
from math import ceil
from typing import Any

from core import privacy, retrieval
from core.db.tables import Document
from core.i18n import N_, _, day, ngettext, number, percent, seconds
from core.retrieval import Progress, Usage, today
from pages.ui.shelf_view import SORTS, UPWARDS

STATES = {
    "queued": N_("waiting to be read"),
    "reading": N_("being read"),
    "ready": N_("ready"),
    "failed": N_("failed"),
}
KINDS = {
    "cpf": N_("CPF"),
    "card": N_("card number"),
    "cnpj": N_("CNPJ"),
    "phone": N_("phone"),
    "email": N_("e-mail"),
    "cep": N_("CEP"),
    "pix": N_("Pix key"),
    "rg": N_("RG"),
    "ip": N_("IP address"),
}


def columns() -> list[dict[str, Any]]:
    """Heads of the columns; ``down``: whether the first press sorts the largest to the top."""
    heads = {
        "name": _("Document"),
        "state": _("State"),
        "version": _("Version"),
        "pages": _("Pages"),
        "chunks": _("Passages"),
        "validity": _("Valid"),
        "personal": _("Personal data"),
        "used": _("Used"),
        "cited": _("Cited"),
        "wrong": _("Wrong"),
        "size": _("Size"),
        "added": _("Added"),
    }
    meant = {
        "used": _("How often its passages were handed to an answer"),
        "cited": _("How often an answer cites it"),
        "wrong": _("Answers that cite it and were marked as wrong"),
    }
    return [
        {
            "name": name,
            "label": label,
            "help": meant.get(name, ""),
            "sorts": name in SORTS,
            "down": name not in UPWARDS,
        }
        for name, label in heads.items()
    ]


def row(one: Document, use: Usage, left: Progress | None) -> dict[str, Any]:
    """Everything the table shows of a document."""
    failed = one.state == "failed"
    return {
        "id": one.id,
        "name": one.name,
        "path": f"/documents?document={one.id}",
        "state": one.state,
        "error": why(one) if failed else "",
        "again": _("Read again") if failed else "",
        "sample": _("sample data") if one.is_sample else "",
        "cells": {
            "state": {"text": state(one, left)},
            "version": {"text": number(one.version or one.newest)},
            "pages": {"text": number(one.pages) if one.pages else ""},
            "chunks": {"text": number(one.chunks) if one.version else ""},
            "validity": _validity(one),
            "personal": {"text": _personal(one), "help": personal(one)},
            "used": _count(use.used),
            "cited": _count(use.cited),
            "wrong": _count(use.wrong, "bad"),
            "size": {"text": size(one.size)},
            "added": {"text": day(one.created_at)},
        },
    }


def why(one: Document) -> str:
    """Why its newest file could not be read, and what to do, in the reader's language."""
    error = retrieval.why(one)
    return f"{error.message} {error.hint}".strip() if error else ""


def state(one: Document, left: Progress | None = None) -> str:
    """How far it is."""
    said = _(STATES[one.state])
    if left and left.share:
        return f"{said} · {percent(left.share)}"
    return said


def validity(one: Document) -> str:
    """From when to when it holds; empty where it always does."""
    first, last, now = one.valid_from, one.valid_to, today()
    if last and last < now:
        return _("expired on {day}").format(day=day(last))
    if first and last:
        return _("{first} to {last}").format(first=day(first), last=day(last))
    if last:
        return _("until {day}").format(day=day(last))
    if first and first > now:
        return _("not before {day}").format(day=day(first))
    return _("since {day}").format(day=day(first)) if first else ""


def holds(one: Document, on: date) -> bool:
    """Whether it is searched on that day."""
    return not ((one.valid_from and on < one.valid_from) or (one.valid_to and one.valid_to < on))


def language(one: Document) -> str:
    """What it is written in, where that could be told."""
    return {"pt": _("Portuguese"), "en": _("English")}.get(one.language.split("-")[0], "")


def personal(one: Document) -> str:
    """What was found in it, kind by kind, and what of that is hidden."""
    parts = []
    for kind in privacy.KINDS:
        if n := one.personal.get(kind):
            said = _("{n} {kind} (hidden)") if kind in one.masks else _("{n} {kind}")
            parts.append(said.format(n=number(n), kind=_(KINDS[kind])))
    return ", ".join(parts)


def size(n: int) -> str:
    """Bytes as people say them."""
    if n < 1_000_000:
        return f"{number(max(1, round(n / 1000)))} kB"
    return f"{number(n / 1_000_000, 1)} MB"


def time_left(left: float | None) -> str:
    """How long reading will still take, as far as that is known."""
    if left is None:
        return ""
    whole = ceil(max(1.0, left))  # no tenths: it is a guess
    return _("about {time} left").format(time=seconds(whole) if whole > 9 else f"{number(whole)} s")


def _personal(one: Document) -> str:
    total = sum(one.personal.values())
    hidden = sum(n for kind, n in one.personal.items() if kind in one.masks)
    said = ngettext("{n} hidden", "{n} hidden", hidden).format(n=number(hidden))
    if hidden in (0, total):
        return said if hidden else number(total) if total else ""
    return f"{number(total)} · {said}"


def _validity(one: Document) -> dict[str, str]:
    return {"text": validity(one), "tone": "" if holds(one, today()) else "warn"}


def _count(n: int, tone: str = "") -> dict[str, str]:
    return {"text": number(n), "tone": tone if n else "zero"}
