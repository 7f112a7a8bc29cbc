"""What people set for the metrics: targets, the rate of their currency, how long a silence ends a talk.

In: values as people give them. Out: the values that hold. Stored by name in ``settings``; what was
never set is as in the plan.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from core import access, db
from core.db.tables import Setting, Version
from core.errors import InvalidInput
from core.i18n import _
from core.metrics.formulas import SILENCE_MINUTES
from core.metrics.measures import MEASURES

NAME = "metrics"
TARGETS = {  # from the plan; shares from 0 to 1, times in seconds
    "satisfaction": 0.85,
    "time_p50": 2.0,
    "errors": 0.01,
    "out_of_scope": 0.02,
    "ungrounded": 0.02,
    "tone": 0.90,
    "accuracy": 0.95,
}
AGAINST_BASELINE = {"cost_conversation": -0.60, "time_p50": -0.30, "conversion": 0.10}
CURRENCIES = ("BRL", "USD", "EUR", "GBP")


@dataclass(frozen=True)
class MetricsSettings:
    """``targets`` by measure; ``baseline`` is the version that others are held against ("" for none),
    ``against`` how much better than it they should be; money is shown in ``currency`` at ``rate`` (of
    it for a dollar; 0: not set, so dollars are shown); ``silence_minutes`` end a conversation."""

    targets: dict[str, float]
    against: dict[str, float]
    baseline: str = ""
    currency: str = "BRL"
    rate: float = 0.0
    silence_minutes: float = SILENCE_MINUTES


@access.allowed("metrics")
def settings() -> MetricsSettings:
    """What holds now."""
    return held()


def silence_seconds() -> float:
    """After how much silence a conversation is over."""
    return held().silence_minutes * 60


@access.allowed("change")
def set_settings(**values: Any) -> MetricsSettings:
    """Set some of them, the others stay. A target of None is none. Raises InvalidInput."""
    with db.writing() as session:
        row = session.get(Setting, NAME) or Setting(name=NAME, value={})
        merged = asdict(_from(row.value)) | values
        for name in ("targets", "against"):  # a target taken away stays so: None is kept
            merged[name] = (row.value.get(name) or {}) | (values.get(name) or {})
        _check(merged)
        _check_baseline(session, values.get("baseline"))
        row.value = merged
        session.add(row)
    return held()


def held() -> MetricsSettings:
    """What holds, for the formulas."""
    with db.session() as session:
        row = session.get(Setting, NAME)
    return _from(row.value if row else {})


def _from(stored: dict[str, Any]) -> MetricsSettings:
    targets = {k: v for k, v in (TARGETS | stored.get("targets", {})).items() if v is not None}
    against = AGAINST_BASELINE | stored.get("against", {})
    return MetricsSettings(
        targets,
        {k: v for k, v in against.items() if v is not None},
        **{
            k: stored[k] for k in ("baseline", "currency", "rate", "silence_minutes") if k in stored
        },
    )


def _check_baseline(session: Session, version: str | None) -> None:
    """One that is set must be there; one that was set before may have gone."""
    row = session.get(Version, version) if version else None
    if version and (row is None or not access.sees(row.assistant_id)):
        raise InvalidInput(_("There is no version {id}.").format(id=version[:60]), field="baseline")


def _check(values: dict[str, Any]) -> None:
    known = {*MEASURES, *TARGETS}
    for name, target in {**values["targets"], **values["against"]}.items():
        if name not in known:
            raise InvalidInput(_("“{value}” is no measure.").format(value=name), field="targets")
        if target is not None and not (isinstance(target, int | float) and abs(target) < 1e9):
            raise InvalidInput(_("“{value}” is no target.").format(value=target), field=name)
    if values["currency"] not in CURRENCIES:
        raise InvalidInput(
            _("“{value}” is no currency that is known here.").format(value=values["currency"]),
            field="currency",
            hint=", ".join(CURRENCIES),
        )
    for name, most in (("rate", 1e6), ("silence_minutes", 10_080)):
        if not (isinstance(values[name], int | float) and 0 <= values[name] <= most):
            raise InvalidInput(
                _("“{value}” is no number from 0 to {most}.").format(value=values[name], most=most),
                field=name,
            )
