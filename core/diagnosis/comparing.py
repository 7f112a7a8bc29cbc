"""The same questions to both models of a migration, with the same passages, side by side.

In: a ``Plan``. Out: ``Compared`` lines: first each with FROM's answer alone, then each with both, so
that a server with room for one model loads each once. Then a ``Summary`` of counts. With ten
questions it is a look, not a proof: nothing here is called significant. What is asked leaves no
conversation behind (see ``asking``); the versions that it was asked of stay.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from core import chat
from core.access import allowed
from core.diagnosis import asking
from core.diagnosis.figures import median
from core.diagnosis.migration import Asked, Plan, candidate
from core.errors import CicloError

FAILED = ("error", "cut_off")


@dataclass(frozen=True)
class Side:
    """One model's answer. Times in seconds, ``load_seconds`` of them loading; ``groundedness`` 0 to 1.

    ``failed`` says why it is none of this model's (it failed, or another one took over).
    """

    text: str
    outcome: str
    seconds: float
    load_seconds: float = 0.0
    tokens: int | None = None
    citations: int = 0
    groundedness: float | None = None
    failed: str = ""
    passages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compared:
    """A question (``number`` from 1 ``of`` all) and both answers; ``after`` None until it is there."""

    number: int
    of: int
    question: str
    assistant: str
    before: Side
    after: Side | None = None

    @property
    def difference(self) -> float | None:
        """Share of the words in which the answers differ (0: equal); None where one failed."""
        if self.after is None or self.before.failed or self.after.failed:
            return None
        words = self.before.text.split(), self.after.text.split()
        return 1 - SequenceMatcher(None, *words, autojunk=False).ratio()

    @property
    def same_passages(self) -> bool:
        """Whether both were given the same passages, in the same order."""
        return self.after is not None and self.before.passages == self.after.passages


@dataclass(frozen=True)
class Totals:
    """One model's answers counted; medians over those that did not fail."""

    answered: int
    not_found: int
    failed: int
    citations: int
    seconds: float | None
    tokens: float | None
    groundedness: float | None


@dataclass(frozen=True)
class Summary:
    """Both models over ``n`` questions; ``same_passages`` of them were compared on equal terms."""

    n: int
    before: Totals
    after: Totals
    same_passages: int
    difference: float | None


@allowed("change")
def compare(plan: Plan) -> Iterator[Compared]:
    """Ask both, question by question."""
    of = len(plan.questions)
    done: list[Compared] = []
    champions = {one.id: one.version_id for one in plan.assistants}
    for number, one in enumerate(plan.questions, 1):
        side = _asked(one, champions[one.assistant_id])
        done.append(Compared(number, of, one.text, one.assistant, side))
        yield done[-1]
    rivals = {id_: candidate(plan, id_).id for id_ in {one.assistant_id for one in plan.questions}}
    for half, one in zip(done, plan.questions, strict=True):
        yield replace(half, after=_asked(one, rivals[one.assistant_id]))


def summary(compared: Iterable[Compared]) -> Summary:
    """The counts over what has both answers."""
    whole = [one for one in compared if one.after]
    before, after = [one.before for one in whole], [one.after for one in whole if one.after]
    same = sum(one.same_passages for one in whole)
    different = median(one.difference for one in whole)
    return Summary(len(whole), _totals(before), _totals(after), same, different)


def _asked(one: Asked, version_id: str) -> Side:
    try:
        options = chat.Options(version_id=version_id)
        found = asking.answer(one.text, one.assistant_id, options)
    except CicloError as error:
        return Side("", "error", 0.0, failed=error.message)
    row = found.message
    fell = row.routing_reason.startswith("fallback") or bool(row.breaks)
    failed = row.error or row.finish_reason if fell or row.outcome in FAILED else ""
    return Side(
        text=row.text,
        outcome=str(row.outcome),
        seconds=row.total_seconds or 0.0,
        load_seconds=row.load_seconds or 0.0,
        tokens=row.tokens_out,
        citations=len(found.citations),
        groundedness=row.groundedness,
        failed=failed,
        passages=tuple(str(passage.chunk_id) for passage in found.passages),
    )


def _totals(sides: list[Side]) -> Totals:
    good = [one for one in sides if not one.failed]
    return Totals(
        answered=sum(one.outcome == "answered" for one in good),
        not_found=sum(one.outcome in ("not_found", "related") for one in good),
        failed=len(sides) - len(good),
        citations=sum(one.citations for one in good),
        seconds=median(one.seconds - one.load_seconds for one in good),
        tokens=median(one.tokens for one in good),
        groundedness=median(one.groundedness for one in good),
    )
