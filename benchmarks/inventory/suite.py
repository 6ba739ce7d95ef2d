"""Every case of inventory at a level, its gates and its goals."""

import asyncio
import statistics
from collections.abc import Callable, Sequence
from typing import Any

import click
import msgspec

from benchmarks.goals import Goal, at_least, at_most, within
from benchmarks.inventory import budgets, consumer, reads
from benchmarks.inventory.servers import Servers
from benchmarks.inventory.store import store
from benchmarks.inventory.workload import Workload

Named = dict[str, list[Any]]
STATEMENTS_A_BATCH = 9
WAL_AN_EVENT = 1200
GARBAGE = 1.0
CONTROL = 0.08


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """How much is measured; goals of speed are judged only where there are enough rounds."""

    rounds: int
    ours: int
    event_peer: int
    orm_peer: int
    growth: tuple[int, int]
    growth_run: int
    growth_rounds: int
    movements: int
    seconds: float
    judged: bool


LEVELS = {
    "tiny": Level(
        rounds=1, ours=10_000, event_peer=200, orm_peer=100, growth=(1000, 2000), growth_run=1000, growth_rounds=0,
        movements=1000, seconds=0.2, judged=False,
    ),
    "smoke": Level(
        rounds=1, ours=20_000, event_peer=500, orm_peer=250, growth=(2000, 10_000), growth_run=5000, growth_rounds=1,
        movements=5000, seconds=0.6, judged=False,
    ),
    "quick": Level(
        rounds=7, ours=60_000, event_peer=1500, orm_peer=600, growth=(100_000, 1_000_000), growth_run=100_000,
        growth_rounds=7, movements=50_000, seconds=1.0, judged=True,
    ),
    "full": Level(
        rounds=9, ours=100_000, event_peer=4000, orm_peer=1500, growth=(100_000, 3_000_000), growth_run=100_000,
        growth_rounds=9, movements=100_000, seconds=3, judged=True,
    ),
}  # fmt: skip


class Suite:
    """Runs the cases one after another on one server."""

    def __init__(self, servers: Servers, level: Level) -> None:
        self._servers = servers
        self._level = level
        self.runs: dict[str, Named] = {}
        self.goals: list[Goal] = []

    def run(self) -> None:
        """Measure everything."""
        self._servers.prepare(Workload())
        self._budgets()
        self._consumer()
        self._reads()
        if self._level.growth_rounds:
            self._growth()

    def _budgets(self) -> None:
        found = budgets.count(self._servers)
        self.goals += [
            at_most("statements of a read by id", found.read, 1),
            at_most("statements of 50 reads at once", found.reads_together, 3),
            at_most("statements of a batch of 1000, begin and commit included", found.batch, STATEMENTS_A_BATCH),
        ]

    def _consumer(self) -> None:
        level = self._level
        sizes = {consumer.OURS: level.ours, consumer.ASYNCPG: level.event_peer, consumer.ORM: level.orm_peer}
        loads = {variant: consumer.load_of(Workload(), size) for variant, size in sizes.items()}
        found = self._rounds(
            "consumer", list(sizes), level.rounds, lambda variant: consumer.run(self._servers, variant, loads[variant])
        )
        rates = {name: [each.rate for each in figures] for name, figures in found.items()}
        ours = rates["ours"]
        self.goals += [
            self._at_least("G8 consumer / per-event ORM", ours, rates["consumer_orm"], 50),
            self._at_least("G8 consumer / per-event asyncpg, the same rows", ours, rates["consumer_asyncpg"], 8),
        ]
        wal = statistics.median(each.wal_bytes for each in found["ours"])
        self.goals.append(
            at_most(
                "log of the database per event, full pages included",
                wal,
                WAL_AN_EVENT,
                " B",
                gated=level.ours >= 10_000,
            )
        )

    def _reads(self) -> None:
        level = self._level
        url = self._servers.keep("reads")
        asyncio.run(store(url, Workload(), level.movements))
        ids = asyncio.run(reads.copy_to_peers(url))[:4000]
        answers: dict[str, Any] = {}
        variants = [reads.OURS, reads.BARE, reads.ASYNCPG, reads.ORM, f"{reads.OURS}:again"]
        found = self._rounds(
            "read by id",
            variants,
            level.rounds,
            lambda variant: reads.run(variant.partition(":")[0], url, ids, level.seconds, answers),
        )
        busy = all(statistics.median(each.busy for each in f) >= reads.BUSY for f in found.values())
        speed = {
            name: [each.rate if busy else 1e6 / each.cpu_us for each in figures] for name, figures in found.items()
        }
        by = " by requests a second" if busy else " by processor time"
        for name, peer, floor in (
            ("G1 read by id / FastAPI + ORM", "http_orm", 5),
            ("G2 read by id / bare ASGI + asyncpg", "bare_asgi", 0.5),
            ("G3 read by id / FastAPI + asyncpg", "http_asyncpg", 1.35),
        ):
            self.goals.append(at_least(name, speed["ours"], speed[peer], floor, gated=level.judged, by=by))
        self.goals.append(within("control: read by id / the same again", speed["ours"], speed["ours:again"], CONTROL))
        garbage = min(each.garbage for each in found["ours"])
        self.goals.append(at_most("objects for the cycle collector per request", garbage, GARBAGE))

    def _growth(self) -> None:
        level = self._level
        cases = {}
        for size in level.growth:
            name, workload = f"stored_{size}", Workload()
            # Two segments are settled and the hot one, a quarter of all, is about half full, as it is on average.
            segment = size * 3 // 8 if size > level.growth[0] else 0
            asyncio.run(store(self._servers.keep(name), workload, size, segment))
            cases[name] = consumer.load_of(workload, level.growth_run)
        found = self._rounds(
            "growth",
            list(cases),
            level.growth_rounds,
            lambda name: consumer.run(self._servers, consumer.OURS, cases[name], name),
        )
        few, many = ([each.rate for each in found[name]] for name in cases)
        small, large = level.growth
        self.goals.append(self._at_least(f"consumer at {large:,} stored events / at {small:,}", many, few, 0.85))

    def _at_least(self, name: str, ours: Sequence[float], theirs: Sequence[float], floor: float) -> Goal:
        return at_least(name, ours, theirs, floor, gated=self._level.judged)

    def _rounds(self, case: str, variants: Sequence[str], rounds: int, run: Callable[[str], Any]) -> Named:
        found: Named = {_short(variant): [] for variant in variants}
        self.runs[case] = found
        for number in range(rounds):
            for variant in variants if number % 2 == 0 else reversed(variants):
                figures = run(variant)
                found[_short(variant)].append(figures)
                click.echo(f"{case}, round {number + 1}: {_short(variant):18} {_line(figures)}")
        return found


def _short(variant: str) -> str:
    return variant.rpartition(".")[2].replace("consumer_ours", "ours").replace("http_ours", "ours")


def _line(figures: msgspec.Struct) -> str:
    told = {name: value for name, value in msgspec.structs.asdict(figures).items() if value is not None}
    return "  ".join(f"{name} {value:,.4g}" if value < 1000 else f"{name} {value:,.0f}" for name, value in told.items())
