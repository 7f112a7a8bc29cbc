"""A demo that is never blank: the samples, and a month of written questions asked for real.

``load`` replays each sample's ``demo.jsonl`` through the real engine, back-dated over 30 days, with
the ratings and comments written beside the questions, and gives each assistant a review queue that
its rules have filled. All of it is marked as sample data and goes in one step with ``remove``.
Loading twice adds nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from core import access, annotation, assistants, chat, clock, db, feedback
from core.db.tables import Assistant, Conversation
from core.i18n import language

ZONE = ZoneInfo("America/Sao_Paulo")  # the samples' people live there
BETWEEN_TURNS = timedelta(seconds=75)
TO_RATE = timedelta(seconds=25)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Loaded:
    """What the demo holds now."""

    assistants: int
    conversations: int
    questions: int


@access.allowed("change")
def load(progress: Progress = lambda done, total: None) -> Loaded:
    """Load the samples and replay their conversations; ``progress(done, total)`` counts these."""
    slugs = [sample.slug for sample in sorted(assistants.samples(), key=_shown_first)]
    scripts = [(slug, row) for slug in slugs for row in assistants.demo(slug)]
    by_slug = {slug: assistants.load_sample(slug) for slug in slugs}
    for done, (slug, row) in enumerate(scripts, 1):
        _replay(by_slug[slug], f"{slug}:{row['id']}", row)
        progress(done, len(scripts))
    for slug, assistant in by_slug.items():
        _queue(slug, assistant)
    questions = sum(len(row["turns"]) for _slug, row in scripts)
    return Loaded(len(by_slug), len(scripts), questions)


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
        answer = chat.ask(turn["question"], conversation_id=talk.id, created_at=at)
        _rate(answer, turn, person.id, row["channel"])


def _queue(slug: str, assistant: Assistant) -> None:
    """A review queue by the usual rules with its guidelines, unless one is there (or was, and a
    person took it away)."""
    if not annotation.was_sampled(assistant.id):
        name, text = assistants.guidelines(slug)
        made = annotation.create_queue(assistant.id, name, is_sample=True)
        annotation.write_guideline(made.id, text)
        annotation.refill(made.id)


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
