"""The ranking of an assistant's versions by what people voted, with what can be trusted of it.

In: standing votes. Out: a ``Ranked``. Always holds: votes of people who knew whose the answers were
count apart, those on questions that a version learned from not at all, and both are told; "both bad"
says nothing of which is better and is told as a share; every figure has its interval and its n.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from core import db, statistics
from core.access import allowed
from core.comparison import pairing
from core.comparison.types import SIDES
from core.db.tables import Comparison, Conversation, Vote
from core.errors import InvalidInput
from core.i18n import _
from core.statistics import Interval, Meeting, Share
from core.statistics.bradley_terry import LEAST, LEAST_CLUSTERS

SOURCES = ("", "hand", "run", "chat")
EVEN = 0.5


class Cast(NamedTuple):
    """A standing vote: on what, by whom, which version stood left and which right, and what was said:
    left | right | tie | bad."""

    person: str
    question: str
    topic: str
    left: str
    right: str
    said: str
    at: datetime
    blind: bool
    learned: bool


@dataclass(frozen=True)
class Place:
    """A version in the ranking. ``preferred``: the share of votes other than ties that it is to win,
    against the other one where there are two, else against one of average strength. ``missing``: how
    many votes it lacks to be ranked."""

    version_id: str
    name: str
    rank: int
    preferred: Interval
    strength: Interval
    n: int
    wins: int
    losses: int
    ties: int
    missing: int


@dataclass(frozen=True)
class Sign:
    """The sign test of two versions over the questions, each counted once: valid however often one
    looks. ``better`` is the one that more preferred; ``draws``: questions with opposite votes."""

    better: str
    wins: int
    losses: int
    p: float
    draws: int = 0


@dataclass(frozen=True)
class Ranked:
    """``places`` strongest first; ``meetings`` by version id. ``n`` votes of ``voters`` people, of
    whom the most eager cast ``most`` of them. ``left``: how often the left one was preferred, which
    is ``biased`` where its interval leaves a half out. ``thin``: why it is too thin to rank (few,
    disconnected, order); ``missing`` votes. ``clustered``: what was drawn anew for the intervals:
    people, questions or votes. Left out: ``knowing`` votes, and ``learned`` ones."""

    assistant_id: str
    topic: str
    source: str
    places: tuple[Place, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    n: int = 0
    ties: int = 0
    bad: Share | None = None
    voters: int = 0
    questions: int = 0
    most: int = 0
    left: Share | None = None
    biased: bool = False
    clear: bool = False
    thin: tuple[str, ...] = ()
    missing: int = 0
    sign: Sign | None = None
    clustered: str = ""
    knowing: int = 0
    learned: int = 0

    @property
    def enough(self) -> bool:
        """Whether there are votes enough to rank by."""
        return bool(self.places) and not self.thin


@allowed("metrics")
def ranking(assistant_id: str, topic: str | None = None, source: str = "") -> Ranked:
    """The ranking of an assistant's versions.

    ``source``: "" takes blind votes alone; "hand" and "run" those of one kind; "chat" the votes of
    askers who asked again, none of them blind. They ask again where they dislike what came first, so
    that these favour the later answer: never read them with the others.
    """
    return _ranked(assistant_id, topic or "", source, _cast(assistant_id, topic, source))


@allowed("metrics")
def rankings_by_topic(assistant_id: str, source: str = "") -> list[Ranked]:
    """The same for each topic that has votes, those with the most first."""
    parts: dict[str, list[Cast]] = defaultdict(list)
    for one in _cast(assistant_id, None, source):
        if one.topic:
            parts[one.topic].append(one)
    told = [_ranked(assistant_id, topic, source, cast) for topic, cast in parts.items()]
    return sorted((one for one in told if one.n), key=lambda one: (-one.n, one.topic))


def _cast(assistant_id: str, topic: str | None, source: str) -> list[Cast]:
    if source not in SOURCES:
        raise InvalidInput(
            _("There are no votes from “{source}”.").format(source=source[:20]),
            hint=_("Choose one of {names}.").format(names=", ".join(SOURCES[1:])),
            field="source",
        )
    kept = Conversation.removed_at.is_(None)  # a chat that was deleted takes its votes along
    wanted = (
        select(Vote, Comparison)
        .join(Comparison, Comparison.id == Vote.comparison_id)
        .join(Conversation, Conversation.id == Comparison.conversation_id)
        .where(Vote.withdrawn_at.is_(None), Comparison.removed_at.is_(None))
        .where(Comparison.assistant_id == assistant_id, or_(Comparison.source != "chat", kept))
    )
    if topic:
        wanted = wanted.where(Comparison.topic == topic)
    if source:
        wanted = wanted.where(Comparison.source == source)
    with db.session() as session:
        rows = session.execute(wanted.order_by(Vote.created_at, Vote.id))
        return [_one(vote, row) for vote, row in rows]


def _one(vote: Vote, row: Comparison) -> Cast:
    right = SIDES[vote.left_side == "a"]
    said = {vote.left_side: "left", right: "right"}.get(vote.choice, vote.choice)
    return Cast(
        person=vote.person_id or "",
        question=" ".join(row.question.casefold().split()),
        topic=row.topic,
        left=getattr(row, f"{vote.left_side}_version_id"),
        right=getattr(row, f"{right}_version_id"),
        said=said,
        at=vote.created_at,
        blind=vote.blind,
        learned=bool(row.learned),
    )


def _ranked(assistant_id: str, topic: str, source: str, cast: Sequence[Cast]) -> Ranked:
    fresh = [one for one in cast if not one.learned]
    counted = [one for one in fresh if one.blind or source == "chat"]
    told = Ranked(
        assistant_id,
        topic,
        source,
        **_counts(counted),
        knowing=len(fresh) - len(counted),
        learned=len(cast) - len(fresh),
    )
    clustered, games = _games(counted)
    found = statistics.bradley_terry(games)
    if found is None:
        return told
    names = called(assistant_id)
    places = tuple(_place(one, found, names) for one in found.standings)
    left = _left(counted)
    return Ranked(
        **vars(told)
        | {
            "places": places,
            "meetings": found.meetings,
            "left": left if source != "chat" else None,
            "biased": bool(left and source != "chat" and not left.low <= EVEN <= left.high),
            "clear": found.clear,
            "thin": found.thin,
            "missing": ceil(sum(one.missing for one in places) / 2),
            "sign": _sign(counted) if len(places) == 2 and source != "chat" else None,
            "clustered": clustered,
        }
    )


def _counts(cast: Sequence[Cast]) -> dict[str, Any]:
    by_person = Counter(one.person for one in cast)
    bad = sum(one.said == "bad" for one in cast)
    return {
        "n": len(cast),
        "ties": sum(one.said == "tie" for one in cast),
        "bad": statistics.wilson(bad, len(cast)),
        "voters": len(by_person),
        "questions": len({one.question for one in cast}),
        "most": max(by_person.values(), default=0),
    }


def _games(cast: Iterable[Cast]) -> tuple[str, list[statistics.Game]]:
    """The votes that say something of which is better, and what hangs together among them: the votes
    of a person where enough people voted, else those on a question, so that neither one eager voter
    nor one question asked often makes an interval narrow."""
    told = [one for one in cast if one.said != "bad"]
    people, asked = ({getattr(one, name) for one in told} for name in ("person", "question"))
    by = "person" if len(people) >= LEAST_CLUSTERS else "question"
    outcomes = {"left": "first", "right": "second", "tie": "tie"}
    games = [
        statistics.Game(one.left, one.right, outcomes[one.said], getattr(one, by))  # type: ignore[arg-type]
        for one in told
    ]
    if len(people) < LEAST_CLUSTERS and len(asked) < LEAST_CLUSTERS:
        return "votes", games
    return ("people" if by == "person" else "questions"), games


def _place(one: statistics.Standing, found: statistics.Ranking, names: dict[str, str]) -> Place:
    preferred = one.preferred
    if len(found.standings) == 2 and found.meetings:
        preferred = _against(found.meetings[0], one.player)
    return Place(
        version_id=one.player,
        name=names.get(one.player, ""),
        rank=one.rank,
        preferred=preferred,
        strength=one.strength,
        n=one.n,
        wins=one.wins,
        losses=one.losses,
        ties=one.ties,
        missing=max(0, LEAST - one.n),
    )


def _against(met: Meeting, player: str) -> Interval:
    if met.one == player:
        return met.preferred
    value, low, high = met.preferred
    return Interval(1 - value, 1 - high, 1 - low)


def _left(cast: Iterable[Cast]) -> Share | None:
    """Of the votes that told one better, how many told the left one."""
    sides = Counter(one.said for one in cast)
    return statistics.wilson(sides["left"], sides["left"] + sides["right"])


def _sign(cast: Sequence[Cast]) -> Sign | None:
    """Each question once: further votes on it hang together with the first, and opposite ones make it
    a draw. As sides are drawn, a habit of choosing the left one favours nobody (in a chat nobody draws
    them). The p value is no smaller than that of the first votes alone: those never change, so that it
    holds at every look also where later votes undo a win."""
    said: dict[str, list[str]] = defaultdict(list)
    for one in cast:
        if one.said in ("left", "right"):
            said[one.question].append(one.left if one.said == "left" else one.right)
    won = Counter(told[0] for told in said.values() if len(set(told)) == 1).most_common()
    if not won:
        return None
    better, wins = won[0]
    losses = sum(n for _version, n in won[1:])
    first = sum(told[0] == better for told in said.values())
    lost = len(said) - first
    never = statistics.sign_p(first, lost) if first > lost else 1.0
    p = max(statistics.sign_p(wins, losses), never)
    return Sign(better, wins, losses, p, len(said) - wins - losses)


def called(assistant_id: str) -> dict[str, str]:
    """What each version of an assistant is called, by its id: number, standing, engine."""
    return {one.version.id: name_of(one) for one in pairing.choices(assistant_id)}


def name_of(one: pairing.Choice) -> str:
    """What a version is called: "version 3 (champion) · llama3.2 · memory"."""
    alias = f" ({', '.join(_(name) for name in one.aliases)})" if one.aliases else ""
    engine = _("Ciclo’s own engine") if one.model.provider == "embedded" else one.model.name
    memory = _("with memory") if one.remembers else _("without memory")
    parts = [_("version {n}").format(n=one.version.number) + alias, engine, memory]
    return " · ".join(parts)
