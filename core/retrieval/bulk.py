"""One verb for many documents, as picked from a list that others change at the same time.

In: a verb that does all or nothing, and ids. Out: what became of each. What always holds: one
that cannot be done keeps none of the others from being done; doing it twice changes nothing more.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.db.tables import Document
from core.errors import CicloError, NotAllowed, Unavailable

Verb = Callable[[Sequence[str]], Sequence[Document]]


@dataclass(frozen=True)
class Bulk:
    """The documents for which it was done, and for each other id why not."""

    done: list[Document]
    failed: dict[str, CicloError]


def each(verb: Verb, document_ids: Iterable[str]) -> Bulk:
    """Do ``verb`` (remove_many, restore_many, reread_many, set_validity ...) for each it can be
    done for. Unavailable where the database does not take it: then some may be done.
    """
    ids = list(dict.fromkeys(document_ids))
    return _halved(verb, ids) if ids else Bulk([], {})


def _halved(verb: Verb, ids: list[str]) -> Bulk:
    """All at once; where that fails, each half by itself: one in a thousand costs twenty tries."""
    try:
        return Bulk(list(verb(ids)), {})
    except (NotAllowed, Unavailable):
        raise
    except CicloError as error:
        if len(ids) == 1:
            return Bulk([], {ids[0]: error})
    middle = len(ids) // 2
    first, second = _halved(verb, ids[:middle]), _halved(verb, ids[middle:])
    return Bulk(first.done + second.done, first.failed | second.failed)
