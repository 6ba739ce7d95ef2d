"""G14: the relay of the outbox, and how soon it wakes."""

import msgspec

from benchmarks.cases import Bench, Case, column
from benchmarks.inventory import relay
from benchmarks.servers import Servers

WAKE_MS = 3.0
ABOUT = """The relay is the loop of the scheduler process with one subscriber that reads each fact. Its peer takes one
row at a time under a lock, gives it to the same subscriber, marks it and commits. An idle relay is woken by one commit
after another; the time counts from the return of the commit to the call of the subscriber, by one clock.
"""


class Size(msgspec.Struct, frozen=True):
    """Facts that wait for each variant, and commits beside an idle relay."""

    rounds: int
    facts: int
    facts_peer: int
    wakes: int


def measure(bench: Bench[Servers], size: Size) -> None:
    """Take all facts with every variant, then wake the relay."""
    sizes = {relay.OURS: size.facts, relay.ROWS: size.facts_peer}
    for variant, count in sizes.items():
        relay.publish(bench.servers.keep(variant), count, peer=variant == relay.ROWS)
    found = bench.rounds(
        "relay", list(sizes), size.rounds, lambda variant: relay.run(bench.servers, variant, sizes[variant])
    )
    ours, rows = (column(figures, "rate") for figures in found.values())
    bench.at_least("G14 relay / row by row", ours, rows, 20)
    woken = bench.rounds("wake", ["commit"], 1, lambda _: relay.wake(bench.servers, size.wakes))["commit"][0]
    name = "G14 from the commit of a fact to its subscriber, median"
    bench.at_most(name, woken.p50, WAKE_MS, " ms", gated=bench.judged)


CASE = Case(
    "relay",
    {
        "tiny": Size(1, 2000, 100, 20),
        "smoke": Size(1, 10_000, 300, 50),
        "quick": Size(7, 30_000, 800, 300),
        "full": Size(9, 100_000, 3000, 1000),
    },
    measure,
    ABOUT,
)
