"""What stands outside a version: the facts of a model that people know, and who is on trial.

In: a model's name, its prices, where it came from; an assistant and whom its champion is tried against.
Out: rows. Always holds: a fact that is not given stays; versions and answers keep what they were made
with; no challenger is the champion itself under that name.
"""

from math import isfinite
from typing import Any

from sqlalchemy import select

from core import db
from core.access import allowed, there
from core.db.tables import Model, Version
from core.errors import InvalidInput
from core.i18n import _
from core.registry.aliases import point
from core.registry.following import full_name_and_defaults
from core.registry.pinning import version_with_model
from core.registry.versions import CHALLENGER, CHAMPION, current, model, no_assistant, no_version

DEAREST = 10_000.0  # US dollars a million tokens
WINDOW = (256, 100_000_000)  # tokens
LONGEST = 200  # characters of an origin
TRIED, WITHDRAWN = "tried", "withdrawn"


@allowed("change")
def describe_model(
    name: str,
    *,
    price_in: float | None = None,
    price_out: float | None = None,
    context_tokens: int | None = None,
    origin: str | None = None,
) -> Model:
    """Register a model ("provider:model"), or say more of one: US dollars per million tokens read and
    written, its window in tokens, where it came from.

    InvalidInput for a provider there is not, or a value out of bounds.
    """
    full, _defaults = full_name_and_defaults(name)
    provider, _colon, model_name = full.partition(":")
    told = {
        "price_in": _price("price_in", price_in),
        "price_out": _price("price_out", price_out),
        "context_tokens": _window(context_tokens),
        "origin": None if origin is None else " ".join(origin.split())[:LONGEST],
    }
    facts: dict[str, Any] = {key: value for key, value in told.items() if value is not None}
    return model(provider, model_name, **facts)


@allowed("change")
def challenge(assistant_id: str, use: str | int) -> Version:
    """Try the champion against a model ("provider:model") or the version of a number.

    InvalidInput where it is the champion, NotFound for a version there is not.
    """
    rival = _numbered(assistant_id, int(use)) if str(use).isdecimal() else None
    rival = rival or version_with_model(assistant_id, str(use))
    with db.session() as session:
        champion = current(session, assistant_id, CHAMPION)
    if champion is None:
        raise no_assistant(assistant_id)
    if champion.id == rival.id:
        raise InvalidInput(
            _("That is the champion already."),
            hint=_("Name another model, or the number of another version."),
            field="use",
        )
    return point(assistant_id, CHALLENGER, rival.id, TRIED)


@allowed("change")
def withdraw_challenger(assistant_id: str) -> None:
    """Nobody is on trial any more."""
    with db.session() as session:
        champion = current(session, assistant_id, CHAMPION)
    if champion is None:
        raise no_assistant(assistant_id)
    if challenger(assistant_id) is not None:
        point(assistant_id, CHALLENGER, champion.id, WITHDRAWN)


@there
def challenger(assistant_id: str) -> Version | None:
    """Who is on trial; None where nobody is."""
    with db.session() as session:
        champion = current(session, assistant_id, CHAMPION)
        rival = current(session, assistant_id, CHALLENGER)
    return None if rival is None or champion is None or rival.id == champion.id else rival


def _numbered(assistant_id: str, number: int) -> Version:
    wanted = select(Version).where(Version.assistant_id == assistant_id, Version.number == number)
    with db.session() as session:
        found = session.scalar(wanted)
    if found is None:
        raise no_version(number)
    return found


def _price(field: str, value: float | None) -> float | None:
    if value is None or (isfinite(value) and 0 <= value <= DEAREST):
        return value
    raise InvalidInput(
        _("A price lies between 0 and {most} dollars per million tokens, not {value}.").format(
            most=f"{DEAREST:.0f}", value=value
        ),
        field=field,
    )


def _window(tokens: int | None) -> int | None:
    if tokens is None or WINDOW[0] <= tokens <= WINDOW[1]:
        return tokens
    raise InvalidInput(
        _("A window holds {least} to {most} tokens, not {value}.").format(
            least=WINDOW[0], most=WINDOW[1], value=tokens
        ),
        field="context_tokens",
    )
