"""The router: which version answers, and why.

In: the assistant, and what the asker said about the version. Out: ``Route`` with a reason that is
a stable code, never translated: "champion", "pinned", "fallback:<code of the failure>".
"""

from dataclasses import dataclass

from sqlalchemy import select

from core import db
from core.db.tables import Assistant, Model, Version
from core.errors import NotFound
from core.i18n import _
from core.llm import EMBEDDED
from core.registry.versions import CHAMPION, Parts, newest, prompt_of, stored


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
    wanted = pinned_version_id or newest(assistant_id, CHAMPION)
    chosen = select(Version, Model).join(Model, Model.id == Version.model_id)
    mine = chosen.where(Version.assistant_id == assistant_id, Version.id == wanted)
    with db.session() as session:
        found = session.execute(mine).first()
    if found is None:
        raise _nothing(assistant_id, pinned_version_id)
    return Route(found[0], found[1], "pinned" if pinned_version_id else "champion")


def _fallback(assistant_id: str, code: str) -> Route:
    with db.writing() as session:
        assistant = session.get(Assistant, assistant_id, with_for_update=True)
        if assistant is None:
            raise _nothing(assistant_id)
        version = stored(session, assistant_id, Parts(EMBEDDED, prompt=prompt_of(assistant)))
        return Route(version, session.get_one(Model, version.model_id), f"fallback:{code}")


def _nothing(assistant_id: str, version_id: str | None = None) -> NotFound:
    if version_id:
        return NotFound(_("The assistant has no version {id}.").format(id=version_id))
    return NotFound(_("There is no assistant {id}.").format(id=assistant_id))
