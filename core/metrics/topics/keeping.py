"""Topics kept up: questions grouped anew, and new ones given to the topic that is nearest.

In: the database. Out: ``topics`` and ``topic_questions``. Always holds: a topic found again keeps its id and
its name; who asks is never asked twice, for a question keeps its topic until another is clearly nearer; one
process at a time does this, and one that dies leaves nothing half done that the next turn does not mend.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from core import access, assistants, clock, db
from core.db.tables import (
    Assistant,
    Conversation,
    ConversationChange,
    Message,
    Setting,
    Topic,
    TopicQuestion,
    new_id,
)
from core.errors import Conflict
from core.i18n import _
from core.metrics import keeping
from core.metrics.topics import groups as topic_groups
from core.metrics.topics import labels as topic_labels
from core.metrics.topics import matching as topic_matching
from core.metrics.topics import reading as topic_reading
from core.metrics.topics import state as topic_state
from core.metrics.topics.groups import FEWEST, LIKE, SMALLEST_SHARE, Centre
from core.metrics.topics.reading import Question
from core.metrics.topics.state import TURN

FEWEST_QUESTIONS = 20  # with fewer there are no topics: hardly any word comes up twice
HOURLY = timedelta(hours=1)
WORTH_GROUPING = 0.1  # new questions, for one that was there at the last grouping
CLEARLY = 0.1  # how much nearer another topic must be for a question to leave its own
OVERLAP_MS = 10_000  # a change is told when it is made, and seen when it is committed
TELLING_TERMS = 8
WORTH_FOLLOWING = 2000  # questions with another topic, after which the facts are brought up to date


@dataclass(frozen=True)
class Regrouped:
    """``questions`` there are (``enough``: as many as it takes), the ``topics`` they are in now, how
    many of these are ``made`` anew, and how many old ones were ``retired``."""

    questions: int
    topics: int
    made: int
    retired: int

    @property
    def enough(self) -> bool:
        """Whether there are enough for topics."""
        return self.questions >= FEWEST_QUESTIONS


class Placing:
    """Where questions belong, by the rarity of terms and the centres of an assistant's topics."""

    def __init__(self, rarity: dict[str, float], centres: dict[str, Centre]) -> None:
        self._rarity, self._ids = rarity, sorted(centres)
        self._told = topic_groups.nearest([centres[one] for one in self._ids])

    def places(self, questions: Sequence[Question]) -> list[tuple[str, float]]:
        """The topic of each and how like it is; "" for none."""
        vectors = [topic_groups.vector(one.stems(), self._rarity) for one in questions]
        nearest, likes = self._told(vectors)
        return [
            self._place(one.topic, int(place), row)
            for one, place, row in zip(questions, nearest, likes, strict=True)
        ]

    def _place(self, present: str, place: int, likes: Any) -> tuple[str, float]:
        if not len(likes) or likes[place] < LIKE:
            return "", 0.0
        if present in self._ids:
            own = float(likes[self._ids.index(present)])
            if own >= LIKE and likes[place] - own < CLEARLY:
                return present, own
        return self._ids[place], min(1.0, float(likes[place]))


@access.allowed("change")
def regroup(assistant_id: str) -> Regrouped:
    """Group an assistant's questions anew. Some seconds for 100,000.

    Conflict where another process is at it. NotFound for an assistant that is not there.
    """
    assistants.get(assistant_id)
    with topic_state.turn() as mine:
        if not mine:
            raise Conflict(
                _("The questions are being grouped just now."),
                hint=_("Look again in a minute."),
                code="grouping",
            )
        return _regroup(assistant_id)


def keep_grouped() -> int:
    """A turn in the background: place new questions; group those anew that have become many.

    Gives how many questions have another topic now.
    """
    with topic_state.turn() as mine:
        if not mine:
            return 0
        topic_state.forget_gone()
        moved = _place_new()
        for assistant_id in _due():
            _regroup(assistant_id)
        return moved


def _regroup(assistant_id: str) -> Regrouped:
    with db.session() as session:
        ids = topic_reading.conversations(session, assistant_id)
        n = topic_reading.answered(session, assistant_id)
        sample = topic_reading.sample(session, ids) if n >= FEWEST_QUESTIONS else []
    if n < FEWEST_QUESTIONS:
        return Regrouped(n, len(_alive(assistant_id)), 0, 0)
    found = topic_groups.grouped([one.stems() for one in sample], [one.asker for one in sample])
    before = {one.id: one for one in _alive(assistant_id, retired=True)}
    centres, made = _store(assistant_id, found, before, sample)
    _moved, sizes = _place_all(ids, {assistant_id: Placing(found.rarity, centres)})
    left = _close(assistant_id, sizes, max(FEWEST, round(SMALLEST_SHARE * sum(sizes.values()))))
    _remember(assistant_id, found.rarity, n)
    was = {one.id for one in before.values() if one.retired_at is None}
    return Regrouped(n, len(left), len(left & made), len(was - left))


def _store(
    assistant_id: str,
    found: topic_groups.Grouping,
    before: dict[str, Topic],
    sample: Sequence[Question],
) -> tuple[dict[str, Centre], set[str]]:
    """The topics of the groups found: the centres of all there are now, and which are made anew."""
    known = {one.id: dict(one.weights) for one in before.values()}
    same = topic_matching.matched(found.centres, known)
    alive = {one: known[one] for one in known if before[one].retired_at is None and one not in same}
    named = [one.id for one in before.values() if one.named]
    stay = topic_matching.staying(found.centres, alive, named)
    ids = [one or new_id() for one in same]
    taken = {one.label for one in before.values()}
    inside = _members(found, sample)
    with db.writing() as session:
        for topic_id, centre, asked in zip(ids, found.centres, inside, strict=True):
            row = session.get(Topic, topic_id)
            if row is None:
                row = Topic(id=topic_id, assistant_id=assistant_id)
                row.label = topic_labels.label(centre, asked, taken)[:200]
                taken.add(row.label)
            row.weights, row.retired_at = dict(centre), None
            row.terms = topic_labels.named(centre, asked, TELLING_TERMS)
            session.add(row)
    centres = dict(zip(ids, found.centres, strict=True)) | {one: known[one] for one in stay}
    return centres, set(ids) - set(before)


def _members(
    found: topic_groups.Grouping, sample: Sequence[Question]
) -> list[list[tuple[str, str]]]:
    """The questions of each group, the likest first, as a label is made from them."""
    vectors = [topic_groups.vector(one.stems(), found.rarity) for one in sample]
    nearest, likes = topic_groups.nearest(found.centres)(vectors)
    inside: list[list[tuple[float, str, Question]]] = [[] for _centre in found.centres]
    for one, place, row in zip(sample, nearest, likes, strict=True):
        if len(row) and row[place] >= LIKE:
            inside[int(place)].append((-float(row[place]), one.id, one))
    return [[(q.text, q.language) for _like, _id, q in sorted(group)] for group in inside]


def _place_all(ids: Sequence[str], placing: dict[str, Placing]) -> tuple[int, Counter[str]]:
    """As ``_place``, a bounded number at a time; the facts follow, so that no reader waits for all."""
    moved, unseen = 0, 0
    sizes: Counter[str] = Counter()
    for batch in topic_reading.batches(ids):
        n, more = _place(batch, placing)
        moved, unseen, sizes = moved + n, unseen + n, sizes + more
        if unseen >= WORTH_FOLLOWING:
            keeping.follow()
            unseen = 0
    return moved, sizes


def _place(ids: Sequence[str], placing: dict[str, Placing]) -> tuple[int, Counter[str]]:
    """Place the questions of these conversations: how many have another topic now, and how many
    each topic has of them. ``placing`` by assistant; others are left as they are."""
    with db.session() as session:
        asked = topic_reading.questions(session, ids)
    changed: dict[str, tuple[str, float]] = {}
    sizes: Counter[str] = Counter()
    for assistant_id, way in placing.items():
        own = [one for one in asked if one.assistant_id == assistant_id]
        for one, place in zip(own, way.places(own), strict=True):
            sizes[place[0]] += 1
            if place[0] != one.topic:
                changed[one.id] = place
    if changed:
        _write(changed)
    return len(changed), sizes


def _write(changed: dict[str, tuple[str, float]]) -> None:
    """The new topic of each question; "" takes it out of its own."""
    with db.writing() as session:
        session.execute(delete(TopicQuestion).where(TopicQuestion.message_id.in_(changed)))
        there = set(session.scalars(select(Message.id).where(Message.id.in_(changed))))
        rows = [
            {"message_id": one, "topic_id": topic, "likeness": like}
            for one, (topic, like) in changed.items()
            if topic and one in there
        ]
        if rows:
            session.execute(insert(TopicQuestion), rows)


def _close(assistant_id: str, sizes: Counter[str], least: int) -> set[str]:
    """Retire the topics that have too little left, a named one with nothing; the ids of the others."""
    alive = _alive(assistant_id)
    left = {one.id for one in alive if sizes[one.id] >= (1 if one.named else least)}
    gone = sorted({one.id for one in alive} - left)
    with db.writing() as session:
        session.execute(delete(TopicQuestion).where(TopicQuestion.topic_id.in_(gone)))
        for topic_id in gone:
            session.get_one(Topic, topic_id).retired_at = clock.now()
    return left


def _alive(assistant_id: str, *, retired: bool = False) -> Sequence[Topic]:
    query = select(Topic).where(Topic.assistant_id == assistant_id).order_by(Topic.id)
    with db.session() as session:
        return session.scalars(query if retired else query.where(Topic.retired_at.is_(None))).all()


def _place_new() -> int:
    """Place the questions of all conversations that have changed since the last time."""
    with db.session() as session:
        until = topic_state.value(session, TURN).get("until_ms", 0)
        change = ConversationChange
        told = session.execute(
            select(change.conversation_id, change.changed_ms)
            .join(Conversation, Conversation.id == change.conversation_id)
            .join(Setting, Setting.name == topic_state.name(Conversation.assistant_id))
            .where(change.changed_ms >= until - OVERLAP_MS)
        ).all()
        last = session.scalar(select(func.max(change.changed_ms))) or 0
        changed = [one for one, _ms in told]
        placing = _placings(session) if changed else {}
    moved, _sizes = _place_all(changed, placing)
    if last > until:
        topic_state.remember(TURN, until_ms=last)
    return moved


def _placings(session: Session) -> dict[str, Placing]:
    centres: dict[str, dict[str, Centre]] = {}
    for one in session.scalars(select(Topic).where(Topic.retired_at.is_(None))):
        centres.setdefault(one.assistant_id, {})[one.id] = dict(one.weights)
    return {
        one: Placing(topic_state.value(session, topic_state.name(one)).get("rarity", {}), own)
        for one, own in sorted(centres.items())
    }


def _due() -> list[str]:
    """The assistants whose questions are to be grouped: enough of them are new, and an hour has passed."""
    due = []
    living = select(Assistant.id).where(Assistant.removed_at.is_(None)).order_by(Assistant.id)
    with db.session() as session:
        for one in session.scalars(living).all():
            state = topic_state.value(session, topic_state.name(one))
            n = int(state.get("n", 0))
            if state and clock.now() - datetime.fromisoformat(state["at"]) < HOURLY:
                continue
            most = n + max(FEWEST_QUESTIONS, int(WORTH_GROUPING * n))
            if topic_reading.answered(session, one, most) >= most:
                due.append(one)
    return due


def _remember(assistant_id: str, rarity: dict[str, float], n: int) -> None:
    learned = {"rarity": rarity, "n": n, "at": clock.now().isoformat()}
    topic_state.remember(topic_state.name(assistant_id), **learned)
