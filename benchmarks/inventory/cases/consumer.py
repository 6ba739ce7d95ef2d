"""G8: the consumer end to end beside consumers that take one event at a time."""

import msgspec

from benchmarks.cases import Bench, Case, column, median
from benchmarks.inventory import consumer
from benchmarks.inventory.workload import Workload
from benchmarks.servers import Servers

WAL_AN_EVENT = 1200
WAL_JUDGED = 10_000
ABOUT = """Measured end to end: mock broker, decoding, one durable transaction in PostgreSQL, offsets. The peers
take one message at a time: an ORM session as tutorials have it, and a single statement by a careful hand that writes
the rows that Soty writes.
"""


class Size(msgspec.Struct, frozen=True):
    """Events of each variant in one round."""

    rounds: int
    ours: int
    event_peer: int
    orm_peer: int


def measure(bench: Bench[Servers], size: Size) -> None:
    """Consume with every variant."""
    sizes = {consumer.OURS: size.ours, consumer.ASYNCPG: size.event_peer, consumer.ORM: size.orm_peer}
    loads = {variant: consumer.load_of(Workload(), count) for variant, count in sizes.items()}
    found = bench.rounds(
        "consumer", list(sizes), size.rounds, lambda variant: consumer.run(bench.servers, variant, loads[variant])
    )
    rates = {name: column(figures, "rate") for name, figures in found.items()}
    bench.at_least("G8 consumer / per-event ORM", rates["ours"], rates["consumer_orm"], 50)
    bench.at_least("G8 consumer / per-event asyncpg, the same rows", rates["ours"], rates["consumer_asyncpg"], 8)
    wal = median(found["ours"], "wal_bytes")
    name = "log of the database per event, full pages included"
    bench.at_most(name, wal, WAL_AN_EVENT, " B", gated=size.ours >= WAL_JUDGED)


CASE = Case(
    "consumer",
    {
        "tiny": Size(1, 10_000, 200, 100),
        "smoke": Size(1, 20_000, 500, 250),
        "quick": Size(7, 60_000, 1500, 600),
        "full": Size(7, 100_000, 4000, 1500),
    },
    measure,
    ABOUT,
)
