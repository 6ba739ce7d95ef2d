"""G11: the consumer and a read by id in a database that holds little, and in one that holds much."""

import asyncio
import statistics

import msgspec

from benchmarks.cases import Bench, Case, column
from benchmarks.inventory import consumer, growth
from benchmarks.inventory.bulk import store_settled
from benchmarks.inventory.store import store
from benchmarks.inventory.workload import Workload
from benchmarks.servers import Servers

WAL_AN_EVENT = 1000
WAL_JUDGED = 50_000
ABOUT = """Events with random ids go into a database with few stored events, a fresh copy every round, and into one with
many, which goes on growing; nothing is ever forgotten, so every key is looked up among all. The many were stored by
statements over whole segments, the last of them by the consumer's own code. A round of either is as many events as a
segment takes, in parts, one here and one there, each in a fresh process right behind a checkpoint: in one of them a
segment is settled beside the stream and the runs of keys that are due are merged, so every round pays for one segment.
Nothing is settled between rounds. Reads are one after another by the reader of the application, of movements anywhere
in the ledger.
"""


class Size(msgspec.Struct, frozen=True):
    """Events that are stored before, fewer and more of them, those of one part, and movements that are read.

    :param parts: of a round; together they fill a segment.
    """

    rounds: int
    stored: tuple[int, int]
    events: int
    reads: int
    parts: int = 1


def measure(bench: Bench[Servers], size: Size) -> None:
    """Consume the same into both."""
    small, large = size.stored
    few, many = f"stored_{small}", f"stored_{large}"
    urls = {name: bench.servers.keep(name) for name in (few, many)}
    workload, going_on = Workload(), Workload()
    asyncio.run(store(urls[few], workload, small))
    again = [consumer.load_of(workload, size.events) for _ in range(size.parts)]
    store_settled(urls[many], going_on, large - small // 2)
    asyncio.run(store(urls[many], going_on, small // 2))

    def round_of() -> dict[str, object]:
        found: dict[str, list[consumer.Figures]] = {few: [], many: []}
        with bench.servers.database(few) as url:
            for number, load in enumerate(again):
                parts = [(few, url, load), (many, urls[many], consumer.load_of(going_on, size.events))]
                for name, at, messages in parts if number % 2 == 0 else reversed(parts):
                    found[name].append(consumer.run_at(bench.servers, at, consumer.OURS, messages))
        return {name: consumer.together(figures) for name, figures in found.items()}

    found = bench.together("growth", size.rounds, round_of)
    rates = {name: column(figures, "rate") for name, figures in found.items()}
    bench.at_least(f"G11 consumer at {large:,} stored events / at {small:,}", rates[many], rates[few], 0.8)
    name, judged = f"G11 log of the database per event at {large:,}, full pages included", size.events >= WAL_JUDGED
    bench.at_most(name, statistics.fmean(column(found[many], "wal_bytes")), WAL_AN_EVENT, " B", gated=judged)
    reads = bench.rounds("growth, reads", [few, many], size.rounds, lambda name: growth.read(urls[name], size.reads))
    times = {name: column(figures, "p50") for name, figures in reads.items()}
    bench.ratio_at_most(f"G11 read by id at {large:,} stored events / at {small:,}", times[many], times[few], 2)


CASE = Case(
    "growth",
    {
        "tiny": Size(1, (1000, 5000), 1000, 50),
        "smoke": Size(1, (2000, 20_000), 5000, 300),
        "quick": Size(5, (100_000, 1_000_000), 100_000, 1000, 3),
        "full": Size(7, (100_000, 10_000_000), 100_000, 2000, 3),
    },
    measure,
    ABOUT,
)
