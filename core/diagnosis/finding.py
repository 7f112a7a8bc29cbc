"""What a check has found: one kind for ``ciclo doctor``, ``ciclo models check`` and ``ciclo diagnose``.

In: a name that never changes, how it stands, what was seen. Out: ``Finding``; the command line, the
API and pages show it as it is. Always holds: what is bad says what to do, if anything can be done.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.errors import CicloError
from core.i18n import N_, _

State = Literal["good", "note", "bad"]
PROGRESS = "progress"  # the name of what only tells how far a long check is
MARKS: dict[State, str] = {"good": "+", "note": "?", "bad": "!"}
TITLES = {  # those that are not the same in every language
    "database": N_("database"),
    "index": N_("index"),
    "disk": N_("disk"),
    "port": N_("port"),
    "issuer": N_("issuer"),
    "embedder": N_("embedder"),
    "server": N_("model server"),
    "provider": N_("provider"),
    "champion": N_("champion"),
    "challenger": N_("challenger"),
    "fallback": N_("fallback"),
    "rule": N_("rule"),
    "memory": N_("memory"),
    "question": N_("question"),
    "route": N_("who answered"),
    "search": N_("search"),
    "answer": N_("answer"),
    "citations": N_("citations"),
    "support": N_("support"),
    "left": N_("nothing left behind"),
    "thinking": N_("thinking"),
    "problem": N_("problem"),
    "mode": N_("mode"),
    "requests": N_("requests"),
    "time": N_("time"),
    "assistants": N_("assistants"),
}


@dataclass(frozen=True)
class Finding:
    """How one thing stands: good, a note (works, but), or bad (does not work).

    ``subject`` is whom it is about (an assistant, a model, a server), ``advice`` what to do,
    ``seconds`` what the check took where that tells something. ``group``: the diagnosis it is of.
    """

    name: str
    state: State
    found: str
    advice: str = ""
    subject: str = ""
    seconds: float | None = None
    group: str = ""

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return _(TITLES.get(self.name, self.name))


def outcome(code: str) -> str:
    """How an answer ended, in the reader's language."""
    return {
        "answered": _("the question was answered"),
        "related": _("only related passages were found"),
        "not_found": _("it is not in the documents"),
        "cut_off": _("it broke off"),
        "error": _("it failed"),
    }.get(code, code)


def failed(name: str, error: CicloError, subject: str = "") -> Finding:
    """The finding that an error is."""
    return Finding(name, "bad", error.message, error.hint, subject)


def counted(found: Iterable[Finding]) -> dict[State, int]:
    """How many are good, notes and bad; what only tells of progress is none of them."""
    states = [one.state for one in found if one.name != PROGRESS]
    return {state: states.count(state) for state in MARKS}
