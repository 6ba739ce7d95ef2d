"""What a bell promises: who waits wakes when a fact is committed."""

import asyncio
import time
from dataclasses import dataclass

import pytest

from contracts.ports.lanes import OutboxSubject
from core.kernel.outbox import Bell

LONG = 30.0


@dataclass
class BellSubject:
    """An outbox and two bells that ring for it."""

    outbox: OutboxSubject
    bell: Bell
    other: Bell


class BellSuite:
    """Waking, and not for ever."""

    @pytest.fixture
    def subject(self) -> BellSubject:
        """The bell of the adapter."""
        raise NotImplementedError

    async def test_a_commit_wakes(self, subject: BellSubject) -> None:
        await subject.bell.wait(0.05)
        waiting = asyncio.create_task(subject.bell.wait(LONG))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await subject.outbox.publish((1, 1))
        async with asyncio.timeout(LONG / 2):
            await waiting

    async def test_a_commit_before_the_wait_is_not_missed(self, subject: BellSubject) -> None:
        await subject.bell.wait(0.05)
        await subject.outbox.publish((1, 1))
        async with asyncio.timeout(LONG / 2):
            await subject.bell.wait(LONG)

    async def test_two_listeners_hear_both(self, subject: BellSubject) -> None:
        bells = subject.bell, subject.other
        for bell in bells:
            await bell.wait(0.05)
        waiting = [asyncio.create_task(bell.wait(LONG)) for bell in bells]
        await asyncio.sleep(0.05)
        await subject.outbox.publish((1, 1))
        async with asyncio.timeout(LONG / 2):
            await asyncio.gather(*waiting)

    async def test_what_one_has_heard_another_hears_later(self, subject: BellSubject) -> None:
        for bell in (subject.bell, subject.other):
            await bell.wait(0.05)
        await subject.outbox.publish((1, 1))
        async with asyncio.timeout(LONG / 2):
            await subject.bell.wait(LONG)
            await subject.other.wait(LONG)

    async def test_it_returns_without_a_commit_too(self, subject: BellSubject) -> None:
        await subject.bell.wait(0.05)
        started = time.monotonic()
        await subject.bell.wait(0.1)
        assert time.monotonic() - started < LONG
