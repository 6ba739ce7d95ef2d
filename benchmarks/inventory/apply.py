"""The apply stage alone, beside the limit of the same work in the same batches."""

import asyncio

from benchmarks.inventory import consumer
from benchmarks.inventory.workload import Workload
from benchmarks.processes import result_of, running
from benchmarks.servers import Servers, connected

OURS = "benchmarks.inventory.apply_ours"
LIMIT = "benchmarks.inventory.peers.lim_batch"
EVENTS = {OURS: "inventory.event", LIMIT: "peer.event"}
BATCH = 1000


def run(servers: Servers, variant: str, count: int) -> consumer.Figures:
    """Apply events with one variant and check what came of it."""
    workload = Workload()
    workload.take(count)
    with servers.database() as url:
        servers.checkpoint()
        wal, cpu = servers.wal(), servers.cpu()
        with running(variant, url=url, events=count, batch=BATCH) as child:
            told = result_of(child)
        cpu, wal = servers.cpu() - cpu, servers.wal() - wal
        asyncio.run(_check(url, variant, workload, count))
    return consumer.Figures(told["rate"], told["client_us"], cpu / count * 1e6, wal / count)


async def _check(url: str, variant: str, workload: Workload, count: int) -> None:
    async with connected(url) as connection:
        rows = await connection.fetchval(f"SELECT count(*) FROM {EVENTS[variant]}")
        stocks = await connection.fetch("SELECT warehouse_id, product_id, quantity FROM inventory.stock")
    assert rows == count, f"{variant}: {rows} events are stored"
    found = {(warehouse, product): quantity for warehouse, product, quantity in stocks}
    assert found == workload.quantities, f"{variant}: stocks differ from the oracle"
