"""Ask two versions the same question, see both answers arrive, and keep them side by side.

In: a question and two versions. Out: a ``Comparison`` row, and ``Compared`` as it stands. Always
holds: each side is answered by its own version or fails by itself; both answers are kept with all
that belongs to them, and a side that is asked for twice is asked of the model once.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import replace
from threading import Thread
from typing import Any

from sqlalchemy.orm import Session

from core import access, assistants, audit, chat, clock, db, limits
from core.access import allowed
from core.chat import writing
from core.chat.asking import in_mode
from core.comparison import pairing, scorers
from core.comparison.examples import example
from core.comparison.learned import learned_by
from core.comparison.scorers import rules
from core.comparison.types import SIDES, Compared, Question, Shown, Side
from core.db.tables import Assistant, Comparison, EvaluationRun, Message, Model, Version
from core.errors import CicloError, InvalidInput, NotFound
from core.i18n import _
from core.text import language_of

LOOK_EVERY = 0.25  # seconds, at an answer that another process writes
WAYS = ("mode", "level", "temperature", "max_tokens")
LIMITS = {"temperature": (0, 2), "max_tokens": (1, 100_000)}
log = logging.getLogger("ciclo.comparison")


@allowed("compare")
def ask_both(
    question: str | Question,
    *,
    assistant: str | None = None,
    a: str = "",
    b: str = "",
    same_passages: bool | None = None,
    in_turn: bool | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    hidden: bool = False,
) -> Comparison:
    """Begin to answer a question with two versions (else the assistant's usual pair); ``chat.follow``
    the row's answer ids to see both arrive.

    ``same_passages``: b gets what a's search finds (None: where they search alike anyway).
    ``in_turn``: one after the other (None: where two models of one Ollama would swap). ``settings``:
    {"a": {"mode", "level", "temperature", "max_tokens"}, "b": {...}}. ``hidden``: whoever asks wants to
    vote before they are told whose the answers are. InvalidInput for what cannot be asked, NotFound
    for a version or assistant there is not.
    """
    limits.demand("ask")
    chosen = assistants.chosen(assistant)
    asked = Question(question) if isinstance(question, str) else question
    versions = chosen_versions(chosen.id, a, b)
    somebody = access.acting()
    way = ways(versions, same_passages, in_turn, settings) | ({"hidden": True} if hidden else {})
    for side in SIDES:
        check_way(chosen, way.get(side) or {})
    with db.writing() as session:
        mine = somebody.id if somebody else None
        row = put(session, chosen, asked, versions, way, person_id=mine)
    context = copy_context()
    Thread(target=context.run, args=(_answered, row), name="ciclo-comparison", daemon=True).start()
    return row


def put(
    session: Session,
    assistant: Assistant,
    asked: Question,
    versions: tuple[Version, Version],
    way: Mapping[str, Any],
    *,
    person_id: str | None = None,
    source: str = "hand",
) -> Comparison:
    """The row of a comparison that nobody has answered yet, with its question, in the caller's
    transaction."""
    facts = {"person_id": person_id, "source": source}
    return put_all(session, assistant, [asked], versions, way, **facts)[0]


def put_all(
    session: Session,
    assistant: Assistant,
    asked: Sequence[Question],
    versions: tuple[Version, Version],
    way: Mapping[str, Any],
    **facts: Any,
) -> list[Comparison]:
    """As ``put``, of many at once; those of a run (``run_id``) know their place in it. ``facts`` are
    columns that all share. InvalidInput for a rule that no answer could keep."""
    for one in asked:
        rules.checked(one.reference.rules)
    of = facts.get("person_id")
    apart = chat.set_all_apart(session, assistant, [one.text for one in asked], of)
    rows = [
        Comparison(
            id=db.new_id(),
            assistant_id=assistant.id,
            position=position if facts.get("run_id") else None,
            conversation_id=talk_id,
            question_id=question_id,
            question=one.text.strip(),
            language=one.language or language_of(one.text),
            topic=one.topic,
            reference=one.reference.told(),
            a_version_id=versions[0].id,
            b_version_id=versions[1].id,
            a_answer_id=db.new_id(),
            b_answer_id=db.new_id(),
            settings=dict(way),
            **facts,
        )
        for position, (one, (talk_id, question_id)) in enumerate(zip(asked, apart, strict=True))
    ]
    session.add_all(rows)
    session.flush()
    return rows


def ways(
    versions: tuple[Version, Version],
    same_passages: bool | None = None,
    in_turn: bool | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """How two versions are asked, with what was left open decided."""
    a, b = versions
    alike = (a.retrieval, a.memory_freeze) == (b.retrieval, b.memory_freeze)
    given = {side: _way((settings or {}).get(side) or {}) for side in SIDES}
    return {
        "same_passages": alike if same_passages is None else same_passages,
        "in_turn": _swaps(a, b) if in_turn is None else in_turn,
    } | {side: way for side, way in given.items() if way}


def answer_both(row: Comparison) -> None:
    """Answer both sides, at once or in turn, and write down what the scorers say."""
    if not row.settings.get("in_turn"):
        _each_by_itself(begin_side, row, "b")
    for side in SIDES:
        if not _gone(row.id):
            _each_by_itself(answer_side, row, side)
    finish(row)


def _answered(row: Comparison) -> None:
    """The same in a thread of its own, whose end nobody waits for."""
    try:
        answer_both(row)
    except Exception:
        log.exception("a comparison was not answered", extra={"comparison_id": row.id})


def _each_by_itself(ask: Callable[[Comparison, Side], Any], row: Comparison, side: Side) -> None:
    """A side that cannot even be asked does not keep the other from it."""
    try:
        ask(row, side)
    except CicloError as error:
        told = {"comparison_id": row.id, "side": side, "why": str(error)}
        log.warning("one side of a comparison was not asked", extra=told)


def begin_side(row: Comparison, side: Side) -> None:
    """Begin one side's answer unless it is there or being written."""
    version_id, answer_id = getattr(row, f"{side}_version_id"), getattr(row, f"{side}_answer_id")
    way = row.settings.get(side) or {}
    options = chat.Options(**{name: way[name] for name in WAYS if way.get(name) is not None})
    if row.settings.get("same_passages"):
        options = replace(options, searches_as=row.a_version_id)
    chat.try_out(row.question_id, answer_id, version_id, options)


def answer_side(row: Comparison, side: Side) -> Message:
    """One side's answer, begun where it is not there, once it has ended. Whatever happens to the
    process meanwhile, calling this again asks for no answer that has come."""
    answer_id = getattr(row, f"{side}_answer_id")
    while True:
        begin_side(row, side)
        chat.wait(answer_id)
        with db.session() as session:
            message = session.get(Message, answer_id)
        if message is None:
            raise NotFound(_("The comparison was removed while it was being answered."))
        if message.state == "done" and message.finish_reason != writing.ABANDONED:
            return message
        time.sleep(LOOK_EVERY)
        chat.close_abandoned()


def finish(row: Comparison) -> None:
    """Write down the scores of both sides and which of them had learned the question."""
    examples = {side: example(row, side) for side in SIDES}
    scores: dict[str, Any] = {side: scorers.scored(one) for side, one in examples.items() if one}
    with db.writing() as session:
        stored = session.get(Comparison, row.id)
        if stored is None or stored.done_at is not None:
            return
        stored.scores, stored.learned, stored.done_at = scores, learned_by(row), clock.now()


@allowed("read")
def comparison(comparison_id: str) -> Compared:
    """A comparison with both sides as they stand; NotFound where there is none."""
    with db.session() as session:
        row = session.get(Comparison, comparison_id)
        if row is None or row.removed_at:
            raise no_comparison(comparison_id)
        sides = {side: _shown(session, row, side) for side in SIDES}
    if access.origin().door and access.present().id != row.person_id:
        audit.looked("comparison", row.id, row.assistant_id)
    return Compared(row, sides["a"], sides["b"])


@access.there
def assistant_of(comparison_id: str = "", run_id: str = "") -> str:
    """The id of the assistant of a comparison or a run; "" where there is none of that id."""
    with db.session() as session:
        rows = (
            session.get(Comparison, comparison_id) if comparison_id else None,
            session.get(EvaluationRun, run_id) if run_id else None,
        )
    return next((row.assistant_id for row in rows if row is not None), "")


@allowed("compare")
def stop(comparison_id: str) -> None:
    """End both answers now and keep what came; a side that was still to come does not."""
    found = comparison(comparison_id)
    with db.writing() as session:
        row = session.get_one(Comparison, comparison_id)
        row.done_at = row.done_at or clock.now()
    for side in (found.a, found.b):
        if side.state == "running":
            stop_quietly(side.answer_id)


@allowed("compare")
def remove(comparison_id: str) -> None:
    """Take a comparison out of every list."""
    stop(comparison_id)
    with db.writing() as session:
        session.get_one(Comparison, comparison_id).removed_at = clock.now()


def no_comparison(comparison_id: str) -> NotFound:
    """The error for an id that no comparison has."""
    return NotFound(
        _("There is no comparison with the id “{id}”.").format(id=comparison_id),
        hint=_("`ciclo comparison list` shows those there are."),
    )


def chosen_versions(assistant_id: str, a: str, b: str) -> tuple[Version, Version]:
    """The two that are named; the usual pair where they are not."""
    usual = None if a and b else pairing.pair(assistant_id)
    return (
        pairing.resolve(assistant_id, a) if a else usual.a,  # type: ignore[union-attr]
        pairing.resolve(assistant_id, b) if b else usual.b,  # type: ignore[union-attr]
    )


def _way(given: Mapping[str, Any]) -> dict[str, Any]:
    for name in given:
        if name not in WAYS:
            raise InvalidInput(
                _("“{name}” cannot be set for a side.").format(name=str(name)[:40]),
                hint=_("These can: {names}.").format(names=", ".join(WAYS)),
                field="settings",
            )
    return {name: value for name, value in given.items() if value not in (None, "")}


def check_way(assistant: Assistant, way: Mapping[str, Any]) -> None:
    """InvalidInput for a mode, level or figure that no answer can be given with."""
    in_mode(chat.Options(mode=way.get("mode", ""), level=way.get("level", "")), assistant)
    for name, (least, most) in LIMITS.items():
        value = way.get(name)
        if value is not None and not least <= value <= most:
            raise InvalidInput(
                _("{name}: {value} lies outside of {least} to {most}.").format(
                    name=name, value=value, least=least, most=most
                ),
                field=name,
            )


def _swaps(a: Version, b: Version) -> bool:
    """Whether two models would have to take turns in one memory: an Ollama's, or this process's own."""
    with db.session() as session:
        models = [session.get_one(Model, one.model_id) for one in (a, b)]
    providers = {one.provider for one in models}
    return models[0].id != models[1].id and providers in ({"ollama"}, {"huggingface"})


def _shown(session: Session, row: Comparison, side: Side) -> Shown:
    version = session.get_one(Version, getattr(row, f"{side}_version_id"))
    model = session.get_one(Model, version.model_id)
    answer_id = getattr(row, f"{side}_answer_id")
    message = session.get(Message, answer_id)
    if message is None:
        return Shown(side, version, model, answer_id, "done" if row.done_at else "waiting")
    return Shown(side, version, model, answer_id, message.state, chat.answer(answer_id))


def _gone(comparison_id: str) -> bool:
    """Whether it was stopped or removed meanwhile."""
    with db.session() as session:
        row = session.get(Comparison, comparison_id)
        return row is None or row.done_at is not None


def stop_quietly(answer_id: str) -> None:
    """End an answer if this process writes it."""
    try:
        chat.stop(answer_id)
    except CicloError:  # it has ended meanwhile, or another process writes it
        return
