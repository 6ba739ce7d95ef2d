"""The loop of the consumer: a batch, one transaction, then the offsets."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import structlog

from core.inventory.api import Door, Origin
from core.inventory.usecases.record_messages import Message, RecordMessages
from core.kernel.actor import system_actor
from core.kernel.errors import Unavailable
from core.kernel.health import HealthCheck
from core.kernel.ids import Ids
from core.kernel.messages import MessageSource, Record
from entrypoints.consumer.metrics import IntakeMetrics
from entrypoints.shared.waiting import unless

ACTOR = system_actor("consumer")
TRIES = 3
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 1.0

_log = structlog.stdlib.get_logger("soty.consumer")


@dataclass(slots=True)
class Part:
    """Messages of a batch that are taken in one transaction, and how often that may still fail for no known reason."""

    messages: Sequence[Message]
    tries: int = TRIES

    def halves(self) -> list["Part"]:
        """Two parts, the second one first; a half of one message gets all tries, for its failure decides."""
        middle = len(self.messages) // 2
        return [Part(half, TRIES if len(half) == 1 else 1) for half in (self.messages[middle:], self.messages[:middle])]


class Intake(HealthCheck):
    """Takes messages until it is told to stop; nothing is finished in the log before it is durable in the store.

    When the store is away the batch in hand waits. When a batch fails for no known reason it is halved until the
    message that does it stands alone; that one goes to quarantine unread, so it never holds up those behind it.
    """

    name = "intake"

    def __init__(self, source: MessageSource, record: RecordMessages, ids: Ids, metrics: IntakeMetrics) -> None:
        """:param ids: names unexpected errors."""
        self._source = source
        self._record = record
        self._ids = ids
        self._metrics = metrics
        self._failures = 0
        self._trouble = ""

    async def check(self) -> None:
        """Fail from a failed attempt until the next one that passes."""
        if self._failures:
            raise Unavailable(part="intake", error=self._trouble)

    async def run(self, stop: asyncio.Event) -> None:
        """Take batches until the event is set; a transaction under way is finished."""
        while not stop.is_set():
            try:
                batch = await unless(stop, self._source.next_batch())
            except Unavailable as error:
                await self._pause(stop, error)
                continue
            self._metrics.lag(self._source.lag())
            self._failures = 0
            if batch:
                await self._take(batch, stop)

    async def _take(self, batch: Sequence[Record], stop: asyncio.Event) -> None:
        parts = [Part([_message(record) for record in batch])]
        while parts and not stop.is_set() and self._source.holds(batch):
            try:
                await self._apply(parts[-1])
                parts.pop()
            except Unavailable as error:
                await self._pause(stop, error)
            except Exception as error:  # whatever it is, nothing of the part was kept
                parts[-1:] = await self._after(error, parts[-1], stop)
        if not parts:
            await self._source.done(batch)

    async def _apply(self, part: Part) -> None:
        started = perf_counter()
        answers = await self._record(ACTOR, part.messages)
        self._metrics.applied((answer.verdict.outcome for answer in answers), perf_counter() - started)
        self._failures = 0

    async def _after(self, error: Exception, part: Part, stop: asyncio.Event) -> list[Part]:
        """What is left to do of a part that failed for no known reason."""
        part.tries -= 1
        if part.tries > 0:
            await self._pause(stop, error)
            return [part]
        if len(part.messages) > 1:
            return part.halves()
        return await self._set_aside(error, part, stop)

    async def _set_aside(self, error: Exception, part: Part, stop: asyncio.Event) -> list[Part]:
        error_id = str(self._ids.new())
        message = part.messages[0]
        _log.error("message set aside", error_id=error_id, place=str(message.origin), exc_info=error)
        try:
            await self._record.set_aside(ACTOR, message, f"{type(error).__name__}, error_id {error_id}")
        except Exception as failure:  # it is tried again
            await self._pause(stop, failure)
            return [part]
        self._metrics.set_aside()
        return []

    async def _pause(self, stop: asyncio.Event, error: Exception) -> None:
        self._trouble = type(error).__name__
        self._metrics.failed(error)
        longest = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**self._failures)
        if self._failures == 0 or longest == LONGEST_PAUSE:
            expected = isinstance(error, Unavailable)
            _log.warning("waiting to try again", error=str(error), exc_info=None if expected else error)
        self._failures += 1
        await unless(stop, asyncio.sleep(random.uniform(longest / 2, longest)))  # noqa: S311


def _message(record: Record) -> Message:
    return Message(record.value, Origin(Door.KAFKA, record.topic, record.partition, record.offset))
