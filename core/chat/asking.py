"""Ask and be answered: the one verb behind the page, the API and the command line.

The question is saved before anything else, and the answer's row with it, so that nothing
acknowledged is lost. The answer is then written on the background loop (``runs``), its part saved
every second, its end stored in one transaction (``storing``). ``follow`` shows it live to whoever
asks, as often as they ask.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Unpack

from core import access, assistants, db, limits, registry, tracing
from core.access import allowed
from core.chat import attempts, breaks, looking, reading, runs, saving, writing
from core.chat.draft import Draft, Part, Work
from core.chat.types import Answer, Asker, Event, Options, Started
from core.db.tables import Assistant, Conversation, Message
from core.errors import Conflict, InvalidInput
from core.i18n import _
from core.personal import agreeing
from core.text import language_of
from core.tracing import Trace

LANGUAGES = {"pt": "pt-BR", "en": "en"}
MAX_QUESTION = 4000
NOBODY: Asker = {"channel": "web"}
POLL_SECONDS = 0.25


@allowed("ask")
def start(
    question: str,
    *,
    assistant: str | None = None,
    conversation_id: str | None = None,
    parent_id: str | None = None,
    options: Options | None = None,
    created_at: datetime | None = None,
    **asker: Unpack[Asker],
) -> Started:
    """Save the question and begin to answer it; ``follow`` the answer_id to see it arrive.

    ``assistant`` is an id or a name, else the conversation's, else the default one; ``parent_id``
    is the message to go on from (else the end of the branch shown). Raises
    InvalidInput for an empty or too long question, NotFound for an unknown assistant,
    conversation or model, TooMany where who acts has asked too often of late.
    """
    limits.demand("ask")
    return begun(
        question,
        assistant=assistant,
        conversation_id=conversation_id,
        parent_id=parent_id,
        options=options,
        created_at=created_at,
        **asker,
    )


def begun(
    question: str,
    *,
    assistant: str | None = None,
    conversation_id: str | None = None,
    parent_id: str | None = None,
    options: Options | None = None,
    created_at: datetime | None = None,
    **asker: Unpack[Asker],
) -> Started:
    """``start`` for whoever has been counted already."""
    trace, text = Trace(), checked(question)
    moment = created_at or trace.at
    options = options or Options()
    known = _conversation(conversation_id) if conversation_id else None
    chosen = _chosen(assistant, known)
    options = in_mode(options, chosen)
    talk = known or Conversation(
        id=db.new_id(), assistant_id=chosen.id, created_at=moment, **(NOBODY | asker)
    )
    route = _route(trace, chosen, talk, text, options)
    asked, answer = saving.asked(
        talk,
        known is None,
        text=text,
        language=chosen.language,
        channel=asker.get("channel") or talk.channel,
        parent_id=parent_id,
        moment=moment,
        route=route,
        options=options,
    )
    return launched(talk, asked, answer, route, options, trace, first=known is None)


@allowed("ask")
def again(answer_id: str, options: Options | None = None) -> Started:
    """Answer the same question once more, as a sibling of ``answer_id``."""
    limits.demand("ask")
    return once_more(answer_id, options)


def once_more(answer_id: str, options: Options | None = None) -> Started:
    """``again`` for whoever has been counted already."""
    trace, before = Trace(), reading.answer(answer_id)
    if before.message.state == "running":
        raise Conflict(_("This answer is still being written."), hint=_("Stop it first."))
    chosen = assistants.get(before.conversation.assistant_id)
    options = _as_before(replace(options or Options(), fresh=True), before.message, chosen)
    route = _route(trace, chosen, before.conversation, before.question.text, options)
    answer = saving.asked_again(before.question, trace.at, route, options)
    return launched(before.conversation, before.question, answer, route, options, trace)


@allowed("ask")
def rephrase(question_id: str, text: str, options: Options | None = None) -> Started:
    """Ask a question in other words, beside it: what followed the old one stays on its own branch."""
    limits.demand("ask")
    trace, words = Trace(), checked(text)
    before = reading.question(question_id)
    talk = _conversation(before.conversation_id)
    chosen = assistants.get(talk.assistant_id)
    options = in_mode(options or Options(), chosen)
    route = _route(trace, chosen, talk, words, options)
    asked, answer = saving.asked(
        talk,
        False,
        text=words,
        language=chosen.language,
        channel=before.channel,
        parent_id=before.parent_id,
        moment=trace.at,
        route=route,
        options=options,
        first=before.parent_id is None,
    )
    return launched(talk, asked, answer, route, options, trace)


@allowed("ask")
def ask(
    question: str,
    *,
    assistant: str | None = None,
    conversation_id: str | None = None,
    parent_id: str | None = None,
    options: Options | None = None,
    created_at: datetime | None = None,
    **asker: Unpack[Asker],
) -> Answer:
    """As ``start``, and wait for the whole answer."""
    started = start(
        question,
        assistant=assistant,
        conversation_id=conversation_id,
        parent_id=parent_id,
        options=options,
        created_at=created_at,
        **asker,
    )
    run = runs.live(started.answer_id)
    if run is not None:
        run.wait(None)
    return _ended(run, started.answer_id)


@access.there
def follow(answer_id: str, after: int = 0) -> Iterator[Event]:
    """The events of an answer from number ``after`` on; the last one is ``done``.

    Works from any thread and any number of times: a live run is followed as it goes, one that
    another process writes is read from the database, a finished one comes at once. NotAllowed where
    it is of somebody else's conversation.
    """
    _own(answer_id)
    return _followed(answer_id, after)


def _followed(answer_id: str, after: int) -> Iterator[Event]:
    run = runs.live(answer_id)
    if run is not None:
        yield from run.events(after)
    else:
        yield from _stored(answer_id)
    yield Event("done", data={"answer": _ended(run, answer_id)})


def _ended(run: runs.Run | None, answer_id: str) -> Answer:
    if run is None or run.answer is None:
        return reading.answer(answer_id)
    looking.opened(run.answer.conversation)
    return run.answer


@allowed("ask")
def stop(answer_id: str) -> None:
    """End the answer now and keep the part that came; nothing happens where it has ended."""
    _own(answer_id)
    run = runs.live(answer_id)
    if run is not None:
        runs.cancel(run)
        return
    if reading.answer(answer_id).message.state == "running":
        raise Conflict(
            _("This answer is being written by another process."),
            hint=_("Stop it where it was asked."),
        )


def _own(answer_id: str) -> None:
    with db.session() as session:
        reading.demand_own_message(session, answer_id)


def _stored(answer_id: str) -> Iterator[Event]:
    told = 0
    while True:
        message = reading.answer(answer_id).message
        if message.state == "done":
            yield from _taken_over(message)
        if len(message.text) > told:
            yield Event("text", message.text[told:])
            told = len(message.text)
        if message.state == "done":
            return
        writing.close_abandoned()
        time.sleep(POLL_SECONDS)


def _taken_over(message: Message) -> Iterator[Event]:
    """Who answered where another had failed, as ``Work.take_over`` told those who listened."""
    for one in breaks.of(message):
        facts = {name: one.get(name, "") for name in ("at", "code", "message", "hint", "before")}
        yield Event("status", "fallback", {**facts, "model": one["after"]})


def _chosen(named: str | None, talk: Conversation | None) -> Assistant:
    if talk is None:
        return assistants.chosen(named)
    if named and assistants.chosen(named).id != talk.assistant_id:
        raise Conflict(
            _("The conversation belongs to another assistant than “{name}”.").format(name=named),
            hint=_("Leave the assistant out, or begin a new conversation."),
        )
    return assistants.get(talk.assistant_id)


def launched(
    talk: Conversation,
    asked: Message,
    answer: Message,
    route: registry.Route,
    options: Options,
    trace: Trace,
    first: bool = False,
) -> Started:
    """Begin to write an answer whose row is saved; the ``first`` one of its conversation."""
    run = runs.Run(answer.id)
    draft = Draft(answer.id, answer.created_at, trace, [Part(route)])
    work = Work(run, talk, asked, options, draft, answer if first else None)
    runs.launch(run, writing.write(work))
    return Started(talk.id, asked.id, answer.id)


def _conversation(conversation_id: str) -> Conversation:
    with db.session() as session:
        talk = session.get(Conversation, conversation_id)
    if talk is None or talk.removed_at:
        raise saving.gone(conversation_id)
    access.demand_unless_own(talk.person_id)
    return talk


def _route(
    trace: Trace, assistant: Assistant, talk: Conversation, question: str, options: Options
) -> registry.Route:
    agreeing.demand(assistant, talk)
    with trace.span("route", "route") as span:
        pinned = options.version_id
        if options.model and not pinned:
            pinned = registry.version_with_model(assistant.id, options.model).id
        asking = registry.Asking(
            user_id=talk.user_id,
            person_id=talk.person_id,
            conversation_id=talk.id,
            tier=talk.user_tier,
            language=LANGUAGES.get(language_of(question), assistant.language),
            mode=options.mode,
            length=len(question),
        )
        found = registry.route(assistant.id, pinned_version_id=pinned, asking=asking)
        span.attributes |= attempts.described(found) | {tracing.CONVERSATION: talk.id}
    return found


def in_mode(options: Options, assistant: Assistant) -> Options:
    """With a level that holds; InvalidInput where the assistant has no such mode or level."""
    mode, level = assistants.way(assistant.modes, options.mode, options.level)
    return replace(options, mode=mode, level=level)


def _as_before(options: Options, before: Message, assistant: Assistant) -> Options:
    """In the mode of the answer before where none is chosen, as long as there is such a mode."""
    try:
        same = replace(options, mode=before.mode, level=before.level)
        return in_mode(options if options.mode else same, assistant)
    except InvalidInput:
        return in_mode(options, assistant)


def checked(question: str) -> str:
    """The question as it is saved; InvalidInput for an empty or too long one."""
    text = question.replace("\x00", "").strip()
    if not text:
        raise InvalidInput(_("The question is empty."), field="question")
    if len(text) > MAX_QUESTION:
        raise InvalidInput(
            _("The question has {n} characters; at most {most} fit.").format(
                n=len(text), most=MAX_QUESTION
            ),
            field="question",
            hint=_("Add long texts as documents."),
        )
    return text
