"""What a judge will take: calls, seconds, US dollars. Nobody is called here.

In: a run, a model, how often. Out: ``JudgeEstimate``. Always holds: seconds rest on what that model took
for opinions before, dollars on its prices and on prompts as they would be sent; what cannot be told is
None.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from core import access, db, registry
from core.annotation.judges import judge_name
from core.comparison import evaluations, judge_asking, judge_prompt, judge_work
from core.comparison.estimating import FAILURES
from core.comparison.examples import example
from core.comparison.types import SIDES
from core.db.tables import Comparison, JudgeOpinion, Message, Model
from core.llm import budget, split

LOOKED_AT = 5  # comparisons whose prompts are counted
REPLY = 150  # tokens of a reply: five scores and a sentence
LATEST = 100  # opinions whose time is known


@dataclass(frozen=True)
class JudgeEstimate:
    """``calls`` that are still to be made, ``seconds`` and ``cost`` (US dollars) of all of them; the
    tokens that a call sends, at most."""

    model: str
    calls: int
    seconds: float | None
    cost: float | None
    tokens: int | None


@access.allowed("compare")
def estimate_judge(run_id: str, model: str, repetitions: int = 1) -> JudgeEstimate:
    """What judging a run's comparisons that have ended would take; of others, by their number."""
    full, again = judge_name(model), judge_work.checked_repetitions(repetitions)
    with db.session() as session:
        row = evaluations.found(session, run_id)
        said = session.scalar(
            select(func.count())
            .select_from(JudgeOpinion)
            .join(Comparison, Comparison.id == JudgeOpinion.comparison_id)
            .where(
                *judge_work.counting(run_id),
                JudgeOpinion.model == full,
                JudgeOpinion.failed == "",
                JudgeOpinion.repetition <= again,
            )
        )
        ended = session.scalars(
            select(Comparison).where(*judge_work.counting(run_id)).limit(LOOKED_AT)
        ).all()
        there = usable(session, run_id) if row.state in judge_work.ENDED else {}
        pace = session.scalar(select(func.avg(_latest(full).c.seconds)))
    whole = row.n * len(judge_asking.calls(again))
    of = calls_of(there, again) if row.state in judge_work.ENDED else whole
    calls = max(0, of - (said or 0))
    tokens = max((_tokens(one) for one in ended), default=None)
    return JudgeEstimate(
        full, calls, calls * pace if pace else None, _cost(full, calls, tokens), tokens
    )


def usable(session: Session, run_id: str) -> dict[str, int]:
    """{comparison: how many of its sides gave an answer} of those that a verdict may count."""
    query = select(Comparison.id, Comparison.a_answer_id, Comparison.b_answer_id)
    answers = {id_: ids for id_, *ids in session.execute(query.where(*judge_work.counting(run_id)))}
    good: set[str] = set()
    for column in (Comparison.a_answer_id, Comparison.b_answer_id):
        ended = select(Message.id).join(Comparison, Message.id == column)
        fine = ended.where(*judge_work.counting(run_id), Message.outcome.not_in(FAILURES))
        good |= set(session.scalars(fine))
    return {row_id: sum(one in good for one in ids) for row_id, ids in answers.items()}


def calls_of(usable: Mapping[str, int], repetitions: int) -> int:
    """How many calls there are about comparisons of which so many sides gave an answer."""
    return sum(repetitions * (n + (2 if n == 2 else 0)) for n in usable.values())


def _latest(model: str) -> Subquery:
    spoken = select(JudgeOpinion.seconds).where(
        JudgeOpinion.model == model, JudgeOpinion.failed == "", JudgeOpinion.seconds > 0
    )
    return spoken.order_by(JudgeOpinion.created_at.desc()).limit(LATEST).subquery()


def _tokens(row: Comparison) -> int:
    """What the mean call about a comparison sends, at most."""
    by = judge_asking.rules(row.assistant_id)
    found = {str(side): example(row, side) for side in SIDES}
    sides = {side: one for side, one in found.items() if one and not one.failed}
    possible = judge_asking.possible(judge_asking.calls(1), sides)
    told = [judge_prompt.messages(judge_asking.case(c, sides, by), by.language) for c in possible]
    return sum(map(budget.count_tokens, told)) // len(told) if told else 0


def _cost(name: str, calls: int, tokens: int | None) -> float | None:
    provider, model = split(name)
    query = select(Model).where(Model.provider == provider, Model.name == model)
    with db.session() as session:
        row = session.scalar(query)
    if row is None or not (row.price_in or row.price_out):
        return None if row is None else 0.0
    each = None if tokens is None else registry.cost(row, tokens, REPLY)
    return None if each is None else calls * each
