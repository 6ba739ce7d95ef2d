"""Ways in beside name and password: the second factor, codes of letters, and Telegram."""

from dataclasses import dataclass
from typing import Annotated

import msgspec

from core.identity.telegram import TelegramUser
from core.identity.usecases.complete_sign_in import CompleteSignIn
from core.identity.usecases.sign_in_by_code import AskSignInCode, CodeAsked, SignInByCode
from core.identity.usecases.sign_in_by_telegram import SignInByTelegram
from entrypoints.http.answer import Answer
from entrypoints.http.identity.examples import (
    AUTH,
    DIGITS,
    EMAIL,
    GRANTED,
    SIGN_IN_TAG,
    TOKEN,
    Digits,
    FactorCode,
    Login,
    Token,
)
from entrypoints.http.identity.granting import Granted, Granting, TransportQuery
from entrypoints.http.operation import Call, NoQuery, Operation


class ChallengeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code of the generator, or a recovery code, for a sign-in that waits for it."""

    challenge: Token
    code: FactorCode


class SignInCodeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who wants to sign in by a code."""

    login: Login


class SignInByCodeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code of the letter, and the token that was given to whoever asked for it."""

    token: Token
    code: Digits


class TelegramRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What Telegram gave: the fields of the Login Widget, or ``initData`` of the Mini App."""

    said: dict[str, str | int] | Annotated[str, msgspec.Meta(max_length=8192)]


class BotRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which user of Telegram the bot speaks for."""

    telegram_id: Annotated[int, msgspec.Meta(ge=1, lt=2**52)]


@dataclass(frozen=True, slots=True)
class Doors:
    """The ways in, and what whoever comes in gets."""

    complete: CompleteSignIn
    ask: AskSignInCode
    by_code: SignInByCode
    telegram: SignInByTelegram
    granting: Granting


async def complete_sign_in(doors: Doors, call: Call[NoQuery, ChallengeRequest]) -> Answer:
    """Show the second factor."""
    return doors.granting.answer(await doors.complete(call.actor, call.body.challenge, call.body.code))


async def ask_sign_in_code(doors: Doors, call: Call[NoQuery, SignInCodeRequest]) -> CodeAsked:
    """Ask for a code."""
    return await doors.ask(call.actor, call.body.login, language=call.language)


async def sign_in_by_code(doors: Doors, call: Call[TransportQuery, SignInByCodeRequest]) -> Answer:
    """Sign in by a code."""
    found = await doors.by_code(call.actor, call.body.token, call.body.code, kind=call.query.kind)
    return doors.granting.answer(found)


async def sign_in_by_telegram(doors: Doors, call: Call[TransportQuery, TelegramRequest]) -> Answer:
    """Sign in by what Telegram says."""
    said = call.body.said
    fields = said if isinstance(said, str) else {name: str(value) for name, value in said.items()}
    return doors.granting.answer(await doors.telegram(call.actor, fields, kind=call.query.kind))


async def sign_in_by_bot(doors: Doors, call: Call[TransportQuery, BotRequest]) -> Answer:
    """Sign in by what our bot says."""
    user = TelegramUser(call.body.telegram_id, "")
    return doors.granting.answer(
        await doors.telegram.by_bot(call.actor, call.bot_key or "", user, kind=call.query.kind)
    )


CLOSED = (
    "identity.wrong_credentials",
    "identity.account_blocked",
    "identity.account_deleted",
    "identity.network_refused",
)
BY_TELEGRAM = (*CLOSED, "identity.telegram_unset", "identity.telegram_refused", "identity.telegram_not_linked")

OPERATIONS = (
    Operation(
        method="POST",
        path=AUTH + "/mfa/challenge",
        tag=SIGN_IN_TAG,
        summary="Complete a sign-in by the second factor; the session is carried as it was asked for",
        acts_on=Doors,
        act=complete_sign_in,
        permission=None,
        answer=Granted,
        example=GRANTED,
        body=ChallengeRequest,
        body_example=ChallengeRequest(TOKEN, DIGITS),
        errors=(*CLOSED, "identity.challenge_void", "identity.second_factor_wrong"),
    ),
    Operation(
        method="POST",
        path=AUTH + "/codes",
        tag=SIGN_IN_TAG,
        summary="Ask for a code by letter, whether there is such an account or not",
        acts_on=Doors,
        act=ask_sign_in_code,
        permission=None,
        answer=CodeAsked,
        example=CodeAsked(TOKEN),
        status=202,
        body=SignInCodeRequest,
        body_example=SignInCodeRequest(EMAIL),
        localized=True,
    ),
    Operation(
        method="POST",
        path=AUTH + "/codes/verify",
        tag=SIGN_IN_TAG,
        summary="Sign in by the code of a letter and the token of whoever asked for it",
        acts_on=Doors,
        act=sign_in_by_code,
        permission=None,
        answer=Granted,
        example=GRANTED,
        query=TransportQuery,
        body=SignInByCodeRequest,
        body_example=SignInByCodeRequest(TOKEN, DIGITS),
        errors=(*CLOSED, "identity.code_refused"),
    ),
    Operation(
        method="POST",
        path=AUTH + "/telegram/login",
        tag=SIGN_IN_TAG,
        summary="Sign in by the Login Widget of Telegram or from a Mini App",
        acts_on=Doors,
        act=sign_in_by_telegram,
        permission=None,
        answer=Granted,
        example=GRANTED,
        query=TransportQuery,
        body=TelegramRequest,
        body_example=TelegramRequest("user=%7B%22id%22%3A42%7D&auth_date=1772528400&hash=c3a1..."),
        errors=BY_TELEGRAM,
    ),
    Operation(
        method="POST",
        path=AUTH + "/telegram/bot",
        tag=SIGN_IN_TAG,
        summary="Begin a session of the account that a user of our bot belongs to; needs the key of the bot",
        acts_on=Doors,
        act=sign_in_by_bot,
        permission=None,
        answer=Granted,
        example=GRANTED,
        query=TransportQuery,
        body=BotRequest,
        body_example=BotRequest(8589934592),
        bot=True,
        errors=BY_TELEGRAM,
    ),
)
