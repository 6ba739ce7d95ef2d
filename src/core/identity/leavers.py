"""What needs to be known of those who leave for good."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.identity.domain.account import Account


class Leavers(Protocol):
    """Deleted accounts inside a unit of work."""

    @abstractmethod
    async def next(self, now: datetime) -> Account | None:
        """A deleted account whose time has come, held until the unit of work ends; None when no other is left.

        Those that another unit of work holds are passed over.
        """

    @abstractmethod
    async def remove(self, account_id: UUID) -> None:
        """Drop a held account with all that belongs to it; what the trail tells of it stays."""
