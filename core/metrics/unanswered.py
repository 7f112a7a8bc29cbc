"""What was asked and not answered, grouped by likeness: the list that whoever owns the documents needs.

In: a view. Out: ``UnansweredGroup`` rows, the most asked first. Always holds: every question whose answer
found nothing, or only something related, is in one group, but for thanks and greetings; the same words
are always in the same one; personal data is masked for those who may not see it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core import access, audit, clock, db, i18n, privacy
from core.access import membership
from core.access.membership import Sight
from core.db.tables import Conversation, Message
from core.metrics import keeping
from core.metrics.facts import Facts
from core.metrics.moments import epoch
from core.metrics.parts import part
from core.metrics.topics import groups as topic_groups
from core.metrics.topics import reading as topic_reading
from core.metrics.topics import words as topic_words
from core.metrics.topics.groups import Bag
from core.metrics.views import View
from core.text.everyday import importance
from core.text.folding import fold
from core.text.words import is_stopword, stems, words

OUTCOMES = ("not_found", "related")
MOST = 500  # groups told at once
MOST_VIEWS = 8  # whose groups are kept: some 1 MB each
EXAMPLES = 5
APART = 0.4  # mean distance (1 - cosine) up to which different wordings are one question
MOST_COMPARED = 1500  # different wordings of an assistant that are compared with all others
MOST_TERMS = 100_000
LONGEST = 300  # characters of a question that are shown


class Example(NamedTuple):
    """One time that it was asked."""

    conversation_id: str
    message_id: str
    text: str
    at: datetime


@dataclass(frozen=True)
class UnansweredGroup:
    """``text`` is how it is mostly asked, where possible as it stands alone; ``n`` times by ``people``;
    ``examples`` are the newest; ``outcomes`` counts not_found and related."""

    text: str
    n: int
    people: int
    first_at: datetime
    last_at: datetime
    assistant_id: str
    examples: list[Example]
    outcomes: dict[str, int] = field(default_factory=dict)


class _Asked(NamedTuple):
    """One question without an answer. ``at``, of its answer, in seconds since 1970, finds it in the facts."""

    at: float
    message_id: str
    conversation_id: str
    assistant_id: str
    text: str
    searched: str
    language: str
    asker: str
    outcome: str


@access.allowed("read")
def unanswered(view: View, limit: int = 50) -> list[UnansweredGroup]:
    """The questions of a view that found no answer, in groups of like ones, the most asked first."""
    found = _groups(view)[: max(0, limit)]
    if not access.may("see_personal_data"):
        return [_masked(one) for one in found]
    if found:
        audit.looked("unanswered", view.assistant or "", view.assistant or "")
    return found


@access.allowed("read")
def unanswered_rows(view: View, limit: int = MOST) -> list[dict[str, str | int]]:
    """The same as flat rows, for a table or a file; times in UTC (ISO 8601)."""
    return [
        {
            "question": one.text,
            "times": one.n,
            "people": one.people,
            "nothing_found": one.outcomes.get("not_found", 0),
            "only_related": one.outcomes.get("related", 0),
            "first_at": one.first_at.isoformat(timespec="seconds"),
            "last_at": one.last_at.isoformat(timespec="seconds"),
            "assistant_id": one.assistant_id,
            "conversation_id": one.examples[0].conversation_id,
        }
        for one in unanswered(view, limit)
    ]


def _groups(view: View) -> list[UnansweredGroup]:
    """The first MOST groups of a view; those of a few views are kept as long as the facts are the same."""
    known = _grouped(keeping.current())
    with membership.holding() as sight:  # from the key to the answer
        return _of_sight(known, view, sight)


def _of_sight(known: "_Grouped", view: View, sight: Sight) -> list[UnansweredGroup]:
    asked = view, sight, int(clock.now().timestamp()) // 60, str(i18n.zone())
    if (found := known.views.get(asked)) is None:
        found = _counted(known, view)[:MOST]
        if len(known.views) >= MOST_VIEWS:
            known.views.clear()
        known.views[asked] = found
    return found


def _counted(known: "_Grouped", view: View) -> list[UnansweredGroup]:
    inside = _inside(known.facts, view)
    groups: dict[int, list[_Asked]] = {}
    for one, group in known.numbered:
        if (one.conversation_id, one.at) in inside:
            groups.setdefault(group, []).append(one)
    found = [_told(asked) for asked in groups.values()]
    return sorted(found, key=lambda one: (-one.n, -one.people, -one.last_at.timestamp(), one.text))


def _inside(facts: Facts, view: View) -> set[tuple[str, float]]:
    """Conversation and time of the answers of a view that found nothing."""
    import numpy as np

    answers = part(view, facts).answers
    codes = [facts.code("outcome", name) for name in OUTCOMES]
    hits = answers.rows(np.isin(answers["outcome"], codes))
    names = facts.names.get("conversation", [])
    pairs = zip(hits["conversation"], hits["at"], strict=True)
    return {(names[code], float(at)) for code, at in pairs}


def _told(asked: Sequence[_Asked]) -> UnansweredGroup:
    newest = sorted(asked, key=lambda one: (-one.at, one.message_id))
    return UnansweredGroup(
        _usual(asked),
        len(asked),
        len({one.asker for one in asked}),
        _moment(newest[-1].at),
        _moment(newest[0].at),
        asked[0].assistant_id,
        [
            Example(one.conversation_id, one.message_id, _short(one.text), _moment(one.at))
            for one in newest[:EXAMPLES]
        ],
        dict(Counter(one.outcome for one in newest)),
    )


def _usual(asked: Sequence[_Asked]) -> str:
    """How it is mostly asked: of the questions that stand alone, if there are some."""
    alone = [one.text for one in asked if one.text == one.searched]
    texts = alone or [one.searched for one in asked]
    folded = Counter(map(_folded, texts))
    usual = min(folded, key=lambda form: (-folded[form], len(form), form))
    forms = Counter(text for text in texts if _folded(text) == usual)
    return _short(min(forms, key=lambda text: (-forms[text], text)))


def _masked(one: UnansweredGroup) -> UnansweredGroup:
    shown = [each._replace(text=privacy.mask(each.text).text) for each in one.examples]
    return replace(one, text=privacy.mask(one.text).text, examples=shown)


@dataclass(frozen=True)
class _Grouped:
    """Questions without an answer, each with the number of its group, and the facts they are of."""

    facts: Facts
    asked: list[_Asked]
    numbered: list[tuple[_Asked, int]]
    views: dict[tuple[View, Sight, int, str], list[UnansweredGroup]] = field(default_factory=dict)


_last: _Grouped | None = None


def _grouped(facts: Facts) -> _Grouped:
    """Every question without an answer; grouped anew only where they are others than the last time."""
    global _last
    known = _last
    if known is None or known.facts is not facts:
        asked = _read()
        same = known is not None and known.asked == asked
        numbered = known.numbered if known and same else list(_numbered(asked))
        known = _last = _Grouped(facts, asked, numbered)
    return known


def _read() -> list[_Asked]:
    question, answer = aliased(Message), aliased(Message)
    asker = func.coalesce(Conversation.person_id, Conversation.user_id, Conversation.id)
    query = (
        select(
            epoch(answer.created_at),
            question.id,
            Conversation.id,
            Conversation.assistant_id,
            func.substr(question.text, 1, topic_words.LONGEST),
            func.substr(answer.search_query, 1, topic_words.LONGEST),
            answer.language,
            asker,
            answer.outcome,
        )
        .join(question, question.id == answer.parent_id)
        .join(Conversation, Conversation.id == answer.conversation_id)
        .where(answer.outcome.in_(OUTCOMES), answer.role == "assistant", answer.state == "done")
        .where(Conversation.removed_at.is_(None))
        .order_by(question.id, answer.id)
    )
    with db.session() as session:
        rows = [_row(*found) for found in session.execute(query)]
    return [one for one in rows if not topic_words.greets(one.text)]


def _row(
    at: float, one: str, talk: str, whose: str, text: str, searched: str, said: str, *more: str
) -> _Asked:
    searched = searched or text
    language = topic_reading.spoken(searched, said)
    return _Asked(float(at), one, talk, whose, text, searched, language, *more)


def _numbered(asked: Iterable[_Asked]) -> Iterator[tuple[_Asked, int]]:
    """Each question with the number of its group."""
    wordings: dict[str, dict[Bag, list[_Asked]]] = {}
    for one in asked:
        own = wordings.setdefault(one.assistant_id, {})
        own.setdefault(_wording(one), []).append(one)
    number = 0
    for assistant_id in sorted(wordings):
        own = wordings[assistant_id]
        for group in _alike(sorted(own, key=lambda bag: (-len(own[bag]), bag))):
            yield from ((one, number) for bag in group for one in own[bag])
            number += 1


def _wording(one: _Asked) -> Bag:
    """What makes questions the same: what they name, in any order, numbers too; else their words.

    A follow-up that names nothing ("and now?") is about what was asked before it.
    """
    named = _named(one.text, one.language) or _named(one.searched, one.language)
    return named or ("", _folded(one.searched))


@lru_cache(maxsize=50_000)
def _named(text: str, language: str) -> Bag:
    found = {word for word in stems(text, language) if not is_stopword(word)}
    return tuple(sorted(word for word in found if importance(word) == 1))


def _alike(bags: Sequence[Bag]) -> list[list[Bag]]:
    """Wordings, the most frequent first, in groups of like ones; what is beyond MOST_COMPARED joins
    the group it is like, or stands alone."""
    telling = [bag for bag in bags if bag[0]]
    seen = topic_groups.rarities(telling, [""] * len(telling), least=1, most=MOST_TERMS)
    rarity = {term: math.sqrt(weight) for term, weight in seen.items()}  # one rare word is not all
    vectors = [topic_groups.vector(bag, rarity) for bag in telling]
    groups = topic_groups.linked(vectors[:MOST_COMPARED], APART)
    _join(groups, vectors)
    alone = [[bag] for bag in bags if not bag[0]]
    return [[telling[n] for n in group] for group in groups] + alone


def _join(groups: list[list[int]], vectors: Sequence[topic_groups.Centre]) -> None:
    rest = range(MOST_COMPARED, len(vectors))
    firsts = [vectors[group[0]] for group in groups]
    nearest, likes = topic_groups.nearest(firsts)([vectors[n] for n in rest])
    for n, place, row in zip(rest, nearest, likes, strict=True):
        if row[place] >= 1 - APART:
            groups[int(place)].append(n)
        else:
            groups.append([n])


def _folded(text: str) -> str:
    return " ".join(word.text for word in words(fold(text))) or text.strip()


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(round(at, 3), UTC)
