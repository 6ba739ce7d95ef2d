"""An account: one person, the names under which it is known, and whether it may be used."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from core.identity.api import AccountStatus, AccountView


class HandleKind(StrEnum):
    """What kind of name somebody is known by."""

    EMAIL = "email"
    USERNAME = "username"
    PHONE = "phone"


class Handle(NamedTuple):
    """A name that belongs to one account at most, in the form in which names are compared."""

    kind: HandleKind
    key: str


class Newcomer(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of somebody before there is an account.

    ``email`` and ``username`` are as they were typed, their keys as they are compared.
    """

    email: str | None = None
    email_key: str | None = None
    username: str | None = None
    username_key: str | None = None
    phone: str | None = None
    password_hash: str | None = None
    language: str = "en"

    @property
    def handles(self) -> list[Handle]:
        """The names that belong to it."""
        keys = {
            HandleKind.EMAIL: self.email_key,
            HandleKind.USERNAME: self.username_key,
            HandleKind.PHONE: self.phone,
        }
        return [Handle(kind, key) for kind, key in keys.items() if key is not None]


class Account(Newcomer, frozen=True, kw_only=True):
    """One person.

    ``version`` grows with every change, ``authz_version`` with every change of what the account may do. ``delete_at``
    is when the data of a deleted account goes.
    """

    id: UUID
    created_at: datetime
    email_verified_at: datetime | None = None
    phone_verified_at: datetime | None = None
    status: AccountStatus = AccountStatus.ACTIVE
    blocked_reason: str | None = None
    delete_at: datetime | None = None
    timezone: str = "UTC"
    version: int = 1
    authz_version: int = 1

    @property
    def verified(self) -> bool:
        """Whether it has shown that it can be reached under one of its addresses."""
        return self.email_verified_at is not None or self.phone_verified_at is not None

    @property
    def name(self) -> str:
        """What people are shown instead of its id; empty where it goes by none."""
        return self.username or self.email or self.phone or ""


def changed(account: Account, **changes: Any) -> Account:
    """An account with changes, as its next version."""
    return replace(account, version=account.version + 1, **changes)


def account_view(account: Account) -> AccountView:
    """What the owner of an account sees of it."""
    return AccountView(
        id=account.id,
        email=account.email,
        email_verified=account.email_verified_at is not None,
        username=account.username,
        phone=account.phone,
        phone_verified=account.phone_verified_at is not None,
        verified=account.verified,
        has_password=account.password_hash is not None,
        status=account.status,
        language=account.language,
        timezone=account.timezone,
        created_at=account.created_at,
        version=account.version,
    )
