"""Profiles in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.profile_tables import profile as table
from adapters.postgres.statement import Statement, array
from adapters.postgres.store import PostgresStore
from core.identity.domain.profile import Profile
from core.identity.profiles import ProfileReader, Profiles

_owner = table.c.account_id == bindparam("owner", type_=Uuid)
_FIND = Statement(select(table).where(_owner))
_LOCK = Statement(select(table).where(_owner).with_for_update())
_added = insert(table)
_SAVE = Statement(
    _added.on_conflict_do_update(
        index_elements=["account_id"],
        set_={name: _added.excluded[name] for name in Profile.__struct_fields__ if name != "account_id"},
    )
)
_USED = Statement(select(table.c.avatar).where(table.c.avatar == any_(array("avatars", Uuid))))


class PostgresProfiles(Profiles):
    """Keeps profiles in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def lock(self, account_id: UUID) -> Profile:
        return _profile(await self._connection.fetchrow(_LOCK.text, account_id), account_id)

    async def save(self, profile: Profile) -> None:
        await self._connection.execute(_SAVE.text, *_SAVE.args(**msgspec.structs.asdict(profile)))


class PostgresProfileReader(ProfileReader):
    """Reads profiles."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def profile(self, account_id: UUID) -> Profile:
        return _profile(await self._store.row(_FIND, owner=account_id), account_id)

    async def unused(self, avatars: Sequence[UUID]) -> list[UUID]:
        used = {row["avatar"] for row in await self._store.rows(_USED, avatars=list(avatars))}
        return [avatar for avatar in avatars if avatar not in used]


def _profile(row: asyncpg.Record | None, account_id: UUID) -> Profile:
    return Profile(account_id=account_id) if row is None else Profile(**row)
