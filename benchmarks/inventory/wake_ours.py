"""How long an idle relay takes to call its subscriber after a commit, in one process by one clock."""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import uvloop

from adapters.postgres.unit_of_work import OpenInventoryWork
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from benchmarks.inventory.relay import SUBSCRIPTIONS, fact
from benchmarks.inventory.relay_ours import relaying
from benchmarks.inventory.store import Nobody
from core.kernel.outbox import Delivery
from core.kernel.relay import Subscriber, Taken

WARM_UP = 20
IDLE_SECONDS = 0.02
LONGEST = 10.0


@dataclass
class Noting(Subscriber):
    """Notes when it is called."""

    called: asyncio.Event = field(default_factory=asyncio.Event)
    at: float = 0.0

    async def take(self, batch: Sequence[Delivery]) -> Taken:
        """Note the moment."""
        self.at = time.perf_counter()
        self.called.set()
        return Taken(done=batch)


async def main(url: str, commits: int) -> None:
    """Commit facts one at a time, each when the relay is idle again."""
    stop, noting, waits = asyncio.Event(), Noting(), list[float]()
    async with relaying(url, noting) as (found, store):
        running = asyncio.create_task(found.run(stop))
        opens = OpenInventoryWork(store, Nobody(), SUBSCRIPTIONS, SystemClock(), Uuid7Ids())
        for number in range(WARM_UP + commits):
            await asyncio.sleep(IDLE_SECONDS)
            noting.called.clear()
            async with opens() as work:
                work.publish(fact(number))
            committed = time.perf_counter()
            async with asyncio.timeout(LONGEST):
                await noting.called.wait()
            waits.append(max(noting.at - committed, 0.0) * 1e3)
        stop.set()
        await running
    waits = sorted(waits[WARM_UP:])
    print(json.dumps({"p50": waits[len(waits) // 2], "p99": waits[int(len(waits) * 0.99)]}), flush=True)


if __name__ == "__main__":
    uvloop.run(main(**json.loads(sys.argv[1])))
