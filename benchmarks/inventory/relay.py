"""The relay: facts that wait, each taken to its subscriber once, one variant in one process at a time."""

import asyncio
from uuid import UUID

import msgspec

from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import open_store
from adapters.postgres.unit_of_work import OpenInventoryWork
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from benchmarks.inventory.store import Nobody
from benchmarks.processes import result_of, running
from benchmarks.servers import Servers, connected
from core.inventory.events import StockAdjusted
from core.kernel.outbox import Subscriptions
from core.kernel.secret import Secret

OURS = "benchmarks.inventory.relay_ours"
ROWS = "benchmarks.inventory.peers.relay_rows"
WAKE = "benchmarks.inventory.wake_ours"
SUBSCRIBER = "bench"
SUBSCRIPTIONS = Subscriptions({StockAdjusted: (SUBSCRIBER,)})
KEYS = 5000
A_TIME = 1000
MOVED = """
    INSERT INTO peer.outbox (key, payload, occurred_at)
    SELECT o.key, o.payload::text, o.occurred_at FROM kernel.outbox AS o ORDER BY o.seq"""


class Figures(msgspec.Struct, frozen=True):
    """What one run gave: facts a second, and what one fact cost."""

    rate: float
    client_us: float
    server_us: float


class Wake(msgspec.Struct, frozen=True):
    """Milliseconds from the return of a commit to the call of the subscriber."""

    p50: float
    p99: float
    commits: int


def fact(number: int) -> StockAdjusted:
    """A fact about one of many stocks; ``delta`` counts the facts of its key."""
    stock = UUID(int=number % KEYS)
    return StockAdjusted(
        adjustment_id=UUID(int=number),
        warehouse_id=stock,
        product_id=stock,
        delta=number // KEYS,
        balance_after=number,
        reason="count",
    )


class Check:
    """What a subscriber of any variant does with a fact: reads it, and sees that none of its key is missing."""

    def __init__(self) -> None:
        self.seen: dict[UUID, int] = {}
        self.taken = 0

    def take(self, fact: StockAdjusted) -> None:
        """Take the next fact of its key.

        :raises AssertionError: it is another one.
        """
        due = self.seen.get(fact.warehouse_id, 0)
        assert fact.delta == due, f"{fact.delta} of {fact.warehouse_id} came, {due} was due"
        self.seen[fact.warehouse_id] = due + 1
        self.taken += 1


def run(servers: Servers, variant: str, count: int) -> Figures:
    """Take the facts that wait in the database of a variant, and check that none waits any more."""
    with servers.database(variant) as url:
        servers.checkpoint()
        cpu = servers.cpu()
        with running(variant, url=url, facts=count) as child:
            told = result_of(child)
        cpu = servers.cpu() - cpu
        asyncio.run(_check(url, variant))
    return Figures(told["rate"], told["client_us"], cpu / count * 1e6)


def wake(servers: Servers, commits: int) -> Wake:
    """Commit one fact after another beside an idle relay."""
    with servers.database() as url, running(WAKE, url=url, commits=commits) as child:
        told = result_of(child)
    return Wake(told["p50"], told["p99"], commits)


def publish(url: str, count: int, *, peer: bool) -> None:
    """Let so many facts wait.

    :param peer: also where the peer looks.
    """
    asyncio.run(_publish(url, count, peer=peer))


async def _publish(url: str, count: int, *, peer: bool) -> None:
    async with open_store(PostgresSettings(url=Secret(url))) as store:
        opens = OpenInventoryWork(store, Nobody(), SUBSCRIPTIONS, SystemClock(), Uuid7Ids())
        for first in range(0, count, A_TIME):
            async with opens() as work:
                work.publish(*map(fact, range(first, min(count, first + A_TIME))))
    async with connected(url) as connection:
        if peer:
            await connection.execute(MOVED)
        for table in ("peer.outbox", "kernel.outbox", "kernel.delivery"):
            await connection.execute(f"VACUUM ANALYZE {table}")


async def _check(url: str, variant: str) -> None:
    waiting = "peer.outbox WHERE published_at IS NULL" if variant == ROWS else "kernel.delivery"
    async with connected(url) as connection:
        left = await connection.fetchval(f"SELECT count(*) FROM {waiting}")
    assert left == 0, f"{variant}: {left} facts still wait"
