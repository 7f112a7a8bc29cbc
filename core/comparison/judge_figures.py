"""What a run's judge has said, and what its word is worth: for pages, the API and the command line.

In: a run. Out: ``Judging``. Always holds: only questions that no version learned from are counted; a
share of wins stands beside what people said of the same answers, and is put right by it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access, db
from core.comparison import evaluations, human, judge_calibration, judge_estimating, judge_scores
from core.comparison.asking import no_comparison
from core.comparison.human import Human
from core.comparison.judge_agreement import Agreement, agreement
from core.comparison.judge_calibration import Calibrated
from core.comparison.judge_scores import PAIRWISE, SAME
from core.comparison.judge_work import STATE, WANTED, counting
from core.db.tables import Comparison, EvaluationRun, JudgeOpinion
from core.statistics import Estimated, Share, mean, wilson

WORTH = {"a": 0.0, "tie": 0.5, "b": 1.0}  # a choice as b's share of a win


@dataclass(frozen=True)
class Judging:
    """``model`` "" where none was named. ``state``: "" (none), wanted (it is being asked, or will be),
    stopped, failed (it was away), done.

    Of ``calls`` to be made ``opinions`` came; ``failed`` {code: times}, ``last_failure`` in words,
    standing only where that was the last thing to happen. ``turned``: of the pairs of orders, in how
    many the choice changed with the order; ``first``: of the choices that were no tie, how many
    went to the answer shown first (a fair judge: half). ``wins``: b's share of the choices by the judge
    alone; ``calibrated``: the same put right by people, None while ``missing`` more human words
    are needed. ``people``: comparisons on which people said which is better.
    """

    run_id: str
    model: str = ""
    repetitions: int = 1
    state: str = ""
    calls: int = 0
    opinions: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    last_failure: str = ""
    turned: Share | None = None
    first: Share | None = None
    wins: Estimated | None = None
    agreement: Agreement | None = None
    calibrated: Calibrated | None = None
    missing: int = 0
    people: int = 0


@access.allowed("metrics")
def judging(run_id: str) -> Judging:
    """How far a run's judge is, and what it is worth; NotFound where there is no such run."""
    with db.session() as session:
        row = evaluations.found(session, run_id)
        said = human.found(session, Comparison.run_id == run_id)
        model, again = row.settings.get("judge") or "", int(row.settings.get("repetitions") or 1)
        usable = judge_estimating.usable(session, run_id)
        rows = _opinions(session, run_id, model) if model else []
    of = _by_comparison(rows)
    compared = [said[one] for one in usable if one in said and said[one].choice]
    told = Judging(run_id=run_id, people=len(compared), repetitions=again)
    return _told(told, row, rows, of, usable, said) if model else told


@access.allowed("read")
def judge_opinions(comparison_id: str) -> list[JudgeOpinion]:
    """All that judges said of a comparison, where there came nothing too, oldest first; NotFound where
    there is no such comparison."""
    query = select(JudgeOpinion).where(JudgeOpinion.comparison_id == comparison_id)
    with db.session() as session:
        row = session.get(Comparison, comparison_id)
        if row is None or row.removed_at:
            raise no_comparison(comparison_id)
        return list(session.scalars(query.order_by(JudgeOpinion.created_at)))


def _told(
    told: Judging,
    row: EvaluationRun,
    rows: Sequence[JudgeOpinion],
    of: Mapping[str, Sequence[JudgeOpinion]],
    usable: Mapping[str, int],
    said: Mapping[str, Human],
) -> Judging:
    wins = {one: win for one, opinions in of.items() if (win := _win(opinions)) is not None}
    both = [one for one in wins if one in said and said[one].choice]
    even = {one for one in wins if all(said_of.detail == SAME for said_of in _choices(of[one]))}
    alone = [wins[one] for one in wins if one not in even.union(both)]
    by_people = [WORTH[said[one].choice] for one in both]
    return replace(
        told,
        model=str(row.settings["judge"]),
        state=row.settings.get(STATE, WANTED),
        calls=judge_estimating.calls_of(usable, told.repetitions),
        opinions=sum(
            one.repetition <= told.repetitions for told_of in of.values() for one in told_of
        ),
        failed=dict(Counter(one.failed for one in rows if one.failed)),
        last_failure=rows[-1].detail if rows and rows[-1].failed else "",
        turned=_turned(of.values()),
        first=_first(of.values()),
        wins=mean(list(wins.values())),
        agreement=agreement(
            ((_choice(wins[one]), said[one].choice) for one in both), _scored(of, said)
        ),
        calibrated=judge_calibration.calibrated(
            by_people, [wins[one] for one in both], alone, len(even.difference(both))
        ),
        missing=judge_calibration.missing(len(both)),
    )


def _opinions(session: Session, run_id: str, model: str) -> list[JudgeOpinion]:
    query = (
        select(JudgeOpinion)
        .join(Comparison, Comparison.id == JudgeOpinion.comparison_id)
        .where(*counting(run_id), JudgeOpinion.model == model)
        .order_by(JudgeOpinion.created_at)
    )
    return list(session.scalars(query))


def _by_comparison(rows: Iterable[JudgeOpinion]) -> dict[str, list[JudgeOpinion]]:
    of: dict[str, list[JudgeOpinion]] = defaultdict(list)
    for one in rows:
        if not one.failed:
            of[one.comparison_id].append(one)
    return of


def _win(opinions: Iterable[JudgeOpinion]) -> float | None:
    """b's share of the choices."""
    return judge_scores.pairwise(opinions, "b")


def _choice(win: float) -> str:
    return "b" if win > 0.5 else "a" if win < 0.5 else "tie"


def _turned(of: Iterable[Iterable[JudgeOpinion]]) -> Share | None:
    """How often the choice changed with the order, of the pairs that a model was asked about."""
    asked = ([one for one in opinions if one.detail != SAME] for opinions in of)
    agree = [agree for opinions in asked for _one, agree in judge_scores.choices(opinions)]
    return wilson(agree.count(False), len(agree))


def _choices(opinions: Iterable[JudgeOpinion]) -> list[JudgeOpinion]:
    return [one for one in opinions if one.kind == PAIRWISE]


def _first(of: Iterable[Iterable[JudgeOpinion]]) -> Share | None:
    """How often the answer shown first was chosen, of the choices that were no tie."""
    clear = [one for opinions in of for one in _choices(opinions) if one.choice != "tie"]
    chosen = [one.choice == one.first for one in clear]
    return wilson(sum(chosen), len(chosen))


def _scored(
    of: Mapping[str, Sequence[JudgeOpinion]], said: Mapping[str, Human]
) -> list[tuple[float, float]]:
    """(b - a by the rubric, by people) where both have scored both sides."""
    pairs = []
    for row_id, human_said in said.items():
        scores: list[Any] = [judge_scores.rubric(of.get(row_id, ()), side) for side in ("a", "b")]
        if None not in (*scores, human_said.a, human_said.b):
            pairs.append((scores[1] - scores[0], (human_said.b or 0.0) - (human_said.a or 0.0)))
    return pairs
