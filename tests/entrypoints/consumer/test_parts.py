"""Chores and waiting."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from adapters.memory.cache import NoCache
from adapters.memory.facts import MemoryListener
from adapters.memory.quarantine_reader import MemoryQuarantineReader
from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryWork
from adapters.system.ids import Uuid7Ids
from core.inventory.api import Door, Origin
from core.inventory.usecases.record_messages import Message, RecordMessages
from core.kernel.actor import system_actor
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from core.kernel.outbox import Subscriptions
from entrypoints.shared.chores import MeasureQuarantine, repeat
from entrypoints.shared.metrics import Metrics
from entrypoints.shared.waiting import unless
from tests.support.events import World, message_of
from tests.support.eventually import eventually


class HandClock(Clock):
    """Time that the test moves."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant


async def test_shows_what_waits() -> None:
    store, clock, metrics, world = MemoryStore(), HandClock(), Metrics(), World()
    ids = Uuid7Ids()
    opens = OpenMemoryWork(store, MemoryListener(()), Subscriptions({}), clock, ids)
    record = RecordMessages(opens, clock, ids, NoCache())
    kafka = Origin(Door.KAFKA, "t", 0, 0)
    await record(system_actor("test"), [Message(b"{", kafka), Message(message_of(world.departure(1, 5)), kafka)])
    clock.instant += timedelta(seconds=90)
    await MeasureQuarantine(MemoryQuarantineReader(store), clock, metrics)()
    shown = metrics.registry.get_sample_value
    assert shown("soty_inventory_quarantine_open") == 1
    assert shown("soty_inventory_quarantine_oldest_seconds") == 90
    assert shown("soty_inventory_parked_departures") == 1


async def test_a_chore_is_repeated_although_it_fails() -> None:
    errors: list[Exception | None] = [Unavailable(part="store"), ZeroDivisionError(), None]
    done: list[int] = []

    async def chore() -> None:
        if errors and (error := errors.pop(0)):
            raise error
        done.append(1)

    task = asyncio.create_task(repeat(chore, 0.001))
    await eventually(lambda: len(done) >= 2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_work_ends_with_its_result_or_with_the_stop() -> None:
    stop = asyncio.Event()
    assert await unless(stop, asyncio.sleep(0, "done")) == "done"
    waiting = asyncio.create_task(unless(stop, asyncio.sleep(60, "done")))
    await asyncio.sleep(0.01)
    stop.set()
    assert await waiting is None


async def test_an_error_of_the_work_is_raised() -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await unless(asyncio.Event(), fail())
