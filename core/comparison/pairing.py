"""Which two versions are compared: the usual pair of an assistant, and any that somebody names.

In: an assistant, words. Out: versions. Always holds: there is a pair on every machine, also one
without a model: the champion without and with the memory of approved questions.
"""

from dataclasses import dataclass

from core import db, registry
from core.access import there
from core.db.tables import Model, Version
from core.errors import InvalidInput, NotFound
from core.i18n import N_, _
from core.registry.versions import CHALLENGER, CHAMPION, current
from core.retrieval.memory import DEFAULTS, LIFT, SERVE

BASELINE = "baseline"
CHALLENGED, REMEMBERED = "challenger", "memory"  # why these two
WHY = {
    CHALLENGED: N_("the champion and its challenger"),
    REMEMBERED: N_("the same engine without and with the memory of approved questions"),
}


@dataclass(frozen=True)
class Pair:
    """Two versions of an assistant; ``why`` is a name of ``WHY``."""

    a: Version
    b: Version
    why: str


@dataclass(frozen=True)
class Choice:
    """A version that may be chosen; ``aliases`` point at it, ``remembers`` by the memory."""

    version: Version
    model: Model
    aliases: tuple[str, ...]

    @property
    def name(self) -> str:
        """ "provider:model"."""
        return f"{self.model.provider}:{self.model.name}"

    @property
    def remembers(self) -> bool:
        """Whether the memory of approved questions has a say in its answers."""
        return remembers(self.version)


@there
def pair(assistant_id: str) -> Pair:
    """The champion against its challenger; where there is none, its baseline against the champion."""
    with db.session() as session:
        champion = current(session, assistant_id, CHAMPION)
        challenger = current(session, assistant_id, CHALLENGER)
    if champion is None:
        raise registry.no_assistant(assistant_id)
    if challenger is not None and challenger.id != champion.id:
        return Pair(champion, challenger, CHALLENGED)
    if remembers(champion):
        return Pair(without_memory(champion), champion, REMEMBERED)
    return Pair(champion, _with_memory(champion), REMEMBERED)


def remembers(version: Version) -> bool:
    """Whether the memory of approved questions has a say in its answers."""
    known = DEFAULTS | version.retrieval
    return bool(known[LIFT] or known[SERVE])


def without_memory(version: Version) -> Version:
    """The same version as it would answer had it learned nothing: its baseline."""
    return registry.variant(version.id, retrieval={**version.retrieval, LIFT: False, SERVE: False})


@there
def choices(assistant_id: str) -> list[Choice]:
    """Every version of an assistant, newest first, with its model and the names that point at it."""
    with db.session() as session:
        named = {alias: current(session, assistant_id, alias) for alias in (CHAMPION, CHALLENGER)}
        models = {row.id: row for row in session.query(Model)}
    return [
        Choice(
            row,
            models[row.model_id],
            tuple(alias for alias, one in named.items() if one and one.id == row.id),
        )
        for row in registry.versions(assistant_id)
    ]


@there
def resolve(assistant_id: str, said: str | int) -> Version:
    """The version that ``said`` names: an id, a number ("3", "v3"), champion, challenger, baseline, or
    "provider:model" (the champion with that model).

    NotFound or InvalidInput with what there is to name.
    """
    words = str(said).strip()
    if words == BASELINE:
        return pair(assistant_id).a
    if words in (CHAMPION, CHALLENGER):
        found = registry.pointed(assistant_id, words)
        if found is None:
            raise NotFound(_("The assistant has no {alias}.").format(alias=_(words)))
        return found
    if found := _numbered(assistant_id, words):
        return found
    if ":" in words:
        return registry.version_with_model(assistant_id, words)
    raise InvalidInput(
        _("“{said}” names no version of this assistant.").format(said=words[:80]),
        hint=_("Say its number, champion, challenger, baseline, or provider:model."),
        field="version",
    )


def _numbered(assistant_id: str, words: str) -> Version | None:
    number = words.removeprefix("v")
    known = registry.versions(assistant_id)
    return next((one for one in known if one.id == words or str(one.number) == number), None)


def _with_memory(version: Version) -> Version:
    kept = {name: value for name, value in version.retrieval.items() if name not in (LIFT, SERVE)}
    return registry.variant(version.id, retrieval=kept)
