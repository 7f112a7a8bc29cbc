"""How often what was suggested is what reviewers then judged: the confidence of the next suggestion."""

from collections import Counter

from sqlalchemy import select

from core import access, db
from core.db.tables import Item, Judgement

LATEST = 500  # judgements looked at


@access.allowed("review")
def track_record(queue_id: str) -> dict[str, tuple[int, int]]:
    """{suggested verdict: (judged so, suggested)} over the latest judgements of a queue."""
    query = (
        select(Judgement.suggestion["verdict"].as_string(), Judgement.verdict)
        .join(Item, Item.number == Judgement.item_number)
        .where(Item.queue_id == queue_id, Judgement.withdrawn_at.is_(None))
        .order_by(Judgement.created_at.desc())
        .limit(LATEST)
    )
    with db.session() as session:
        pairs = [(told, judged) for told, judged in session.execute(query).all() if told]
    agreed = Counter(told for told, judged in pairs if told == judged)
    return {told: (agreed[told], n) for told, n in Counter(told for told, _ in pairs).items()}
