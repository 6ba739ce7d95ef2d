"""G1 to G4: a movement by its id, out of the database and out of the cache."""

import asyncio
from typing import Any

import msgspec

from benchmarks.cases import Bench, Case, column, median
from benchmarks.goals import within
from benchmarks.inventory import reads
from benchmarks.inventory.servers import Servers
from benchmarks.inventory.store import store
from benchmarks.inventory.workload import Workload

GARBAGE = 1.0
CONTROL = 0.08
VARIANTS = (reads.OURS, reads.CACHED, reads.BARE, reads.ASYNCPG, reads.ORM, reads.AGAIN)
GOALS = (
    ("G1 read by id / FastAPI + ORM", "ours", "http_orm", 5),
    ("G2 read by id / bare ASGI + asyncpg", "ours", "bare_asgi", 0.5),
    ("G3 read by id / FastAPI + asyncpg", "ours", "http_asyncpg", 1.35),
    ("G4 cached read by id / FastAPI + ORM", "ours:cached", "http_orm", 10),
    ("G4 cached read by id / bare ASGI + asyncpg", "ours:cached", "bare_asgi", 0.85),
)
ABOUT = """Reads are measured at 32 keep-alive connections; where a server was not busy for 90 % of its
processor, its processor time per request is compared instead of its rate. All servers are asked for the same 2000
movements; `ours:cached` has Redis to keep them in, for 5 s each, and the others read the database every time.
"""


class Size(msgspec.Struct, frozen=True):
    """Movements that are stored, and the seconds of each variant in one round."""

    rounds: int
    movements: int
    seconds: float


def measure(bench: Bench[Servers], size: Size) -> None:
    """Ask every server for the same movements."""
    url = bench.servers.keep("reads")
    asyncio.run(store(url, Workload(), size.movements))
    ids = asyncio.run(reads.copy_to_peers(url))[: reads.HOT]
    answers: dict[str, Any] = {}

    def read(variant: str) -> reads.Figures:
        where = {"url": url} | ({"redis": bench.servers.redis} if variant == reads.CACHED else {})
        return reads.run(variant.partition(":")[0], where, ids, size.seconds, answers)

    found = bench.rounds("read by id", VARIANTS, size.rounds, read)
    busy = all(median(figures, "busy") >= reads.BUSY for figures in found.values())
    speed = {name: [each.rate if busy else 1e6 / each.cpu_us for each in figures] for name, figures in found.items()}
    for name, ours, theirs, floor in GOALS:
        by = " by requests a second" if busy else " by processor time"
        bench.at_least(name, speed[ours], speed[theirs], floor, by=by)
    bench.goals.append(within("control: read by id / the same again", speed["ours"], speed["ours:again"], CONTROL))
    bench.at_most("objects for the cycle collector per request", min(column(found["ours"], "garbage")), GARBAGE)


CASE = Case(
    "read by id",
    {"tiny": Size(1, 1000, 0.2), "smoke": Size(1, 5000, 0.6), "quick": Size(7, 50_000, 1), "full": Size(9, 100_000, 3)},
    measure,
    ABOUT,
)
