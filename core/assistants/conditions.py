"""What an assistant's folder says of its documents beside their content: dates, what they hide.

In assistant.toml, where it differs from the usual:

    [documents."prices-2025.csv"]
    valid_to = 2025-12-31
    masks = ["cpf", "card", "phone"]
"""

from datetime import date, datetime
from typing import Any

from core import privacy, retrieval
from core.db.tables import Document
from core.errors import InvalidInput
from core.i18n import _

DATES = ("valid_from", "valid_to")
Conditions = dict[str, Any]  # of one document: some of valid_from, valid_to, masks


def told(document: Document) -> Conditions:
    """What is to be said of a document; nothing where all is as usual."""
    dates = {name: day for name in DATES if (day := getattr(document, name))}
    usual = set(document.masks) == set(privacy.MASKED_BY_DEFAULT)
    return dates if usual else dates | {"masks": document.masks}


def understood(definition: dict[str, Any]) -> dict[str, Conditions]:
    """The conditions in a definition, by the documents' names; InvalidInput where they are wrong."""
    documents = definition.get("documents", {})
    if not isinstance(documents, dict):
        raise _wrong(_("[documents] has a table for each document."))
    for name, conditions in documents.items():
        if not _fits(conditions):
            said = _("What [documents] says of “{name}” cannot be taken.")
            raise _wrong(said.format(name=name))
    return documents


def apply(document_id: str, conditions: Conditions) -> None:
    """Set them for a document."""
    dates = {name: conditions[name] for name in DATES if name in conditions}
    if dates:
        retrieval.set_validity([document_id], **dates)
    if "masks" in conditions:
        retrieval.set_masks([document_id], conditions["masks"])


def _wrong(message: str) -> InvalidInput:
    return InvalidInput(
        message,
        hint=_(
            "Each document's table gives days (valid_from, valid_to) and kinds of data (masks: {kinds})."
        ).format(kinds=", ".join(privacy.KINDS)),
        field="documents",
    )


def _fits(conditions: Any) -> bool:
    return isinstance(conditions, dict) and all(
        _is_day(value) if name in DATES else name == "masks" and _are_kinds(value)
        for name, value in conditions.items()
    )


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _are_kinds(value: Any) -> bool:
    return isinstance(value, list) and all(kind in privacy.KINDS for kind in value)
