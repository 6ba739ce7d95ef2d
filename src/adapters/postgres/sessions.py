"""Sessions and their tokens in PostgreSQL, written and read."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import (
    Integer,
    Interval,
    LargeBinary,
    Table,
    Text,
    Uuid,
    any_,
    bindparam,
    delete,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.accounts import account_of
from adapters.postgres.gathered import Gathered
from adapters.postgres.identity_tables import account, refresh_token
from adapters.postgres.identity_tables import session as table
from adapters.postgres.statement import Statement, array, rows
from adapters.postgres.store import PostgresStore
from adapters.postgres.tables import Moment
from core.identity.api import EndReason, SessionKind
from core.identity.domain.account import Account
from core.identity.domain.session import RefreshToken, Session
from core.identity.positions import BySession
from core.identity.sessions import Impersonations, RefreshTokens, SessionReader, Sessions
from core.kernel.paging import Page, decode_cursor, encode_cursor

HIGHEST = UUID(int=2**128 - 1)
_given = {column.name: bindparam(column.name, type_=column.type) for column in table.c}
_one = table.c.id == bindparam("session_id", type_=Uuid)
_moment = bindparam("moment", type_=Moment)
_owner = table.c.account_id == bindparam("owner", type_=Uuid)
_but = bindparam("but", type_=Uuid)
_ADD = Statement(insert(table).values(_given))
_LOCK = Statement(select(table).where(_one).with_for_update())
_SAVE = Statement(update(table).where(_one).values({name: given for name, given in _given.items() if name != "id"}))
_END = Statement(
    update(table)
    .where(_owner, table.c.ended_at.is_(null()), or_(_but.is_(null()), table.c.id != _but))
    .values(ended_at=_moment, end_reason=bindparam("reason", type_=Text))
    .returning(table.c.id)
)
_END_IMPERSONATIONS = Statement(
    update(table)
    .where(table.c.impersonator_id == bindparam("impersonator", type_=Uuid), table.c.ended_at.is_(null()))
    .values(ended_at=_moment, end_reason=bindparam("reason", type_=Text))
    .returning(table.c.id)
)
_LIVE = Statement(select(table.c.id).where(_owner, table.c.ended_at.is_(null())))
_WITH_ACCOUNT = Statement(
    select(table, *(column.label(f"account_{column.name}_") for column in account.c))
    .join(account, account.c.id == table.c.account_id)
    .where(table.c.id == any_(array("sessions", Uuid)))
)
_LIST = Statement(
    select(table)
    .where(_owner, table.c.id < bindparam("before", type_=Uuid))
    .order_by(table.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_seen = rows(seen=Uuid, at=Moment)
_TOUCH = Statement(
    update(table)
    .where(
        table.c.id == _seen.c.seen,
        table.c.ended_at.is_(null()),
        table.c.used_at <= _seen.c.at - bindparam("apart", type_=Interval),
    )
    .values(used_at=_seen.c.at)
)

_token = refresh_token.c.hash == bindparam("token_hash", type_=LargeBinary)
_ADD_TOKEN = Statement(insert(refresh_token).on_conflict_do_nothing())
_USE_TOKEN = Statement(
    update(refresh_token)
    .where(_token, refresh_token.c.used_at.is_(null()))
    .values(used_at=_moment)
    .returning(refresh_token.c.hash)
)
_TOKEN = Statement(select(refresh_token).where(_token))
_DROP = Statement(delete(refresh_token).where(refresh_token.c.session_id == bindparam("session_id", type_=Uuid)))


class PostgresSessions(Sessions):
    """Keeps sessions in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, session: Session) -> None:
        await self._connection.execute(_ADD.text, *_ADD.args(**msgspec.structs.asdict(session)))

    async def lock(self, session_id: UUID) -> Session | None:
        row = await self._connection.fetchrow(_LOCK.text, session_id)
        return None if row is None else _session(dict(row))

    async def save(self, session: Session) -> None:
        args = _SAVE.args(session_id=session.id, **msgspec.structs.asdict(session))
        await self._connection.execute(_SAVE.text, *args)

    async def end(self, account_id: UUID, reason: EndReason, at: datetime, *, but: UUID | None = None) -> list[UUID]:
        args = _END.args(owner=account_id, but=but, moment=at, reason=reason.value)
        return [row["id"] for row in await self._connection.fetch(_END.text, *args)]

    async def live(self, account_id: UUID) -> list[UUID]:
        return [row["id"] for row in await self._connection.fetch(_LIVE.text, account_id)]


class PostgresImpersonations(Impersonations):
    """Ends them in the transaction of the caller."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def end_by(self, impersonator_id: UUID, at: datetime) -> list[UUID]:
        args = _END_IMPERSONATIONS.args(impersonator=impersonator_id, moment=at, reason=EndReason.ADMIN.value)
        return [row["id"] for row in await self._connection.fetch(_END_IMPERSONATIONS.text, *args)]


class PostgresRefreshTokens(RefreshTokens):
    """Keeps tokens in the transaction of the caller; of two exchanges at once the second waits for the first."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, token: RefreshToken) -> None:
        await self._connection.execute(_ADD_TOKEN.text, *_ADD_TOKEN.args(**msgspec.structs.asdict(token)))

    async def use(self, token_hash: bytes, at: datetime) -> bool:
        args = _USE_TOKEN.args(token_hash=token_hash, moment=at)
        return await self._connection.fetchrow(_USE_TOKEN.text, *args) is not None

    async def get(self, token_hash: bytes) -> RefreshToken | None:
        row = await self._connection.fetchrow(_TOKEN.text, token_hash)
        return None if row is None else RefreshToken(**row)

    async def drop(self, session_id: UUID) -> None:
        await self._connection.execute(_DROP.text, session_id)


class PostgresSessionReader(SessionReader):
    """Reads sessions, newest first."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._gathered: Gathered[UUID, tuple[Session, Account]] = Gathered(self._with_accounts)

    async def session(self, session_id: UUID) -> tuple[Session, Account] | None:
        return await self._gathered.get(session_id)

    async def sessions(self, account_id: UUID, limit: int, cursor: str | None) -> Page[Session]:
        before = HIGHEST if cursor is None else decode_cursor(cursor, BySession).id
        found = await self._store.rows(_LIST, owner=account_id, before=before, most=limit + 1)
        items = [_session(dict(row)) for row in found[:limit]]
        return Page(items, encode_cursor(BySession(items[-1].id)) if len(found) > limit else None)

    async def touch(self, seen: Mapping[UUID, datetime], apart: timedelta) -> None:
        args = _TOUCH.args(seen=list(seen), at=list(seen.values()), apart=apart)
        async with self._store.transaction() as connection:
            await connection.execute(_TOUCH.text, *args)

    async def _with_accounts(self, session_ids: Sequence[UUID]) -> dict[UUID, tuple[Session, Account]]:
        found = await self._store.rows(_WITH_ACCOUNT, sessions=session_ids)
        return {
            row["id"]: (_session(_part(row, table)), account_of(_part(row, account, "account_{}_"))) for row in found
        }


def _part(row: asyncpg.Record, of: Table, named: str = "{}") -> dict[str, Any]:
    return {column.name: row[named.format(column.name)] for column in of.c}


def _session(row: dict[str, object]) -> Session:
    reason = row["end_reason"]
    kind = SessionKind(str(row["kind"]))
    return Session(**{**row, "kind": kind, "end_reason": None if reason is None else EndReason(str(reason))})  # type: ignore[arg-type]
