"""Does harm while a run goes on, by a seed, and counts what it did."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

import msgspec

from tests.chaos.journal import Line
from tests.chaos.processes import Part
from tests.chaos.stage import Stage
from tests.support.proxy import Mode, Proxy

DEAD_SECONDS = 0.3
BROKER_AWAY_SECONDS = 15.0

Harm = tuple[str, Callable[[], Coroutine[None, None, None]]]


class Pace(msgspec.Struct, frozen=True):
    """Seconds: from one kill to the next, between harms at most, and how long a harm lasts about.

    With fewer ``kills`` of processes of Soty a run proves nothing.
    """

    kill: float = 3.0
    between: float = 4.0
    harm: float = 2.0
    kills: int = 40

    @property
    def enough(self) -> str:
        """What counts that there were so many kills."""
        return f"{self.kills} kills"


@dataclass
class Nemesis:
    """Kills processes by turns, cuts links by turns, stops clocks; ``heal`` undoes all of it."""

    stage: Stage
    random: Random
    pace: Pace
    done: Counter[str] = field(default_factory=Counter)
    died: list[str] = field(default_factory=list)
    _dead: set[str] = field(default_factory=set)

    def wanted(self) -> set[str]:
        """Kinds of harm without which a run proves nothing."""
        kinds = {name for name, _ in self._harms()} | {f"kill {part.command}" for part in self._victims()}
        return kinds | {self.pace.enough} | ({"kill broker"} if self._has_spare_broker() else set())

    @property
    def kills(self) -> int:
        """How many processes of Soty were killed."""
        return sum(self.done[f"kill {part}"] for part in {part.command for part in self._victims()})

    async def run(self, stop: asyncio.Event) -> None:
        """Do harm until told to stop."""
        doing = [self._kill_by_turns(stop), self._harm_by_turns(stop), self._revive(stop)]
        if self._has_spare_broker():
            doing.append(self._lose_a_broker(stop))
        await asyncio.gather(*doing)

    def heal(self) -> None:
        """Open every link and let every process run."""
        for proxy in itertools.chain(*self.stage.proxies.values()):
            proxy.switch(Mode.OK)
        for part in self.stage.parts:
            part.pause(on=False)
            if part.died_by_itself():
                self.died.append(part.name)
                part.start()

    def judged(self, lines: Sequence[Line]) -> tuple[list[str], Mapping[str, float]]:
        """Nothing beyond what the checkers of inventory say."""
        return [], {}

    def _victims(self) -> list[Part]:
        return [part for part in self.stage.parts if part.command != "http"]

    def _has_spare_broker(self) -> bool:
        return len(self.stage.kafkas) > 2

    async def _kill_by_turns(self, stop: asyncio.Event) -> None:
        victims = sorted(self._victims(), key=lambda part: (part.name[-1], part.name))
        for part in itertools.cycle(victims):
            if await _stopped(stop, self.pace.kill):
                return
            self._dead.add(part.name)
            await asyncio.to_thread(part.kill)
            self.done[f"kill {part.command}"] += 1
            if self.kills == self.pace.kills:
                self.done[self.pace.enough] += 1
            await asyncio.sleep(DEAD_SECONDS)
            part.start()
            self._dead.discard(part.name)

    async def _revive(self, stop: asyncio.Event) -> None:
        """Start again what ended although nobody killed it, as whoever supervises it would."""
        while not await _stopped(stop, 1.0):
            for part in self.stage.parts:
                if part.name not in self._dead and part.died_by_itself():
                    self.died.append(part.name)
                    part.start()

    async def _harm_by_turns(self, stop: asyncio.Event) -> None:
        harms = self._harms()
        while not await _stopped(stop, self.pace.between * self.random.uniform(0.3, 1)):
            if not harms:
                harms = self._harms()
            name, harm = harms.pop(0)
            await harm()
            self.done[name] += 1

    def _harms(self) -> list[Harm]:
        found: list[Harm] = []
        for server, proxies in self.stage.proxies.items():
            found += [
                (f"cut {server}", partial(self._cut, proxies)),
                (f"blackhole {server}", partial(self._bad, proxies, Mode.BLACKHOLE, 0)),
                (f"latency {server}", partial(self._bad, proxies, Mode.LATENCY, 0.05)),
                (f"down {server}", partial(self._bad, proxies, Mode.DOWN, 0)),
            ]
        found += [(f"pause {part.name}", partial(self._pause, part)) for part in self.stage.of("consumer")]
        found.append(("reset before commit", lambda: self._bad([self.stage.postgres], Mode.BEFORE_COMMIT, 0.3)))
        found.append(("reset after commit", lambda: self._bad([self.stage.postgres], Mode.AFTER_COMMIT, 0.3)))
        return found

    async def _cut(self, proxies: list[Proxy]) -> None:
        for proxy in proxies:
            await asyncio.to_thread(proxy.cut)

    async def _bad(self, proxies: list[Proxy], mode: Mode, amount: float) -> None:
        for proxy in proxies:
            await asyncio.to_thread(proxy.switch, mode, amount)
        await asyncio.sleep(self.pace.harm * self.random.uniform(0.5, 1.5))
        for proxy in proxies:
            await asyncio.to_thread(proxy.switch, Mode.OK)

    async def _pause(self, part: Part) -> None:
        part.pause(on=True)
        await asyncio.sleep(self.pace.harm)
        part.pause(on=False)

    async def _lose_a_broker(self, stop: asyncio.Event) -> None:
        cluster = self.stage.cluster
        assert cluster is not None
        numbers = _shuffled(self.random, len(self.stage.kafkas))
        for number in numbers:
            if await _stopped(stop, BROKER_AWAY_SECONDS):
                return
            await asyncio.to_thread(cluster.kill, number)
            self.done["kill broker"] += 1
            await _stopped(stop, BROKER_AWAY_SECONDS)
            cluster.launch(number)
            await asyncio.to_thread(cluster.wait, number)


def _shuffled(random: Random, count: int) -> Iterator[int]:
    while True:
        yield from random.sample(range(count), count)


async def _stopped(stop: asyncio.Event, seconds: float) -> bool:
    """Wait, and say whether the run was stopped meanwhile."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
