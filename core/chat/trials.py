"""Answers by a version that is tried out, beside all conversations that people have.

In: a question that was put aside (``set_apart``), a version, the id its answer shall have. Out: that answer,
stored like any other. Always holds: nobody but the version answers (no rule, fallback or breaker has
a say), no answer given before is repeated, and nothing of it shows in a list, a figure or a memory;
asking for the same answer twice asks the model once, unless its first writer died.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from core import clock, db, registry
from core.access import allowed
from core.chat import reading, runs, saving
from core.chat.asking import checked, in_mode, launched
from core.chat.types import APART, Options
from core.db.tables import Assistant, Conversation
from core.errors import NotFound
from core.i18n import _
from core.tracing import Trace


def set_apart(
    session: Session, assistant: Assistant, question: str, person_id: str | None = None
) -> tuple[str, str]:
    """Save a question apart, in the caller's transaction: (conversation id, question id).

    InvalidInput for an empty or too long one.
    """
    return set_all_apart(session, assistant, [question], person_id)[0]


def set_all_apart(
    session: Session, assistant: Assistant, asked: Sequence[str], person_id: str | None = None
) -> list[tuple[str, str]]:
    """As ``set_apart``, of many at once.

    InvalidInput for an empty or too long one.
    """
    texts, now = [checked(one) for one in asked], clock.now()
    talks = [
        Conversation(
            id=db.new_id(),
            assistant_id=assistant.id,
            person_id=person_id,
            channel=APART,
            created_at=now,
            removed_at=now,
        )
        for _text in texts
    ]
    said = list(zip(talks, texts, strict=True))
    ids = saving.put(session, said, assistant.language, now)
    return [(talk.id, question_id) for talk, question_id in zip(talks, ids, strict=True)]


@allowed("compare")
def try_out(question_id: str, answer_id: str, version_id: str, options: Options) -> None:
    """Begin to answer a question that was put apart; follow ``answer_id`` to see it arrive.

    ``options`` may set mode, level, parameters and ``searches_as``. Nothing happens where that
    answer is there or being written.
    """
    trace, question = Trace(), reading.question(question_id)
    with db.session() as session:
        talk = session.get_one(Conversation, question.conversation_id)
        assistant = session.get_one(Assistant, talk.assistant_id)
    if talk.channel != APART:
        raise NotFound(_("There is no question with the id “{id}”.").format(id=question_id))
    alone = replace(options, alone=True, fresh=True, version_id=version_id, model=None)
    options = in_mode(alone, assistant)
    with trace.span("route", "route"):
        route = registry.route(assistant.id, pinned_version_id=version_id)
    answer = saving.tried(question, answer_id, trace.at, route, options)
    if answer is not None:
        launched(talk, question, answer, route, options, trace)


def wait(answer_id: str, patience: float | None = None) -> bool:
    """Wait until an answer that this process writes has ended; whether it has."""
    run = runs.live(answer_id)
    return run is None or run.wait(patience)
