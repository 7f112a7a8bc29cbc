"""What belongs to which assistant, by the names under which verbs take it.

In: a verb's arguments by name (``conversation_id``, ``run_id``, ...). Out: nothing, or NotFound in the
words for what is not there. Always holds: one table says it for all verbs; ids that nothing has are
left to the verb; where who acts sees everything no query is made.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import unwrap
from typing import Any

from sqlalchemy import Select, select

from core import db
from core.access import membership
from core.db.tables import (
    Alert,
    AlertRule,
    ApprovedAnswer,
    Assistant,
    Comparison,
    Conversation,
    Document,
    EvaluationRun,
    Item,
    Message,
    Queue,
    Topic,
    Version,
    Vote,
)
from core.errors import NotFound
from core.i18n import N_, _

AT_ONCE = 5_000  # ids asked for in one query, well under what a database takes


@dataclass(frozen=True)
class Kind:
    """Something of an assistant: the ids of both, and what is said where it is not there."""

    pairs: Select[str, str]
    missing: str
    hint: str = ""

    def not_there(self, given: str) -> NotFound:
        """The error for an id that nothing has."""
        return NotFound(
            _(self.missing).format(id=given[:80]), hint=_(self.hint) if self.hint else ""
        )


def _message(missing: str, hint: str = "") -> Kind:
    pairs = select(Message.id.label("id"), Conversation.assistant_id.label("assistant_id"))
    return Kind(pairs.join(Conversation, Conversation.id == Message.conversation_id), missing, hint)


def _own(table: Any, missing: str, hint: str = "") -> Kind:
    pairs = select(table.id.label("id"), table.assistant_id.label("assistant_id"))
    return Kind(pairs, missing, hint)


ASSISTANT = Kind(
    select(Assistant.id.label("id"), Assistant.id.label("assistant_id")),
    N_("There is no assistant {id}."),
    N_("`ciclo assistants list` shows those there are."),
)
ANSWER = _message(
    N_("There is no answer with the id “{id}”."),
    N_("Take the message_id that came with the answer."),
)
CONVERSATION = _own(
    Conversation,
    N_("There is no conversation with the id “{id}”."),
    N_("List the conversations to find its id."),
)
VERSION = _own(Version, N_("The assistant has no version {id}."))
ITEM = Kind(
    select(Item.id.label("id"), Queue.assistant_id.label("assistant_id")).join(
        Queue, Queue.id == Item.queue_id
    ),
    N_("There is no item with the id “{id}” in the review queues."),
    N_("Its conversation may have been deleted; claim the next item."),
)
VOTE = Kind(
    select(Vote.id.label("id"), Comparison.assistant_id.label("assistant_id")).join(
        Comparison, Comparison.id == Vote.comparison_id
    ),
    N_("You have no vote with the id “{id}”."),
)
RULE = Kind(
    select(
        AlertRule.id.label("id"), AlertRule.filters["assistant"].as_string().label("assistant_id")
    ),
    N_("There is no alert rule with the id “{id}”."),
    N_("List the rules to find its id."),
)
ALERT = Kind(
    select(
        Alert.id.label("id"), AlertRule.filters["assistant"].as_string().label("assistant_id")
    ).join(AlertRule, AlertRule.id == Alert.rule_id),
    N_("There is no alert with the id “{id}”."),
    N_("List the alerts to find its id."),
)
KINDS: dict[str, Kind] = {
    "assistant_id": ASSISTANT,
    "conversation_id": CONVERSATION,
    "conversation_ids": CONVERSATION,
    "message_id": _message(N_("There is no message with the id “{id}”.")),
    "parent_id": _message(N_("There is no message with the id “{id}”.")),
    "question_id": _message(N_("There is no question with the id “{id}”.")),
    "answer_id": ANSWER,
    "other_id": ANSWER,
    "document_id": (document := _own(Document, N_("There is no document '{id}'."))),
    "document_ids": document,
    "version_id": VERSION,
    "pinned_version_id": VERSION,
    "a_version_id": VERSION,
    "b_version_id": VERSION,
    "queue_id": _own(
        Queue,
        N_("There is no review queue with the id “{id}”."),
        N_("List the queues to find its id."),
    ),
    "item_id": ITEM,
    "run_id": _own(
        EvaluationRun,
        N_("There is no evaluation run with the id “{id}”."),
        N_("`ciclo comparison runs` shows those there are."),
    ),
    "comparison_id": _own(
        Comparison,
        N_("There is no comparison with the id “{id}”."),
        N_("`ciclo comparison list` shows those there are."),
    ),
    "vote_id": VOTE,
    "approved_id": _own(
        ApprovedAnswer,
        N_("There is no approved answer with the id “{id}”."),
        N_("`ciclo memory list` shows those there are."),
    ),
    "topic_id": _own(Topic, N_("This topic is not there.")),
    "rule_id": RULE,
    "alert_id": ALERT,
}


def taken(verb: Callable[..., Any]) -> dict[str, int]:
    """Which of the verb's arguments belong to an assistant, and where each stands."""
    code = unwrap(verb).__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return {name: place for place, name in enumerate(names) if name in KINDS}


def checked(
    takes: Mapping[str, int], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments, all of which are there for who acts; NotFound for the first that is not."""
    given, named = list(args), dict(kwargs)
    for name, place in takes.items():
        held: Any = named if name in named else given
        at: Any = name if name in named else place
        if name not in named and place >= len(given):
            continue
        if held[at] is not None and not isinstance(held[at], str):
            held[at] = list(held[at])  # what can be gone through once only
        demand(KINDS[name], held[at])
    return tuple(given), named


def demand(kind: Kind, ids: str | Iterable[str] | None) -> None:
    """NotFound for the first of these that belongs to an assistant which is not there for who acts."""
    wanted = [ids] if isinstance(ids, str) else list(ids or ())
    for start in range(0, len(wanted), AT_ONCE):
        if found := _first_hidden(kind, wanted[start : start + AT_ONCE]):
            raise kind.not_there(found)


def demand_assistant(assistant_id: str) -> None:
    """NotFound where the assistant is not there for who acts."""
    demand(ASSISTANT, assistant_id)


def _first_hidden(kind: Kind, ids: list[str]) -> str:
    if kind is ASSISTANT:
        return next((one for one in ids if one and not membership.sees(one)), "")
    if membership.sees_all():
        return ""
    pairs = kind.pairs.subquery()
    with db.session() as session:
        rows = session.execute(select(pairs).where(pairs.c.id.in_([one for one in ids if one])))
        unseen = {one for one, owner in rows if owner and not membership.sees(owner)}
    return next((one for one in ids if one in unseen), "")
