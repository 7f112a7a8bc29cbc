"""What another model would cost and save, and when its making is paid back. Pure: no database, no clock.

In: ``INPUTS``, each within its bounds; money in US dollars. Out: a ``Payback``. Always holds: a dearer
other model never pays back sooner, and what is not saved is never told as saved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from core.errors import InvalidInput
from core.i18n import N_, _, number

PER_MILLION = 1_000_000
YEAR = 12  # months
LESS = 0.6  # the plan wants a conversation to cost 60 % less than before
NEVER, ALREADY, MONTHS = "never", "already", "months"
WAYS = ("in", "out")  # tokens that a model reads and writes


@dataclass(frozen=True)
class Input:
    """What may be changed: from 0 to ``most``. ``plan`` stands where nothing was measured; ``unit`` is
    number, tokens, price (dollars per million tokens), dollars, hours or share (0 to 1)."""

    name: str
    title: str
    meaning: str
    unit: str
    plan: float
    most: float


INPUTS: dict[str, Input] = {
    one.name: one
    for one in (
        Input(
            "conversations",
            N_("Conversations a month"),
            N_("Counted in the period above and stretched or shrunk to a month."),
            "number",
            1000,
            100_000_000,
        ),
        Input(
            "tokens_in",
            N_("Tokens in, per conversation"),
            N_("What the model reads: questions, passages, instructions."),
            "tokens",
            6000,
            10_000_000,
        ),
        Input(
            "tokens_out",
            N_("Tokens out, per conversation"),
            N_("What the model writes."),
            "tokens",
            800,
            10_000_000,
        ),
        Input(
            "price_in",
            N_("Price in today"),
            N_("Per million tokens that today's models read."),
            "price",
            2.5,
            10_000,
        ),
        Input(
            "price_out",
            N_("Price out today"),
            N_("Per million tokens that today's models write."),
            "price",
            10.0,
            10_000,
        ),
        Input(
            "other_price_in",
            N_("Price in, other model"),
            N_(
                "Per million tokens read. Unless you know it: today's less 60 %, as the plan wants."
            ),
            "price",
            2.5 * (1 - LESS),
            10_000,
        ),
        Input(
            "other_price_out",
            N_("Price out, other model"),
            N_("Per million tokens written. Unless you know it: today's less 60 %."),
            "price",
            10.0 * (1 - LESS),
            10_000,
        ),
        Input(
            "training",
            N_("Training, once"),
            N_("What the training itself costs: a rented machine, or a provider's bill."),
            "dollars",
            200,
            10_000_000,
        ),
        Input(
            "review_hours",
            N_("Hours of review, once"),
            N_("What reviewers still need to approve enough examples."),
            "hours",
            20,
            100_000,
        ),
        Input(
            "hourly_rate",
            N_("An hour of review"),
            N_("What an hour of a reviewer costs."),
            "dollars",
            15,
            10_000,
        ),
        Input(
            "share",
            N_("Share that moves"),
            N_("Of the conversations, how many the other model takes over."),
            "share",
            1.0,
            1,
        ),
        Input(
            "hosting",
            N_("Hosting a month"),
            N_("What it costs to run the other model whether or not anybody asks."),
            "dollars",
            0,
            10_000_000,
        ),
    )
}


@dataclass(frozen=True)
class Payback:
    """US dollars: a month ``now`` and ``then``, the ``saving`` between (below 0: it costs more), what is
    spent ``once``, and the ``year``'s result. ``state``: never, already (nothing is spent once), or in
    ``months`` (None for the other two)."""

    now: float
    then: float
    saving: float
    once: float
    year: float
    state: str
    months: float | None

    @property
    def saved(self) -> float:
        """The share of a year's cost that is left over in the end; 0 where nothing is."""
        return max(0.0, self.year / (YEAR * self.now)) if self.now > 0 else 0.0


def payback(inputs: Mapping[str, float]) -> Payback:
    """The calculation. ``inputs`` has every name of INPUTS, each within its bounds, and may have
    ``other_tokens_in`` and ``other_tokens_out``; without them the other model uses as many tokens."""
    told = inputs.__getitem__
    now = told("conversations") * _each(inputs)
    other = told("conversations") * _each(inputs, "other_")
    then = now + told("share") * (other - now) + told("hosting")
    once = told("training") + told("review_hours") * told("hourly_rate")
    saving = now - then
    state = NEVER if saving <= 0 else MONTHS if once else ALREADY
    months = once / saving if state == MONTHS else None
    return Payback(now, then, saving, once, YEAR * saving - once, state, months)


def _each(inputs: Mapping[str, float], whose: str = "") -> float:
    """A conversation with today's model, or with the ``other_`` one."""
    tokens = [inputs.get(f"{whose}tokens_{way}", inputs[f"tokens_{way}"]) for way in WAYS]
    prices = [inputs[f"{whose}price_{way}"] for way in WAYS]
    return sum(n * price for n, price in zip(tokens, prices, strict=True)) / PER_MILLION


def checked(
    given: Mapping[str, str | float], known: Mapping[str, Input] = INPUTS
) -> dict[str, float]:
    """What somebody told, as numbers within their bounds. Raises InvalidInput, naming what cannot be."""
    return {name: _checked(name, value, known) for name, value in given.items()}


def _checked(name: str, value: str | float, known: Mapping[str, Input]) -> float:
    if name not in known:
        raise InvalidInput(
            _("“{name}” is no input of the calculation.").format(name=name[:60]),
            field=name[:60],
            hint=_("It takes: {names}.").format(names=", ".join(known)),
        )
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = -1.0
    if not (isfinite(found) and 0 <= found <= known[name].most):
        raise _out_of_bounds(known[name], value)
    return found + 0.0  # no -0


def _out_of_bounds(one: Input, value: str | float) -> InvalidInput:
    return InvalidInput(
        _("{title}: “{value}” is no number from 0 to {most}.").format(
            title=_(one.title), value=str(value)[:60], most=number(one.most)
        ),
        field=one.name,
        hint=_("Write it with a point, as 0.5 or 1200."),
    )
