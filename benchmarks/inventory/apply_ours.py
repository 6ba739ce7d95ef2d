"""The apply stage of Soty, measured: the stock book over a unit of work, without a broker and without decoding."""

import gc
import json
import sys
from datetime import UTC, datetime

import uvloop

from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import open_store
from adapters.postgres.unit_of_work import OpenInventoryWork
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from benchmarks.inventory.marks import Marks
from benchmarks.inventory.store import Nobody
from benchmarks.inventory.workload import Workload
from core.inventory.domain.stock import Shortage
from core.kernel.outbox import Subscriptions
from core.kernel.secret import Secret

WARM_UP = 0.4
"""After these events the process knows most stocks, as it does after its first minute; its limit knows them at once."""


async def main(url: str, events: int, batch: int) -> None:
    """Apply so many events of the workload."""
    workload = Workload()
    given = [workload.event(each) for each in workload.take(events)]
    async with open_store(PostgresSettings(url=Secret(url))) as opened:
        opens = OpenInventoryWork(opened, Nobody(), Subscriptions({}), SystemClock(), Uuid7Ids())
        gc.collect()
        gc.freeze()
        marks = Marks(events, WARM_UP)
        for start in range(0, events, batch):
            part = given[start : start + batch]
            async with opens() as work:
                await work.book.apply(part, Shortage.PARK, datetime.now(UTC))
            marks.add(len(part))
        marks.report()


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
