"""The consumer in a database that holds little, and in one that holds much."""

import asyncio

import msgspec

from benchmarks.cases import Bench, Case, column
from benchmarks.inventory import consumer
from benchmarks.inventory.servers import Servers
from benchmarks.inventory.store import store
from benchmarks.inventory.workload import Workload


class Size(msgspec.Struct, frozen=True):
    """Events that are stored before, fewer and more of them, and those of one round."""

    rounds: int
    stored: tuple[int, int]
    events: int


def measure(bench: Bench[Servers], size: Size) -> None:
    """Consume the same into both."""
    loads = {}
    for stored in size.stored:
        name, workload = f"stored_{stored}", Workload()
        # Two segments are settled and the hot one, a quarter of all, is about half full, as it is on average.
        segment = stored * 3 // 8 if stored > size.stored[0] else 0
        asyncio.run(store(bench.servers.keep(name), workload, stored, segment))
        loads[name] = consumer.load_of(workload, size.events)
    found = bench.rounds(
        "growth",
        list(loads),
        size.rounds,
        lambda name: consumer.run(bench.servers, consumer.OURS, loads[name], name),
    )
    few, many = (column(found[name], "rate") for name in loads)
    small, large = size.stored
    bench.at_least(f"consumer at {large:,} stored events / at {small:,}", many, few, 0.85)


CASE = Case(
    "growth",
    {
        "smoke": Size(1, (2000, 10_000), 5000),
        "quick": Size(5, (100_000, 1_000_000), 100_000),
        "full": Size(9, (100_000, 3_000_000), 100_000),
    },
    measure,
)
