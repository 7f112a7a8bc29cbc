"""What is known of a view that advice rests on: volume, cost, satisfaction, failures, examples, time.

In: a view. Out: ``Evidence``, every figure with its n. Always holds: what was not measured is None or
has n 0, never a guess; a month is reckoned from the days there really were, not from those of the period.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from core import clock, db, i18n
from core.db.tables import Model
from core.metrics import targets
from core.metrics.advice import failures as advice_failures
from core.metrics.advice.failures import Failures
from core.metrics.formulas import Part, known
from core.metrics.kept import kept
from core.metrics.measures import MEASURES
from core.metrics.parts import part
from core.metrics.views import View
from core.statistics import Estimated

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY = 86_400
MONTH = 365.25 / 12  # days
EMBEDDED = "embedded"


class Measured(NamedTuple):
    """A figure and of how many conversations, answers or judgements it is."""

    value: float
    n: int


@dataclass(frozen=True)
class Evidence:
    """``days`` are those the period covers since the first conversation, ``sample`` of the conversations
    are sample data, ``cost`` (US dollars) is that
    of the ``cost_known`` answers whose cost is known; ``engine`` is "embedded" or "free" where nothing
    that answers has a price, else "". ``judged`` and ``signs`` are failures by their two sources;
    ``review`` the median seconds of a judgement. Targets, currency and its
    rate (0: none is set) are those of the settings."""

    days: float = 0.0
    conversations: int = 0
    sample: int = 0
    answers: int = 0
    cost: float = 0.0
    cost_known: int = 0
    engine: str = ""
    satisfaction: Estimated | None = None
    seconds: Estimated | None = None
    signs: Failures = field(default_factory=Failures)
    judged: Failures = field(default_factory=Failures)
    examples: int = 0
    review: Measured | None = None
    tokens_in: Measured | None = None
    tokens_out: Measured | None = None
    price_in: Measured | None = None
    price_out: Measured | None = None
    satisfaction_target: float = 0.85
    seconds_target: float = 2.0
    failing_target: float = 0.05
    currency: str = "USD"
    rate: float = 0.0

    @property
    def monthly(self) -> float:
        """How many months the days are; a first day counts as a whole one."""
        return max(self.days, 1.0) / MONTH

    @property
    def conversations_a_month(self) -> float:
        """At the rate of these days."""
        return self.conversations / self.monthly

    @property
    def answers_a_month(self) -> float:
        """At the rate of these days."""
        return self.answers / self.monthly

    @property
    def cost_a_month(self) -> float:
        """US dollars, at the rate of these days."""
        return self.cost / self.monthly

    @property
    def failures(self) -> Failures:
        """What reviewers judged where that is enough to tell, else what outcomes and askers tell."""
        enough = self.judged.n >= advice_failures.ENOUGH or self.judged.n >= self.signs.n
        return self.judged if self.judged.n and enough else self.signs

    def local(self, dollars: float) -> str:
        """In the reader's currency; "" where no rate is set."""
        if not self.rate or self.currency == "USD":
            return ""
        return i18n.money(dollars * self.rate, self.currency)

    def money(self, dollars: float) -> str:
        """In dollars, and in the reader's currency where a rate is set."""
        told, local = i18n.money(dollars, "USD"), self.local(dollars)
        return f"{told} ({local})" if local else told


def evidence(view: View) -> Evidence:
    """All of it, of this view, as it is now."""
    found = kept(("advice", view), lambda: _evidence(view, part(view)))
    return replace(found, **_targets())


def _evidence(view: View, of: Part) -> Evidence:
    judged, examples, seconds = advice_failures.reviewed(view, of)
    costs = known(of.answers["cost"])
    return Evidence(
        days=_days(view),
        conversations=len(of.conversations),
        sample=int(of.conversations["sample"].sum()),
        answers=len(of.answers),
        cost=float(costs.sum()),
        cost_known=len(costs),
        satisfaction=MEASURES["satisfaction"].formula(of),
        seconds=MEASURES["time_p50"].formula(of),
        signs=advice_failures.signs(view, of),
        judged=judged,
        examples=examples,
        review=Measured(*seconds) if seconds else None,
        **_used(of),
    )


def _days(view: View) -> float:
    span, began = view.span(), part(view.narrowed(period="all")).conversations["at"]
    if not len(began):
        return 0.0
    since = max(span.since.timestamp(), float(began.min()))
    until = min(span.until.timestamp(), clock.now().timestamp())
    return max(0.0, (until - since) / DAY)


def _targets() -> dict[str, Any]:
    held = targets.settings()
    told = held.targets
    return {
        "satisfaction_target": told.get("satisfaction", Evidence.satisfaction_target),
        "seconds_target": told.get("time_p50", Evidence.seconds_target),
        "currency": held.currency,
        "rate": held.rate,
        "failing_target": 1 - told.get("accuracy", 1 - Evidence.failing_target),
    }


def _used(of: Part) -> dict[str, Any]:
    """Tokens of a conversation, what a million of them costs, and what kind of engine answers."""
    import numpy as np

    fresh = of.answers.rows(~of.answers["cached"])
    prices = _prices()
    models = of.names.get("model", [])
    found: dict[str, Any] = {
        "engine": _engine({models[code] for code in np.unique(fresh["model"])}, prices)
    }
    for n, way in enumerate(("in", "out")):
        each = [prices.get(name, (0.0, 0.0))[n] for name in models]
        tokens, price = _weighed(fresh[f"tokens_{way}"], fresh["model"], each)
        told = fresh["conversation"][fresh[f"tokens_{way}"] == fresh[f"tokens_{way}"]]
        talks = len(np.unique(told))
        found[f"tokens_{way}"] = Measured(tokens / talks, talks) if talks else None
        found[f"price_{way}"] = Measured(price / tokens, len(told)) if tokens else None
    return found


def _weighed(
    tokens: "NDArray[Any]", models: "NDArray[Any]", prices: list[float]
) -> tuple[float, float]:
    """All tokens, and these times the price of the model that used them."""
    import numpy as np

    counted = np.nan_to_num(tokens.astype("float64"))
    each = np.array(prices or [0.0])[models]
    return float(counted.sum()), float((counted * each).sum())


def _prices() -> dict[str, tuple[float, float]]:
    """By provider:model, US dollars per million tokens in and out."""
    query = select(Model.provider, Model.name, Model.price_in, Model.price_out)
    with db.session() as session:
        return {f"{row[0]}:{row[1]}": (row[2], row[3]) for row in session.execute(query)}


def _engine(names: set[str], prices: dict[str, tuple[float, float]]) -> str:
    """What answers, where nothing of it has a price; answers of nobody (an error) do not count."""
    named = {name for name in names if name}
    if not named or any(name not in prices or any(prices[name]) for name in named):
        return ""
    return EMBEDDED if all(name.startswith(f"{EMBEDDED}:") for name in named) else "free"
