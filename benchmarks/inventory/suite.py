"""Every case of inventory at a level, its gates and its goals."""

import asyncio
import re
import statistics
from collections.abc import Callable, Sequence
from typing import Any

import click
import msgspec

from benchmarks.goals import Goal, at_least, at_most, within
from benchmarks.inventory import budgets, consumer, hot, reads, relay
from benchmarks.inventory.levels import Level
from benchmarks.inventory.servers import Servers
from benchmarks.inventory.store import store
from benchmarks.inventory.workload import Workload

Named = dict[str, list[Any]]
STATEMENTS_A_BATCH = 9
WAL_AN_EVENT = 1200
GARBAGE = 1.0
CONTROL = 0.08
WAKE_MS = 3.0


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
        self._relay()
        self._hot()
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
        ids = asyncio.run(reads.copy_to_peers(url))[: reads.HOT]
        answers: dict[str, Any] = {}

        def read(variant: str) -> reads.Figures:
            where = {"url": url} | ({"redis": self._servers.redis} if variant == reads.CACHED else {})
            return reads.run(variant.partition(":")[0], where, ids, level.seconds, answers)

        variants = [reads.OURS, reads.CACHED, reads.BARE, reads.ASYNCPG, reads.ORM, reads.AGAIN]
        found = self._rounds("read by id", variants, level.rounds, read)
        busy = all(statistics.median(each.busy for each in f) >= reads.BUSY for f in found.values())
        speed = {
            name: [each.rate if busy else 1e6 / each.cpu_us for each in figures] for name, figures in found.items()
        }
        by = " by requests a second" if busy else " by processor time"
        for name, who, peer, floor in (
            ("G1 read by id / FastAPI + ORM", "ours", "http_orm", 5),
            ("G2 read by id / bare ASGI + asyncpg", "ours", "bare_asgi", 0.5),
            ("G3 read by id / FastAPI + asyncpg", "ours", "http_asyncpg", 1.35),
            ("G4 cached read by id / FastAPI + ORM", "ours:cached", "http_orm", 10),
            ("G4 cached read by id / bare ASGI + asyncpg", "ours:cached", "bare_asgi", 0.85),
        ):
            self.goals.append(at_least(name, speed[who], speed[peer], floor, gated=level.judged, by=by))
        self.goals.append(within("control: read by id / the same again", speed["ours"], speed["ours:again"], CONTROL))
        garbage = min(each.garbage for each in found["ours"])
        self.goals.append(at_most("objects for the cycle collector per request", garbage, GARBAGE))

    def _relay(self) -> None:
        level = self._level
        sizes = {relay.OURS: level.facts, relay.ROWS: level.facts_peer}
        for variant, size in sizes.items():
            relay.publish(self._servers.keep(variant), size, peer=variant == relay.ROWS)
        found = self._rounds(
            "relay", list(sizes), level.rounds, lambda variant: relay.run(self._servers, variant, sizes[variant])
        )
        ours, rows = ([each.rate for each in figures] for figures in found.values())
        self.goals.append(self._at_least("G14 relay / row by row", ours, rows, 20))
        woken = self._rounds("wake", ["commit"], 1, lambda _: relay.wake(self._servers, level.wakes))["commit"][0]
        name = "G14 from the commit of a fact to its subscriber, median"
        self.goals.append(at_most(name, woken.p50, WAKE_MS, " ms", gated=level.judged))

    def _hot(self) -> None:
        loads = {name: hot.load_of(name, self._level.hot) for name in (hot.HOT, hot.SPREAD)}
        found = self._rounds(
            "hot stocks", list(loads), self._level.hot_rounds, lambda name: hot.run(self._servers, loads[name])
        )
        few, many = ([each.rate for each in figures] for figures in found.values())
        self.goals.append(self._at_least("G10 four consumers on 8 hot stocks / on 20,000", few, many, 1))
        deadlocks = sum(each.deadlocks for figures in found.values() for each in figures)
        self.goals.append(at_most("G10 deadlocks of four consumers", deadlocks, 0))

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
    return re.sub(r"^\w+_ours", "ours", variant.rpartition(".")[2])


def _line(figures: msgspec.Struct) -> str:
    told = {name: value for name, value in msgspec.structs.asdict(figures).items() if value is not None}
    return "  ".join(f"{name} {value:,.4g}" if value < 1000 else f"{name} {value:,.0f}" for name, value in told.items())
