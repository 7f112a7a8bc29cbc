"""A judge model is asked about one comparison: scores of each side, and which is better, twice.

In: a comparison whose sides have ended, a model, how often. Out: ``JudgeOpinion`` rows, one a call.
Always holds: what was said already is not asked again; which is better is asked in both orders of
showing; personal data is masked as for reviewers who may not see it; whatever the model fails at
becomes a row with a code.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from core import assistants, db, privacy
from core.annotation import DEFAULT_RUBRIC, hearing
from core.annotation.opinions import DOWN, keep
from core.annotation.showing import masked, masked_answer
from core.comparison import judge_prompt, judge_reply, judge_scores
from core.comparison.examples import example
from core.comparison.judge_prompt import Case
from core.comparison.judge_scores import PAIRWISE, RUBRIC, SAME
from core.comparison.types import SIDES, Example, Reference, Side
from core.db.tables import Comparison, Guideline, JudgeOpinion, Queue

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

MOST = 10  # repetitions
USUAL = ("correct", "grounded", "complete", "clarity")  # what is scored where nobody wrote a rubric
VARIED = 0.7  # temperature of the second time and later: at 0 a model only repeats itself


class Call(NamedTuple):
    """One question to the judge; ``side`` for the rubric, ``first`` (shown first) for pairwise."""

    kind: str
    side: str
    first: str
    repetition: int


@dataclass(frozen=True)
class Rules:
    """What an assistant's answers are judged by, and in which language the judge is spoken to."""

    rubric: Sequence[Mapping[str, Any]]
    language: str


@dataclass
class Judged:
    """What came of asking: ``opinions`` that are stored, ``failed`` {code: how often}, ``why`` the last
    failure was, ``in_a_row`` how many calls failed at last because the model was away."""

    opinions: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    why: str = ""
    in_a_row: int = 0

    def count(self, one: JudgeOpinion) -> None:
        """Count a row."""
        self.opinions += not one.failed
        self.failed.update([one.failed] if one.failed else [])
        self.why = one.detail if one.failed else self.why
        self.in_a_row = self.in_a_row + 1 if one.failed in DOWN else 0


def rules(assistant_id: str) -> Rules:
    """The rubric of the assistant's first review queue where somebody changed it, else the usual one."""
    newest = (
        select(Guideline.rubric)
        .join(Queue, Queue.id == Guideline.queue_id)
        .where(Queue.assistant_id == assistant_id, Queue.removed_at.is_(None))
        .order_by(Queue.created_at, Queue.id, Guideline.number.desc())
    )
    with db.session() as session:
        written = session.scalar(newest.limit(1))
    own = written if written and written != DEFAULT_RUBRIC else None
    usual = [one for one in DEFAULT_RUBRIC if one["name"] in USUAL]
    return Rules(own or usual, assistants.get(assistant_id).language)


def calls(repetitions: int) -> list[Call]:
    """Every call about one comparison, in the order in which they are made."""
    return [
        call
        for turn in range(1, repetitions + 1)
        for call in (
            *(Call(PAIRWISE, "", first, turn) for first in SIDES),
            *(Call(RUBRIC, side, "", turn) for side in SIDES),
        )
    ]


def judge_row(
    row: Comparison,
    model: str,
    repetitions: int = 1,
    *,
    by: Rules | None = None,
    told: Judged | None = None,
    wanted: Callable[[], bool] = lambda: True,
) -> Judged:
    """Ask what was not asked yet about a comparison that has ended, and write its scores.

    Blocks as long as the model takes. ``wanted`` is asked before each call. Nothing is asked about a
    side that failed.
    """
    told, by = told or Judged(), by or rules(row.assistant_id)
    sides: dict[str, Example] = {}
    for side in SIDES:
        found = example(row, side)
        if found is not None and not found.failed:
            sides[side] = hidden(found)
    asked = 0
    for call in _open(row.id, model, repetitions, sides):
        if not wanted():
            break
        told.count(_kept(row.id, model, call, _said(model, call, sides, by)))
        asked += 1
        if told.in_a_row:
            break
    if asked:
        judge_scores.note(row.id, model)
    return told


def hidden(one: Example) -> Example:
    """The example without personal data, and without what tells whose it is."""
    known = one.reference
    answers, quotes = (tuple(map(masked, texts)) for texts in (known.answers, known.quotes))
    return Example(
        question=masked(one.question, privacy.KINDS),
        text=masked_answer(one.text, one.question),
        passages=tuple(replace(seen, text=masked(seen.text)) for seen in one.passages),
        reference=Reference(answers=answers, quotes=quotes, answerable=known.answerable),
    )


def case(call: Call, sides: Mapping[str, Example], by: Rules) -> Case:
    """What one call shows."""
    order = [call.side] if call.kind == RUBRIC else _order(call.first)
    shown = [sides[side] for side in order]
    found = chain.from_iterable(zip_longest(*(sides[s].passages for s in sorted(order))))
    passages = dict.fromkeys(f"{one.document}\n{one.text}" for one in found if one)
    return Case(
        question=shown[0].question,
        answers=tuple(one.text for one in shown),
        passages=list(passages),
        reference=shown[0].reference,
        rubric=by.rubric if call.kind == RUBRIC else (),
    )


def possible(of: Iterable[Call], sides: Collection[str]) -> list[Call]:
    """Those that have something to show, where these sides gave an answer."""
    both = len(sides) == len(SIDES)
    return [one for one in of if (one.side in sides if one.kind == RUBRIC else both)]


def _open(
    comparison_id: str, model: str, repetitions: int, sides: Collection[str]
) -> Iterator[Call]:
    """The calls that can be made and have given nothing of use yet."""
    said = JudgeOpinion
    query = select(said.kind, said.side, said.first, said.repetition).where(
        said.comparison_id == comparison_id, said.model == model, said.failed == ""
    )
    with db.session() as session:
        known = {Call(*one) for one in session.execute(query)}
    yield from (one for one in possible(calls(repetitions), sides) if one not in known)


def _said(model: str, call: Call, sides: Mapping[str, Example], by: Rules) -> dict[str, Any]:
    """The values of the row: what the model said, or why that is nothing."""
    given = case(call, sides, by)
    if len(set(map(_plain, given.answers))) < len(given.answers):
        return {"choice": "tie", "detail": SAME, "seconds": 0.0}

    def build(_before: Sequence[Any], passages: Sequence[str]) -> "list[BaseMessage]":
        return judge_prompt.messages(replace(given, passages=passages), by.language)

    def read(reply: str) -> dict[str, Any]:
        if call.kind == RUBRIC:
            return judge_reply.scores(reply, by.rubric)
        return judge_reply.choice(reply, "b" if call.first == "b" else "a")

    again = {"temperature": VARIED, "seed": call.repetition} if call.repetition > 1 else {}
    return hearing.facts(model, build, ((), given.passages), read, by.language, **again)


def _kept(comparison_id: str, model: str, call: Call, facts: dict[str, Any]) -> JudgeOpinion:
    values = {"comparison_id": comparison_id, "model": model, **call._asdict(), **facts}
    made = JudgeOpinion(failed=values.pop("failed", ""), **values)
    return keep(made)


def _order(first: str) -> list[Side]:
    return ["a", "b"] if first == "a" else ["b", "a"]


def _plain(text: str) -> str:
    return " ".join(text.split())
