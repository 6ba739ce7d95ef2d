"""The proofs that Telegram gives: Login Widget (core.telegram.org/widgets/login) and Mini Apps (/bots/webapps)."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import parse_qsl, quote

import msgspec

from core.identity.domain.telegram import TelegramRefused, TelegramUnset
from core.identity.telegram import TelegramProof, TelegramUser
from core.kernel.secret import Secret

WIDGET_AGE = timedelta(minutes=5)
MINI_APP_AGE = timedelta(days=1)
SKEW = timedelta(seconds=30)
MOST_FIELDS = 32


class _Said(msgspec.Struct, frozen=True):
    id: Annotated[int, msgspec.Meta(gt=0, lt=2**52)]
    first_name: str
    last_name: str = ""
    username: str | None = None


class BotTokenProof(TelegramProof):
    """Knows what Telegram signed with the token of one bot."""

    def __init__(self, token: Secret | None, username: str | None, key: Secret | None) -> None:
        """:param token: None where no bot is set up.
        :param username: of the bot, as in ``t.me/<username>``.
        :param key: that the bot shares with us; None where none does.
        """
        self._token = token
        self._username = username
        self._key = key

    def widget(self, fields: Mapping[str, str], now: datetime) -> TelegramUser:
        key = hashlib.sha256(self._revealed()).digest()
        return _user(_signed(fields, key, now, WIDGET_AGE))

    def mini_app(self, init_data: str, now: datetime) -> TelegramUser:
        key = hmac.digest(b"WebAppData", self._revealed(), "sha256")
        fields = _signed(_pairs(init_data), key, now, MINI_APP_AGE)
        return _user(fields.get("user", ""))

    def is_bot(self, key: str) -> bool:
        if self._key is None:
            raise TelegramUnset
        return hmac.compare_digest(self._key.reveal().encode(), key.encode("utf-8", "replace"))

    def link(self, token: str) -> str:
        if self._token is None or self._username is None:
            raise TelegramUnset
        return f"https://t.me/{quote(self._username)}?start={quote(token)}"

    def _revealed(self) -> bytes:
        if self._token is None:
            raise TelegramUnset
        return self._token.reveal().encode()


def _pairs(init_data: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise TelegramRefused from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise TelegramRefused
    return fields


def _signed(fields: Mapping[str, str], key: bytes, now: datetime, age: timedelta) -> Mapping[str, str]:
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "hash")
    right = hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), fields.get("hash", "").encode("utf-8", "replace")):
        raise TelegramRefused
    since = now.timestamp() - _moment(fields.get("auth_date", ""))
    if not -SKEW.total_seconds() <= since <= age.total_seconds():
        raise TelegramRefused
    return fields


def _moment(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len("9999999999")):
        raise TelegramRefused
    return int(text)


def _user(fields: Mapping[str, str] | str) -> TelegramUser:
    try:
        if isinstance(fields, str):
            said = msgspec.json.decode(fields, type=_Said)
        else:
            said = msgspec.convert(fields, _Said, strict=False)
    except msgspec.DecodeError as error:
        raise TelegramRefused from error
    return TelegramUser(said.id, f"{said.first_name} {said.last_name}".strip(), said.username)
