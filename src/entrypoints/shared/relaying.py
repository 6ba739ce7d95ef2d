"""Runs the relays of all subscribers, and the sweeps of all modules."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from dishka import AsyncContainer

from core.kernel.actor import system_actor
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from core.kernel.manifest import Module
from core.kernel.outbox import Bell, Lanes, OutboxReader, OutboxUpkeep
from core.kernel.relay import ReactionSubscriber, Relay, Subscriber
from entrypoints.shared.chores import background, repeat
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.waiting import unless

ACTOR = system_actor("scheduler")
RELAYS = 2
POLL_SECONDS = 1.0
AGAIN_SECONDS = 0.5
KEPT = timedelta(days=1)
SWEPT = 2000

_log = structlog.stdlib.get_logger("soty.relay")


@dataclass(frozen=True, slots=True)
class SweepOutbox:
    """Removes what was done a day ago."""

    upkeep: OutboxUpkeep
    clock: Clock

    async def __call__(self) -> None:
        """Remove a bounded number of rows.

        :raises Unavailable: the store does not answer.
        """
        await self.upkeep.sweep(self.clock.now() - KEPT, SWEPT)


class MeasureOutbox:
    """Shows what waits for each subscriber."""

    def __init__(self, reader: OutboxReader, clock: Clock, metrics: Metrics) -> None:
        """:param metrics: where to show it."""
        self._reader = reader
        self._clock = clock
        self._metrics = metrics
        self._known: set[str] = set()

    async def __call__(self) -> None:
        """Set the gauges.

        :raises Unavailable: the store does not answer.
        """
        backlog = await self._reader.backlog()
        for name in self._known - {each.subscriber for each in backlog}:
            self._show(name, {"pending": 0, "held": 0, "dead": 0}, 0)
        for each in backlog:
            age = (self._clock.now() - each.oldest).total_seconds() if each.oldest else 0
            states = {"pending": each.pending, "held": each.held, "dead": each.dead}
            self._show(each.subscriber, states, age)
            self._known.add(each.subscriber)

    def _show(self, subscriber: str, states: dict[str, int], age: float) -> None:
        for state, number in states.items():
            self._metrics.deliveries.labels(subscriber, state).set(number)
        self._metrics.delivery_age.labels(subscriber).set(age)


@dataclass(frozen=True, slots=True)
class Relaying:
    """All relays of a process; one wait for facts wakes them all."""

    relays: Sequence[Relay]
    bell: Bell
    metrics: Metrics

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until the event is set; a batch under way is finished."""
        wakes = [asyncio.Event() for _ in self.relays]
        async with background(self._ring(wakes)):
            works = zip(self.relays, wakes, strict=True)
            await asyncio.gather(*(self._work(relay, wake, stop) for relay, wake in works))

    async def _ring(self, wakes: Sequence[asyncio.Event]) -> None:
        while True:
            await self.bell.wait(POLL_SECONDS)
            for wake in wakes:
                wake.set()

    async def _work(self, relay: Relay, wake: asyncio.Event, stop: asyncio.Event) -> None:
        while not stop.is_set():
            wake.clear()
            try:
                taken = await relay.work()
                self.metrics.delivered.labels(relay.name).inc(taken)
                if not taken:
                    await unless(stop, wake.wait())
            except Unavailable as error:
                _log.info("a relay was put off", subscriber=relay.name, error=str(error))
                await unless(stop, asyncio.sleep(AGAIN_SECONDS))
            except Exception:
                _log.exception("a relay failed", subscriber=relay.name)
                await unless(stop, asyncio.sleep(AGAIN_SECONDS))


async def relaying_of(
    container: AsyncContainer, modules: Sequence[Module], others: dict[str, Subscriber], relays: int = RELAYS
) -> Relaying:
    """The relays of the reactions of modules, and of other subscribers.

    :param others: subscribers by name.
    :param relays: how many work for one subscriber at once.
    """
    lanes, clock = await container.get(Lanes), await container.get(Clock)
    works = [Relay(name, subscriber, lanes, clock) for name, subscriber in others.items()]
    for reaction in (reaction for module in modules for reaction in module.reactions):
        subscriber = ReactionSubscriber(await container.get(reaction.use_case), clock)
        works.append(Relay(reaction.name, subscriber, lanes, clock, timedelta(seconds=reaction.first_wait)))
    made = [relay for relay in works for _ in range(relays)]
    return Relaying(made, await container.get(Bell), await container.get(Metrics))


async def sweeps_of(container: AsyncContainer, modules: Sequence[Module]) -> list[Coroutine[Any, Any, None]]:
    """What runs the sweeps of modules, each at its own pace."""

    def paced(use_case: Callable[..., Awaitable[object]], seconds: float) -> Coroutine[Any, Any, None]:
        async def once() -> None:
            await use_case(ACTOR)

        return repeat(once, seconds)

    sweeps = [sweep for module in modules for sweep in module.sweeps]
    return [paced(await container.get(sweep.use_case), sweep.seconds) for sweep in sweeps]
