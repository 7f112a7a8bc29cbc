"""What was said before: the history a model sees, and the query a follow-up question becomes."""

from sqlalchemy import select

from core import db, registry
from core.chat import followup
from core.db.tables import Message
from core.errors import CicloError

HISTORY = 6
REWRITE_TOKENS = 120


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


async def query(
    question: str, said: list[dict[str, str]], route: registry.Route, language: str
) -> str:
    """The question as it is searched: a follow-up made to stand alone.

    A model rewrites it where one can; the embedded engine, or a model that fails at it, carries
    the last turn's subject over.
    """
    carried = followup.search_query(question, said)
    if carried == question or route.model.provider == "embedded":
        return carried
    try:
        return await _rewritten(question, said, route, language) or carried
    except CicloError:
        return carried


async def _rewritten(
    question: str, said: list[dict[str, str]], route: registry.Route, language: str
) -> str:
    from core.llm import open_model

    model = open_model(route.name, **{**route.version.parameters, "max_tokens": REWRITE_TOKENS})
    reply = await model.ainvoke(followup.rewrite_messages(question, said, language))
    line = str(reply.text).strip().strip('"“”')
    return line if line and "\n" not in line and len(line) <= 400 else ""
