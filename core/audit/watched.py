"""Which changes the audit log keeps: one table from a database table to the columns that tell.

Always holds: no hash, no secret and nothing that a background loop moves along (leases, states of
reading) is named here, so none of it is ever written into the log.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.db.tables import (
    Account,
    AlertRule,
    Alias,
    ApiToken,
    ApprovedAnswer,
    Assistant,
    Base,
    Document,
    Embedder,
    Erasure,
    EvaluationRun,
    Gate,
    Guideline,
    Member,
    Model,
    OneTimeLink,
    Person,
    Queue,
    Secret,
    Setting,
    Topic,
    Version,
)


def _all(row: dict[str, Any]) -> bool:
    return True


def _set_by_people(row: dict[str, Any]) -> bool:
    """What the grouping of topics remembers between its turns is nobody's setting."""
    return str(row.get("name")).partition(":")[0] != "topics"


def _named_by_people(row: dict[str, Any]) -> bool:
    """Topics that a person has given their name."""
    return bool(row.get("named"))


@dataclass(frozen=True)
class Watched:
    """A table whose changes are kept: what one row is called, and the columns that matter.

    ``key`` names the object, ``home`` its assistant ("": none).
    """

    kind: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ("id",)
    home: str = ""
    kept: Callable[[dict[str, Any]], bool] = _all

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns to read of a row in order to tell of it."""
        return tuple(dict.fromkeys((*self.key, *filter(None, (self.home,)), *self.columns)))


def _watched(kind: str, columns: str, **facts: Any) -> Watched:
    return Watched(kind, tuple(columns.split()), **facts)


_WATCHED: dict[type[Base], Watched] = {
    Person: _watched("person", "name roles"),
    Account: _watched(
        "account", "login issuer subject password_at disabled_at", key=("person_id",)
    ),
    OneTimeLink: _watched("link", "kind person_id made_by expires_at used_at"),
    ApiToken: _watched("token", "person_id name prefix scopes assistants expires_at revoked_at"),
    Member: _watched("member", "person_id", key=("assistant_id", "person_id"), home="assistant_id"),
    Assistant: _watched(
        "assistant",
        "name language persona rules starters rubric modes thoughts is_default follows_ollama"
        " routing members_only consent retention_days sample removed_at",
        home="id",
    ),
    Model: _watched("model", "provider name price_in price_out context_tokens origin"),
    Version: _watched(
        "version",
        "number model_id parameters prompt retrieval memory_freeze",
        home="assistant_id",
    ),
    Alias: _watched("alias", "name version_id reason", key=("number",), home="assistant_id"),
    Document: _watched(
        "document",
        "name media_type digest size newest masks valid_from valid_to is_sample removed_at",
        home="assistant_id",
    ),
    Embedder: _watched("embedder", "provider name dimension state"),
    Queue: _watched(
        "queue",
        "name reviewers_per_item lease_seconds blind random_share calibration_share rules judge"
        " removed_at",
        home="assistant_id",
    ),
    Guideline: _watched("guideline", "queue_id number text rubric"),
    Gate: _watched("gate", "rules", home="assistant_id"),
    EvaluationRun: _watched(
        "run", "name a_version_id b_version_id source n settings", home="assistant_id"
    ),
    AlertRule: _watched(
        "alert_rule",
        "name measure filters kind side bound margin minimum hours every_minutes channels"
        " silent_until paused removed_at",
    ),
    ApprovedAnswer: _watched(
        "approved", "retired_at retired_why unserved_why", home="assistant_id"
    ),
    Topic: _watched("topic", "label named", home="assistant_id", kept=_named_by_people),
    Setting: _watched("setting", "name value", key=("name",), kept=_set_by_people),
    Secret: _watched("secret", "name set_at", key=("name",)),
    Erasure: _watched("erasure", "person_id erased unreached"),
}
WATCHED: dict[str, Watched] = {table.__tablename__: what for table, what in _WATCHED.items()}
TABLES: dict[str, type[Base]] = {what.kind: table for table, what in _WATCHED.items()}
