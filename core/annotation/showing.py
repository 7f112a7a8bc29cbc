"""A claim with all that a reviewer needs to see: the conversation, the answer in focus, passages.

Out of a seat that is held comes the ``Claim``. Always holds: in a blind queue no model and no
judgement of another is in it; personal data is masked for those who may not see it.
"""

from collections.abc import Collection

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from core import access, chat, db, privacy
from core.annotation import drafts
from core.annotation.items import there
from core.annotation.queues import newest_guideline
from core.annotation.tokens import Token, digest
from core.annotation.types import Claim
from core.chat import looking
from core.chat.types import Answer, Turn
from core.db.tables import Feedback, Flag, Item, Judgement, Person, Queue, Seat
from core.errors import NotFound
from core.retrieval import masking

# an answer's telephone is mostly the house's own, and right or wrong: it stays to be judged
PERSONAL = [kind for kind in privacy.KINDS if kind not in privacy.BUSINESS]


def claim(seat: Seat) -> Claim | None:
    """The claim that a held seat stands for; None where its conversation or answer is gone."""
    with db.session() as session:
        row = session.get(Item, seat.item_number)
        if row is None or not there(session, row):
            return None
        queue = session.get_one(Queue, row.queue_id)
        guideline = newest_guideline(session, queue.id)
        draft = drafts.of(session, row.number, seat.person_id or "")
        others = [] if queue.blind else _others(session, row, seat.person_id)
        said = _said(session, row)
        person = session.get(Person, seat.person_id or "")
    sees_all = person is not None and access.may("see_personal_data", person)
    try:
        with access.on_leave():  # a claim is leave enough to read its conversation
            turns = chat.path(row.conversation_id, row.message_id)
    except NotFound:  # deleted since we looked
        return None
    answer = next((t.answer for t in turns if t.message.id == row.message_id), None)
    if answer is None or seat.expires_at is None:
        return None
    if sees_all:
        looking.seen(answer.conversation)
    row.known = {}  # whether its answer is known, nobody shall see before they have judged it
    token = Token(seat.id, seat.token, digest(answer.message.text))
    _hide(turns, models=queue.blind, personal=not sees_all)
    return Claim(
        item=row,
        seat_id=seat.id,
        token=seat.token,
        claim_token=str(token),
        expires_at=seat.expires_at,
        conversation=turns,
        answer=answer,
        passages=answer.passages,
        reasons=row.reasons,
        draft=draft,
        guideline=guideline,
        queue=queue,
        others=others,
        said=said if sees_all else [masked(one, privacy.KINDS) for one in said],
    )


def masked_turns(row: Item) -> list[Turn]:
    """An item's conversation without personal data and without models; empty where it is gone."""
    with db.session() as session:
        if not there(session, row):
            return []
    try:
        with access.on_leave():  # it waits in a queue: that is leave enough
            turns = chat.path(row.conversation_id, row.message_id)
    except NotFound:  # deleted since we looked
        return []
    _hide(turns, models=True, personal=True)
    return turns


def _said(session: Session, row: Item) -> list[str]:
    """The comments that stand at the answer, oldest first."""
    query = union_all(
        select(Feedback.comment, Feedback.created_at).where(
            Feedback.message_id == row.message_id, Feedback.withdrawn_at.is_(None)
        ),
        select(Flag.text, Flag.created_at).where(
            Flag.message_id == row.message_id, Flag.withdrawn_at.is_(None)
        ),
    ).order_by("created_at")
    written = (text.strip() for text, _at in session.execute(query))
    return list(dict.fromkeys(text for text in written if text))


def _others(session: Session, row: Item, person_id: str | None) -> list[Judgement]:
    query = select(Judgement).where(
        Judgement.item_number == row.number,
        Judgement.withdrawn_at.is_(None),
        Judgement.person_id.is_distinct_from(person_id),
    )
    return list(session.scalars(query.order_by(Judgement.created_at)))


def masked(text: str, kinds: Collection[str] = PERSONAL) -> str:
    """A text, as long as it was, as those see it who may see no personal data."""
    return masking.masked(text, kinds)[0]


def masked_answer(text: str, asked: str) -> str:
    """An answer as they see it: also without what it repeats of the asker's own in the question."""
    hidden, shown = masked(asked, privacy.KINDS), masked(text)
    for one in privacy.find(asked):
        shown = shown.replace(asked[one.start : one.end], hidden[one.start : one.end])
    return shown


def _hide(turns: list[Turn], *, models: bool, personal: bool) -> None:
    """Take out of the rows, which are tied to the database no more, what this reviewer must not see."""
    asked = ""
    for turn in turns:
        if turn.answer is None:
            asked = turn.message.text
        elif models:
            _hide_model(turn.answer)
        if personal:
            _mask_all(turn, asked)


def _mask_all(turn: Turn, asked: str) -> None:
    """``asked``: the words, unmasked, that this answers; an answer may follow another one."""
    answer = turn.answer
    turn.message.external_id = None  # ids of outside systems are telephones often enough
    if answer is None:
        turn.message.text = masked(turn.message.text, privacy.KINDS)
        return
    answer.message.text = masked_answer(answer.message.text, asked)
    answer.question.text = masked(answer.question.text, privacy.KINDS)
    answer.message.reasoning = masked(answer.message.reasoning, privacy.KINDS)
    answer.message.search_query = masked(answer.message.search_query, privacy.KINDS)
    answer.conversation.title = masked(answer.conversation.title, privacy.KINDS)
    answer.conversation.user_id = answer.conversation.external_id = None
    if answer.feedback:
        answer.feedback.comment = masked(answer.feedback.comment, privacy.KINDS)
        answer.feedback.user_id = ""
    for passage in answer.passages:
        passage.text, passage.heading = masked(passage.text), masked(passage.heading)
    for citation in answer.citations:
        citation.quote = masked(citation.quote)


def _hide_model(answer: Answer) -> None:
    message = answer.message
    message.provider = message.model_name = message.routing_reason = ""
    message.version_id, message.cost, message.breaks = None, None, []
