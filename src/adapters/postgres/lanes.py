"""Lanes of the outbox: leases with fencing numbers, and deliveries in order per key."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from adapters.postgres import lanes_sql as sql
from adapters.postgres.bell import PostgresBell
from adapters.postgres.store import PostgresStore
from core.kernel.clock import Clock
from core.kernel.outbox import LANES, Delivery, Lanes, Lease, Superseded

LEASE = timedelta(seconds=30)
AGED = timedelta(seconds=10)


class PostgresLanes(Lanes):
    """Deliveries in PostgreSQL.

    A lease lasts until its time is over, or until the connection that this process waits on is gone: then its lanes are
    free at once. Both only decide when another one may begin; what makes a late owner harmless is the fencing number.
    """

    def __init__(self, store: PostgresStore, clock: Clock, bell: PostgresBell) -> None:
        self._store = store
        self._clock = clock
        self._bell = bell
        self._made: set[str] = set()

    async def claim(self, subscriber: str, most: int) -> Lease | None:
        async with self._store.connection() as connection:
            if subscriber not in self._made:
                await connection.execute(sql.MAKE_LANES, subscriber, LANES)
                self._made.add(subscriber)
            now = self._clock.now()
            owner = await self._bell.owner()
            found = await connection.fetch(sql.CLAIM, subscriber, now, now + LEASE, owner, most)
        return Lease(subscriber, dict(found), now + LEASE) if found else None

    async def next(self, lease: Lease, limit: int) -> list[Delivery]:
        now = self._clock.now()
        held = lease.subscriber, list(lease.fences), _fences(lease)
        each = max(1, limit // len(lease.fences))
        async with self._store.connection() as connection:
            while True:
                rows = await connection.fetch(sql.NEXT, *held, now + LEASE, now + LEASE - AGED, now, each)
                behind = [row["seq"] for row in rows if row["behind"]]
                if behind:
                    await connection.execute(sql.HOLD, lease.subscriber, behind)
                if len(behind) < len(rows) or not rows:
                    return [_delivery(row, lease) for row in rows if not row["behind"]]

    async def finish(self, deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            await self._remove(deliveries)

    async def _remove(self, deliveries: Sequence[Delivery]) -> None:
        fences = {delivery.lane: delivery.fence for delivery in deliveries}
        subscriber = deliveries[0].subscriber
        async with self._store.transaction() as connection:
            found = await connection.fetch(
                sql.REMOVE,
                subscriber,
                [delivery.seq for delivery in deliveries],
                list(fences),
                list(fences.values()),
            )
            await _let_go(connection, subscriber, [key for key, failed in found if failed])

    async def fail(self, delivery: Delivery, error: str, retry_at: datetime | None) -> None:
        async with self._store.connection() as connection:
            await connection.execute(
                sql.FAIL,
                delivery.subscriber,
                delivery.seq,
                delivery.lane,
                delivery.fence,
                "dead" if retry_at is None else "pending",
                error.replace("\0", ""),
                retry_at or self._clock.now(),
            )

    async def release(self, lease: Lease, resume_at: datetime | None = None) -> None:
        async with self._store.connection() as connection:
            await connection.execute(
                sql.RELEASE, lease.subscriber, list(lease.fences), _fences(lease), resume_at or self._clock.now()
            )


async def finish_within(connection: asyncpg.Connection, delivery: Delivery) -> None:
    """Mark a delivery done in the transaction of its effect.

    :raises Superseded: it is done, or its lane is another's.
    """
    args = [delivery.subscriber, [delivery.seq], [delivery.lane], [delivery.fence]]
    found = await connection.fetch(sql.REMOVE, *args)
    if not found:
        raise Superseded(subscriber=delivery.subscriber, seq=delivery.seq)
    await _let_go(connection, delivery.subscriber, [key for key, failed in found if failed])


async def _let_go(connection: asyncpg.Connection, subscriber: str, keys: Sequence[str]) -> None:
    """Give the deliveries back that waited behind a failed one."""
    if keys:
        await connection.execute(sql.LET_GO, subscriber, keys)


def _fences(lease: Lease) -> list[int]:
    return list(lease.fences.values())


def _delivery(row: asyncpg.Record, lease: Lease) -> Delivery:
    return Delivery(
        subscriber=lease.subscriber,
        seq=row["seq"],
        id=row["id"],
        name=row["name"],
        version=row["version"],
        key=row["key"],
        lane=row["lane"],
        fence=lease.fences[row["lane"]],
        payload=row["payload"].encode(),
        occurred_at=row["occurred_at"],
        attempts=row["attempts"],
    )
