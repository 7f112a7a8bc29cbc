"""Questions to compare by: out of a file, out of a sample, out of what people have asked.

In: bytes of JSON Lines or CSV, a sample's assistant, or an assistant with traffic. Out: ``Question``s
with what is known of their answers. Always holds: a file is read whole or refused with the line and
the way out; personal data of what people asked is masked, for an evaluation outlives what it was
taken from; equal questions have an equal ``digest``.
"""

import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import Any

from sqlalchemy import or_, select

from core import assistants, db, privacy
from core.access import allowed
from core.chat.types import APART
from core.comparison import question_files
from core.comparison.types import Question, Reference
from core.db.tables import Assistant, Conversation, Message
from core.errors import InvalidInput
from core.i18n import N_, _

MOST = 5_000  # questions of a run
ORIGINALS, PARAPHRASES, BOTH = "questions", "paraphrases", "both"
WHAT = {  # what may be taken of a sample, and what that is called
    ORIGINALS: N_("the sample's questions"),
    PARAPHRASES: N_("paraphrases of the sample's questions"),
    BOTH: N_("the sample's questions and paraphrases"),
}


def read_file(name: str, data: bytes) -> list[Question]:
    """The questions of a .jsonl or .csv file, in its order.

    Fields: question (required), id, answer(s), document(s), quote(s), answerable or kind, must_pass,
    topic, language, rules, of (the id of a question of the file whose reference holds here too).
    InvalidInput names the line and the way out.
    """
    return read_and_unused(name, data)[0]


def read_and_unused(name: str, data: bytes) -> tuple[list[Question], tuple[str, ...]]:
    """The same, and the headings of the file that were not used, for no field is called so."""
    rows = question_files.rows(name, data)
    found = of_rows(rows.found)
    if len(found) > MOST:
        raise InvalidInput(
            _("The file has {n} questions; at most {most} fit in one evaluation.").format(
                n=len(found), most=MOST
            ),
            hint=_("Split it, or take a sample of it."),
            field="file",
        )
    return found, rows.unused


def doubles(questions: Iterable[Question]) -> list[Question]:
    """Those that are asked in the same words as one before them: an evaluation asks them once."""
    return [one for one, again in _repeated(questions) if again]


def without_doubles(questions: Iterable[Question]) -> list[Question]:
    """Each question once, where it comes first."""
    return [one for one, again in _repeated(questions) if not again]


def _repeated(questions: Iterable[Question]) -> Iterator[tuple[Question, bool]]:
    """Each, and whether the same words came before."""
    seen: set[str] = set()
    for one in questions:
        words = " ".join(one.text.split()).casefold()
        yield one, words in seen
        seen.add(words)


def of_sample(assistant: Assistant, what: str = BOTH) -> list[Question]:
    """The test questions that came with a sample's assistant: the originals with those that have no
    answer, their paraphrases, or both. None for an assistant that is no sample."""
    if what not in WHAT:
        raise InvalidInput(
            _("“{what}” is no part of a sample's questions.").format(what=what[:40]),
            hint=_("These are: {names}.").format(names=", ".join(WHAT)),
            field="what",
        )
    if not assistant.sample:
        return []
    rows = [*assistants.questions(assistant.sample), *assistants.paraphrases(assistant.sample)]
    wanted = [
        replace(one, language=assistant.language, topic=one.topic or _topic(one))
        for one, row in zip(of_rows(rows), rows, strict=True)
        if what == BOTH or (what == PARAPHRASES) == ("of" in row)
    ]
    return wanted


@allowed("read")
def of_traffic(
    assistant_id: str, n: int = 100, *, since: datetime | None = None, seed: int | None = None
) -> list[Question]:
    """Up to ``n`` questions that people began conversations with, each wording once: the newest, or
    with a ``seed`` drawn from all. Nothing is known of their answers."""
    first = (
        select(Message.text, Message.language)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Assistant, Assistant.id == Conversation.assistant_id)
        .where(
            Conversation.assistant_id == assistant_id,
            Conversation.channel != APART,
            Conversation.removed_at.is_(None),
            or_(Conversation.is_sample.is_(False), Assistant.sample != ""),
            Message.role == "user",
            Message.parent_id.is_(None),
        )
        .order_by(Message.created_at.desc(), Message.id)
    )
    if since is not None:
        first = first.where(Message.created_at >= since)
    with db.session() as session:
        rows = session.execute(first).all()
    asked = [Question(privacy.mask(text, privacy.KINDS).text.strip()) for text, _told in rows]
    found = without_doubles([one for one in asked if one.text])
    if seed is not None:
        random.Random(seed).shuffle(found)
    return found[: max(0, min(n, MOST))]


def digest(questions: Iterable[Question]) -> str:
    """SHA-256 of the questions in their order with what is known of their answers."""
    told = [[one.text, one.reference.told(), one.language, one.topic] for one in questions]
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def of_rows(rows: Sequence[Mapping[str, Any]]) -> list[Question]:
    """Questions of rows whose fields are right; one that is ``of`` another takes over what it leaves
    out."""
    by_id = {str(row["id"]): row for row in rows if row.get("id")}
    return [_question({**by_id.get(str(row.get("of") or ""), {}), **row}) for row in rows]


def _question(row: Mapping[str, Any]) -> Question:
    texts = {name: _several(row, name) for name in ("answers", "documents", "quotes")}
    reference = Reference(
        id=str(row.get("id") or ""),
        answerable=_answerable(row, any(texts.values())),
        must_pass=bool(row.get("must_pass")),
        rules=dict(row.get("rules") or {}),
        **texts,
    )
    language, topic = (str(row.get(name) or "") for name in ("language", "topic"))
    return Question(str(row["question"]).strip(), reference, language, topic)


def _several(row: Mapping[str, Any], plural: str) -> tuple[str, ...]:
    """The texts of "answers" and "answer" together, each once."""
    given = [*question_files.listed(row.get(plural)), *question_files.listed(row.get(plural[:-1]))]
    return tuple(dict.fromkeys(one.strip() for one in given if one.strip()))


def _answerable(row: Mapping[str, Any], known: bool) -> bool | None:
    if row.get("answerable") is not None:
        return bool(row["answerable"])
    if row.get("kind") == "unanswerable":
        return False
    return True if known else None


def _topic(question: Question) -> str:
    """The document that a sample's question is about, without its ending."""
    documents = question.reference.documents
    return PurePath(documents[0]).stem.replace("-", " ") if documents else ""
