"""``ciclo diagnose answer | reasoning | analysis``: questions asked for real, and what came of them.

In: an assistant, a question or a level. Out: findings, step by step. What is asked of an assistant
leaves nothing behind (see ``asking``); what is asked of its model alone is stored nowhere.
"""

from collections.abc import Iterator
from functools import partial

from core import assistants, chat, db, registry
from core.access import allowed
from core.db.tables import Assistant, Conversation, Message
from core.diagnosis import asking, probing, problems
from core.diagnosis.finding import TITLES, Finding, State, outcome
from core.diagnosis.running import Check, run
from core.errors import InvalidInput
from core.i18n import _, ngettext, number, percent, seconds
from core.registry import sight

ENOUGH = 0.8  # share of supported sentences from which an answer counts as well supported
LEVELS = ("basic", "intermediate", "advanced")
MORE = 15.0  # seconds beyond the answer's own limit, for search and storing


@allowed("change")
def answer(
    assistant: str | None = None,
    question: str = "",
    *,
    limit: float = asking.ANSWER_SECONDS,
    options: chat.Options | None = None,
    group: str = "answer",
) -> Iterator[Finding]:
    """One question through everything: route, search, model, citations, support, storing.

    Without a question it is the assistant's first starter question. NotFound without assistants.
    """
    chosen = assistants.chosen(assistant)
    said = question.strip() or first_question(chosen)
    yield Finding("question", "good", said, subject=chosen.name, group=group)
    work = partial(_steps, chosen, said, limit, options or chat.Options())
    yield from run([Check("answer", work, limit + MORE, chosen.name)], group)


@allowed("change")
def reasoning(assistant: str | None = None, *, limit: float = 120.0) -> Iterator[Finding]:
    """Whether the model of an assistant thinks, shows its thoughts apart, and gets problems right."""
    chosen = assistants.chosen(assistant)
    route = registry.route(chosen.id)
    if route.embedded:
        told = _("Ciclo's own engine quotes documents; it does not reason.")
        advice = _("Connect a model: `ciclo models setup`.")
        yield Finding("thinking", "note", told, advice, route.name, group="reasoning")
        return
    thinks = sight.thinks(route.model.provider, route.model.name)
    if thinks is None:
        told = _("Its server does not say whether it thinks before it speaks.")
        yield Finding("thinking", "note", told, "", route.name, group="reasoning")
    elif not thinks:
        told = _("It does not think before it speaks.")
        yield Finding("thinking", "note", told, "", route.name, group="reasoning")
    for said, right in problems.of(chosen.language):
        work = partial(_solved, route.name, bool(thinks), said, right, limit)
        yield from run([Check("problem", work, limit + MORE, route.name)], "reasoning")


@allowed("change")
def analysis(
    assistant: str | None = None, level: str = LEVELS[0], *, limit: float = asking.ANSWER_SECONDS
) -> Iterator[Finding]:
    """A question answered in an assistant's mode at ``level``; InvalidInput for a level there is not.

    Without an assistant it is the first that has a mode with such a level.
    """
    if level not in LEVELS and not any(_mode(one, level) for one in assistants.all()):
        raise InvalidInput(
            _("No mode has a level “{name}”.").format(name=level),
            hint=_("There are: {names}.").format(names=", ".join(LEVELS)),
            field="level",
        )
    chosen = _with_mode(level) if assistant is None else assistants.chosen(assistant)
    mode = _mode(chosen, level)
    if mode:
        told = f"{mode}/{level}"
        yield Finding("mode", "good", told, subject=chosen.name, group="analysis")
        options = chat.Options(mode=mode, level=level)
        question = ""
    else:
        told = _("The assistant has no mode with the level “{name}”.").format(name=level)
        advice = _("Add one on the assistants page; meanwhile it was asked in its usual way.")
        yield Finding("mode", "note", told, advice, chosen.name, group="analysis")
        options, question = chat.Options(), problems.analysis(chosen.language, level)
    yield from answer(chosen.id, question, limit=limit, options=options, group="analysis")


def first_question(assistant: Assistant) -> str:
    """A question that it proposes, else one that any documents can be asked."""
    return next(iter(assistant.starters), "") or problems.general(assistant.language)


def _steps(
    assistant: Assistant, said: str, limit: float, options: chat.Options
) -> Iterator[Finding]:
    with asking.asked(said, assistant.id, options, limit) as found:
        row, talk = found.message, found.conversation.id
        yield _who(row)
        yield _searched(found)
        yield _answered(row, limit)
        if row.outcome == "answered":
            yield _cited(found)
            yield _supported(row)
    yield _left(talk)


def _who(row: Message) -> Finding:
    name = f"{row.provider}:{row.model_name}"
    role = row.routing_reason.partition(":")[0]
    told = f"{name} · {_(TITLES.get(role, role))}"
    if row.routing_reason.startswith("fallback"):
        advice = _("`ciclo models check` says what is wrong with the models that were to answer.")
        return Finding("route", "bad", f"{told}: {row.error}", advice)
    return Finding("route", "good", told)


def _searched(found: chat.Answer) -> Finding:
    n, spent = len(found.passages), found.message.search_seconds
    told = ngettext("{n} passage", "{n} passages", n).format(n=number(n))
    advice = "" if n else _("Add documents: `ciclo documents add FILE`.")
    return Finding("search", "good" if n else "note", told, advice, seconds=spent)


def _answered(row: Message, limit: float) -> Finding:
    if row.outcome in ("error", "cut_off"):
        told = row.error or _("It was stopped after {time}.").format(time=seconds(limit))
        return Finding("answer", "bad", told, _("`ciclo models check` tries each model."))
    times = [_("first token after {time}").format(time=_time(row.first_token_seconds))]
    if row.load_seconds and row.load_seconds >= 1:
        times.append(_("{time} of it loading").format(time=_time(row.load_seconds)))
    head = " ".join(row.text.split())[:80]
    told = " · ".join([outcome(str(row.outcome)), *times, head])
    answered = row.outcome == "answered"
    advice = "" if answered else _("The documents do not seem to hold it; ask what they do hold.")
    return Finding(
        "answer", "good" if answered else "note", told, advice, seconds=row.total_seconds
    )


def _cited(found: chat.Answer) -> Finding:
    n, gone = len(found.citations), found.message.removed_citations
    told = ngettext("{n} citation", "{n} citations", n).format(n=number(n))
    if gone:
        told += " · " + _("{n} that pointed nowhere were removed").format(n=number(gone))
    state: State = "good" if n and not gone else "note"
    advice = "" if state == "good" else _("Another model may cite better: `ciclo models migrate`.")
    return Finding("citations", state, told, advice)


def _supported(row: Message) -> Finding:
    if row.groundedness is None:
        return Finding("support", "good", _("quoted from the documents, word for word"))
    told = _("{share} supported by the documents").format(share=percent(row.groundedness))
    good = row.groundedness >= ENOUGH
    advice = "" if good else _("Read the answer against its sources before you trust this model.")
    return Finding("support", "good" if good else "note", told, advice)


def _left(conversation_id: str) -> Finding:
    with db.session() as session:
        there = session.get(Conversation, conversation_id) is not None
    if there:
        return Finding("left", "bad", _("The question was not deleted."), _("See the log."))
    return Finding("left", "good", _("question and answer were deleted"))


def _solved(
    name: str, thinks: bool, said: str, right: tuple[str, ...], limit: float
) -> Iterator[Finding]:
    parameters = {"temperature": 0, "max_tokens": problems.TOKENS, "reasoning": thinks}
    reply = probing.call(name, said, limit=limit, **parameters)
    if thinks:
        told = _("{n} characters of thoughts, apart from the answer")
        shown = told.format(n=number(len(reply.thoughts)))
        apart = bool(reply.thoughts) and "<think" not in reply.text
        advice = "" if apart else _("Its thoughts are not told apart; a newer server may do that.")
        yield Finding("thinking", "good" if apart else "note", shown, advice, name)
    good = problems.solves(reply.text, right)
    told = f"{said} → {' '.join(reply.text.split())[:60]}"
    advice = "" if good else _("Right is {answer}: do not rely on its arithmetic or logic.")
    advice = advice.format(answer=right[0])
    yield Finding("problem", "good" if good else "note", told, advice, name, reply.seconds)


def _mode(assistant: Assistant, level: str) -> str:
    """The first of its modes that has the level, or ""."""
    for one in assistant.modes:
        if any(each["name"] == level for each in one.get("levels") or []):
            return str(one["name"])
    return ""


def _with_mode(level: str) -> Assistant:
    fitting = (one for one in assistants.all() if _mode(one, level))
    return next(fitting, None) or assistants.chosen()


def _time(value: float | None) -> str:
    return "?" if value is None else seconds(value)
