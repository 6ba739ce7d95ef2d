"""The relay of Soty, measured: leases, lanes and the loop of the scheduler process."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvloop

from adapters.postgres.bell import PostgresBell
from adapters.postgres.lanes import PostgresLanes
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import PostgresStore, open_store
from adapters.system.clock import SystemClock
from benchmarks.inventory.marks import Marks
from benchmarks.inventory.relay import SUBSCRIBER, Check
from core.inventory.events import StockAdjusted
from core.kernel.outbox import Delivery
from core.kernel.relay import Relay, Subscriber, Taken
from core.kernel.secret import Secret
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.relaying import Relaying


@dataclass
class Taking(Subscriber):
    """Takes what it is given, and stops after the last."""

    marks: Marks
    stop: asyncio.Event

    def __post_init__(self) -> None:
        self.check = Check()

    async def take(self, batch: Sequence[Delivery]) -> Taken:
        """Read each fact."""
        for delivery in batch:
            self.check.take(delivery.fact(StockAdjusted))
        if self.marks.add(len(batch)):
            self.stop.set()
        return Taken(done=batch)


@asynccontextmanager
async def relaying(url: str, subscriber: Subscriber) -> AsyncIterator[tuple[Relaying, PostgresStore]]:
    """One relay as the scheduler runs it, and the store below it."""
    settings, clock = PostgresSettings(url=Secret(url)), SystemClock()
    bell = PostgresBell(settings)
    async with open_store(settings) as store:
        relay = Relay(SUBSCRIBER, subscriber, PostgresLanes(store, clock, bell), clock)
        try:
            yield Relaying([relay], bell, Metrics()), store
        finally:
            await bell.close()


async def main(url: str, facts: int) -> None:
    """Take so many facts."""
    stop, marks = asyncio.Event(), Marks(facts)
    async with relaying(url, Taking(marks, stop)) as (found, _):
        await found.run(stop)
    marks.report()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
