"""Who one is, one's sessions, and a forgotten password."""

from typing import Annotated

import msgspec

from core.identity.api import (
    AccountView,
    Activity,
    ActivityView,
    LastSignIn,
    SessionView,
    SignInMethod,
    SignInOutcome,
)
from core.identity.events import ResetAsked
from core.identity.usecases.ask_for_letter import AskForLetter
from core.identity.usecases.end_sessions import RevokeSessions
from core.identity.usecases.queries.activity import ListActivity
from core.identity.usecases.queries.me import GetMe, ListSessions
from core.identity.usecases.reset_password import ResetPassword
from core.kernel.paging import Page
from entrypoints.http.identity.examples import (
    ACCOUNT,
    ACCOUNT_TAG,
    AUTH,
    EMAIL,
    NEXT,
    SEEN_SESSION,
    TOKEN,
    Accepted,
    Digits,
    Done,
    Login,
    Password,
    Token,
)
from entrypoints.http.identity.registration import LoginRequest
from entrypoints.http.operation import PERSON, Call, NoQuery, Operation, PageQuery

SESSIONS = AUTH + "/sessions"


class ResetRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token of the link, or the code with the address that it was sent to; and the password to come."""

    new_password: Password
    token: Token | None = None
    login: Login | None = None
    code: Digits | None = None


class EndedView(msgspec.Struct, frozen=True):
    """How many sessions ended."""

    ended: Annotated[int, msgspec.Meta(ge=0)]


async def read_me(get: GetMe, call: Call[NoQuery, None]) -> AccountView:
    """Whoever calls."""
    return await get(call.actor)


async def list_sessions(sessions: ListSessions, call: Call[PageQuery, None]) -> Page[SessionView]:
    """One page of sessions."""
    return await sessions(call.actor, limit=call.query.limit, cursor=call.query.cursor)


async def revoke_session(revoke: RevokeSessions, call: Call[NoQuery, None]) -> Done:
    """End one session."""
    await revoke(call.actor, call.ids["session_id"])
    return Done()


async def revoke_other_sessions(revoke: RevokeSessions, call: Call[NoQuery, None]) -> EndedView:
    """End all sessions but one."""
    return EndedView(await revoke.others(call.actor))


async def ask_reset(ask: AskForLetter, call: Call[NoQuery, LoginRequest]) -> Accepted:
    """Ask for a letter."""
    await ask(call.actor, ResetAsked(login=call.body.login, language=call.language))
    return Accepted()


async def reset_password(reset: ResetPassword, call: Call[NoQuery, ResetRequest]) -> Done:
    """Set a new password."""
    body = call.body
    await reset(call.actor, body.new_password, token=body.token, code=body.code, login=body.login)
    return Done()


async def list_activity(activity: ListActivity, call: Call[PageQuery, None]) -> Activity:
    """What happened to one's own account."""
    return await activity(call.actor, limit=call.query.limit, cursor=call.query.cursor)


SIGNED_IN_THEN = LastSignIn(
    at=SEEN_SESSION.created_at,
    method=SignInMethod.PASSWORD,
    address=SEEN_SESSION.address,
    agent=SEEN_SESSION.agent,
)
CAME_IN = ActivityView(
    id=SEEN_SESSION.id,
    at=SEEN_SESSION.created_at,
    by=None,
    method=SignInMethod.PASSWORD,
    outcome=SignInOutcome.SIGNED_IN,
    session_id=SEEN_SESSION.id,
    address=SEEN_SESSION.address,
    agent=SEEN_SESSION.agent,
)

OPERATIONS = (
    Operation(
        method="GET",
        path=AUTH + "/me",
        tag=ACCOUNT_TAG,
        summary="Read one's own account",
        acts_on=GetMe,
        act=read_me,
        permission=PERSON,
        answer=AccountView,
        example=ACCOUNT,
        errors=("identity.account_not_found",),
    ),
    Operation(
        method="GET",
        path=SESSIONS,
        tag=ACCOUNT_TAG,
        summary="List one's own sessions, newest first, with the device of each and why it ended",
        acts_on=ListSessions,
        act=list_sessions,
        permission=PERSON,
        query=PageQuery,
        answer=Page[SessionView],
        example=Page([SEEN_SESSION]),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="GET",
        path="/api/v1/profile/activity",
        tag="profile",
        summary="List who tried to sign in to one's own account, and what was changed of it, newest first",
        acts_on=ListActivity,
        act=list_activity,
        permission=PERSON,
        query=PageQuery,
        answer=Activity,
        example=Activity(items=[CAME_IN], last_sign_in=SIGNED_IN_THEN),
        errors=("kernel.invalid_cursor",),
    ),
    Operation(
        method="DELETE",
        path=SESSIONS + "/{session_id}",
        tag=ACCOUNT_TAG,
        summary="End one of one's own sessions",
        acts_on=RevokeSessions,
        act=revoke_session,
        permission=PERSON,
        answer=Done,
        example=Done(),
        errors=("identity.session_not_found",),
    ),
    Operation(
        method="DELETE",
        path=SESSIONS,
        tag=ACCOUNT_TAG,
        summary="End all of one's own sessions but the one that calls",
        acts_on=RevokeSessions,
        act=revoke_other_sessions,
        permission=PERSON,
        answer=EndedView,
        example=EndedView(2),
    ),
    Operation(
        method="POST",
        path=AUTH + "/forgot-password",
        tag=ACCOUNT_TAG,
        summary="Ask for a letter to set a new password, whether there is such an account or not",
        acts_on=AskForLetter,
        act=ask_reset,
        permission=None,
        answer=Accepted,
        example=Accepted(),
        status=202,
        body=LoginRequest,
        body_example=LoginRequest(EMAIL),
        localized=True,
    ),
    Operation(
        method="POST",
        path=AUTH + "/reset-password",
        tag=ACCOUNT_TAG,
        summary="Set a new password by the link or the code of a letter; all sessions end",
        acts_on=ResetPassword,
        act=reset_password,
        permission=None,
        answer=Done,
        example=Done(),
        body=ResetRequest,
        body_example=ResetRequest(NEXT, token=TOKEN),
        errors=("identity.code_refused",),
    ),
)
