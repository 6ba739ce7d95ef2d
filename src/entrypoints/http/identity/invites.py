"""Invitations, sent by the staff and accepted by whoever got the letter."""

from typing import Literal

import msgspec

from core.identity.permissions import INVITE
from core.identity.rights import PersonView
from core.identity.usecases.invite import AcceptInvite, Invited, InvitePerson
from entrypoints.http.identity.examples import AUTH, EMAIL, MOMENT, SIGN_IN_TAG, TOKEN, TYPED, Login, Password, Token
from entrypoints.http.identity.roles import PROOF, Names
from entrypoints.http.identity.users import PERSON_SEEN
from entrypoints.http.operation import Call, NoQuery, Operation


class InviteRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is invited, and the roles that come with it."""

    email: Login
    roles: Names = []
    language: Literal["en", "ru"] = "en"


class AcceptRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token of the letter's link, and the password to come."""

    token: Token
    password: Password


async def invite_person(invite: InvitePerson, call: Call[NoQuery, InviteRequest]) -> Invited:
    """Send a letter."""
    body = call.body
    return await invite(call.actor, email=body.email, roles=body.roles, language=body.language)


async def accept_invite(accept: AcceptInvite, call: Call[NoQuery, AcceptRequest]) -> PersonView:
    """Make the account."""
    return await accept(call.actor, token=call.body.token, password=call.body.password, language=call.language)


OPERATIONS = (
    Operation(
        method="POST",
        path="/api/v1/users/invites",
        tag="users",
        summary="Invite somebody by letter, with roles that you may give",
        acts_on=InvitePerson,
        act=invite_person,
        permission=INVITE,
        status=201,
        answer=Invited,
        example=Invited(EMAIL, ["packer"], MOMENT),
        body=InviteRequest,
        body_example=InviteRequest(EMAIL, ["packer"]),
        errors=(*PROOF, "identity.role_unknown", "identity.above_self", "identity.name_taken"),
    ),
    Operation(
        method="POST",
        path=AUTH + "/accept-invite",
        tag=SIGN_IN_TAG,
        summary="Make the account that you were invited to",
        acts_on=AcceptInvite,
        act=accept_invite,
        permission=None,
        status=201,
        answer=PersonView,
        example=PERSON_SEEN,
        body=AcceptRequest,
        body_example=AcceptRequest(TOKEN, TYPED),
        errors=("identity.code_refused", "identity.name_taken"),
        localized=True,
    ),
)
