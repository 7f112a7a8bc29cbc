"""The conditions a person sets on documents: from when to when they hold, and what they hide.

In: ids of documents, dates, kinds of personal data. Out: the documents. What always holds: all of
them are changed or none is; a date decides at every search anew and needs no reading; another
choice of what is hidden has the documents read again, and what serves serves on until then.
"""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy.orm import Session

from core import db, privacy
from core.access import allowed
from core.db.tables import Document, DocumentVersion
from core.errors import InvalidInput
from core.i18n import _
from core.retrieval.listing import living


class Unchanged:
    """Stands for a date that stays as it is."""


UNCHANGED = Unchanged()


@allowed("change")
def set_validity(
    document_ids: Iterable[str],
    valid_from: date | Unchanged | None = UNCHANGED,
    valid_to: date | Unchanged | None = UNCHANGED,
) -> list[Document]:
    """From when to when the documents hold, both days included; None leaves a side open.

    InvalidInput where a document would end before it begins, NotFound for an unknown one.
    """
    with db.writing() as session:
        found = _all(session, document_ids)
        for document in found:
            if not isinstance(valid_from, Unchanged):
                document.valid_from = valid_from
            if not isinstance(valid_to, Unchanged):
                document.valid_to = valid_to
            _check_order(document)
    return found


@allowed("change")
def set_masks(document_ids: Iterable[str], kinds: Collection[str]) -> list[Document]:
    """Hide personal data of these kinds; documents for which that is new are read again.

    InvalidInput for an unknown kind, NotFound for an unknown document.
    """
    chosen = _checked(kinds)
    with db.writing() as session:
        found = _all(session, document_ids)
        for document in found:
            if set(document.masks) != set(chosen):
                document.masks = chosen
                _read_again(session, document)
    return found


@allowed("change")
def reread_many(document_ids: Iterable[str]) -> list[Document]:
    """Have them read again, or none where one is not there (NotFound): after another release, a
    raised limit, a mended disk. Those that failed are tried anew; those that wait go on waiting.
    """
    with db.writing() as session:
        found = _all(session, document_ids)
        for document in found:
            if document.state in ("ready", "failed"):
                _read_again(session, document)
    return found


def _all(session: Session, document_ids: Iterable[str]) -> list[Document]:
    return [living(session, id_) for id_ in dict.fromkeys(document_ids)]


def _check_order(document: Document) -> None:
    first, last = document.valid_from, document.valid_to
    if first and last and last < first:
        message = _("'{name}' would hold until {last}, before it begins on {first}.")
        raise InvalidInput(
            message.format(name=document.name, last=last, first=first),
            field="valid_to",
            hint=_("Give a later end, or leave it open."),
            code="bad_dates",
        )


def _checked(kinds: Collection[str]) -> list[str]:
    for kind in kinds:
        if kind not in privacy.KINDS:
            message = _("'{kind}' is no kind of personal data.").format(kind=kind)
            hint = _("The kinds are {names}.").format(names=", ".join(privacy.KINDS))
            raise InvalidInput(message, field="masks", hint=hint)
    return [kind for kind in privacy.KINDS if kind in kinds]


def _read_again(session: Session, document: Document) -> None:
    """What serves, and what is to serve next, wait to be read."""
    for number in {document.version or document.newest, document.newest}:
        session.get_one(DocumentVersion, (document.id, number)).state = "queued"
    document.state, document.lease_until, document.attempts = "queued", None, 0
    document.error_code = document.error = ""
