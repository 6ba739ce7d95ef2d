"""PostgreSQL away for a while, in several ways, while everything else goes on."""

import asyncio
import os
import signal
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from adapters.embedded.postgres import EmbeddedPostgres
from entrypoints.shared.chores import background
from tests.chaos.inventory import Wish
from tests.chaos.journal import Journal, Line, Told
from tests.chaos.load import READ
from tests.chaos.processes import BEARER, Part
from tests.chaos.stage import Size, Stage
from tests.support.proxy import Mode

CALM_SECONDS = 4.0
BACK_SECONDS, PATIENT_SECONDS = 3.0, 30.0
ANSWER_SECONDS = 6.0
NOTICE_SECONDS = 10.0
LOOK_SECONDS, WATCH_SECONDS = 0.5, 0.05
COPIES, POSTS = 3, 5
HTTP = "http"
BUSY_SECONDS, SPARE = 0.5, "time to spare, so that what is timed is true"


class Way(StrEnum):
    """How PostgreSQL goes away: its link falls silent, its link refuses and resets, or its processes stand still."""

    BLACKHOLE = "blackhole"
    DOWN = "down"
    STOPPED = "stopped"


@dataclass
class Outage:
    """One time away, from ``begun`` to ``ended`` by :func:`time.monotonic`.

    ``noticed`` says after how many seconds each consumer was first not ready, ``ready_again`` which of them said that
    it was ready later on although nothing had come back, ``dead`` which parts gave no sign of life, and ``back`` the
    seconds from the end until each part worked.
    """

    way: Way
    begun: float = 0.0
    ended: float = 0.0
    noticed: dict[str, float] = field(default_factory=dict)
    ready_again: set[str] = field(default_factory=set)
    dead: set[str] = field(default_factory=set)
    back: dict[str, float] = field(default_factory=dict)


def answers_are_quick_and_kind(outages: Sequence[Outage], lines: Sequence[Line]) -> Iterator[str]:
    """Every request is answered in time; one that cannot be served is told so, and when to come again."""
    for line in lines:
        if line.seconds > ANSWER_SECONDS or not line.status:
            yield f"{line.op} {line.key} got {line.status or line.answer} after {line.seconds:.1f} s"
        elif line.status >= 500 and line.status != 503:
            yield f"{line.op} {line.key} was answered {line.status}: {line.answer}"
        elif line.status == 503 and not line.retry_after:
            yield f"{line.op} {line.key} was answered 503 without Retry-After"


def consumers_pause(outages: Sequence[Outage], lines: Sequence[Line]) -> Iterator[str]:
    """A consumer says that it is not ready, and waits for the end of it without ending itself."""
    for outage in outages:
        for name in outage.back.keys() - {HTTP}:
            if (seconds := outage.noticed.get(name, PATIENT_SECONDS)) > NOTICE_SECONDS:
                yield f"{outage.way}: {name} was ready for {seconds:.1f} s or more"
        yield from (f"{outage.way}: {name} was ready while nothing was back" for name in sorted(outage.ready_again))
        yield from (f"{outage.way}: {name} gave no sign of life" for name in sorted(outage.dead))


def all_is_back_at_once(outages: Sequence[Outage], lines: Sequence[Line]) -> Iterator[str]:
    """Soon after the end a write is accepted and every consumer applies messages."""
    for outage in outages:
        for name, seconds in outage.back.items():
            if seconds > BACK_SECONDS:
                yield f"{outage.way}: {name} was back after {seconds:.1f} s"


CHECKERS = (answers_are_quick_and_kind, consumers_pause, all_is_back_at_once)


class Outages:
    """Takes PostgreSQL away, one way after another; between them all must come back."""

    def __init__(self, stage: Stage, lines: Sequence[Line], ways: Sequence[Way], seconds: float) -> None:
        """:param lines: what clients were told, which grows.
        :param seconds: how long each outage lasts.
        """
        self.done: Counter[str] = Counter()
        self.died: list[str] = []
        self.outages: list[Outage] = []
        self._stage, self._lines, self._ways, self._seconds = stage, lines, ways, seconds
        self._lag = 0.0

    def wanted(self) -> set[str]:
        """Every way, and somebody who was refused meanwhile."""
        return {*self._ways, SPARE} | {f"503 while {way}" for way in self._ways}

    async def run(self, stop: asyncio.Event) -> None:
        """All ways, however long the load lasts."""
        async with background(self._measure_lag()):
            await self._all_ways()
        self.done[SPARE] = self._lag < BUSY_SECONDS

    async def _measure_lag(self) -> None:
        """How late we are ourselves, for what we time is not the truth then."""
        while True:
            wanted = time.monotonic() + WATCH_SECONDS
            await asyncio.sleep(WATCH_SECONDS)
            self._lag = max(self._lag, time.monotonic() - wanted)

    async def _all_ways(self) -> None:
        for way in self._ways:
            await asyncio.sleep(CALM_SECONDS)
            outage = Outage(way)
            self.outages.append(outage)
            await self._away(outage)
            await self._until_back(outage)
            self.done[way] += 1
            self.done[f"503 while {way}"] += sum(
                line.status == 503 and outage.begun < line.at < outage.ended for line in self._lines
            )

    def heal(self) -> None:
        """Open the link; whoever ended has ended by itself."""
        self._stage.postgres.switch(Mode.OK)
        self.died += [part.name for part in self._stage.parts if part.died_by_itself()]

    def judged(self, lines: Sequence[Line]) -> tuple[list[str], Mapping[str, float]]:
        """What was wrong with the answers and the processes, and how long things took."""
        found = [f"{name} ended by itself" for name in self.died]
        for checker in CHECKERS:
            found += [f"{checker.__name__}: {line}" for line in list(checker(self.outages, lines))[:5]]
        figures = {f"{outage.way} {name} back": took for outage in self.outages for name, took in outage.back.items()}
        for outage in self.outages:
            during = [line.seconds for line in lines if outage.begun < line.at < outage.ended + ANSWER_SECONDS]
            figures[f"{outage.way} answers"] = len(during)
            figures[f"{outage.way} slowest"] = max(during, default=0)
            figures[f"{outage.way} noticed"] = max(outage.noticed.values(), default=0)
        figures["our own lag"] = self._lag
        return found, figures

    async def _away(self, outage: Outage) -> None:
        outage.begun = time.monotonic()
        with self._taken_away(outage.way):
            async with httpx.AsyncClient(headers=BEARER) as client:
                while (left := outage.begun + self._seconds - time.monotonic()) > 0:
                    await asyncio.gather(*(self._look(outage, part, client) for part in self._stage.parts))
                    await asyncio.sleep(min(LOOK_SECONDS, max(0.0, left)))
        outage.ended = time.monotonic()

    @contextmanager
    def _taken_away(self, way: Way) -> Iterator[None]:
        if way is Way.STOPPED:
            with stopped(self._stage.server):
                yield
        else:
            self._stage.postgres.switch(Mode(way))
            try:
                yield
            finally:
                self._stage.postgres.switch(Mode.OK)

    async def _look(self, outage: Outage, part: Part, client: httpx.AsyncClient) -> None:
        if part.died_by_itself() or not await _lives(part, client):
            outage.dead.add(part.name)
        if part.command != "consumer":
            return
        ready = await part.is_ready(client)
        if not ready:
            outage.noticed.setdefault(part.name, time.monotonic() - outage.begun)
        elif part.name in outage.noticed:
            outage.ready_again.add(part.name)

    async def _until_back(self, outage: Outage) -> None:
        async with httpx.AsyncClient(headers=BEARER) as client:
            waiting = [self._applies(outage, part, client) for part in self._stage.of("consumer")]
            await asyncio.gather(self._accepts(outage), *waiting)

    async def _accepts(self, outage: Outage) -> None:
        """Wait for the first write that a client was told of."""
        seen = bisect_right(self._lines, outage.ended, key=lambda line: line.at)
        while time.monotonic() < outage.ended + PATIENT_SECONDS:
            fresh = self._lines[seen:]
            seen += len(fresh)
            written = [line.at for line in fresh if line.op != READ and line.told is Told.OK]
            if written:
                outage.back[HTTP] = written[0] - outage.ended
                return
            await asyncio.sleep(WATCH_SECONDS)
        outage.back[HTTP] = PATIENT_SECONDS

    async def _applies(self, outage: Outage, part: Part, client: httpx.AsyncClient) -> None:
        """Wait until a consumer has applied more than at the end."""
        before = await _applied(part, client)
        while time.monotonic() < outage.ended + PATIENT_SECONDS:
            await asyncio.sleep(WATCH_SECONDS)
            if await _applied(part, client) > before:
                break
        outage.back[part.name] = time.monotonic() - outage.ended


def during_outages(
    seed: int, seconds: float, ways: Sequence[Way], rate: float
) -> tuple[Wish, Callable[[Stage, Journal], Outages]]:
    """What to run, and what happens meanwhile.

    :param seconds: how long each outage lasts.
    :param rate: messages a second.
    """
    whole = (seconds + CALM_SECONDS + BACK_SECONDS) * len(ways) + CALM_SECONDS
    wish = Wish(
        seed,
        events=int(whole * rate / COPIES),
        rate=rate,
        minutes=whole / 60,
        size=Size(https=2, schedulers=1),
        posts=int(whole * POSTS),
        readers=4,
    )
    return wish, lambda stage, journal: Outages(stage, journal.lines, ways, seconds)


@contextmanager
def stopped(server: EmbeddedPostgres) -> Iterator[None]:
    """All processes of a server stand still, and go on at the end."""
    postmaster = int((server.data_dir / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGSTOP)
    family = [*_children(postmaster), postmaster]
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def _lives(part: Part, client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get(f"{part.url}/health/live", timeout=ANSWER_SECONDS)).is_success
    except httpx.HTTPError:
        return False


async def _applied(part: Part, client: httpx.AsyncClient) -> float:
    """Messages that a consumer has applied so far."""
    text = (await client.get(f"{part.url}/metrics", timeout=ANSWER_SECONDS)).text
    return sum(_values(text, "soty_consumer_messages_total"))


def _values(text: str, name: str) -> Iterable[float]:
    for family in text_string_to_metric_families(text):
        yield from (sample.value for sample in family.samples if sample.name == name)
