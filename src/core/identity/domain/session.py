"""Sessions: how long they live, and the tokens that carry them."""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec

from core.identity.api import EndReason, SessionKind, SessionView

ACCESS_SECONDS = 15 * 60
ABSOLUTE, STAFF_ABSOLUTE = timedelta(days=30), timedelta(hours=12)
"""How long a session lives that is used all the time; that of the staff is short."""

IDLE = timedelta(days=7)
GRACE = timedelta(seconds=10)
"""How long after a token was exchanged whoever sends it again is taken for one who lost a race."""


TOUCHED = timedelta(minutes=1)
"""How often at most it is written down that a session is in use."""


def digest(token: str) -> bytes:
    """What is kept of a token of 256 random bits: a plain hash is enough, since nobody can guess it."""
    return sha256(token.encode()).digest()


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-in. ``token_hash`` is of the cookie that carries it, ``old_token_hash`` of the one before it.

    ``proven_at`` is when its person last showed a password or a second factor; ``expires_at`` is its last moment, even
    when it is used all the time.
    """

    id: UUID
    account_id: UUID
    kind: SessionKind
    created_at: datetime
    used_at: datetime
    proven_at: datetime | None
    expires_at: datetime
    token_hash: bytes | None = None
    old_token_hash: bytes | None = None
    rotated_at: datetime | None = None
    address: str = ""
    agent: str = ""
    impersonator_id: UUID | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None

    def ending(self, now: datetime) -> tuple[datetime, EndReason] | None:
        """When and why it ended, also where time alone ended it; None while it lives."""
        if self.ended_at is not None and self.end_reason is not None:
            return self.ended_at, self.end_reason
        idle_until = self.used_at + IDLE
        if now < min(idle_until, self.expires_at):
            return None
        if idle_until < self.expires_at:
            return idle_until, EndReason.EXPIRED_IDLE
        return self.expires_at, EndReason.EXPIRED_ABSOLUTE


class RefreshToken(msgspec.Struct, frozen=True, kw_only=True):
    """A link of the chain of tokens of one session; the first has no parent."""

    hash: bytes
    session_id: UUID
    created_at: datetime
    parent_hash: bytes | None = None
    used_at: datetime | None = None


def session_view(session: Session, current: UUID | None, now: datetime) -> SessionView:
    """What the owner of a session sees of it.

    :param current: id of the session that asks.
    """
    ended_at, reason = session.ending(now) or (None, None)
    return SessionView(
        id=session.id,
        kind=session.kind,
        current=session.id == current,
        created_at=session.created_at,
        used_at=session.used_at,
        expires_at=session.expires_at,
        address=session.address,
        agent=session.agent,
        impersonated=session.impersonator_id is not None,
        ended_at=ended_at,
        end_reason=reason,
    )
