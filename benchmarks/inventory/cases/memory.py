"""G18: the memory of the API and of the consumer, and a consumer that is killed again and again."""

import asyncio
import itertools
import json

import msgspec

from benchmarks.cases import Bench, Case
from benchmarks.driver import drive, get
from benchmarks.inventory import soak
from benchmarks.inventory.movements import PATH, copy_to_peers
from benchmarks.inventory.store import store
from benchmarks.inventory.workload import Workload
from benchmarks.processes import running
from benchmarks.served import CONNECTIONS
from benchmarks.servers import Servers

API_MB, CONSUMER_MB = 120, 110
DRIFT, JUDGED = 0.05, 1_000_000
SPARE = 1.25
KILL_AFTER = 10.0
MOVEMENTS = 5000
ABOUT = """Megabytes of resident memory: of the API with Redis after many reads, and of the consumer after a tenth of
all events and at their end. In the level `soak` another consumer is killed by SIGKILL after every 10 s of work and
started again; then rows and all stocks are compared with the oracle.
"""


class Size(msgspec.Struct, frozen=True):
    """Reads of the API and events of the consumer, and whether a consumer is killed."""

    reads: int
    events: int
    kills: bool = False


class Held(msgspec.Struct, frozen=True):
    """Megabytes after the first requests and after all."""

    first_mb: float
    last_mb: float


def measure(bench: Bench[Servers], size: Size) -> None:
    """Let both work for a while; where there is little to judge, limits are a quarter higher."""
    spare = 1 if bench.judged else SPARE
    api = bench.rounds("memory", ["API"], 1, lambda _: _serve(bench.servers, size.reads))["API"][0]
    bench.at_most(f"G18 memory of the API after {size.reads:,} reads", api.last_mb, API_MB * spare, " MB")
    legs = {"consumer": None} | ({"consumer, killed": KILL_AFTER} if size.kills else {})
    legs_found = bench.rounds("soak", list(legs), 1, lambda leg: soak.run(bench.servers, size.events, legs[leg]))
    held = legs_found["consumer"][0]
    name = f"G18 memory of the consumer after {size.events:,} events"
    bench.at_most(name, held.last_mb, CONSUMER_MB * spare, " MB")
    name = f"G18 growth of its memory from {size.events // 10:,} events to {size.events:,}"
    bench.at_most(name, held.drift, DRIFT, gated=size.events >= JUDGED)


def _serve(servers: Servers, reads: int) -> Held:
    with servers.database() as url:
        asyncio.run(store(url, Workload(), MOVEMENTS))
        requests = itertools.cycle(get(f"{PATH}{each}") for each in asyncio.run(copy_to_peers(url)))
        with running("benchmarks.http_ours", url=url, redis=servers.redis) as child:
            assert child.stdout is not None
            port = json.loads(child.stdout.readline())["port"]
            sizes = []
            for share in (0.1, 0.9):
                told = drive(port, requests, CONNECTIONS, 0, int(reads * share))
                assert told.errors == 0, f"{told.errors} answers were not 200"
                sizes.append(soak.rss_of(child.pid))
    return Held(*sizes)


SIZES = {
    "tiny": Size(500, 5000),
    "smoke": Size(2000, 20_000),
    "quick": Size(20_000, 100_000),
    "full": Size(100_000, 1_000_000),
    "soak": Size(100_000, 1_000_000, kills=True),
}
CASE = Case("memory", SIZES, measure, ABOUT)
