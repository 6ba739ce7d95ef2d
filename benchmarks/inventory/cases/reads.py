"""G1 to G4, G16, G17: a movement by its id, out of the database and out of the cache."""

import asyncio
import itertools

from benchmarks.cases import Bench, Case, column
from benchmarks.driver import get
from benchmarks.goals import within
from benchmarks.inventory.movements import PATH, copy_to_peers
from benchmarks.inventory.store import store
from benchmarks.inventory.workload import Workload
from benchmarks.served import Size, Variant, garbage_goals, side_by_side, speeds
from benchmarks.servers import Servers

CACHED = "ours:cached"
OURS, PEERS = "benchmarks.http_ours", "benchmarks.inventory.peers"
HOT = 2000
CONTROL = 0.08
GOALS = (
    ("G1 read by id / FastAPI + ORM", "ours", "http_orm", 5),
    ("G2 read by id / bare ASGI + asyncpg", "ours", "bare_asgi", 0.5),
    ("G3 read by id / FastAPI + asyncpg", "ours", "http_asyncpg", 1.35),
    ("G4 cached read by id / FastAPI + ORM", "ours:cached", "http_orm", 10),
    ("G4 cached read by id / bare ASGI + asyncpg", "ours:cached", "bare_asgi", 0.85),
)
ABOUT = """All servers are asked for the same 2000 movements over 32 keep-alive connections; `ours:cached` has Redis to
keep them in, and the others read the database every time. Entries live for 5 s, so each of its turns begins with one
read of every movement that is not counted. `bare_asgi` is an ASGI function without a
framework with our statement, `http_asyncpg` FastAPI over a raw pool, `http_orm` FastAPI as its tutorial has it.
`garbage` are objects per request that only the collector of cycles could free, `pause` its longest run in ms of its
processor.
"""


def measure(bench: Bench[Servers], size: Size) -> None:
    """Ask every server for the same movements."""
    url = bench.servers.keep("reads")
    asyncio.run(store(url, Workload(), size.movements))
    requests = [get(f"{PATH}{each}") for each in asyncio.run(copy_to_peers(url))[:HOT]]
    cached = {"redis": bench.servers.redis}

    def variants() -> list[Variant]:
        return [
            Variant(name, module, {"url": url, **more}, itertools.cycle(requests), HOT if name == CACHED else 0)
            for name, module, more in (
                ("ours", OURS, {}),
                (CACHED, OURS, cached),
                ("bare_asgi", f"{PEERS}.bare_asgi", {}),
                ("http_asyncpg", f"{PEERS}.http_asyncpg", {}),
                ("http_orm", f"{PEERS}.http_orm", {}),
                ("ours:again", OURS, {}),
            )
        ]

    def round_of() -> dict[str, object]:
        found = side_by_side(variants(), size.seconds, requests, len(requests))
        return {name: served.figures() for name, served in found.items()}

    found = bench.together("read by id", size.rounds, round_of)
    speed, by = speeds(found)
    for name, ours, theirs, floor in GOALS:
        bench.at_least(name, speed[ours], speed[theirs], floor, by=by)
    late = {name: column(figures, "p99") for name, figures in found.items()}
    bench.ratio_at_most("G16 p99 of a read by id / bare ASGI + asyncpg", late["ours"], late["bare_asgi"], 1.8)
    bench.ratio_at_most("G16 p99 of a read by id / FastAPI + ORM", late["ours"], late["http_orm"], 0.2)
    bench.goals.append(within("control: read by id / the same again", speed["ours"], speed["ours:again"], CONTROL))
    garbage_goals(bench, "read by id", found["ours"])
    garbage_goals(bench, "cached read", found["ours:cached"])


CASE = Case(
    "read by id",
    {
        "tiny": Size(1, 0.2, 1000),
        "smoke": Size(1, 0.5, 5000),
        "quick": Size(7, 1.5, 50_000),
        "full": Size(9, 2, 100_000),
    },
    measure,
    ABOUT,
)
