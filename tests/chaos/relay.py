"""One run over the outbox: facts are committed, relays are killed, subscribers compare."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from uuid import UUID

import asyncpg
import httpx
import msgspec

from adapters.kafka.settings import KafkaSettings
from adapters.postgres.settings import PostgresSettings
from core.inventory.ports import InventoryWork
from core.kernel.actor import Actor, ActorKind
from core.kernel.secret import Secret
from core.kernel.work import OpenWork
from core.operations.api import ChosenDeliveries
from core.operations.module import MODULE as OPERATIONS
from core.operations.usecases.decide_deliveries import DropDeliveries, ReplayDeliveries
from entrypoints.scheduler.container import build
from entrypoints.shared.settings import AppSettings, Settings
from tests.chaos.outcome import Outcome
from tests.chaos.probe import CURE, NOTED, WITH_PROBE, Happened
from tests.chaos.processes import BEARER, Part
from tests.chaos.published import outbox, published
from tests.chaos.relayed import CHECKERS, Relayed
from tests.chaos.stage import FACTS, PARTITIONS, Size, Stage, staged

KEYS, WRITERS, MOST_AT_ONCE = 400, 4, 5
BEFORE, BEHIND = 3, 20
DROPPED, REPLAYED = "poison-dropped", "poison-replayed"
POISONED = [DROPPED, REPLAYED]
SUPERVISOR = Actor(ActorKind.SERVICE, "chaos", frozenset(OPERATIONS.permissions))
DEATH_SECONDS = 120.0
SHOWN, SAID = 5, 10
LEFT = "SELECT count(*) FROM kernel.delivery WHERE NOT key = ANY ($1)"
STATES = "SELECT state, count(*) AS times FROM kernel.delivery WHERE key = ANY ($1) GROUP BY 1"
STUCK = """
SELECT d.key, o.id FROM kernel.delivery AS d JOIN kernel.outbox AS o USING (seq)
WHERE d.subscriber = $1 ORDER BY d.seq"""
DEAD = "SELECT key, seq FROM kernel.delivery WHERE state = 'dead'"
KEPT = "SELECT object_id, details ->> 'id' AS id FROM kernel.audit WHERE action = $1 ORDER BY xmin::text::bigint"


class Wish(msgspec.Struct, frozen=True):
    """What to run: facts, a second about, and how many relays are killed meanwhile."""

    seed: int = 1
    events: int = 50_000
    kills: int = 100
    rate: float = 250.0
    relays: int = 3
    rest_seconds: float = 60.0


def run(wish: Wish, journal_path: Path, say: Callable[[str], None]) -> Outcome:
    """Run once.

    :param journal_path: beside it are kept the logs of the processes.
    :param say: told of each step.
    """
    size = Size(brokers=1, consumers=0, https=0, schedulers=wish.relays)
    with staged(size, journal_path.with_suffix(".logs")) as stage:
        return asyncio.run(_Run(wish, stage, say).whole())


class _Run:
    """One run on its stage."""

    def __init__(self, wish: Wish, stage: Stage, say: Callable[[str], None]) -> None:
        self._wish, self._stage, self._say = wish, stage, say
        self._random = Random(wish.seed)
        self._kills: list[tuple[float, float]] = []
        self._figures: dict[str, float] = {}
        self._late: list[str] = []
        self._cure = stage.folder / "cure"
        self._container = build(_settings(stage), modules=WITH_PROBE)

    async def whole(self) -> Outcome:
        """All of it."""
        await self._start()
        try:
            await self._storm()
            await self._rest("all other keys", LEFT, POISONED)
            relayed = await self._look_at_poison()
            await self._let_go()
            await self._rest("the keys of poison", LEFT, [])
        finally:
            await self._container.close()
        return await self._outcome(relayed)

    async def _start(self) -> None:
        assert self._stage.cluster is not None
        await self._stage.cluster.create_topic(FACTS, PARTITIONS)
        self._say("starting relays, which reach the servers past the proxies")
        for part in self._stage.parts:
            part.module = "tests.chaos.probe"
            past = {"SOTY_POSTGRES_URL": self._stage.url, "SOTY_KAFKA_BOOTSTRAP": self._stage.inside}
            part.environment = {**part.environment, **past, CURE: str(self._cure)}
            part.start()
        async with httpx.AsyncClient(headers=BEARER) as client:
            await asyncio.gather(*(part.until_ready(client) for part in self._stage.parts))

    async def _storm(self) -> None:
        wish = self._wish
        self._say(f"{wish.events} facts at {wish.rate:.0f} a second, {wish.kills} kills")
        started = time.monotonic()
        facts = _facts(self._random, wish.events)
        await asyncio.gather(self._write(facts), self._kill())
        self._figures["storm_seconds"] = time.monotonic() - started

    async def _write(self, facts: Iterator[Happened]) -> None:
        """Commit facts at their pace, those of one key one after another; a part of them after each kill."""
        work: OpenWork[InventoryWork] = await self._container.get(OpenWork[InventoryWork])
        hands: list[list[Happened]] = [[] for _ in range(WRITERS)]
        started, sent, each = time.monotonic(), 0, self._wish.events / (self._wish.kills + 1)
        while chunk := list(islice(facts, max(1, int(self._wish.rate / 10)))):
            while sent + len(chunk) > each * (len(self._kills) + 1):
                await asyncio.sleep(0.02)
            for fact in chunk:
                hands[hash(fact.place) % WRITERS].append(fact)
            await asyncio.gather(*(self._commit(work, hand) for hand in hands))
            hands, sent = [[] for _ in range(WRITERS)], sent + len(chunk)
            await asyncio.sleep(max(0.0, sent / self._wish.rate - (time.monotonic() - started)))

    async def _commit(self, work: OpenWork[InventoryWork], facts: list[Happened]) -> None:
        waiting = iter(facts)
        while some := list(islice(waiting, self._random.randint(1, MOST_AT_ONCE))):
            async with work() as unit:
                unit.publish(*some)

    async def _kill(self) -> None:
        """Kill relays that are at work by turns, at random moments, each long enough for others to start meanwhile."""
        pause = self._wish.events / self._wish.rate / max(1, self._wish.kills)
        async with httpx.AsyncClient(headers=BEARER) as client:
            ready = [asyncio.create_task(part.until_ready(client)) for part in self._stage.parts]
            for number in range(self._wish.kills):
                turn = number % len(ready)
                starting = await ready[turn]
                await asyncio.sleep(max(pause, starting) * self._random.uniform(0.5, 1.2))
                part = self._stage.parts[turn]
                begin = time.time()
                await asyncio.to_thread(part.kill)
                self._kills.append((begin, time.time()))
                part.start()
                ready[turn] = asyncio.create_task(part.until_ready(client))
                if (number + 1) % SAID == 0:
                    self._say(f"{number + 1} kills, {await self._count(LEFT, [])} deliveries on their way")
            await asyncio.gather(*ready)

    async def _rest(self, what: str, sql: str, but: list[str]) -> None:
        """Wait until nothing is left."""
        started = time.monotonic()
        left = await self._count(sql, but)
        self._say(f"{left} deliveries of {what} are left")
        self._figures[f"left of {what}"] = left
        while left and time.monotonic() - started < self._wish.rest_seconds:
            await asyncio.sleep(0.2)
            left = await self._count(sql, but)
        self._figures[f"seconds until {what} were done"] = time.monotonic() - started
        if left:
            self._late.append(f"{left} deliveries of {what} are left after {self._wish.rest_seconds:.0f} s")

    async def _count(self, sql: str, *values: object) -> int:
        rows = await self._rows(sql, *values)
        return int(rows[0][0])

    async def _rows(self, sql: str, *values: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self._stage.url)
        try:
            return list(await connection.fetch(sql, *values))
        finally:
            await connection.close()

    async def _look_at_poison(self) -> Relayed:
        """Wait until poison is given up, and see what it holds back."""
        self._say("waiting until poison is dead")
        until = time.monotonic() + DEATH_SECONDS
        states: dict[str, int] = {}
        while states.get("dead") != len(POISONED) or states.get("pending"):
            if time.monotonic() > until:
                self._late.append(f"the deliveries of poison are {states} after {DEATH_SECONDS:.0f} s")
                break
            await asyncio.sleep(0.5)
            states = {row["state"]: row["times"] for row in await self._rows(STATES, POISONED)}
        stuck = _by_key(await self._rows(STUCK, NOTED))
        noted = _by_key(await self._rows(KEPT, NOTED))
        return Relayed({}, {}, [], stuck=stuck, noted_then={key: noted.get(key, []) for key in POISONED})

    async def _let_go(self) -> None:
        """Drop one poisonous fact, and replay the other one now that there is a cure."""
        self._cure.touch()
        drop, replay = await self._container.get(DropDeliveries), await self._container.get(ReplayDeliveries)
        for row in await self._rows(DEAD):
            chosen = ChosenDeliveries(subscriber=NOTED, seq=row["seq"])
            if row["key"] == DROPPED:
                await drop(SUPERVISOR, chosen, note="poison")
            else:
                await replay(SUPERVISOR, chosen, note="cured")

    async def _outcome(self, relayed: Relayed) -> Outcome:
        committed = await outbox(self._stage.url)
        relayed.committed = {key: ids for key, ids in committed.items() if key}
        relayed.noted = _by_key(await self._rows(KEPT, NOTED))
        relayed.told = await published(self._stage.inside, FACTS, PARTITIONS)
        relayed.kills = self._kills
        relayed.poison = {key: committed[key][BEFORE] for key in POISONED}
        relayed.dropped = frozenset({committed[DROPPED][BEFORE]})
        self._figures |= {
            "facts": sum(map(len, relayed.committed.values())),
            "effects": sum(map(len, relayed.noted.values())),
            "told": len(relayed.told),
            "told again": len(relayed.told) - len({seen.id for seen in relayed.told}),
        }
        harm = {"kill": len(self._kills)}
        missing = [] if len(self._kills) >= self._wish.kills else [f"{self._wish.kills}th kill under load"]
        return Outcome(self._wish, self._late + violations(relayed), missing, harm, self._figures, self._died())

    def _died(self) -> list[str]:
        return [part.name for part in self._stage.parts if Part.died_by_itself(part)]


def violations(relayed: Relayed) -> list[str]:
    """What all judges find, a few lines of each."""
    found: list[str] = []
    for checker in CHECKERS:
        lines = list(checker(relayed))
        found += [f"{checker.__name__}: {line}" for line in lines[:SHOWN]]
        found += [f"{checker.__name__}: and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return found


def _facts(random: Random, events: int) -> Iterator[Happened]:
    """So many facts, after those of the keys with poison."""
    numbers: defaultdict[str, int] = defaultdict(int)
    places = [f"place-{random.randrange(KEYS)}" for _ in range(events - len(POISONED) * (BEFORE + 1 + BEHIND))]
    for place in [*(POISONED * (BEFORE + 1 + BEHIND)), *places]:
        number = numbers[place]
        numbers[place] += 1
        yield Happened(place=place, n=number, poisonous=place in POISONED and number == BEFORE)


def _settings(stage: Stage) -> Settings:
    return Settings(
        app=AppSettings(profile="test", data_dir=stage.folder),
        postgres=PostgresSettings(url=Secret(stage.url)),
        kafka=KafkaSettings(bootstrap=stage.inside, events_topic=FACTS),
    )


def _by_key(rows: list[asyncpg.Record]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = defaultdict(list)
    for key, ident in rows:
        found[key].append(UUID(str(ident)))
    return dict(found)
