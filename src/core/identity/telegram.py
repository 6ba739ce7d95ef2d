"""What Telegram links need from outside."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec


class TelegramUser(msgspec.Struct, frozen=True):
    """Somebody on Telegram; the id stays, the names may change."""

    id: int
    name: str
    username: str | None = None


class TelegramLink(msgspec.Struct, frozen=True):
    """A user of Telegram that an account belongs to as well."""

    account_id: UUID
    user: TelegramUser
    linked_at: datetime


class TelegramLinks(Protocol):
    """One user of Telegram at most for an account, and one account at most for a user of Telegram."""

    @abstractmethod
    async def lock(self, telegram_id: int) -> TelegramLink | None:
        """The link of a user of Telegram, held against others until the unit of work ends; None without one."""

    @abstractmethod
    async def put(self, link: TelegramLink) -> None:
        """Keep a link instead of what the account and the user of Telegram had.

        :raises Contended: either was linked at the same moment.
        """

    @abstractmethod
    async def remove(self, account_id: UUID) -> TelegramLink | None:
        """Drop the link of an account; None when it has none."""


class TelegramReader(Protocol):
    """Reads Telegram links."""

    @abstractmethod
    async def of_account(self, account_id: UUID) -> TelegramLink | None:
        """The link of an account, or None."""

    @abstractmethod
    async def of_user(self, telegram_id: int) -> TelegramLink | None:
        """The link of a user of Telegram, or None."""


class TelegramProof(Protocol):
    """Knows whether Telegram says of somebody who he is, by the token of our bot."""

    @abstractmethod
    def widget(self, fields: Mapping[str, str], now: datetime) -> TelegramUser:
        """Who signed in by the Login Widget within the last five minutes.

        :param fields: what the widget gave, ``hash`` among them.
        :raises TelegramRefused: Telegram did not say so, or too long ago.
        :raises TelegramUnset: no bot is set up.
        """

    @abstractmethod
    def mini_app(self, init_data: str, now: datetime) -> TelegramUser:
        """Who opened the Mini App within the last day.

        :param init_data: ``Telegram.WebApp.initData`` as it is.
        :raises TelegramRefused: Telegram did not say so, or too long ago.
        :raises TelegramUnset: no bot is set up.
        """

    @abstractmethod
    def is_bot(self, key: str) -> bool:
        """Whether a key is the one that our bot shares with us; the time taken tells nothing about that one.

        :raises TelegramUnset: no bot has a key.
        """

    @abstractmethod
    def link(self, token: str) -> str:
        """The address that opens our bot with a token.

        :raises TelegramUnset: no bot is set up.
        """
