"""Making an account, verifying its address, and moving to another."""

import msgspec

from core.identity.events import VerificationAsked
from core.identity.usecases.ask_for_letter import AskForLetter
from core.identity.usecases.change_email import AskEmailChange, ConfirmEmailChange, UndoEmailChange
from core.identity.usecases.register import Register
from core.identity.usecases.verify_contact import VerifyContact
from entrypoints.http.identity.examples import (
    ACCOUNT_TAG,
    AUTH,
    DIGITS,
    EMAIL,
    TOKEN,
    TYPED,
    Accepted,
    Digits,
    Done,
    Login,
    Password,
    Token,
)
from entrypoints.http.operation import PERSON, Call, NoQuery, Operation


class RegisterRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of a new account, and its password."""

    login: Login
    password: Password


class VerifyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token of the link, or the code with the address that it was sent to."""

    token: Token | None = None
    login: Login | None = None
    code: Digits | None = None


class LoginRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom it is about."""

    login: Login


class EmailRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to move."""

    email: Login


class TokenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token of the link."""

    token: Token


class CodeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code of the letter."""

    code: Digits


async def register(make: Register, call: Call[NoQuery, RegisterRequest]) -> Accepted:
    """Make an account."""
    await make(call.actor, call.body.login, call.body.password, language=call.language)
    return Accepted()


async def verify_contact(verify: VerifyContact, call: Call[NoQuery, VerifyRequest]) -> Done:
    """Verify an address."""
    await verify(call.actor, token=call.body.token, code=call.body.code, login=call.body.login)
    return Done()


async def ask_verification(ask: AskForLetter, call: Call[NoQuery, LoginRequest]) -> Accepted:
    """Ask for another code."""
    await ask(call.actor, VerificationAsked(login=call.body.login, language=call.language))
    return Accepted()


async def ask_email_change(ask: AskEmailChange, call: Call[NoQuery, EmailRequest]) -> Accepted:
    """Ask to move."""
    await ask(call.actor, call.body.email)
    return Accepted()


async def confirm_email_change(confirm: ConfirmEmailChange, call: Call[NoQuery, TokenRequest]) -> Done:
    """Move by the link."""
    await confirm(call.actor, token=call.body.token)
    return Done()


async def confirm_email_change_by_code(confirm: ConfirmEmailChange, call: Call[NoQuery, CodeRequest]) -> Done:
    """Move by the code."""
    await confirm(call.actor, code=call.body.code)
    return Done()


async def undo_email_change(undo: UndoEmailChange, call: Call[NoQuery, TokenRequest]) -> Done:
    """Move back."""
    await undo(call.actor, call.body.token)
    return Done()


REFUSED = ("identity.code_refused",)
MOVED = ("identity.code_refused", "identity.email_taken")

OPERATIONS = (
    Operation(
        method="POST",
        path=AUTH + "/register",
        tag=ACCOUNT_TAG,
        summary="Make an account; an address gets a letter, whether it has an account already or not",
        acts_on=Register,
        act=register,
        permission=None,
        answer=Accepted,
        example=Accepted(),
        status=202,
        body=RegisterRequest,
        body_example=RegisterRequest(EMAIL, TYPED),
        localized=True,
        errors=("identity.registration_closed", "identity.no_texts", "identity.username_taken"),
    ),
    Operation(
        method="POST",
        path=AUTH + "/verify-email",
        tag=ACCOUNT_TAG,
        summary="Verify an e-mail address or a number by the link or the code that was sent there",
        acts_on=VerifyContact,
        act=verify_contact,
        permission=None,
        answer=Done,
        example=Done(),
        body=VerifyRequest,
        body_example=VerifyRequest(login=EMAIL, code=DIGITS),
        errors=REFUSED,
    ),
    Operation(
        method="POST",
        path=AUTH + "/verify-email/resend",
        tag=ACCOUNT_TAG,
        summary="Ask for another code, whether there is such an account or not",
        acts_on=AskForLetter,
        act=ask_verification,
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
        path=AUTH + "/change-email",
        tag=ACCOUNT_TAG,
        summary="Ask to move to another address, which gets a letter; until then the old one is used",
        acts_on=AskEmailChange,
        act=ask_email_change,
        permission=PERSON,
        answer=Accepted,
        example=Accepted(),
        status=202,
        body=EmailRequest,
        body_example=EmailRequest("ann@example.org"),
        errors=("kernel.proof_needed",),
    ),
    Operation(
        method="POST",
        path=AUTH + "/change-email/confirm",
        tag=ACCOUNT_TAG,
        summary="Move to the address whose letter had this link; the old one gets a letter to undo it",
        acts_on=ConfirmEmailChange,
        act=confirm_email_change,
        permission=None,
        answer=Done,
        example=Done(),
        body=TokenRequest,
        body_example=TokenRequest(TOKEN),
        errors=MOVED,
    ),
    Operation(
        method="POST",
        path=AUTH + "/change-email/code",
        tag=ACCOUNT_TAG,
        summary="Move to the address whose letter had this code",
        acts_on=ConfirmEmailChange,
        act=confirm_email_change_by_code,
        permission=PERSON,
        answer=Done,
        example=Done(),
        body=CodeRequest,
        body_example=CodeRequest(DIGITS),
        errors=MOVED,
    ),
    Operation(
        method="POST",
        path=AUTH + "/change-email/undo",
        tag=ACCOUNT_TAG,
        summary="Move back by the link that went to the old address; all sessions end",
        acts_on=UndoEmailChange,
        act=undo_email_change,
        permission=None,
        answer=Done,
        example=Done(),
        body=TokenRequest,
        body_example=TokenRequest(TOKEN),
        errors=MOVED,
    ),
)
