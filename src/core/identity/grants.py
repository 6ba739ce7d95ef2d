"""What an account may do."""

from abc import abstractmethod
from typing import Protocol
from uuid import UUID


class Grants(Protocol):
    """Knows what the roles of accounts allow."""

    @abstractmethod
    async def permissions_of(self, account_id: UUID) -> frozenset[str]:
        """All that the roles of an account allow it; nothing for an unknown one."""
