"""Settings of what knows callers and senders."""

import base64
import binascii
import re
from typing import Annotated

from msgspec import Meta, Struct

from core.kernel.secret import Secret

SECRET_SIZES = range(24, 65)


def webhook_keys(text: str) -> list[bytes]:
    """Read secrets of Standard Webhooks.

    :param text: one or several, separated by commas or spaces.
    :raises ValueError: one is not `whsec_` with base64 of 24 to 64 bytes, or there is none.
    """
    keys = [_key(part) for part in re.split(r"[,\s]+", text) if part]
    if not keys:
        raise ValueError("wanted like whsec_… with base64 of 24 to 64 bytes")
    return keys


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not text.startswith("whsec_") or len(key) not in SECRET_SIZES:
        raise ValueError("wanted like whsec_… with base64 of 24 to 64 bytes")
    return key


class SecuritySettings(Struct, frozen=True, kw_only=True):
    """Secrets: the root of all keys, the service key, and what senders sign with."""

    api_key: Annotated[
        Secret | None,
        Meta(
            description="Service key, sent as `Authorization: Bearer …`; at least 16 characters in prod. "
            "Unset: `./soty up` makes one and keeps it in the file `key` of `SOTY_DATA_DIR`; in prod there is none.",
            examples=["a-long-random-text"],
        ),
    ] = None
    owner_email: Annotated[
        str | None,
        Meta(
            description="E-mail address of the first owner, who is made at start where nobody is an owner; with "
            "`SOTY_OWNER_PASSWORD`, and without effect later.",
            examples=["owner@example.com"],
        ),
    ] = None
    owner_password: Annotated[
        Secret | None,
        Meta(description="Password of the first owner; change it after the first sign-in.", examples=["a-long-one"]),
    ] = None
    webhook_secrets: Annotated[
        Secret | None,
        Meta(
            description="Secrets of senders who sign their messages (Standard Webhooks): one or several, separated by "
            "commas or spaces, each `whsec_` and base64 of 24 to 64 bytes. "
            "Set: the webhook takes signed messages only.",
            examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        ),
    ] = None

    secret: Annotated[
        Secret | None,
        Meta(
            description="Root of all keys that Soty signs and seals with, the same for all processes; at least 32 "
            "bytes, such as `openssl rand -base64 32` prints. Prod needs it; dev keeps one in the file `secret` of "
            "`SOTY_DATA_DIR`, memory makes one at each start.",
            examples=["as-openssl-rand-base64-32-prints-it"],
        ),
    ] = None
    secret_previous: Annotated[
        Secret | None,
        Meta(
            description="The other root, while it is changed: what it signed and sealed is taken as well. First the "
            "new one, then the one of before; unset it 30 days later.",
            examples=["as-openssl-rand-base64-32-prints-it"],
        ),
    ] = None

    password_memory: Annotated[
        int,
        Meta(
            ge=8,
            le=4194304,
            description="KiB of memory that hashing one password takes (Argon2id). Hashes made otherwise stay good, "
            "and are made anew at the next sign-in.",
        ),
    ] = 19456
    password_passes: Annotated[
        int, Meta(ge=1, le=100, description="Passes over that memory; more of either is slower for thieves and for us.")
    ] = 2

    telegram_bot_token: Annotated[
        Secret | None,
        Meta(
            description="Token of the Telegram bot, by which Telegram proves who signs in. Unset: nobody does.",
            examples=["123456789:a-token-of-BotFather"],
        ),
    ] = None
    telegram_bot_username: Annotated[
        str | None,
        Meta(
            description="Name of the Telegram bot, to which links lead that join an account and a user of Telegram.",
            examples=["soty_bot"],
        ),
    ] = None
    bot_api_key: Annotated[
        Secret | None,
        Meta(
            description="Key that the bot sends as `X-BOT-API-KEY` to sign its users in; at least 32 characters. "
            "Unset: the bot signs nobody in.",
            examples=["another-long-random-text-of-its-own"],
        ),
    ] = None

    def webhook_keys(self) -> list[bytes]:
        """What senders sign with; none when nobody does.

        :raises ValueError: a secret cannot be read.
        """
        return [] if self.webhook_secrets is None else webhook_keys(self.webhook_secrets.reveal())
