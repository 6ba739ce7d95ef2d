"""Stores many events through the stock book itself, so that every state is a true one."""

from datetime import UTC, datetime

from adapters.postgres.segments import InventoryUpkeep
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import open_store
from adapters.postgres.unit_of_work import OpenInventoryWork
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from benchmarks.inventory.workload import Workload
from benchmarks.servers import connected
from core.inventory.domain.stock import Shortage
from core.kernel.facts import Fact
from core.kernel.outbox import Subscriptions
from core.kernel.secret import Secret
from core.kernel.work import FactListener

BATCH = 4000


class Nobody(FactListener):
    """Hears nothing."""

    wanted: frozenset[type[Fact]] = frozenset()

    def hear(self, facts: object) -> None:
        """Never called, since nothing is wanted."""


async def store(url: str, workload: Workload, count: int, segment: int = 0) -> None:
    """Store the next events of a workload.

    :param segment: after how many events a segment is settled; 0 for never.
    """
    async with open_store(PostgresSettings(url=Secret(url))) as opened:
        opens = OpenInventoryWork(opened, Nobody(), Subscriptions({}), SystemClock(), Uuid7Ids())
        upkeep = InventoryUpkeep(opened, segment)
        for start in range(0, count, BATCH):
            events = [workload.event(each) for each in workload.take(min(BATCH, count - start))]
            async with opens() as work:
                await work.book.apply(events, Shortage.PARK, datetime.now(UTC))
            if segment and start + len(events) < count:
                await upkeep.keep_up()
    async with connected(url) as connection:
        await connection.execute("VACUUM ANALYZE")
