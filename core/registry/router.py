"""The router: which version answers, and why.

In: the assistant, and what the asker said about the version. Out: ``Route`` with a reason that is
a stable code, never translated: "champion", "pinned", "fallback:<code of the failure>".
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core import db
from core.db.tables import Assistant, Model, Version
from core.errors import NotFound
from core.i18n import _
from core.llm import EMBEDDED
from core.registry.versions import CHAMPION, Parts, current, prompt_of, stored


@dataclass(frozen=True)
class Route:
    """The version for one answer, its model, and the reason for the choice."""

    version: Version
    model: Model
    reason: str

    @property
    def name(self) -> str:
        """The model's name as ``open_model`` takes it."""
        return f"{self.model.provider}:{self.model.name}"


def route(assistant_id: str, *, pinned_version_id: str | None = None, failed: str = "") -> Route:
    """The version that answers now.

    ``failed`` is the code of a failure just met: then the embedded engine answers instead, which
    needs no server. NotFound when the pinned version is not one of this assistant's.
    """
    if failed:
        return _fallback(assistant_id, failed)
    with db.session() as session:
        if pinned_version_id:
            return _route(session, _pinned(session, assistant_id, pinned_version_id), "pinned")
        champion = current(session, assistant_id, CHAMPION)
        if champion is None:
            raise NotFound(_("There is no assistant {id}.").format(id=assistant_id))
        return _route(session, champion, "champion")


def _pinned(session: Session, assistant_id: str, version_id: str) -> Version:
    version = session.get(Version, version_id)
    if version is None or version.assistant_id != assistant_id:
        raise NotFound(_("The assistant has no version {id}.").format(id=version_id))
    return version


def _fallback(assistant_id: str, code: str) -> Route:
    with db.writing() as session:
        assistant = session.get(Assistant, assistant_id)
        if assistant is None:
            raise NotFound(_("There is no assistant {id}.").format(id=assistant_id))
        version = stored(session, assistant_id, Parts(EMBEDDED, prompt=prompt_of(assistant)))
        return _route(session, version, f"fallback:{code}")


def _route(session: Session, version: Version, reason: str) -> Route:
    return Route(version, session.get_one(Model, version.model_id), reason)
