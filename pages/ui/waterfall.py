"""The steps of an answer as data for the ``waterfall`` element: bars on one axis of time.

In: spans as they are stored, seconds from the answer's start. Out: shares of the axis, from 0 to 1,
with names and times in words. Always holds: no bar leaves the axis; a failed step says so in words.
"""

from math import floor, log10
from typing import Any

from core.i18n import _, number
from pages.ui import trace_words as words

TICKS = 4  # about so many parts of the axis; more stand too close at 390 px
LEAST = 0.001  # seconds that the axis spans at least
Span = dict[str, Any]


def told(spans: list[Span], first: float | None, total: float | None) -> dict[str, Any]:
    """Everything the element shows; ``first`` is the moment of the first word, ``total`` the end."""
    ends = [span["start"] + span["seconds"] for span in spans]
    long = max([LEAST, total or 0.0, first or 0.0, *ends])
    steps = [_step(span, long) for span in spans]
    names = {part["name"] for step in steps for part in step["parts"]}
    return {
        "label": _("Steps, in the order they began"),
        "ticks": ticks(long),
        "mark": _mark(first, long),
        "steps": steps,
        "legend": [one for one in _legend() if one["name"] in names],
    }


def ticks(long: float) -> list[dict[str, Any]]:
    """Round moments on an axis of ``long`` seconds, 0 among them."""
    rough = long / TICKS
    scale = 10.0 ** floor(log10(rough))
    step = next(n * scale for n in (1, 2, 5, 10) if n * scale >= rough)
    count = int(long / step + 1e-9)
    return [{"at": n * step / long, "text": _moment(n * step, step)} for n in range(count + 1)]


def _moment(at: float, step: float) -> str:
    if step < 1:
        digits = 0 if step >= 0.001 else 1
        return f"{number(at * 1000, digits)} ms"
    return f"{number(at)} s"


def _mark(first: float | None, long: float) -> dict[str, Any] | None:
    if first is None:
        return None
    text = _("first word after {time}").format(time=words.duration(first))
    return {"at": min(1.0, first / long), "text": text}


def _step(span: Span, long: float) -> dict[str, Any]:
    start = min(1.0, max(0.0, span["start"] / long))
    failed = span["status"] == "error"
    return {
        "kind": span["kind"],
        "title": words.said(words.STEPS, span["kind"]),
        "about": _about(span),
        "failed": words.said(words.CODES, span["code"]) if failed else "",
        "start": start,
        "share": min(1.0 - start, max(0.0, span["seconds"] / long)),
        "time": words.duration(span["seconds"]),
        "parts": _parts(span),
        "details": _details(span),
    }


def _about(span: Span) -> str:
    """What sets this step apart from another of its kind."""
    known = span["attributes"]
    model = known.get("gen_ai.request.model", "")
    if span["kind"] == "model" and span["name"].startswith("rewrite"):
        return _("{model}, to understand the question").format(model=model)
    if span["kind"] in ("model", "route"):
        return words.who(str(known.get("gen_ai.provider.name", "")), str(model))
    if span["kind"] == "memory":
        hit = known.get("ciclo.memory.hit")
        return _("approved before") if hit else _("not approved before")
    if span["kind"] == "cache":
        return _("given before") if known.get("ciclo.cache.hit") else _("not given before")
    return ""


def _parts(span: Span) -> list[dict[str, Any]]:
    """What a model's time went into, as far as its server tells: loading, then reading."""
    known, long = span["attributes"], span["seconds"]
    told = {"load": "ciclo.load_seconds", "reading": "ciclo.prompt_seconds"}
    values = {name: known.get(attribute) or 0.0 for name, attribute in told.items()}
    if not long or sum(values.values()) > long:
        return []
    return [{"name": name, "share": value / long} for name, value in values.items() if value]


def _legend() -> list[dict[str, str]]:
    return [
        {"name": "load", "text": _("loading the model")},
        {"name": "reading", "text": _("reading the prompt")},
    ]


def _details(span: Span) -> list[list[str]]:
    began = [_("Begins after"), words.duration(span["start"])]
    known = [
        [words.said(words.ATTRIBUTES, name), _value(name, value)]
        for name, value in span["attributes"].items()
    ]
    return [began, *known]


def _value(name: str, value: Any) -> str:
    if name == "ciclo.route.reason":
        return words.reason(str(value))
    if name == "ciclo.route.passed_over":
        return "\n".join(words.passed(str(one)) for one in value)
    if name == "ciclo.prompt.read":
        return words.said(words.READ, str(value))
    if name == "ciclo.outcome":
        return words.outcome(str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, int | float):
        return words.duration(value) if name.endswith("_seconds") else _number(value)
    return "–" if value is None else str(value)


def _number(value: float) -> str:
    return number(value) if isinstance(value, int) else number(value, 2)
