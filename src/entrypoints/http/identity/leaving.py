"""Deleting one's account, and taking that back."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from core.identity.usecases.delete_account import REPENTANCE, DeleteAccount, UndoDeletion
from core.identity.usecases.keep_account import KeepAccount
from entrypoints.http.identity.examples import (
    ACCOUNT_TAG,
    AUTH,
    MOMENT,
    TOKEN,
    Done,
    FactorCode,
    Login,
    Password,
    Token,
)
from entrypoints.http.operation import PERSON, Call, NoQuery, Operation


class Leaving(msgspec.Struct, frozen=True):
    """The account is deleted; at ``delete_at`` its data goes."""

    delete_at: datetime


async def delete_account(delete: DeleteAccount, call: Call[NoQuery, None]) -> Leaving:
    """Delete one's account."""
    return Leaving(await delete(call.actor))


class KeepRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token of the letter's link; or the name and the password, with a code of the second factor if it is on."""

    token: Token | None = None
    login: Login | None = None
    password: Password | None = None
    code: FactorCode | None = None


@dataclass(frozen=True, slots=True)
class WaysBack:
    """Ways to take a deletion back."""

    by_letter: UndoDeletion
    by_password: KeepAccount


async def undo_deletion(ways: WaysBack, call: Call[NoQuery, KeepRequest]) -> Done:
    """Take it back."""
    body = call.body
    if body.token is not None:
        await ways.by_letter(call.actor, body.token)
    else:
        await ways.by_password(call.actor, body.login or "", body.password or "", code=body.code or "")
    return Done()


OPERATIONS = (
    Operation(
        method="DELETE",
        path="/api/v1/profile",
        tag="profile",
        summary="Delete one's account; sessions and API keys end, and for fourteen days it can be taken back",
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
        summary="Take back that one deleted one's account, by the letter or by the password; nobody is signed in by it",
        acts_on=WaysBack,
        act=undo_deletion,
        permission=None,
        answer=Done,
        example=Done(),
        body=KeepRequest,
        body_example=KeepRequest(TOKEN),
        errors=(
            "identity.code_refused",
            "identity.wrong_credentials",
            "identity.second_factor_wrong",
            "identity.account_deleted",
        ),
    ),
)
