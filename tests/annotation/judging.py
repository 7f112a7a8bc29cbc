"""Reviewers who judge everything in a queue, as they are told."""

from collections.abc import Sequence
from typing import Any

from core import access, annotation
from core.annotation import Judged
from core.db.tables import Judgement, Queue


def judge(queue: Queue, name: str, verdicts: Sequence[str], **more: Any) -> list[Judgement]:
    """Let a person judge the next items, one verdict each; a correction is made up."""
    person = access.person(name)
    given = []
    for verdict in verdicts:
        claim = annotation.claim_next(queue.id, person.id)
        assert claim, f"nothing waits for {name}"
        text = "Outra resposta." if verdict == "corrected" else ""
        said = Judged(verdict, correction=text, **more)
        given.append(annotation.submit(claim.item.id, claim.claim_token, said))
    return given
