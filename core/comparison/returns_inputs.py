"""The inputs of a return on investment: what the run measured, what conversations and prices tell, else
an assumption, unless somebody told their own.

In: ``Facts``. Out: a ``Held`` for each input with where it comes from, in words. Pure. Always holds: an
assumption is called one; what a run gained is carried over to solved conversations only where its
verdict claims it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from core.i18n import N_, _, number, percent
from core.metrics import THIN
from core.metrics.advice.evidence import Evidence, Measured
from core.metrics.advice.inputs import MEASURED, PLAN, Held, hold, rounded
from core.metrics.advice.payback import INPUTS as PLANNED
from core.metrics.advice.payback import Input, checked
from core.metrics.saying import signed

RUN, PRICES = "run", "prices"  # further sources: this run, the price table
PERIOD = "30d"


def _input(name: str, title: str, meaning: str, unit: str, plan: float, most: float) -> Input:
    return Input(name, title, meaning, unit, plan, most)


def _titled(name: str, title: str, meaning: str) -> Input:
    return replace(PLANNED[name], title=title, meaning=meaning)


INPUTS: dict[str, Input] = {
    one.name: one
    for one in (
        _titled(
            "conversations",
            PLANNED["conversations"].title,
            N_("Counted in the last 30 days and stretched or shrunk to a month."),
        ),
        _input(
            "answers",
            N_("Answers per conversation"),
            N_("How often the model is asked in a conversation."),
            "number",
            2,
            1000,
        ),
        _input(
            "tokens_in",
            N_("Tokens in per answer, A"),
            N_("What version A reads for an answer: question, passages, instructions."),
            "tokens",
            3000,
            1_000_000,
        ),
        _input(
            "tokens_out",
            N_("Tokens out per answer, A"),
            N_("What version A writes."),
            "tokens",
            400,
            1_000_000,
        ),
        _input(
            "other_tokens_in",
            N_("Tokens in per answer, B"),
            N_("What version B reads for an answer."),
            "tokens",
            3000,
            1_000_000,
        ),
        _input(
            "other_tokens_out",
            N_("Tokens out per answer, B"),
            N_("What version B writes."),
            "tokens",
            400,
            1_000_000,
        ),
        _titled("price_in", N_("Price in, A"), N_("Per million tokens that A's model reads.")),
        _titled("price_out", N_("Price out, A"), N_("Per million tokens that A's model writes.")),
        _titled(
            "other_price_in", N_("Price in, B"), N_("Per million tokens that B's model reads.")
        ),
        _titled(
            "other_price_out", N_("Price out, B"), N_("Per million tokens that B's model writes.")
        ),
        _input(
            "solved",
            N_("Solved with A"),
            N_("The share of conversations that end solved. 0: not known."),
            "share",
            0,
            1,
        ),
        _input(
            "other_solved",
            N_("Solved with B"),
            N_("The same once B answers. Nobody has measured it yet: only a rollout will."),
            "share",
            0,
            1,
        ),
        _titled(
            "review_hours",
            N_("Hours of review, once"),
            N_("What reviewers took to approve the examples that B learned from."),
        ),
        *(PLANNED[name] for name in ("hourly_rate", "training", "share", "hosting")),
    )
}


class Gain(NamedTuple):
    """What a run's verdict claims of a pass-or-fail metric: its title, b - a as a share, and n."""

    title: str
    value: float
    n: int


@dataclass(frozen=True)
class Used:
    """What a version used in a run, per answer: means over the answers that tell it, with their n.
    ``seconds`` is without loading the model. Prices in US dollars per million tokens."""

    model: str = ""
    price_in: float = 0.0
    price_out: float = 0.0
    tokens_in: Measured | None = None
    tokens_out: Measured | None = None
    seconds: Measured | None = None
    cost: Measured | None = None


@dataclass(frozen=True)
class Facts:
    """All that the inputs rest on. ``trained``: whether the versions run different models; ``solved`` is
    the measured share of the last 30 days."""

    a: Used = field(default_factory=Used)
    b: Used = field(default_factory=Used)
    evidence: Evidence = field(default_factory=Evidence)
    solved: Measured | None = None
    gain: Gain | None = None

    @property
    def trained(self) -> bool:
        """Whether going from a to b changes the model."""
        return self.a.model != self.b.model


class Default(NamedTuple):
    """A value without anybody's own: the n that it rests on, its source, and that in words."""

    value: float
    n: int
    source: str
    said: str


def held(facts: Facts, given: Mapping[str, str | float] | None = None) -> list[Held]:
    """Every input, in the order of INPUTS. Raises InvalidInput for one that cannot be."""
    own = checked(given or {}, INPUTS)
    found: dict[str, Held] = {}
    for name, one in INPUTS.items():
        told = _DEFAULTS[name](facts, found) if name in _DEFAULTS else None
        value, n, source, said = told or _assumed(name, one)
        shown = round(value, 1) if name == "answers" else rounded(one, value)
        found[name] = hold(one, min(shown, one.most), n, source, said, own)
    return list(found.values())


def _assumed(name: str, one: Input) -> Default:
    if name in ("solved", "other_solved"):
        return Default(one.plan, 0, PLAN, _("not known: nobody has said which were solved"))
    of_plan = name in PLANNED and one.plan == PLANNED[name].plan
    said = _("default of the plan") if of_plan else _("an assumption")
    return Default(one.plan, 0, PLAN, said)


def _counted(said: str, n: int) -> str:
    """Thin figures are called so."""
    return said if n >= THIN else _("{measured}: too few").format(measured=said)


def _talks(told: Measured | None) -> Default | None:
    if told is None or not told.n:
        return None
    said = _("measured: last 30 days, n = {n}").format(n=number(told.n))
    return Default(told.value, told.n, MEASURED, _counted(said, told.n))


def _of_run(told: Measured | None) -> Default | None:
    if told is None or not told.n:
        return None
    said = _("measured in this run, n = {n}").format(n=number(told.n))
    return Default(told.value, told.n, RUN, _counted(said, told.n))


def _price(used: Used, price: float) -> Default | None:
    if not used.model:
        return None
    return Default(price, 0, PRICES, _("price table: {model}").format(model=used.model))


def _conversations(facts: Facts) -> Measured:
    return Measured(facts.evidence.conversations_a_month, facts.evidence.conversations)


def _answers(facts: Facts) -> Measured | None:
    e = facts.evidence
    return Measured(e.answers / e.conversations, e.conversations) if e.conversations else None


def _other_solved(facts: Facts, before: Mapping[str, Held]) -> Default | None:
    today = before["solved"]
    if not today.value:
        return None
    if facts.gain is None:
        said = _("as with A: this run claims no gain that would carry over")
        return Default(today.value, 0, PLAN, said)
    title, value, n = facts.gain
    said = _("an assumption: today's {share} and what this run gained ({title} {points} points)")
    told = said.format(share=percent(today.value), title=title, points=signed(value * 100, 1))
    return Default(min(1.0, max(0.0, today.value + value)), n, PLAN, told)


def _review_hours(facts: Facts) -> Default | None:
    """The time of a judgement, times the examples that were approved so far."""
    e = facts.evidence
    if e.review is None or not e.review.n:
        return None
    said = _("measured: the time of a judgement (n = {n}), for {examples} approved examples")
    told = said.format(n=number(e.review.n), examples=number(e.examples))
    hours = e.examples * e.review.value / 3600
    return Default(hours, e.review.n, MEASURED, _counted(told, e.review.n))


def _training(facts: Facts) -> Default | None:
    if facts.trained or not facts.a.model:
        return None
    return Default(0.0, 0, RUN, _("both versions run the same model: nothing is trained"))


_DEFAULTS: dict[str, Callable[[Facts, Mapping[str, Held]], Default | None]] = {
    "conversations": lambda facts, _: _talks(_conversations(facts)),
    "answers": lambda facts, _: _talks(_answers(facts)),
    "tokens_in": lambda facts, _: _of_run(facts.a.tokens_in),
    "tokens_out": lambda facts, _: _of_run(facts.a.tokens_out),
    "other_tokens_in": lambda facts, _: _of_run(facts.b.tokens_in),
    "other_tokens_out": lambda facts, _: _of_run(facts.b.tokens_out),
    "price_in": lambda facts, _: _price(facts.a, facts.a.price_in),
    "price_out": lambda facts, _: _price(facts.a, facts.a.price_out),
    "other_price_in": lambda facts, _: _price(facts.b, facts.b.price_in),
    "other_price_out": lambda facts, _: _price(facts.b, facts.b.price_out),
    "solved": lambda facts, _: _talks(facts.solved),
    "other_solved": _other_solved,
    "review_hours": lambda facts, _: _review_hours(facts),
    "training": lambda facts, _: _training(facts),
}
