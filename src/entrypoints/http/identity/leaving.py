"""Deleting one's account, and taking that back."""

from datetime import datetime

import msgspec

from core.identity.usecases.delete_account import REPENTANCE, DeleteAccount, UndoDeletion
from entrypoints.http.identity.examples import ACCOUNT_TAG, AUTH, MOMENT, TOKEN, Done
from entrypoints.http.identity.registration import TokenRequest
from entrypoints.http.operation import PERSON, Call, NoQuery, Operation


class Leaving(msgspec.Struct, frozen=True):
    """The account is deleted; at ``delete_at`` its data goes."""

    delete_at: datetime


async def delete_account(delete: DeleteAccount, call: Call[NoQuery, None]) -> Leaving:
    """Delete one's account."""
    return Leaving(await delete(call.actor))


async def undo_deletion(undo: UndoDeletion, call: Call[NoQuery, TokenRequest]) -> Done:
    """Take it back."""
    await undo(call.actor, call.body.token)
    return Done()


OPERATIONS = (
    Operation(
        method="DELETE",
        path="/api/v1/profile",
        tag="profile",
        summary="Delete one's account; all sessions end, and for fourteen days a letter can take it back",
        acts_on=DeleteAccount,
        act=delete_account,
        permission=PERSON,
        answer=Leaving,
        example=Leaving(MOMENT + REPENTANCE),
        errors=("kernel.proof_needed", "identity.account_not_found", "identity.last_owner"),
    ),
    Operation(
        method="POST",
        path=AUTH + "/undo-deletion",
        tag=ACCOUNT_TAG,
        summary="Take back that one's account was deleted, by the link of the letter; nobody is signed in by it",
        acts_on=UndoDeletion,
        act=undo_deletion,
        permission=None,
        answer=Done,
        example=Done(),
        body=TokenRequest,
        body_example=TokenRequest(TOKEN),
        errors=("identity.code_refused",),
    ),
)
