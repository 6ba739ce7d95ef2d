"""API keys of the caller."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from core.identity.api import ONE_LINE
from core.identity.keys import ApiKeyView
from core.identity.usecases.keep_api_keys import CreateApiKey, NewApiKey, RevokeApiKey
from core.identity.usecases.queries.api_keys import ListApiKeys
from entrypoints.http.answer import Answer
from entrypoints.http.operation import SIGNED_IN, Call, NoQuery, Operation

LIST = "/api/v1/auth/api-keys"

Scope = Annotated[str, msgspec.Meta(max_length=100)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class ApiKeyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a key is called, which permissions of its owner it may use, and until when."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=ONE_LINE)]
    scopes: Annotated[list[Scope], msgspec.Meta(max_length=100)] = []
    expires_at: Moment | None = None


async def list_api_keys(keys: ListApiKeys, call: Call[NoQuery, None]) -> list[ApiKeyView]:
    """All keys."""
    return await keys(call.actor)


async def create_api_key(create: CreateApiKey, call: Call[NoQuery, ApiKeyRequest]) -> NewApiKey:
    """Make one key."""
    body = call.body
    return await create(call.actor, body.name, body.scopes, body.expires_at)


async def revoke_api_key(revoke: RevokeApiKey, call: Call[NoQuery, None]) -> Answer:
    """Revoke one key."""
    await revoke(call.actor, call.ids["key_id"])
    return Answer(204, b"", [(b"cache-control", b"no-store")])


EXAMPLE = ApiKeyView(
    id=UUID("019cb2d5-3c00-7000-8000-00003f9a21c7"),
    name="deploy",
    prefix="3f9a21c7",
    scopes=["inventory.read"],
    created_at=datetime(2026, 3, 3, 9, tzinfo=UTC),
    expires_at=None,
    used_at=None,
)
MADE = NewApiKey("soty_3f9a21c7_XJ4kz0vTq1d8YwR5nB7mC2hL6pS9fGaE3uK0oZxVtWi", EXAMPLE)

OPERATIONS = (
    Operation(
        method="GET",
        path=LIST,
        tag="api keys",
        summary="List one's API keys, newest first",
        acts_on=ListApiKeys,
        act=list_api_keys,
        permission=SIGNED_IN,
        answer=list[ApiKeyView],
        example=[EXAMPLE],
    ),
    Operation(
        method="POST",
        path=LIST,
        tag="api keys",
        summary="Make an API key; its text is shown this once",
        acts_on=CreateApiKey,
        act=create_api_key,
        permission=SIGNED_IN,
        answer=NewApiKey,
        example=MADE,
        status=201,
        body=ApiKeyRequest,
        body_example=ApiKeyRequest("deploy", ["inventory.read"]),
        errors=(
            "kernel.proof_needed",
            "identity.scopes_not_held",
            "identity.expiry_out_of_range",
            "identity.too_many_api_keys",
        ),
    ),
    Operation(
        method="DELETE",
        path=LIST + "/{key_id}",
        tag="api keys",
        summary="Revoke an API key; the next call with it is refused",
        acts_on=RevokeApiKey,
        act=revoke_api_key,
        permission=SIGNED_IN,
        answer=None,
        example=None,
        status=204,
        errors=("identity.api_key_not_found",),
    ),
)
