"""Conversations and their messages: ``/conversations``."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from core import access, assistants, chat
from core.api import paging
from core.api.errors import answers
from core.api.schemas import Id, List, Named, Page, Text
from core.api.schemas.answers import Answer
from core.api.schemas.conversations import (
    Conversation,
    Message,
    NewConversation,
    NewMessage,
    NewText,
    NewTitle,
    NewWording,
    OneOrMany,
)
from core.api.waiting import STREAM, streamed, waited, whole
from core.errors import NotFound
from core.i18n import _

router = APIRouter(prefix="/conversations", tags=["conversations"])
ConversationId = Annotated[Id, Path(description="The conversation's id.")]


@router.get("", summary="Conversations, newest first", responses=answers(404))
def listing(
    search: Annotated[Text, Query(max_length=200, description="Words in title or text.")] = "",
    assistant: Annotated[Named | None, Query()] = None,
    limit: paging.Limit = paging.LIMIT,
    cursor: paging.Cursor = None,
) -> Page[Conversation]:
    """The conversations, those with the latest message first."""
    rows = chat.conversations(
        search=search,
        assistant_id=assistants.chosen(assistant).id if assistant else None,
        limit=limit + 1,
        after=paging.moment_and_id(cursor),
    )
    shown, following = paging.cut(rows, limit, lambda row: (row.updated_at, row.id))
    data = [Conversation.model_validate(row) for row in shown]
    return Page[Conversation](data=data, next_cursor=following)


@router.post(
    "", summary="Begin a conversation", status_code=201, responses=answers(404, 409, 413, 415)
)
def create(body: NewConversation) -> Conversation:
    """Begin an empty conversation. The same `external_id` on a channel gives the same one again."""
    row = chat.create(
        body.assistant,
        title=body.title,
        external_id=body.external_id,
        person_id=access.present().id,
        user_id=body.user_id,
        user_tier=body.user_tier,
        channel=body.channel,
    )
    return Conversation.model_validate(row)


@router.get("/{conversation_id}", summary="A conversation", responses=answers(404))
def one(conversation_id: ConversationId) -> Conversation:
    """The conversation; its messages lie under `/messages`."""
    return Conversation.model_validate(chat.conversation(conversation_id))


@router.patch(
    "/{conversation_id}", summary="Rename a conversation", responses=answers(404, 413, 415)
)
def rename(conversation_id: ConversationId, body: NewTitle) -> Conversation:
    """Give it another title."""
    return Conversation.model_validate(chat.rename(conversation_id, body.title))


@router.delete(
    "/{conversation_id}",
    summary="Remove a conversation",
    status_code=204,
    responses=answers(404),
)
def remove(conversation_id: ConversationId) -> Response:
    """Take it out of every list; `restore` brings it back."""
    chat.remove(conversation_id)
    return Response(status_code=204)


@router.post("/{conversation_id}/restore", summary="Undo a removal", responses=answers(404))
def restore(conversation_id: ConversationId) -> Conversation:
    """Bring a removed conversation back."""
    return Conversation.model_validate(chat.restore(conversation_id))


@router.get(
    "/{conversation_id}/export",
    summary="A conversation as a file",
    responses={
        **answers(404),
        200: {"content": {"text/markdown": {"schema": {"type": "string"}}}},
    },
)
def export(
    conversation_id: ConversationId, format: Literal["json", "markdown"] = "json"
) -> Response:
    """The branch shown, as JSON or Markdown, with its sources."""
    if format == "markdown":
        text = chat.export_markdown(conversation_id)
        return PlainTextResponse(text, media_type="text/markdown")
    return JSONResponse(chat.export_json(conversation_id))


@router.get("/{conversation_id}/messages", summary="Its messages", responses=answers(404))
def messages(
    conversation_id: ConversationId,
    limit: paging.Limit = paging.LIMIT,
    cursor: paging.Cursor = None,
) -> Page[Message]:
    """The messages of the branch shown, oldest first."""
    chat.conversation(conversation_id)
    turns = chat.path(conversation_id)
    seen = paging.only_id(cursor)
    places = {turn.message.id: place for place, turn in enumerate(turns, 1)}
    rest = turns[places.get(seen or "", 0) :]
    shown, following = paging.cut(rest[: limit + 1], limit, lambda turn: (turn.message.id,))
    return Page[Message](data=[Message.of(turn) for turn in shown], next_cursor=following)


@router.get("/{conversation_id}/messages/{message_id}", summary="A message", responses=answers(404))
def message(conversation_id: ConversationId, message_id: Annotated[Id, Path()]) -> Message:
    """One message of the branch shown."""
    chat.conversation(conversation_id)
    return _shown(conversation_id, {message_id})[0]


@router.patch(
    "/{conversation_id}/messages/{message_id}",
    summary="Change a message",
    responses=answers(404, 409, 413, 415),
)
def edit(
    conversation_id: ConversationId, message_id: Annotated[Id, Path()], body: NewText
) -> Message:
    """Change the text of a question or of what was recorded; an answer of ours stays (409)."""
    message(conversation_id, message_id)
    chat.edit_message(message_id, body.text)
    return message(conversation_id, message_id)


@router.post(
    "/{conversation_id}/messages/{message_id}/rephrase",
    summary="Ask a question in other words",
    response_model=Answer,
    responses={**answers(404, 413, 415, 429), **STREAM},
)
async def rephrase(
    conversation_id: ConversationId,
    message_id: Annotated[Id, Path()],
    body: Annotated[NewWording, Body()],
) -> Any:
    """Ask beside the question: what followed the old one stays on its own branch."""

    def begin() -> chat.Started:
        message(conversation_id, message_id)
        return chat.rephrase(message_id, body.text, body.options())

    started = await waited(begin)
    return streamed(started) if body.stream else await whole(started)


@router.delete(
    "/{conversation_id}/messages/{message_id}",
    summary="Remove a message",
    status_code=204,
    responses=answers(404, 409),
)
def cut(conversation_id: ConversationId, message_id: Annotated[Id, Path()]) -> Response:
    """Take a message out for good, with all that was said after it."""
    message(conversation_id, message_id)
    chat.remove_message(message_id)
    return Response(status_code=204)


@router.post(
    "/{conversation_id}/messages",
    summary="Ask, or record what was said elsewhere",
    response_model=Answer | List[Message],
    responses={
        **answers(404, 413, 415, 429),
        **STREAM,
        201: {"model": List[Message], "description": "Recorded."},
    },
)
async def say(
    conversation_id: ConversationId, body: Annotated[OneOrMany, Body()], response: Response
) -> Any:
    """A user's message is answered (as by `/query`). What another bot has already said, in either
    role, is recorded: one message, or up to 1,000 as `{"messages": [...]}`; one whose
    `external_id` is known here is not recorded twice.
    """
    if isinstance(body, NewMessage) and body.asks:
        question = body
        started = await waited(lambda: _start(conversation_id, question))
        return streamed(started) if body.stream else await whole(started)
    said = [body] if isinstance(body, NewMessage) else body.messages
    response.status_code = 201
    return await waited(lambda: _record(conversation_id, said))


def _start(conversation_id: str, body: NewMessage) -> chat.Started:
    return chat.start(
        body.text,
        conversation_id=conversation_id,
        options=body.options(),
        person_id=access.present().id,
        channel="api",
    )


def _record(conversation_id: str, said: list[NewMessage]) -> List[Message]:
    rows = chat.record(conversation_id, [one.said() for one in said])
    found = {one.id: one for one in _shown(conversation_id, {row.id for row in rows})}
    return List[Message](data=[found[id_] for id_ in dict.fromkeys(row.id for row in rows)])


def _shown(conversation_id: str, wanted: set[str]) -> list[Message]:
    turns = [turn for turn in chat.path(conversation_id) if turn.message.id in wanted]
    if not turns:
        raise NotFound(
            _("There is no message with the id “{id}” in this conversation.").format(
                id=", ".join(sorted(wanted))
            )
        )
    return [Message.of(turn) for turn in turns]
