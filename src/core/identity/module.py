"""The manifest of identity."""

from core.identity import secrets
from core.identity.domain import api_keys, errors, telegram, totp
from core.kernel.manifest import Module

MODULE = Module(
    name="identity",
    summary="People: accounts, the ways to prove who one is, sessions and what they may do.",
    errors=(
        errors.AccountNotFound,
        errors.SessionNotFound,
        secrets.BadToken,
        api_keys.ApiKeyNotFound,
        api_keys.TooManyApiKeys,
        api_keys.ScopesNotHeld,
        api_keys.ExpiryPassed,
        totp.SecondFactorWrong,
        totp.SecondFactorOn,
        totp.SecondFactorOff,
        telegram.TelegramUnset,
        telegram.TelegramRefused,
        telegram.TelegramNotLinked,
        telegram.TelegramLinkedElsewhere,
        telegram.TelegramTokenInvalid,
    ),
)
