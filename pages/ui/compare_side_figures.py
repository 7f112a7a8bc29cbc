"""The figures under two answers: time, tokens, cost, grounding, what scorers said.

In: a ``Compared``. Out: for each side the same rows in the same order; of a run's question first what
made it better or worse. Always holds: "better" is said of a figure that is better as it is written,
where both sides have it and both answered, and never of the time of one question, which is chance;
loading a model is no part of an answer's time and stands apart.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from core import chat, comparison
from core.comparison import Compared, Shown, Side, measured
from core.comparison.report import figures
from core.db.tables import Message
from core.i18n import _, money, number, percent
from core.metrics.saying import seconds

NOTHING = "–"
REFERENCE = (
    "exact_match",
    "token_f1",
    "likeness",
)  # scorers that hold an answer against the right one
SHOWN = ("groundedness", measured.FAILED)  # these stand there anyway
Value = float | None


class Figure(NamedTuple):
    """A row: its value of an answer, how it is written, which way is better ("" for none)."""

    name: str
    help: str
    value: Callable[[chat.Answer], Value]
    said: Callable[[float], str]
    better: str = ""


def of(found: Compared) -> dict[Side, list[dict[str, Any]]]:
    """The rows of both sides."""
    rows: dict[Side, list[dict[str, Any]]] = {"a": [], "b": []}
    scored = _scored(found)
    for one, values in scored if found.row.run_id else ():
        if values["a"] != values["b"]:
            _put(rows, one, values)
    for one in _figures():
        values = {side: _value(found.side(side), one.value) for side in comparison.SIDES}
        _put(rows, one, values)
    for one, values in scored:
        if not found.row.run_id or values["a"] == values["b"]:
            _put(rows, one, values)
    if any(_value(found.side(side), _loading) for side in comparison.SIDES):
        load = Figure(_("Loading the model"), _("Apart from the time above."), _loading, seconds)
        _put(rows, load, {side: _value(found.side(side), _loading) for side in comparison.SIDES})
    return rows


def _put(rows: dict[Side, list[dict[str, Any]]], figure: Figure, values: dict[Side, Value]) -> None:
    said = {
        side: NOTHING if value is None else figure.said(value) for side, value in values.items()
    }
    best = _best(figure, values, said)
    for side in comparison.SIDES:
        row = {"name": figure.name, "help": figure.help, "said": said[side], "better": side == best}
        rows[side].append(row)


def _best(figure: Figure, values: dict[Side, Value], said: dict[Side, str]) -> Side | None:
    a, b = values["a"], values["b"]
    if not figure.better or a is None or b is None or said["a"] == said["b"]:
        return None
    return "a" if (a > b) == (figure.better == "up") else "b"


def _value(side: Shown, value: Callable[[chat.Answer], Value]) -> Value:
    if side.answer is None or side.state != "done" or side.failed:
        return None
    return value(side.answer)


def _figures() -> list[Figure]:
    return [
        Figure(_("Time"), _("From the question to the end, without loading the model."),
               _time, seconds),
        Figure(_("First word"), _("Until the first word, without loading the model."),
               _first, seconds),
        Figure(_("Speed"), _("Tokens a second while the model wrote."), _speed, _per_second),
        Figure(_("Tokens read"), _("What the model was sent."), lambda one: one.message.tokens_in, number),
        Figure(_("Tokens written"), _("What the model wrote."), lambda one: one.message.tokens_out, number),
        Figure(_("Cost"), _("By the model’s prices."), lambda one: one.message.cost, _dollars, "down"),
        Figure(_("Groundedness"), _("How many sentences of the answer the documents support."),
               _grounded, percent, "up"),
        Figure(_("Citations"), _("Places in the documents that the answer points at."),
               lambda one: len(one.citations), number),
    ]  # fmt: skip


def _scored(found: Compared) -> list[tuple[Figure, dict[Side, Value]]]:
    """What the scorers say: of a run's question all that is stored, by hand how near the answers come
    to the reference answer."""
    rows, known = [], measured.known()
    for name in known if found.row.run_id else REFERENCE:
        values: dict[Side, Value] = {
            side: (found.row.scores.get(side) or {}).get(name) for side in comparison.SIDES
        }
        one = known.get(name)
        if one and one.quality and name not in SHOWN and set(values.values()) != {None}:
            said = partial(figures.value, one.unit)
            rows.append((Figure(_(one.title), _(one.meaning), _loading, said, one.better), values))
    return rows


def _time(answer: chat.Answer) -> Value:
    return _without_loading(answer.message, answer.message.total_seconds)


def _first(answer: chat.Answer) -> Value:
    return _without_loading(answer.message, answer.message.first_token_seconds)


def _without_loading(message: Message, spent: Value) -> Value:
    return None if spent is None else max(0.0, spent - (message.load_seconds or 0.0))


def _loading(answer: chat.Answer) -> Value:
    return answer.message.load_seconds or None


def _speed(answer: chat.Answer) -> Value:
    spent, written = answer.message.generation_seconds, answer.message.tokens_out
    return written / spent if spent and written else None


def _grounded(answer: chat.Answer) -> Value:
    message = answer.message
    if message.outcome != "answered":
        return None
    return 1.0 if message.quoted else message.groundedness


def _per_second(value: float) -> str:
    return _("{n} tokens/s").format(n=number(value, 1))


def _dollars(value: float) -> str:
    return money(value, "USD", 6 if 0 < value < 0.01 else 2)
