"""What the consumer does on the side: keeps the store in shape and measures quarantine."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from core.inventory.ports import QuarantineReader
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from entrypoints.shared.metrics import Metrics

_log = structlog.stdlib.get_logger("soty.consumer")


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


async def repeat(chore: Callable[[], Awaitable[None]], seconds: float) -> None:
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
