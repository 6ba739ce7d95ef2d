"""What API keys need from outside."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from core.identity.domain.account import Account


class ApiKeyView(msgspec.Struct, frozen=True, kw_only=True):
    """An API key as its owner sees it: never the secret, only the prefix that it begins with.

    ``scopes`` are the permissions that it may use while its owner has them; ``used_at`` may lag by a minute.
    """

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """An API key as it is kept: of its secret only the SHA-256 digest."""

    account_id: UUID
    digest: bytes
    view: ApiKeyView


class ApiKeys(Protocol):
    """API keys that are in force; a revoked one is gone."""

    @abstractmethod
    async def add(self, key: ApiKey, most: int) -> bool:
        """Keep a key, unless its account has ``most`` of them already.

        :raises Contended: a key with its prefix is kept.
        """

    @abstractmethod
    async def revoke(self, account_id: UUID, key_id: UUID) -> ApiKeyView | None:
        """Drop a key of an account; None when it has no such key."""

    @abstractmethod
    async def revoke_all(self, account_id: UUID) -> list[ApiKeyView]:
        """Drop all keys of an account; oldest first."""


class ApiKeyReader(Protocol):
    """Reads API keys."""

    @abstractmethod
    async def by_prefix(self, prefix: str) -> tuple[ApiKey, Account] | None:
        """The key that a prefix names and the account that it belongs to, or None."""

    @abstractmethod
    async def of_account(self, account_id: UUID) -> list[ApiKeyView]:
        """All keys of an account, newest first."""

    @abstractmethod
    async def touch(self, key_id: UUID, at: datetime) -> None:
        """Note that a key is in use; it never goes back, and a key that is gone stays so."""
