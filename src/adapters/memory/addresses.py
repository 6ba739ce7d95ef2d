"""Addresses in memory."""

from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from adapters.memory.store import MemoryStore, Tables
from core.identity.addresses import Addresses, AddressReader
from core.identity.domain.address import Address
from core.kernel.errors import Contended


@dataclass(frozen=True, slots=True)
class MemoryAddresses(Addresses):
    """Keeps addresses in a draft; since one unit of work writes at a time, nobody else ever holds one."""

    tables: Tables

    async def lock(self, account_id: UUID) -> list[Address]:
        """All of an account, by id."""
        return _of(self.tables, account_id)

    async def add(self, address: Address) -> None:
        """Keep a new one.

        :raises Contended: it would be a second default.
        """
        if address.is_default and any(each.is_default for each in _of(self.tables, address.account_id)):
            raise Contended(part="memory")
        self.tables.addresses.put(address.id, address)

    async def save(self, address: Address) -> None:
        """Put its fields in the place of those there are."""
        before = self.tables.addresses.get(address.id)
        if before is not None:
            self.tables.addresses.put(address.id, replace(before, fields=address.fields))

    async def remove(self, address_id: UUID) -> None:
        """Drop it."""
        self.tables.addresses.remove(address_id)

    async def make_default(self, account_id: UUID, address_id: UUID) -> None:
        """Make it the only default."""
        for each in _of(self.tables, account_id):
            self.tables.addresses.put(each.id, replace(each, is_default=each.id == address_id))


@dataclass(frozen=True, slots=True)
class MemoryAddressReader(AddressReader):
    """Reads what is committed."""

    store: MemoryStore

    async def addresses(self, account_id: UUID) -> list[Address]:
        """The default first, then the youngest."""
        return sorted(_of(self.store.committed, account_id), key=lambda each: (each.is_default, each.id), reverse=True)


def _of(tables: Tables, account_id: UUID) -> list[Address]:
    found = [each for each in tables.addresses.values() if each.account_id == account_id]
    return sorted(found, key=lambda each: each.id)
