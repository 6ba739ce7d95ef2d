"""What an account may do."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from core.identity.rights import Rights
from core.identity.roles import RoleReader


class Grants(Protocol):
    """Knows what the roles of accounts allow."""

    @abstractmethod
    async def permissions_of(self, account_id: UUID) -> frozenset[str]:
        """All that the roles of an account allow it; nothing for an unknown one."""


@dataclass(frozen=True, slots=True)
class RoleGrants(Grants):
    """What roles allow that are kept somewhere."""

    reader: RoleReader
    rights: Rights

    async def permissions_of(self, account_id: UUID) -> frozenset[str]:
        """All that its roles allow together."""
        return self.rights.permitted((await self.reader.held([account_id])).get(account_id, ()))
