"""How each model did, version by version: what it answered, how fast, how well, and what that cost.

In: a view. Out: an ``Engine`` for each version and model that answered in it, the most answers first.
Always holds: answers given again count as answers, and tell nothing of a model's time; sums are of
what was told, in tokens and US dollars.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core import access
from core.metrics.figures import Figure, measure
from core.metrics.formulas import Part
from core.metrics.kept import kept
from core.metrics.parts import part
from core.metrics.views import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLD = (
    *("satisfaction", "rated", "time_p50", "time_p95", "first_p50", "first_p95", "speed"),
    *("cost_answer", "errors", "fallbacks", "cut_off", "cached", "groundedness"),
)


@dataclass(frozen=True)
class Engine:
    """``share`` of all answers in the view; ``errors`` and ``fallbacks`` count answers by code and by
    reason; ``version_id`` and ``model`` are empty where nobody told."""

    version_id: str
    model: str
    answers: int
    share: float
    tokens_in: int
    tokens_out: int
    cost: float
    errors: Mapping[str, int]
    fallbacks: Mapping[str, int]
    figures: Mapping[str, Figure]


@access.allowed("metrics")
def engines(view: View) -> list[Engine]:
    """Every version and model that answered in a view."""
    return kept(("engines", view), lambda: _engines(part(view)))


def _engines(of: Part) -> list[Engine]:
    whole = len(of.answers)
    found = [_engine(*one, whole) for one in _split(of)]
    return sorted(found, key=lambda one: (-one.answers, one.model, one.version_id))


def _split(of: Part) -> Iterator[tuple[str, str, Part]]:
    """By version and model; the measures told here are of answers alone."""
    import numpy as np

    models = len(of.names.get("model", ())) + 1
    pairs = of.answers["version"].astype("int64") * models + of.answers["model"]
    order = np.argsort(pairs, kind="stable")
    found, starts = np.unique(pairs[order], return_index=True)
    for pair, rows in zip(found.tolist(), np.split(order, starts[1:]), strict=False):
        own = replace(of, answers=of.answers.rows(rows))
        version, model = divmod(pair, models)
        yield of.names["version"][version], of.names["model"][model], own


def _engine(version: str, model: str, of: Part, whole: int) -> Engine:
    return Engine(
        version,
        model,
        len(of.answers),
        len(of.answers) / whole,
        int(_sum(of.answers["tokens_in"])),
        int(_sum(of.answers["tokens_out"])),
        _sum(of.answers["cost"]),
        _counted(of, "error"),
        _counted(of, "fallback"),
        {name: _figure(name, of) for name in TOLD},
    )


def _sum(values: "NDArray[Any]") -> float:
    return float(values[values == values].sum())


def _counted(of: Part, kind: str) -> dict[str, int]:
    codes = Counter(of.answers[kind].tolist())
    named = {of.names[kind][code]: n for code, n in codes.most_common()}
    return {name: n for name, n in named.items() if name}


def _figure(name: str, of: Part) -> Figure:
    found = measure(name).formula(of)
    told = (found.value, found.low, found.high, found.n) if found else (None, None, None, 0)
    return Figure(name, *told)
