"""Addresses in PostgreSQL."""

from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import Boolean, Uuid, bindparam, delete, insert, select, update

from adapters.postgres.profile_tables import address as table
from adapters.postgres.statement import Statement
from adapters.postgres.store import PostgresStore
from core.identity.addresses import Addresses, AddressReader
from core.identity.api import AddressFields
from core.identity.domain.address import Address

_FIELDS = tuple(AddressFields.__struct_fields__)
_owner = table.c.account_id == bindparam("owner", type_=Uuid)
_one = table.c.id == bindparam("address_id", type_=Uuid)
_LOCK = Statement(select(table).where(_owner).order_by(table.c.id).with_for_update())
_LIST = Statement(select(table).where(_owner).order_by(table.c.is_default.desc(), table.c.id.desc()))
_ADD = Statement(insert(table))
_SAVE = Statement(
    update(table).where(_one).values({name: bindparam(name, type_=table.c[name].type) for name in _FIELDS})
)
_REMOVE = Statement(delete(table).where(_one))
_UNSET = Statement(
    update(table).where(_owner, table.c.is_default).values(is_default=bindparam("is_not", False, type_=Boolean))
)
_SET = Statement(update(table).where(_one).values(is_default=bindparam("is_so", True, type_=Boolean)))


class PostgresAddresses(Addresses):
    """Keeps addresses in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def lock(self, account_id: UUID) -> list[Address]:
        return [_address(row) for row in await self._connection.fetch(_LOCK.text, account_id)]

    async def add(self, address: Address) -> None:
        args = _ADD.args(
            id=address.id,
            account_id=address.account_id,
            is_default=address.is_default,
            **msgspec.structs.asdict(address.fields),
        )
        await self._connection.execute(_ADD.text, *args)

    async def save(self, address: Address) -> None:
        args = _SAVE.args(address_id=address.id, **msgspec.structs.asdict(address.fields))
        await self._connection.execute(_SAVE.text, *args)

    async def remove(self, address_id: UUID) -> None:
        await self._connection.execute(_REMOVE.text, address_id)

    async def make_default(self, account_id: UUID, address_id: UUID) -> None:
        await self._connection.execute(_UNSET.text, *_UNSET.args(owner=account_id))
        await self._connection.execute(_SET.text, *_SET.args(address_id=address_id))


class PostgresAddressReader(AddressReader):
    """Reads addresses."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def addresses(self, account_id: UUID) -> list[Address]:
        return [_address(row) for row in await self._store.rows(_LIST, owner=account_id)]


def _address(row: asyncpg.Record) -> Address:
    fields = AddressFields(**{name: row[name] for name in _FIELDS})
    return Address(id=row["id"], account_id=row["account_id"], fields=fields, is_default=row["is_default"])
