"""A model picked for one answer: the champion's settings, with another model.

In: an assistant and a model's name. Out: a version. Always holds: the champion stays champion; all
but the model and its parameters is the champion's.
"""

from dataclasses import replace

from core import db
from core.db.tables import Assistant, Version
from core.registry.following import full_name_and_defaults
from core.registry.versions import CHAMPION, current, no_assistant, parts_of, stored


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
