"""One run over the cache and the limits: Redis emptied, stopped and killed under reads and writes."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

import asyncpg
import httpx
import msgspec
from redis.asyncio import Redis

from core.inventory.cache_keys import stock_key
from core.inventory.events import EntriesStale
from tests.chaos.journal import Journal
from tests.chaos.load import ADJUST, MANY, READ
from tests.chaos.outcome import Outcome
from tests.chaos.plan import plan_of
from tests.chaos.processes import BEARER
from tests.chaos.stage import Size, Stage, socket_of, staged
from tests.chaos.witness import CHECKERS, Watched, Witness, stale_reads

PAIRS = 12
CALM_SECONDS = 5.0
SHOWN = 5
FEW = 0.01
LIMIT, AT_ONCE = 10, 120
RATE = f"{LIMIT}/36000"
PATIENT = "5"
IN_TIME = "Redis that answered in time while it ran"
EXACT = Counter({"200": LIMIT, "429": AT_ONCE - LIMIT})
STOCK = stock_key.__name__.removesuffix("_key")


class Wish(msgspec.Struct, frozen=True):
    """What to run: seconds of each harm, seconds from one flush to the next, and rounds at the limit."""

    seed: int = 1
    seconds: float = 60.0
    between: float = 0.2
    rounds: int = 100


def run(wish: Wish, journal_path: Path, say: Callable[[str], None]) -> Outcome:
    """Run once.

    :param journal_path: where clients keep what they were told.
    :param say: told of each step.
    """
    journal = Journal(journal_path)
    size = Size(brokers=0, consumers=0, https=4, schedulers=1)
    try:
        with staged(size, journal_path.with_suffix(".logs")) as stage:
            return asyncio.run(_Run(wish, stage, journal, say).whole())
    finally:
        journal.close()


class _Run:
    """One run on its stage."""

    def __init__(self, wish: Wish, stage: Stage, journal: Journal, say: Callable[[str], None]) -> None:
        self._wish, self._stage, self._journal, self._say = wish, stage, journal, say
        self._done: Counter[str] = Counter()
        self._watched = Watched()
        self._figures: dict[str, float] = {}

    async def whole(self) -> Outcome:
        """All of it."""
        await self._start()
        pairs = sorted(plan_of(self._wish.seed, 200).openings)[:PAIRS]
        urls = [part.url for part in self._stage.of("http")]
        witness = Witness(urls, pairs, self._journal, Random(self._wish.seed))
        stop = asyncio.Event()
        watching = asyncio.create_task(witness.run(stop))
        try:
            await self._harm()
        finally:
            stop.set()
            await watching
        self._watched.unsure = await _unsure(self._stage.url)
        self._say(f"{self._wish.rounds} rounds of {AT_ONCE} at a limit of {LIMIT}")
        passed = await self._rounds()
        return Outcome(self._wish, self._judged(passed), self._missing(), dict(self._done), self._figures)

    async def _start(self) -> None:
        self._say("starting processes")
        for part in self._stage.parts:
            part.start()
        await self._until_ready()

    async def _until_ready(self) -> None:
        async with httpx.AsyncClient(headers=BEARER) as client:
            await asyncio.gather(*(part.until_ready(client) for part in self._stage.parts))

    async def _harm(self) -> None:
        steps: list[tuple[str, Callable[[], Awaitable[None]]]] = [
            ("flushed again and again", self._flush),
            ("stopped", self._stop),
            ("killed", self._kill),
        ]
        await asyncio.sleep(CALM_SECONDS)
        for name, step in steps:
            self._say(f"Redis is {name} for {self._wish.seconds:.0f} s")
            await step()
            await asyncio.sleep(CALM_SECONDS)

    async def _flush(self) -> None:
        until = time.monotonic() + self._wish.seconds
        async with Redis.from_url(self._stage.valkey.url) as redis:
            while time.monotonic() < until:
                await redis.flushall()
                self._done["flush"] += 1
                await asyncio.sleep(self._wish.between)
            self._done["hit"] = (await redis.info("stats"))["keyspace_hits"]

    async def _stop(self) -> None:
        pid = await self._pid()
        begun = time.monotonic()
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(self._wish.seconds)
        finally:
            os.kill(pid, signal.SIGCONT)
        self._note("stopped", begun)

    async def _kill(self) -> None:
        pid = await self._pid()
        begun = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        await asyncio.to_thread(self._stage.valkey.stop)
        await asyncio.sleep(self._wish.seconds)
        await asyncio.to_thread(self._stage.valkey.start)
        self._stage.redis.aim(socket_of(self._stage.valkey))
        self._note("killed", begun)

    def _note(self, what: str, begun: float) -> None:
        self._watched.away.append((begun, time.monotonic()))
        self._done[what] += 1

    async def _pid(self) -> int:
        async with Redis.from_url(self._stage.valkey.url) as redis:
            return int((await redis.info("server"))["process_id"])

    async def _rounds(self) -> list[Counter[str]]:
        """What those who call at once are told, round after round, over all processes."""
        for part in self._stage.of("http"):
            await asyncio.to_thread(part.stop)
            part.environment = {**part.environment, "SOTY_HTTP_RATE_LIMIT": RATE, "SOTY_REDIS_TIMEOUT": PATIENT}
            part.start()
        await self._until_ready()
        urls = [f"{part.url}/api/v1/warehouse" for part in self._stage.of("http")]
        passed: list[Counter[str]] = []
        async with (
            httpx.AsyncClient(timeout=30, limits=MANY, headers=BEARER) as client,
            Redis.from_url(self._stage.valkey.url) as redis,
        ):
            for _ in range(self._wish.rounds):
                await redis.flushall()
                asked = (client.get(urls[number % len(urls)]) for number in range(AT_ONCE))
                answers = Counter(map(_told, await asyncio.gather(*asked, return_exceptions=True)))
                passed.append(answers)
        return passed

    def _judged(self, passed: list[Counter[str]]) -> list[str]:
        lines, found = self._journal.lines, []
        for checker in CHECKERS:
            each = list(checker(lines, self._watched))
            found += [f"{checker.__name__}: {line}" for line in each[:SHOWN]]
            found += [f"{checker.__name__}: and {len(each) - SHOWN} more"] if len(each) > SHOWN else []
        found += [f"round {n} at the limit: {dict(each)}" for n, each in enumerate(passed) if each != EXACT]
        self._count(passed)
        return found

    def _count(self, passed: list[Counter[str]]) -> None:
        lines, stale = self._journal.lines, stale_reads(self._journal.lines)
        calm = [each for each in stale if self._watched.answers(each.since)]
        self._figures |= {
            "reads": sum(line.op == READ for line in lines),
            "writes": sum(line.op == ADJUST for line in lines),
            "reads while away": sum(line.op == READ and not self._watched.answers(line.at) for line in lines),
            "slowest_answer_seconds": max((line.seconds for line in lines), default=0),
            "stale while away": len(stale) - len(calm),
            "stale after an unsure forget": len(calm),
            "unsure forgets while Redis answers": self._unsure_in_calm(),
            "most stale_seconds": max((each.late for each in stale), default=0),
            "rounds with exactly ten": sum(each == EXACT for each in passed),
        }

    def _unsure_in_calm(self) -> int:
        moments = (moment for each in self._watched.unsure.values() for moment in each)
        return sum(self._watched.answers(moment) and self._watched.answers(moment - 1) for moment in moments)

    def _missing(self) -> list[str]:
        missing = [kind for kind in ("flush", "hit", "stopped", "killed") if not self._done[kind]]
        if not self._figures["reads while away"]:
            missing.append("read while Redis was away")
        if self._unsure_in_calm() > FEW * self._figures["writes"]:
            missing.append(IN_TIME)
        return missing


def _told(answer: httpx.Response | BaseException) -> str:
    return str(answer.status_code) if isinstance(answer, httpx.Response) else repr(answer)


async def _unsure(url: str) -> dict[str, list[float]]:
    """When which stocks could not be forgotten for sure, as the facts about it say."""
    now_then = time.monotonic() - time.time()
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT payload, occurred_at FROM kernel.outbox WHERE name = $1", EntriesStale.name
        )
    finally:
        await connection.close()
    found: dict[str, list[float]] = {}
    for row in rows:
        moment = row["occurred_at"].timestamp() + now_then
        for key in msgspec.json.decode(row["payload"], type=EntriesStale).keys:
            kind, _, name = key.partition(":")
            if kind == STOCK:
                found.setdefault(name, []).append(moment)
    return found
