"""Signing in by name and password, going on, proving it again, and signing out."""

from dataclasses import dataclass

import msgspec

from core.identity.api import SessionKind
from core.identity.usecases.change_password import ChangePassword
from core.identity.usecases.end_sessions import SignOut
from core.identity.usecases.prove_again import ProveAgain
from core.identity.usecases.refresh_session import RefreshSession
from core.identity.usecases.sign_in import SignIn
from core.kernel.errors import Unauthenticated
from entrypoints.http.answer import ENCODER, Answer, json_headers
from entrypoints.http.cookies import Cookies
from entrypoints.http.identity.examples import (
    AUTH,
    EMAIL,
    GRANTED,
    NEXT,
    SIGN_IN_TAG,
    TOKEN,
    TYPED,
    Done,
    FactorCode,
    Login,
    Password,
    Token,
)
from entrypoints.http.identity.granting import Granted, Granting, TransportQuery
from entrypoints.http.operation import PERSON, Call, NoQuery, Operation


class SignInRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who signs in, and what proves it."""

    login: Login
    password: Password


class RefreshRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The refresh token of a program; a browser sends its cookie instead."""

    refresh_token: Token | None = None


class ProveRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password of whoever is signed in, or a code of the second factor."""

    password: Password | None = None
    code: FactorCode | None = None


class ChangePasswordRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password of now, and the one to come; whether all API keys go as well."""

    password: Password
    new_password: Password
    revoke_api_keys: bool = False


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """The way in by name and password, and what whoever comes in gets."""

    sign_in: SignIn
    refresh: RefreshSession
    prove: ProveAgain
    change: ChangePassword
    out: SignOut
    granting: Granting
    cookies: Cookies


async def sign_in(door: FrontDoor, call: Call[TransportQuery, SignInRequest]) -> Answer:
    """Sign in."""
    found = await door.sign_in(call.actor, call.body.login, call.body.password, kind=call.query.kind)
    return door.granting.answer(found)


async def refresh_session(door: FrontDoor, call: Call[NoQuery, RefreshRequest]) -> Answer:
    """Go on.

    :raises Unauthenticated: no token was sent.
    """
    if call.body.refresh_token is not None:
        return door.granting.answer(await door.refresh(call.actor, call.body.refresh_token, kind=SessionKind.BEARER))
    if call.refresh is None:
        raise Unauthenticated
    return door.granting.answer(await door.refresh(call.actor, call.refresh, kind=SessionKind.COOKIE))


async def reauthenticate(door: FrontDoor, call: Call[NoQuery, ProveRequest]) -> Answer:
    """Show the password again, or the second factor."""
    if call.body.code is not None:
        return door.granting.answer(await door.prove.by_code(call.actor, call.body.code))
    return door.granting.answer(await door.prove(call.actor, call.body.password or ""))


async def change_password(door: FrontDoor, call: Call[NoQuery, ChangePasswordRequest]) -> Answer:
    """Set another password."""
    body = call.body
    changed = await door.change(call.actor, body.password, body.new_password, revoke_api_keys=body.revoke_api_keys)
    return door.granting.answer(changed)


FORGET = (b"clear-site-data", b'"cache", "storage"')
"""Whoever uses the browser next finds nothing in it."""


async def sign_out(door: FrontDoor, call: Call[NoQuery, None]) -> Answer:
    """End the session that calls."""
    await door.out(call.actor)
    gone = ((b"set-cookie", cookie.encode()) for cookie in door.cookies.gone())
    return Answer(200, ENCODER.encode(Done()), [*json_headers(), FORGET, *gone])


CLOSED = (
    "identity.wrong_credentials",
    "identity.account_blocked",
    "identity.account_deleted",
    "identity.network_refused",
)
PROOF = (
    "identity.wrong_credentials",
    "identity.account_not_found",
    "identity.session_not_found",
    "kernel.proof_needed",
)

OPERATIONS = (
    Operation(
        method="POST",
        path=AUTH + "/login",
        tag=SIGN_IN_TAG,
        summary="Sign in with a name and a password; tokens in the answer, or cookies with `?transport=cookie`",
        acts_on=FrontDoor,
        act=sign_in,
        permission=None,
        answer=Granted,
        example=GRANTED,
        query=TransportQuery,
        body=SignInRequest,
        body_example=SignInRequest(EMAIL, TYPED),
        errors=CLOSED,
    ),
    Operation(
        method="POST",
        path=AUTH + "/refresh",
        tag=SIGN_IN_TAG,
        summary="Exchange a refresh token for new tokens; one that is sent again ten seconds later ends the session",
        acts_on=FrontDoor,
        act=refresh_session,
        permission=None,
        answer=Granted,
        example=GRANTED,
        body=RefreshRequest,
        body_example=RefreshRequest(TOKEN),
        refreshes=True,
        errors=(
            "identity.refresh_refused",
            "identity.acting_not_renewed",
            "identity.network_refused",
            "kernel.unauthenticated",
        ),
    ),
    Operation(
        method="POST",
        path=AUTH + "/reauthenticate",
        tag=SIGN_IN_TAG,
        summary="Show the password or the second factor again: opens sensitive acts for ten minutes, gives new tokens",
        acts_on=FrontDoor,
        act=reauthenticate,
        permission=PERSON,
        answer=Granted,
        example=GRANTED,
        body=ProveRequest,
        body_example=ProveRequest(TYPED),
        errors=(*PROOF, "identity.second_factor_wrong"),
    ),
    Operation(
        method="POST",
        path=AUTH + "/change-password",
        tag=SIGN_IN_TAG,
        summary="Set another password; all other sessions end, and this one gets new tokens",
        acts_on=FrontDoor,
        act=change_password,
        permission=PERSON,
        answer=Granted,
        example=GRANTED,
        body=ChangePasswordRequest,
        body_example=ChangePasswordRequest(TYPED, NEXT),
        errors=PROOF,
    ),
    Operation(
        method="POST",
        path=AUTH + "/logout",
        tag=SIGN_IN_TAG,
        summary="End the session that calls",
        acts_on=FrontDoor,
        act=sign_out,
        permission=PERSON,
        answer=Done,
        example=Done(),
    ),
)
