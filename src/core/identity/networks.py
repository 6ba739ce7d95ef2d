"""What rules about networks need from outside."""

from abc import abstractmethod
from typing import Protocol
from uuid import UUID

from core.identity.domain.networks import IpRule


class IpRules(Protocol):
    """Rules of an account inside a unit of work, in which the account itself is held."""

    @abstractmethod
    async def of(self, account_id: UUID) -> list[IpRule]:
        """All rules of an account, the oldest first."""

    @abstractmethod
    async def add(self, rule: IpRule) -> None:
        """Keep a new rule."""

    @abstractmethod
    async def remove(self, rule_id: UUID) -> None:
        """Drop a rule."""


class IpRuleReader(Protocol):
    """Reads rules."""

    @abstractmethod
    async def rules(self, account_id: UUID) -> list[IpRule]:
        """All rules of an account, the oldest first."""
