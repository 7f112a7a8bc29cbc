"""A demo that is never blank: the samples, and a month of written questions asked for real.

``load`` replays each sample's ``demo.jsonl`` through the real engine, back-dated over 30 days, with
the ratings and comments written beside the questions, and gives each assistant a review queue that
its rules have filled. Then every second test question of a sample is asked as well and the answer
judged in that queue, as its team would have done before opening, so that the memory knows something:
approved where it truly holds what the sample's file says, else corrected. All of it is marked as
sample data and goes in one step with ``remove``. Loading twice adds nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from core import access, annotation, assistants, chat, clock, db, feedback
from core.annotation import Judged
from core.chat import citations
from core.db.tables import Assistant, Conversation, Item, Passage, Queue
from core.i18n import language

ZONE = ZoneInfo("America/Sao_Paulo")  # the samples' people live there
BETWEEN_TURNS = timedelta(seconds=75)
TO_RATE = timedelta(seconds=25)
JUDGED = slice(None, None, 2)  # of a sample's test questions: the others are left to compare by
REVIEWER = "Teresa"
OPENING = 75  # days back, before the month that is shown, so that its figures stay its own
A_JUDGEMENT = 40.0  # seconds, as the sample's reviewer is said to have taken

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Loaded:
    """What the demo holds now."""

    assistants: int
    conversations: int
    questions: int
    judged: int


@access.allowed("change")
def load(progress: Progress = lambda done, total: None) -> Loaded:
    """Load the samples and replay their conversations; ``progress(done, total)`` counts these."""
    slugs = [sample.slug for sample in sorted(assistants.samples(), key=_shown_first)]
    scripts = [(slug, row) for slug in slugs for row in assistants.demo(slug)]
    tests = [(slug, row) for slug in slugs for row in _tests(slug)]
    by_slug = {slug: assistants.load_sample(slug) for slug in slugs}
    total = len(scripts) + len(tests)
    for done, (slug, row) in enumerate(scripts, 1):
        _replay(by_slug[slug], f"{slug}:{row['id']}", row)
        progress(done, total)
    queues = {slug: _queue(slug, assistant) for slug, assistant in by_slug.items()}
    for done, (slug, row) in enumerate(tests, len(scripts) + 1):
        if queue := queues[slug]:
            _judge(queue, f"{slug}:test:{row['id']}", row)
        progress(done, total)
    questions = sum(len(row["turns"]) for _slug, row in scripts)
    return Loaded(len(by_slug), len(scripts), questions, len(tests))


@access.allowed("change")
def remove() -> None:
    """Take away every sample assistant, document, conversation and rating."""
    assistants.remove_samples()


def _shown_first(sample: assistants.Sample) -> tuple[bool, int]:
    """The first one loaded becomes the default: in the reader's language, with most to show."""
    return sample.language != language(), -len(assistants.demo(sample.slug))


def _replay(assistant: Assistant, key: str, row: dict[str, Any]) -> None:
    begun = _moment(row)
    done = _begun(key)
    if done and done.leaf_id and len(chat.path(done.id)) >= 2 * len(row["turns"]):
        return
    if done:  # a replay that was broken off: begin it again
        with db.writing() as session:
            session.execute(delete(Conversation).where(Conversation.id == done.id))
    person = access.person(row["person"], is_sample=True)
    talk = chat.create(
        assistant.id,
        external_id=key,
        created_at=begun,
        person_id=person.id,
        user_tier=row.get("user_tier"),
        channel=row["channel"],
        is_sample=True,
    )
    for number, turn in enumerate(row["turns"]):
        at = begun + number * BETWEEN_TURNS
        answer = _asked(turn["question"], talk, at)
        _rate(answer, turn, person.id, row["channel"])


def _queue(slug: str, assistant: Assistant) -> Queue | None:
    """The sample's review queue: made by the usual rules with its guidelines, unless one is there;
    None where a person took it away."""
    if not annotation.was_sampled(assistant.id):
        name, text = assistants.guidelines(slug)
        made = annotation.create_queue(assistant.id, name, is_sample=True)
        annotation.write_guideline(made.id, text)
        annotation.refill(made.id)
    return next((one for one in annotation.queues(assistant.id) if one.is_sample), None)


def _tests(slug: str) -> list[dict[str, Any]]:
    """The sample's test questions that are judged."""
    return [row for row in assistants.questions(slug) if row["kind"] == "question"][JUDGED]


def _judge(queue: Queue, key: str, row: dict[str, Any]) -> None:
    """Ask a test question and judge the answer in the queue, once: what a person undoes or removes
    later stays so."""
    reviewer = access.person(REVIEWER, is_sample=True)
    talk = _begun(key)
    if talk is None or not (talk.leaf_id or talk.removed_at):
        talk = _tested(queue.assistant_id, key, row["question"], reviewer.id)
    if talk.removed_at:
        return
    annotation.add(queue.id, [talk.id], reasons=[{"name": "manual", "weight": 0.0}])
    with db.session() as session:
        mine = Item.conversation_id == talk.id, Item.queue_id == queue.id, Item.state == "pending"
        waiting = session.scalar(select(Item.id).where(*mine))
    if waiting:
        claim = annotation.claim(waiting, reviewer.id)
        judged = _judged(claim.answer, row)
        annotation.submit(waiting, claim.claim_token, judged, person_id=reviewer.id)


def _tested(assistant_id: str, key: str, question: str, person_id: str) -> Conversation:
    """A conversation of one test question, asked before the demo's month."""
    asker: chat.Asker = {"person_id": person_id, "channel": "web", "is_sample": True}
    at = clock.now() - timedelta(days=OPENING)
    talk = chat.create(assistant_id, external_id=key, created_at=at, **asker)
    _asked(question, talk, at)
    return talk


def _asked(question: str, talk: Conversation, at: datetime) -> chat.Answer:
    """Ask for the people of the sample: whoever loads it has asked nothing, and is not counted."""
    with access.as_person(None):
        return chat.ask(question, conversation_id=talk.id, created_at=at)


def _judged(answer: chat.Answer, row: dict[str, Any]) -> Judged:
    """Approved where the answer holds the words that the sample's file knows to be right; else
    corrected by that file, with the passages that hold them marked as right."""
    text = citations.without_marks(answer.message.text)
    if answer.message.outcome == "answered" and _holds(text, row):
        return Judged("approved", seconds=A_JUDGEMENT)
    cited = {one.passage_id for one in answer.citations}
    marks = {
        one.id: "right" if _is_source(one, row) else "wrong"
        for one in answer.passages
        if one.id in cited or _is_source(one, row)
    }
    return Judged(
        "corrected",
        correction=row["answer"],
        failure_type="generation" if "right" in marks.values() else "retrieval",
        passages=marks,
        seconds=A_JUDGEMENT,
    )


def _is_source(passage: Passage, row: dict[str, Any]) -> bool:
    return passage.document_name == row["document"] and _holds(passage.text, row)


def _holds(text: str, row: dict[str, Any]) -> bool:
    """Whether a text has the words that say the answer, of a table those of its row as well."""
    words = " ".join(text.split())
    return all(" ".join(row[name].split()) in words for name in ("quote", "row") if name in row)


def _rate(answer: chat.Answer, turn: dict[str, Any], person_id: str, channel: str) -> None:
    if turn.get("rating"):
        feedback.give(
            answer.message.id,
            turn["rating"],
            person_id=person_id,
            reasons=turn.get("reasons") or (),
            comment=turn.get("comment") or "",
            channel=channel,
            created_at=answer.message.created_at + TO_RATE,
        )


def _moment(row: dict[str, Any]) -> datetime:
    """The row's day and time, counted back from today and never in the future."""
    day = clock.now().astimezone(ZONE).date() - timedelta(days=row["day"])
    at = datetime.combine(day, time.fromisoformat(row["time"]), ZONE)
    return min(at, clock.now() - timedelta(minutes=30))


def _begun(key: str) -> Conversation | None:
    with db.session() as session:
        return session.scalar(select(Conversation).where(Conversation.external_id == key))
