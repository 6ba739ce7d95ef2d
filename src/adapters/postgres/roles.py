"""Roles, and who has them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Integer, Text, Uuid, any_, bindparam, delete, func, insert, null, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.accounts import account_of
from adapters.postgres.gathered import Gathered
from adapters.postgres.identity_tables import account
from adapters.postgres.roles_tables import account_role, role, role_change
from adapters.postgres.statement import Statement, array, rows
from adapters.postgres.store import PostgresStore
from core.identity.domain.account import Account
from core.identity.positions import ByPerson, ByRoleChange
from core.identity.rights import Role, RoleChange
from core.identity.roles import Holders, PeopleReader, RoleReader, Roles, Wanted
from core.kernel.paging import Page, decode_cursor, encode_cursor

HIGHEST = UUID(int=2**128 - 1)
_role_id: Any = bindparam("of_role", type_=Uuid)
_account_id: Any = bindparam("of_account", type_=Uuid)
_name: Any = bindparam("called", type_=Text)
_permissions: Any = array("allowed", Text)
_is_it = role.c.id == _role_id

_ADD = Statement(
    upsert(role)
    .values(id=_role_id, name=_name, permissions=_permissions)
    .on_conflict_do_nothing(index_elements=["name"])
    .returning(role.c.id)
)
_LOCK = Statement(select(role).where(_is_it).with_for_update())
_NAMED = Statement(select(role.c.id).where(role.c.name == _name, role.c.id != _role_id))
_OF_NAMES = Statement(
    select(role).where(role.c.name == any_(array("names", Text))).order_by(role.c.name).with_for_update()
)
_CHANGE = Statement(update(role).where(_is_it).values(name=_name, permissions=_permissions))
_REMOVE = Statement(delete(role).where(_is_it))
_ALL = Statement(select(role).order_by(role.c.name))

_held = select(account_role.c.account_id, account_role.c.role_id, role.c.name, role.c.permissions).select_from(
    account_role.outerjoin(role, role.c.id == account_role.c.role_id)
)
_OF = Statement(
    _held.where(account_role.c.account_id == _account_id)
    .order_by(account_role.c.role_id)
    .with_for_update(of=account_role)
)
_HELD = Statement(
    _held.where(account_role.c.account_id == any_(array("of_accounts", Uuid))).order_by(account_role.c.role_id)
)
_HOLDERS = Statement(
    select(account_role.c.account_id)
    .where(account_role.c.role_id == _role_id)
    .order_by(account_role.c.account_id)
    .with_for_update()
)
_pairs = rows(accounts=Uuid, roles=Uuid)
_GIVE = Statement(
    insert(account_role).from_select(["account_id", "role_id"], select(_pairs.c.accounts, _pairs.c.roles))
)
_TAKE = Statement(
    delete(account_role).where(
        tuple_(account_role.c.account_id, account_role.c.role_id).in_(select(_pairs.c.accounts, _pairs.c.roles))
    )
)
_LOG = Statement(insert(role_change))
_CHANGES = Statement(
    select(role_change)
    .where(role_change.c.account_id == _account_id, role_change.c.id < bindparam("before", type_=Uuid))
    .order_by(role_change.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)

_prefix: Any = bindparam("prefix", type_=Text)
_of_status: Any = bindparam("of_status", type_=Text)
_wanted = (
    or_(
        *(
            func.starts_with(column, _prefix)
            for column in (account.c.email_key, account.c.username_key, account.c.phone)
        )
    ),
    or_(_of_status.is_(null()), account.c.status == _of_status),
    or_(
        _role_id.is_(null()),
        select(account_role)
        .where(account_role.c.account_id == account.c.id, account_role.c.role_id == _role_id)
        .exists(),
    ),
)
_newest = select(account).where(*_wanted).order_by(account.c.id.desc()).limit(bindparam("most", type_=Integer))
_PEOPLE = Statement(_newest.where(account.c.id < bindparam("before", type_=Uuid)))
_PAGE = Statement(_newest.offset(bindparam("skipped", type_=Integer)))
_TOTAL = Statement(select(func.count().label("total")).select_from(account).where(*_wanted))


class PostgresRoles(Roles):
    """Keeps roles in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, role: Role) -> bool:
        return await self._connection.fetchrow(_ADD.text, *_ADD.args(**_values(role))) is not None

    async def lock(self, role_id: UUID) -> Role | None:
        row = await self._connection.fetchrow(_LOCK.text, role_id)
        return None if row is None else _role(row)

    async def named(self, names: Sequence[str]) -> list[Role]:
        return [_role(row) for row in await self._connection.fetch(_OF_NAMES.text, list(names))]

    async def change(self, role: Role) -> bool:
        args = _NAMED.args(of_role=role.id, called=role.name)
        if await self._connection.fetchrow(_NAMED.text, *args) is not None:
            return False
        await self._connection.execute(_CHANGE.text, *_CHANGE.args(**_values(role)))
        return True

    async def remove(self, role_id: UUID) -> None:
        await self._connection.execute(_REMOVE.text, role_id)


class PostgresHolders(Holders):
    """Keeps who has which role in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def of(self, account_id: UUID) -> list[Role]:
        return [_held_role(row) for row in await self._connection.fetch(_OF.text, account_id)]

    async def with_role(self, role_id: UUID) -> list[UUID]:
        return [row["account_id"] for row in await self._connection.fetch(_HOLDERS.text, role_id)]

    async def give(self, changes: Sequence[RoleChange]) -> None:
        await self._connection.execute(_GIVE.text, *_GIVE.args(**_both(changes)))
        await self._note(changes)

    async def take(self, changes: Sequence[RoleChange]) -> None:
        await self._connection.execute(_TAKE.text, *_TAKE.args(**_both(changes)))
        await self._note(changes)

    async def _note(self, changes: Sequence[RoleChange]) -> None:
        wanted = [
            _LOG.args(
                id=change.id,
                account_id=change.account_id,
                role_id=change.role_id,
                role=change.role,
                given=change.given,
                by=change.by,
                at=change.at,
            )
            for change in changes
        ]
        await self._connection.executemany(_LOG.text, wanted)


class PostgresRoleReader(RoleReader):
    """Reads roles, and who has them."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._gathered: Gathered[UUID, list[Role]] = Gathered(self._held)

    async def roles(self) -> list[Role]:
        return [_role(row) for row in await self._store.rows(_ALL)]

    async def held(self, account_ids: Sequence[UUID]) -> Mapping[UUID, list[Role]]:
        if len(account_ids) > 1:
            return await self._held(account_ids)
        roles = [await self._gathered.get(account_id) for account_id in account_ids]
        return {account_id: some for account_id, some in zip(account_ids, roles, strict=True) if some is not None}

    async def _held(self, account_ids: Sequence[UUID]) -> dict[UUID, list[Role]]:
        found: dict[UUID, list[Role]] = defaultdict(list)
        for row in await self._store.rows(_HELD, of_accounts=list(account_ids)):
            found[row["account_id"]].append(_held_role(row))
        return dict(found)

    async def changes(self, account_id: UUID, limit: int, cursor: str | None) -> Page[RoleChange]:
        before = HIGHEST if cursor is None else decode_cursor(cursor, ByRoleChange).id
        found = await self._store.rows(_CHANGES, of_account=account_id, before=before, most=limit + 1)
        items = [RoleChange(**row) for row in found[:limit]]
        return Page(items, encode_cursor(ByRoleChange(items[-1].id)) if len(found) > limit else None)


class PostgresPeopleReader(PeopleReader):
    """Looks for accounts."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def people(self, wanted: Wanted, limit: int, cursor: str | None) -> Page[Account]:
        before = HIGHEST if cursor is None else decode_cursor(cursor, ByPerson).id
        found = await self._store.rows(_PEOPLE, before=before, most=limit + 1, **_asked(wanted))
        items = [account_of(row) for row in found[:limit]]
        return Page(items, encode_cursor(ByPerson(items[-1].id)) if len(found) > limit else None)

    async def numbered(self, wanted: Wanted, size: int, page: int) -> tuple[list[Account], int]:
        found = await self._store.rows(_PAGE, skipped=(page - 1) * size, most=size, **_asked(wanted))
        counted = await self._store.row(_TOTAL, **_asked(wanted))
        assert counted is not None
        return [account_of(row) for row in found], counted["total"]


def _asked(wanted: Wanted) -> dict[str, Any]:
    status = None if wanted.status is None else wanted.status.value
    return {"prefix": wanted.text, "of_status": status, "of_role": wanted.role}


def _values(role: Role) -> dict[str, Any]:
    return {"of_role": role.id, "called": role.name, "allowed": sorted(role.permissions)}


def _both(changes: Sequence[RoleChange]) -> dict[str, list[UUID]]:
    return {"accounts": [change.account_id for change in changes], "roles": [change.role_id for change in changes]}


def _role(row: asyncpg.Record) -> Role:
    return Role(row["id"], row["name"], frozenset(row["permissions"]))


def _held_role(row: asyncpg.Record) -> Role:
    return Role(row["role_id"], row["name"] or "", frozenset(row["permissions"] or ()))
