"""What a process does on the side: keeps the store in shape and measures quarantine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog

from core.identity.usecases.write_last_seen import WriteLastSeen
from core.inventory.ports import QuarantineReader
from core.kernel.actor import system_actor
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from entrypoints.shared.metrics import Metrics

Chore = Callable[[], Awaitable[None]]
SECONDS = 5.0

_HERE = system_actor("http")
_log = structlog.stdlib.get_logger("soty.chores")


@dataclass(frozen=True, slots=True)
class MeasureQuarantine:
    """Shows what waits for a decision or for stock."""

    reader: QuarantineReader
    clock: Clock
    metrics: Metrics

    async def __call__(self) -> None:
        """Set the gauges.

        :raises Unavailable: the store does not answer.
        """
        waiting, oldest, parked = await self.reader.gauges()
        self.metrics.quarantine_open.set(waiting)
        self.metrics.quarantine_age.set((self.clock.now() - oldest).total_seconds() if oldest else 0)
        self.metrics.parked.set(parked)


@dataclass(frozen=True, slots=True)
class KeepLastSeen:
    """Writes down which sessions were in use in this process."""

    write: WriteLastSeen

    async def __call__(self) -> None:
        """Write down what was noted.

        :raises Unavailable: the store does not answer; it is written down next time.
        """
        await self.write(_HERE)


async def repeat(chore: Chore, seconds: float = SECONDS) -> None:
    """Do a chore now and again for ever; its failures are logged.

    :param seconds: of rest in between.
    """
    while True:
        try:
            await chore()
        except Unavailable as error:
            _log.info("a chore was put off", chore=type(chore).__name__, error=str(error))
        except Exception:
            _log.exception("a chore failed", chore=type(chore).__name__)
        await asyncio.sleep(seconds)


@asynccontextmanager
async def background(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run works beside what is inside, and end them with it."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
