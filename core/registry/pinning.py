"""A model picked for one answer: the champion's settings, with another model; and other variants.

In: an assistant and a model's name, or a version and what shall differ. Out: a version. Always
holds: the champion stays champion; all but what was named is as it was.
"""

from dataclasses import replace
from typing import Any

from core import db
from core.db.tables import Assistant, Version
from core.registry.following import full_name_and_defaults
from core.registry.versions import CHAMPION, current, no_assistant, no_version, parts_of, stored


def version_with_model(assistant_id: str, name: str) -> Version:
    """The assistant's champion with the model ``name`` ("provider:model"), made when new."""
    name, parameters = full_name_and_defaults(name)
    with db.writing() as session:
        assistant = session.get(Assistant, assistant_id)
        champion = current(session, assistant_id, CHAMPION)
        if assistant is None or champion is None:
            raise no_assistant(assistant_id)
        parts = parts_of(session, champion)
        if parts.model == name:
            return champion
        return stored(session, assistant_id, replace(parts, model=name, parameters=parameters))


def variant(version_id: str, **parts: Any) -> Version:
    """The version that is as ``version_id`` but for some ``parts`` (see ``Parts``), made when new.

    NotFound where there is no such version.
    """
    with db.writing() as session:
        known = session.get(Version, version_id)
        if known is None:
            raise no_version(version_id)
        return stored(session, known.assistant_id, replace(parts_of(session, known), **parts))
