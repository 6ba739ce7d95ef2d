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
    """An outbox and the bell that rings for it."""

    outbox: OutboxSubject
    bell: Bell


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

    async def test_it_returns_without_a_commit_too(self, subject: BellSubject) -> None:
        await subject.bell.wait(0.05)
        started = time.monotonic()
        await subject.bell.wait(0.1)
        assert time.monotonic() - started < LONG
