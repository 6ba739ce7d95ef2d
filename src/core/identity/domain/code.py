"""One-time codes and links: what each is for, how long it is good, and how often it may be tried."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

TRIES = 5
LIFETIME = timedelta(minutes=10)


class CodePurpose(StrEnum):
    """What a code is good for; it is good for nothing else."""

    VERIFY_EMAIL = "verify_email"
    VERIFY_PHONE = "verify_phone"
    CHANGE_EMAIL = "change_email"
    UNDO_EMAIL = "undo_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose
    SIGN_IN = "sign_in"
    UNDO_DELETION = "undo_deletion"
    INVITE = "invite"
    SETUP = "setup"
    TELEGRAM_LINK = "telegram_link"
    MFA_PENDING = "mfa_pending"


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A code of six digits, a link, or both, for one target such as an address; only hashes of them are kept.

    ``bound_to`` names what alone may use it, such as a browser; empty for anybody.
    """

    id: UUID
    purpose: CodePurpose
    target: str
    created_at: datetime
    expires_at: datetime
    account_id: UUID | None = None
    secret_hash: bytes | None = None
    link_hash: bytes | None = None
    tries: int = 0
    bound_to: str = ""
    used_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and self.tries < TRIES and now < self.expires_at
