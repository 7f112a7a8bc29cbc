"""``ciclo models check``: can every model that an assistant names answer now?

In: the living assistants. Out: findings, assistant by assistant: champion, challenger, fallbacks,
rules. A model that several name is tried once. Bad is what would fail when its turn comes.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from core import assistants
from core.access import allowed
from core.config import settings
from core.db.tables import Assistant
from core.diagnosis import probing
from core.diagnosis.finding import Finding, failed
from core.diagnosis.inventory import Known, models, named_by
from core.diagnosis.running import Check, run
from core.errors import ModelFailed
from core.i18n import N_, _, number, seconds
from core.llm.choice import ROOM
from core.registry.sight import memory

LIMIT = 150.0  # seconds; a large model may have to be loaded
GREETING = N_("Answer with one word: hello.")
OWN = ("embedded", "fake")


@allowed("change")
def check() -> Iterator[Finding]:
    """Every assistant's models: are they there, do they fit, do they answer?"""
    everybody = assistants.all()
    if not everybody:
        advice = _("Load the samples with: ciclo demo")
        yield Finding("assistants", "note", _("There is no assistant yet."), advice)
        return
    known, tried = {one.full: one for one in models()}, dict[str, Finding]()
    for assistant in everybody:
        checks = (
            Check(role, partial(_as, role, name, known, tried), LIMIT + 5, name)
            for name, role, _number in named_by(assistant)
        )
        for found in run(checks, "models"):
            yield _of(assistant, found)


def fits(size: int, available: int | None) -> bool:
    """Whether a model of ``size`` bytes fits into ``available`` bytes of memory (None: unknown)."""
    return available is None or size * ROOM <= available


def _of(assistant: Assistant, found: Finding) -> Finding:
    return replace(found, subject=f"{assistant.name}: {found.subject}")


def _as(role: str, name: str, known: dict[str, Known], tried: dict[str, Finding]) -> Finding:
    return replace(_tried(name, known, tried), name=role)


def _tried(name: str, known: dict[str, Known], tried: dict[str, Finding]) -> Finding:
    if name not in tried:
        tried[name] = _try(name, known.get(name))
    return tried[name]


def _try(name: str, known: Known | None) -> Finding:
    """How a model stands; its role is put in by whoever asks."""
    if known and known.provider in OWN:
        told = _("Quotes your documents; connect Ollama for written answers.")
        return Finding("champion", "good", told, subject=name)
    try:
        reply = probing.call(name, _(GREETING), limit=LIMIT, max_tokens=probing.PROBE_TOKENS)
    except ModelFailed as failure:
        return failed("champion", failure, name)
    told = _("answers in {time}").format(time=seconds(reply.seconds))
    room = memory(settings().ollama) if known and known.provider == "ollama" else None
    if known and known.size and not fits(known.size, room):
        return Finding(
            "champion", "note", f"{told}; {_crowded(known.size, room)}", _smaller(), name
        )
    return Finding("champion", "good", told, subject=name, seconds=reply.seconds)


def _crowded(size: int, room: int | None) -> str:
    return _("{size} GB of model in {room} GB of memory").format(
        size=number(size / 1e9, 1), room=number((room or 0) / 1e9, 1)
    )


def _smaller() -> str:
    return _(
        "It does not fit into memory with room to spare: expect it to be slow, or choose a smaller one."
    )
