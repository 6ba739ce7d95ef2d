"""What addresses need from outside."""

from abc import abstractmethod
from typing import Protocol
from uuid import UUID

from core.identity.domain.address import Address


class Addresses(Protocol):
    """Addresses inside a unit of work; at its end an account has one default at most."""

    @abstractmethod
    async def lock(self, account_id: UUID) -> list[Address]:
        """All addresses of an account, the oldest first, held against others until the unit of work ends."""

    @abstractmethod
    async def add(self, address: Address) -> None:
        """Keep a new address.

        :raises Contended: it would be a second default.
        """

    @abstractmethod
    async def save(self, address: Address) -> None:
        """Put the fields of an address in the place of those that are held; whether it is the default stays."""

    @abstractmethod
    async def remove(self, address_id: UUID) -> None:
        """Drop one that is held."""

    @abstractmethod
    async def make_default(self, account_id: UUID, address_id: UUID) -> None:
        """Make one that is held the only default of its account."""


class AddressReader(Protocol):
    """Reads addresses."""

    @abstractmethod
    async def addresses(self, account_id: UUID) -> list[Address]:
        """All addresses of an account, the default first, then the youngest."""
