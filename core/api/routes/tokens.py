"""API tokens: ``/tokens``; who acts: ``/me``."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from core import assistants, sign_in
from core.api.errors import answers
from core.api.schemas import Id, List
from core.api.schemas.tokens import MadeToken, Me, NewToken, Token

router = APIRouter(tags=["tokens"])
TokenId = Annotated[Id, Path(description="The token's id.")]
Whose = Annotated[Id | None, Query(description="A person's id; else one's own.")]


@router.get("/me", summary="Who acts")
def me() -> Me:
    """Whom the request stands for, and what they may."""
    return Me.now()


@router.get("/tokens", summary="Tokens")
def listing(person: Whose = None) -> List[Token]:
    """One's own, newest first, those that have ended too; others' for who may change people."""
    whose = person or Me.now().id
    return List[Token](data=[Token.of(row) for row in sign_in.tokens(whose)])


@router.post(
    "/tokens", summary="Make a token", status_code=201, responses=answers(404, 409, 413, 415)
)
def make(body: NewToken) -> MadeToken:
    """For whoever acts; its secret is shown this once. No token makes tokens."""
    ids = [assistants.by_name_or_id(one).id for one in body.assistants]
    row, secret = sign_in.make_token(body.name, body.scopes, body.days, ids)
    return MadeToken.of(row, secret=secret)


@router.delete("/tokens/{token_id}", summary="Revoke a token", responses=answers(404))
def revoke(token_id: TokenId) -> Token:
    """It is dead at once, and stays in the list; doing it twice is harmless."""
    return Token.of(sign_in.revoke_token(token_id))
