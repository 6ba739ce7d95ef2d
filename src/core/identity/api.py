"""What identity shows of itself."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class AccountStatus(StrEnum):
    """Whether an account may be used; a deleted one can be taken back until its data is gone."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    DELETED = "deleted"


class SessionKind(StrEnum):
    """How a session is carried; an impersonation is carried as a bearer's."""

    BEARER = "bearer"
    COOKIE = "cookie"
    IMPERSONATION = "impersonation"


class EndReason(StrEnum):
    """Why a session ended."""

    LOGOUT = "logout"
    REVOKED = "revoked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason
    REUSE_DETECTED = "reuse_detected"
    ADMIN = "admin"
    EXPIRED_IDLE = "expired_idle"
    EXPIRED_ABSOLUTE = "expired_absolute"


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """An account as its owner sees it; ``verified`` says whether it may do more than verify itself."""

    id: UUID
    email: str | None
    email_verified: bool
    username: str | None
    phone: str | None
    phone_verified: bool
    verified: bool
    has_password: bool
    status: AccountStatus
    language: str
    timezone: str
    created_at: datetime
    version: int


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its owner sees it: where it was begun, whether it is the one that asks, and why it ended."""

    id: UUID
    kind: SessionKind
    current: bool
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    address: str
    agent: str
    impersonated: bool
    ended_at: datetime | None
    end_reason: EndReason | None
