"""What was said before: the history a model sees, and the query a follow-up question becomes."""

from sqlalchemy import select

from core import db
from core.chat import followup
from core.db.tables import Message

HISTORY = 6
REWRITE_TOKENS = 120
LONGEST_QUERY = 400  # characters; a longer reply is an answer


def history(asked: Message) -> list[dict[str, str]]:
    """The last messages before ``asked`` on its branch, oldest first: {"role", "text"}."""
    said: list[dict[str, str]] = []
    parent = asked.parent_id
    with db.session() as session:
        while parent and len(said) < HISTORY:
            role, text, parent = session.execute(
                select(Message.role, Message.text, Message.parent_id).where(Message.id == parent)
            ).one()
            said.append({"role": role, "text": text})
    return said[::-1]


def carried(question: str, said: list[dict[str, str]]) -> str:
    """The question as it is searched, with the last turn's subject where it leans on it."""
    return followup.search_query(question, said)


def leans(question: str, said: list[dict[str, str]]) -> bool:
    """Whether the question cannot be searched without what was said before."""
    return bool(said) and carried(question, said) != question


def alone(reply: str) -> str:
    """What a model made of the question; "" where it is no question that stands alone."""
    line = reply.strip().strip('"“”')
    return line if line and "\n" not in line and len(line) <= LONGEST_QUERY else ""
